/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "threads.h"

#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define SPIN_NANOS 150000
#define EXCLUSIVE_SPIN_NANOS 10000
#define SPINS_PER_CLOCK_READ 64

int gpubench_start_thread(pthread_t *thread, void *(*start)(void *), void *argument)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* a thread inherits the mask */
    int failure = pthread_create(thread, NULL, start, argument);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failure;
}

int64_t gpubench_now_nanos(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void futex(atomic_uint *word, int operation, unsigned value)
{
    syscall(SYS_futex, word, operation | FUTEX_PRIVATE_FLAG, value, NULL, NULL, 0);
}

unsigned gpubench_await_change(atomic_uint *word, atomic_bool *sleeping, unsigned last)
{
    int64_t start = gpubench_now_nanos();
    int64_t waited = 0;
    do {
        /* The other thread may have been put on this very processor, and could not do what is being waited for. */
        if (waited > EXCLUSIVE_SPIN_NANOS) {
            sched_yield();
        }
        for (int spin = 0; spin < SPINS_PER_CLOCK_READ; spin++) {
            unsigned value = atomic_load_explicit(word, memory_order_acquire);
            if (value != last) {
                return value;
            }
            relax();
        }
        waited = gpubench_now_nanos() - start;
    } while (waited < SPIN_NANOS);

    /* Either this thread sees the new value, or the other, who fences between the same two words, sees `sleeping`. */
    atomic_store_explicit(sleeping, true, memory_order_relaxed);
    atomic_thread_fence(memory_order_seq_cst);
    unsigned value;
    while ((value = atomic_load_explicit(word, memory_order_acquire)) == last) {
        futex(word, FUTEX_WAIT, last);
    }
    atomic_store_explicit(sleeping, false, memory_order_relaxed);
    return value;
}

void gpubench_wake_sleeper(atomic_uint *word, atomic_bool *sleeping)
{
    if (atomic_load_explicit(sleeping, memory_order_relaxed)) {
        futex(word, FUTEX_WAKE, 1);
    }
}
