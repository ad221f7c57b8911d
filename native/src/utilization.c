/* SPDX-License-Identifier: Apache-2.0 */
/*
 * utilization: memory and arithmetic of the processors, both busy for a while.
 *
 * Mathematics, over two arrays of N words of 32 bits, P passes of S steps to and fro; word() as in gpubench_host.h, all
 * modulo 2^32
 *   pass p   b = (low half of word(key, p) + s) | 1, then for each i: S times x = 0x915F77F5 * x + b, from x = from[i];
 *            to[i] = x; then s = sum to[i]. s is 0 before the first pass
 *                                            N*P*S multiply-adds; read 4*N*P, write 4*N*P bytes; S/8 operations a byte
 *
 * One idea: since b takes the sum of all that the pass before made, whoever does the steps can begin none before every word
 * has come from memory and gone back there. This code does every step of every pass, so that memory and arithmetic are as
 * busy as the formulas say. By algebra, steps and passes could be merged: a line after a line is one. The answer alone does
 * not rule that out, so no program of configs/engines runs this workload.
 *
 * Launch shape: all threads, one contiguous part each, the same in each pass, whose end all wait for; a few microseconds
 * of milliseconds. A thread has as many vectors in flight as the chains of ceiling.int32 (CHAINS in ceiling_lanes.h), and
 * fetches those of a few groups on, so that memory works while the pipes of the arithmetic are full.
 *
 * Streamed stores: as in ceiling_memory.c, for the same reason. In place there would be no line to read before it is
 * written; but that is faster than ceiling.hostcopy, which could then be no ceiling of it.
 *
 * Limits: see gpubench_host.h. Oracle: io.gpubench.workloads.utilization.UtilizationOracle.
 */
#include <stdatomic.h>

#include "ceiling_kernel.h"
#include "pool.h"

/* Shares are whole pages, the same that gpubench_memory_touch gives each thread. */
enum { GRAIN_WORDS = 1024 };

/* An array from this size on is streamed. */
#define STREAM_BYTES ((uint64_t)8 << 20)

typedef struct {
    const ceiling_kernel *kernel;
    ceiling_division division;
    const uint32_t *from;
    uint32_t *to;
    uint64_t count;
    uint64_t steps;
    uint32_t addend;
    _Atomic uint32_t sum;
} stretch;

static void pass_part(void *argument, uint32_t part)
{
    stretch *work = argument;
    const uint64_t first = part * work->division.share;
    const uint64_t end = part + 1 == work->division.parts ? work->count : first + work->division.share;
    const bool stream = work->count >= STREAM_BYTES / sizeof(uint32_t);
    const uint32_t sum = work->kernel->pass(work->from, work->to, first, end, work->steps, work->addend, stream);
    atomic_fetch_add_explicit(&work->sum, sum, memory_order_relaxed);
}

int32_t gpubench_utilization(gpubench_pool *pool, int32_t simd_level, uint32_t *words, uint32_t *others, uint64_t count,
                             uint64_t passes, uint64_t steps, uint64_t key)
{
    const ceiling_kernel *kernel = gpubench_ceiling_kernel(simd_level);
    if (kernel == NULL || !gpubench_ceiling_array(words, count) || !gpubench_ceiling_array(others, count) ||
        passes < 1 || steps < 1) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    stretch work = {.kernel = kernel, .count = count, .steps = steps};
    work.division = gpubench_ceiling_divide(pool, count, GRAIN_WORDS);
    for (uint64_t pass = 0; pass < passes && work.division.parts > 0; pass++) {
        const uint32_t before = atomic_load_explicit(&work.sum, memory_order_relaxed);
        work.from = pass % 2 == 0 ? words : others;
        work.to = pass % 2 == 0 ? others : words;
        work.addend = ((uint32_t)mix64_word(key, pass) + before) | 1;
        atomic_store_explicit(&work.sum, 0, memory_order_relaxed);
        gpubench_pool_run(pool, pass_part, &work, work.division.parts);
    }
    return GPUBENCH_HOST_OK;
}
