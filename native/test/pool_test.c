/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "gpubench_host.h"

static gpubench_pool *create(int32_t threads)
{
    gpubench_pool *pool;
    CHECK(gpubench_pool_create(threads, &pool) == GPUBENCH_HOST_OK, "%d threads", threads);
    CHECK(gpubench_pool_threads(pool) == threads, "%d threads", threads);
    return pool;
}

static double process_cpu_seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void rejects_bad_arguments(void)
{
    gpubench_pool *pool;
    CHECK(gpubench_pool_create(2, NULL) == GPUBENCH_HOST_ERROR_ARGUMENT, "no place for the pool");
    int32_t bad[] = {INT32_MIN, -1, 0, GPUBENCH_MAX_THREADS + 1, INT32_MAX};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        pool = (gpubench_pool *)&pool;
        CHECK(gpubench_pool_create(bad[i], &pool) == GPUBENCH_HOST_ERROR_ARGUMENT, "%d threads", bad[i]);
        CHECK(pool == NULL, "%d threads", bad[i]);
    }
    gpubench_pool_wake(NULL);
    gpubench_pool_destroy(NULL);
}

static void wakes_from_every_state(void)
{
    for (int32_t threads = 1; threads <= 5; threads++) {
        gpubench_pool *pool = create(threads);
        for (int i = 0; i < 200; i++) {
            gpubench_pool_wake(pool);
        }
        /* Pauses around the time at which workers go to sleep, where a wake-up could get lost. */
        for (useconds_t pause = 100; pause <= 300; pause += 2) {
            usleep(pause);
            gpubench_pool_wake(pool);
        }
        gpubench_pool_destroy(pool);
    }
}

static void stops_sleeping_and_spinning_workers(void)
{
    for (int i = 0; i < 50; i++) {
        gpubench_pool *pool = create(4);
        if (i % 2 == 0) {
            usleep(1000);
        }
        gpubench_pool_destroy(pool);
    }
}

/* With one processor for all, whoever waits must let the others run. */
static void works_on_one_processor(void)
{
    cpu_set_t before;
    cpu_set_t one;
    CHECK(sched_getaffinity(0, sizeof before, &before) == 0, "affinity");
    CPU_ZERO(&one);
    CPU_SET((size_t)sched_getcpu(), &one);
    CHECK(sched_setaffinity(0, sizeof one, &one) == 0, "affinity");
    gpubench_pool *pool = create(3);
    for (int i = 0; i < 100; i++) {
        gpubench_pool_wake(pool);
    }
    gpubench_pool_destroy(pool);
    CHECK(sched_setaffinity(0, sizeof before, &before) == 0, "affinity");
}

static void idles_without_burning(void)
{
    gpubench_pool *pool = create(3);
    gpubench_pool_wake(pool);
    usleep(50000);
    double before = process_cpu_seconds();
    usleep(200000);
    double burnt = process_cpu_seconds() - before;
    CHECK(burnt < 0.02, "idle workers used %.3f s of 0.2 s", burnt);
    gpubench_pool_destroy(pool);
}

int main(void)
{
    CHECK(gpubench_host_abi() == GPUBENCH_HOST_ABI, "another library");
    rejects_bad_arguments();
    wakes_from_every_state();
    stops_sleeping_and_spinning_workers();
    works_on_one_processor();
    idles_without_burning();
    return 0;
}
