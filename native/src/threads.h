/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How our threads start, and how they wait for another one's word: a thread spins, then spins and yields, and after
 * SPIN_NANOS sleeps on the word as a futex, from which gpubench_wake_sleeper gets it back.
 */
#ifndef GPUBENCH_THREADS_H
#define GPUBENCH_THREADS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

static inline void relax(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

/*
 * Starts a thread that lets no signal in: the process's signals are its own business. Returns what pthread_create does.
 */
int gpubench_start_thread(pthread_t *thread, void *(*start)(void *), void *argument);

/* CLOCK_MONOTONIC. */
int64_t gpubench_now_nanos(void);

/* Returns the value of `word` once it is not `last`; `sleeping` is the waiting thread's own. */
unsigned gpubench_await_change(atomic_uint *word, atomic_bool *sleeping, unsigned last);

/* To be called after the word was changed and a sequentially consistent fence: wakes whoever sleeps on it. */
void gpubench_wake_sleeper(atomic_uint *word, atomic_bool *sleeping);

#endif
