/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fork-join pool for sections of a few microseconds.
 *
 * Each worker has its own mailbox: the caller writes a task and then a ticket, the worker answers with the same ticket
 * in `done`. One cache line travels each way, and workers without a part are never touched. A worker waits as threads.h
 * says; the caller spins at first, then spins and yields.
 */
#define _GNU_SOURCE
#include "pool.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "threads.h"

#define JOIN_SPINS 256 /* about 10 us */

typedef struct {
    /* Written by the caller. */
    _Alignas(64) atomic_uint ticket;
    gpubench_task *task; /* NULL: the worker ends */
    void *argument;
    uint32_t part;
    /* Written by the worker. */
    _Alignas(64) atomic_uint done;
    atomic_bool sleeping;
    pthread_t thread;
} pool_worker;

struct gpubench_pool {
    int32_t threads;
    pool_worker *workers; /* threads - 1 */
};

static void *work(void *argument)
{
    pool_worker *self = argument;
    unsigned ticket = 0;
    for (;;) {
        ticket = gpubench_await_change(&self->ticket, &self->sleeping, ticket);
        if (self->task == NULL) {
            return NULL;
        }
        self->task(self->argument, self->part);
        atomic_store_explicit(&self->done, ticket, memory_order_release);
    }
}

static void submit(gpubench_pool *pool, gpubench_task *task, void *argument, uint32_t parts)
{
    for (uint32_t part = 1; part < parts; part++) {
        pool_worker *worker = &pool->workers[part - 1];
        worker->task = task;
        worker->argument = argument;
        worker->part = part;
        unsigned ticket = atomic_load_explicit(&worker->ticket, memory_order_relaxed);
        atomic_store_explicit(&worker->ticket, ticket + 1, memory_order_release);
    }
    atomic_thread_fence(memory_order_seq_cst);
    for (uint32_t part = 1; part < parts; part++) {
        pool_worker *worker = &pool->workers[part - 1];
        gpubench_wake_sleeper(&worker->ticket, &worker->sleeping);
    }
}

static void await_done(pool_worker *worker)
{
    unsigned ticket = atomic_load_explicit(&worker->ticket, memory_order_relaxed);
    for (int spin = 0; atomic_load_explicit(&worker->done, memory_order_acquire) != ticket; spin++) {
        /* The worker may have been preempted, perhaps in favour of this very loop. */
        if (spin < JOIN_SPINS) {
            relax();
        } else {
            sched_yield();
        }
    }
}

void gpubench_pool_run(gpubench_pool *pool, gpubench_task *task, void *argument, uint32_t parts)
{
    if (parts > 1) {
        submit(pool, task, argument, parts);
    }
    task(argument, 0);
    for (uint32_t part = 1; part < parts; part++) {
        await_done(&pool->workers[part - 1]);
    }
}

static void do_nothing(void *argument, uint32_t part)
{
    (void)argument;
    (void)part;
}

void gpubench_pool_wake(gpubench_pool *pool)
{
    if (pool != NULL) {
        gpubench_pool_run(pool, do_nothing, NULL, (uint32_t)pool->threads);
    }
}

int32_t gpubench_pool_threads(const gpubench_pool *pool)
{
    return pool == NULL ? 1 : pool->threads;
}

int32_t gpubench_pool_create(int32_t threads, gpubench_pool **pool)
{
    if (pool == NULL) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    *pool = NULL;
    if (threads < 1 || threads > GPUBENCH_MAX_THREADS) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    gpubench_pool *created = calloc(1, sizeof *created);
    if (created == NULL) {
        return GPUBENCH_HOST_ERROR_MEMORY;
    }
    created->threads = 1; /* grows with the workers, so that destroy stops exactly those that run */
    if (threads > 1) {
        created->workers = aligned_alloc(_Alignof(pool_worker), (size_t)(threads - 1) * sizeof(pool_worker));
        if (created->workers == NULL) {
            free(created);
            return GPUBENCH_HOST_ERROR_MEMORY;
        }
    }

    int failure = 0;
    while (failure == 0 && created->threads < threads) {
        pool_worker *worker = &created->workers[created->threads - 1];
        atomic_init(&worker->ticket, 0);
        atomic_init(&worker->done, 0);
        atomic_init(&worker->sleeping, false);
        failure = gpubench_start_thread(&worker->thread, work, worker);
        created->threads += failure == 0;
    }

    if (failure != 0) {
        gpubench_pool_destroy(created);
        return GPUBENCH_HOST_ERROR_THREAD;
    }
    *pool = created;
    return GPUBENCH_HOST_OK;
}

void gpubench_pool_destroy(gpubench_pool *pool)
{
    if (pool == NULL) {
        return;
    }
    submit(pool, NULL, NULL, (uint32_t)pool->threads);
    for (int32_t index = 0; index < pool->threads - 1; index++) {
        pthread_join(pool->workers[index].thread, NULL);
    }
    free(pool->workers);
    free(pool);
}
