/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch.mailbox: the way there and back between two threads.
 *
 * The caller writes a token and then a ticket into one cache line, on which the other thread spins; that one writes the
 * answer and then the same ticket into another line, on which the caller spins. So a round moves two lines. A ticket says
 * which token an answer belongs to: after a round that was given up, a late answer is not taken for that of the next one.
 */
#include <sched.h>
#include <stdlib.h>

#include "gpubench_host.h"
#include "mix64.h"
#include "threads.h"

/* Lines may be fetched in pairs. */
enum { LINE_PAIR = 128, SPINS_PER_CLOCK_READ = 256 };

struct gpubench_mailbox {
    /* Written by the caller. */
    _Alignas(LINE_PAIR) atomic_uint ticket;
    atomic_bool stop;
    _Atomic uint64_t token;
    /* Written by the other thread. */
    _Alignas(LINE_PAIR) atomic_uint answered;
    atomic_bool sleeping;
    _Atomic uint64_t answer;
    _Alignas(LINE_PAIR) pthread_t thread;
};

static void *answer_tokens(void *argument)
{
    gpubench_mailbox *self = argument;
    unsigned ticket = 0;
    for (;;) {
        ticket = gpubench_await_change(&self->ticket, &self->sleeping, ticket);
        if (atomic_load_explicit(&self->stop, memory_order_relaxed)) {
            return NULL;
        }
        uint64_t token = atomic_load_explicit(&self->token, memory_order_relaxed);
        atomic_store_explicit(&self->answer, mix64(token), memory_order_relaxed);
        atomic_store_explicit(&self->answered, ticket, memory_order_release);
    }
}

/* Returns the ticket of what was submitted. */
static unsigned submit(gpubench_mailbox *mailbox)
{
    unsigned ticket = atomic_load_explicit(&mailbox->ticket, memory_order_relaxed) + 1;
    atomic_store_explicit(&mailbox->ticket, ticket, memory_order_release);
    atomic_thread_fence(memory_order_seq_cst);
    gpubench_wake_sleeper(&mailbox->ticket, &mailbox->sleeping);
    return ticket;
}

int32_t gpubench_mailbox_create(gpubench_mailbox **mailbox)
{
    if (mailbox == NULL) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    *mailbox = NULL;
    gpubench_mailbox *created = aligned_alloc(_Alignof(gpubench_mailbox), sizeof *created);
    if (created == NULL) {
        return GPUBENCH_HOST_ERROR_MEMORY;
    }
    atomic_init(&created->ticket, 0);
    atomic_init(&created->stop, false);
    atomic_init(&created->token, 0);
    atomic_init(&created->answered, 0);
    atomic_init(&created->sleeping, false);
    atomic_init(&created->answer, 0);
    if (gpubench_start_thread(&created->thread, answer_tokens, created) != 0) {
        free(created);
        return GPUBENCH_HOST_ERROR_THREAD;
    }
    *mailbox = created;
    return GPUBENCH_HOST_OK;
}

int32_t gpubench_mailbox_exchange(gpubench_mailbox *mailbox, uint64_t token, int64_t timeout_nanos, uint64_t *answer)
{
    if (mailbox == NULL || answer == NULL || timeout_nanos < 1) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    atomic_store_explicit(&mailbox->token, token, memory_order_relaxed);
    const unsigned ticket = submit(mailbox);
    int64_t start = 0;
    for (int spin = 1; atomic_load_explicit(&mailbox->answered, memory_order_acquire) != ticket; spin++) {
        if (spin < SPINS_PER_CLOCK_READ) {
            relax();
            continue;
        }
        /* The other thread may have been put on this very processor. */
        spin = 0;
        sched_yield();
        const int64_t now = gpubench_now_nanos();
        start = start == 0 ? now : start;
        if (now - start >= timeout_nanos) {
            return GPUBENCH_HOST_ERROR_TIMEOUT;
        }
    }
    *answer = atomic_load_explicit(&mailbox->answer, memory_order_relaxed);
    return GPUBENCH_HOST_OK;
}

void gpubench_mailbox_destroy(gpubench_mailbox *mailbox)
{
    if (mailbox == NULL) {
        return;
    }
    atomic_store_explicit(&mailbox->stop, true, memory_order_relaxed);
    submit(mailbox);
    pthread_join(mailbox->thread, NULL);
    free(mailbox);
}
