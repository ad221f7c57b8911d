/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ceiling.fp32, .int32 and .atomic: how fast the processors compute.
 *
 * Mathematics; word(key, i) = mix64(key + (i + 1) * 0x9E3779B97F4A7C15)
 *   fp32    C chains x = fma(x, -0x1.fffff8p-1f, 2.25f), S steps each, from x = 1 + (word(key, c) >> 41) * 2^-23:
 *           each step rounds once, and x stays between 0.25 and 2          2*C*S operations, write 4*C
 *   int32   C chains x = x * 0x915F77F5 + addend modulo 2^32, S steps each, from the low half of word(key, c); a
 *           multiplication with its addition is one operation        C*S operations, write 4*C
 *   atomic  cell[(q * 2654435761) mod cells] += word(key, q), q < N  N operations, each a locked addition
 *
 * Launch shape: all threads, one contiguous part each. A chain waits for its last step, so each thread has as many
 * vectors of chains in flight as hide that (CHAINS in ceiling_lanes.h). Of the atomic additions each run of as many as
 * there are cells hits every cell once, and all threads hit all cells: cells travel between the processors' caches.
 *
 * Limits: see gpubench_host.h. Oracle: io.gpubench.workloads.ceiling.CeilingOracle.
 */
#include "ceiling_kernel.h"
#include "pool.h"

#define CELL_FACTOR 2654435761u

/* Below so many additions another thread does not pay. */
enum { ATOMIC_GRAIN = 64 };

typedef struct {
    const ceiling_kernel *kernel;
    ceiling_division division;
    uint64_t count;
    void *to;
    uint64_t key;
    uint64_t steps;
    uint64_t cell_mask;
    uint32_t addend;
} compute_work;

static uint64_t first_of(const compute_work *work, uint32_t part)
{
    return part * work->division.share;
}

static uint64_t end_of(const compute_work *work, uint32_t part)
{
    return part + 1 == work->division.parts ? work->count : first_of(work, part + 1);
}

static void run(gpubench_pool *pool, gpubench_task *task, compute_work *work, uint64_t grain)
{
    work->division = gpubench_ceiling_divide(pool, work->count, grain);
    if (work->division.parts > 0) {
        gpubench_pool_run(pool, task, work, work->division.parts);
    }
}

static void fp32_part(void *argument, uint32_t part)
{
    const compute_work *work = argument;
    work->kernel->fp32(work->to, first_of(work, part), end_of(work, part), work->key, work->steps);
}

static void int32_part(void *argument, uint32_t part)
{
    const compute_work *work = argument;
    work->kernel->int32(work->to, first_of(work, part), end_of(work, part), work->key, work->steps, work->addend);
}

static void atomic_part(void *argument, uint32_t part)
{
    const compute_work *work = argument;
    uint64_t *cells = work->to;
    const uint64_t end = end_of(work, part);
    for (uint64_t q = first_of(work, part); q < end; q++) {
        __atomic_fetch_add(&cells[q * CELL_FACTOR & work->cell_mask], mix64_word(work->key, q), __ATOMIC_RELAXED);
    }
}

int32_t gpubench_ceiling_fp32(gpubench_pool *pool, int32_t simd_level, float *ends, uint64_t chains, uint64_t key,
                              uint64_t steps)
{
    const ceiling_kernel *kernel = gpubench_ceiling_kernel(simd_level);
    if (kernel == NULL || !gpubench_ceiling_array(ends, chains) || steps < 1) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    compute_work work = {.kernel = kernel, .count = chains, .to = ends, .key = key, .steps = steps};
    run(pool, fp32_part, &work, kernel->group);
    return GPUBENCH_HOST_OK;
}

int32_t gpubench_ceiling_int32(gpubench_pool *pool, int32_t simd_level, uint32_t *ends, uint64_t chains, uint64_t key,
                               uint64_t steps, uint32_t addend)
{
    const ceiling_kernel *kernel = gpubench_ceiling_kernel(simd_level);
    if (kernel == NULL || !gpubench_ceiling_array(ends, chains) || steps < 1) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    compute_work work = {.kernel = kernel, .count = chains, .to = ends, .key = key, .steps = steps,
                         .addend = addend};
    run(pool, int32_part, &work, kernel->group);
    return GPUBENCH_HOST_OK;
}

int32_t gpubench_ceiling_atomic(gpubench_pool *pool, uint64_t *cells, uint64_t cell_count, uint64_t key,
                                uint64_t operations)
{
    if (!gpubench_ceiling_array(cells, cell_count) || cell_count == 0 || (cell_count & (cell_count - 1)) != 0 ||
        operations > GPUBENCH_MAX_ELEMENTS) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    compute_work work = {.count = operations, .to = cells, .key = key, .cell_mask = cell_count - 1};
    run(pool, atomic_part, &work, ATOMIC_GRAIN);
    return GPUBENCH_HOST_OK;
}
