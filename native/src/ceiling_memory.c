/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ceiling.hostread, .hostcopy, .triad and .l2: how fast the processors get at memory.
 *
 * Mathematics, over N words of 64 bits
 *   read    S = sum w[i]                          read 8*N bytes
 *   copy    out[i] = in[i]                        read 8*N, write 8*N
 *   triad   a[i] = b[i] + 3.0 * c[i]              read 16*N, write 8*N
 *   passes  S = sum over p < P, i of (w[i] ^ mix64(p + 1)); mix64 is the finaliser of splitmix64: read 8*N*P
 *
 * Launch shape: all threads, one contiguous part each, so that the hardware prefetchers see one stream per array and
 * thread, and so that with `passes` a thread finds its part in its own cache again. The division depends on the size
 * and the number of threads alone: gpubench_memory_touch has each thread touch first what it works on later.
 *
 * Streamed stores: a processor reads a line before it writes it, unless the store goes past its caches. These bytes are
 * not counted, as STREAM does not count them either, so they cost copy a third and triad a quarter of the bandwidth;
 * measured, 35 GB/s became 47 (copy) and 36 became 46 (triad). Where the output would stay in a cache, streaming is
 * slower, so small arrays are stored as usual.
 *
 * Limits: see gpubench_host.h. Oracle: io.gpubench.workloads.ceiling.CeilingOracle.
 */
#include <stdatomic.h>
#include <string.h>

#include "ceiling_kernel.h"
#include "pool.h"

/* Shares are whole pages, which two threads should not share. */
enum { GRAIN_WORDS = 512 };

/* Output from this size on is streamed. */
#define STREAM_BYTES ((uint64_t)8 << 20)

typedef struct {
    const ceiling_kernel *kernel;
    ceiling_division division;
    uint64_t count;
    uint64_t passes; /* 0: read once, from memory */
    const void *from;
    const void *also_from;
    void *to;
    bool stream;
    _Atomic uint64_t sum;
} memory_work;

const ceiling_kernel *gpubench_ceiling_kernel(int32_t simd_level)
{
    if (simd_level < GPUBENCH_SIMD_SCALAR || simd_level > gpubench_host_simd_best()) {
        return NULL;
    }
#if defined(__x86_64__)
    if (simd_level == GPUBENCH_SIMD_AVX512) {
        return &ceiling_avx512;
    }
    if (simd_level == GPUBENCH_SIMD_AVX2) {
        return &ceiling_avx2;
    }
#endif
    return &ceiling_scalar;
}

bool gpubench_ceiling_array(const void *array, uint64_t count)
{
    return count <= GPUBENCH_MAX_ELEMENTS && (array != NULL || count == 0) && (uintptr_t)array % 64 == 0;
}

ceiling_division gpubench_ceiling_divide(const gpubench_pool *pool, uint64_t count, uint64_t grain)
{
    const uint64_t threads = (uint64_t)gpubench_pool_threads(pool);
    const uint64_t grains = count / grain + (count % grain != 0);
    const uint64_t share = (grains / threads + (grains % threads != 0)) * grain;
    return (ceiling_division){share, share == 0 ? 0 : (uint32_t)(count / share + (count % share != 0))};
}

static uint64_t first_of(const memory_work *work, uint32_t part)
{
    return part * work->division.share;
}

static uint64_t end_of(const memory_work *work, uint32_t part)
{
    return part + 1 == work->division.parts ? work->count : first_of(work, part + 1);
}

static void run(gpubench_pool *pool, gpubench_task *task, memory_work *work)
{
    work->division = gpubench_ceiling_divide(pool, work->count, GRAIN_WORDS);
    if (work->division.parts > 0) {
        gpubench_pool_run(pool, task, work, work->division.parts);
    }
}

static void touch_part(void *argument, uint32_t part)
{
    const memory_work *work = argument;
    const uint64_t first = first_of(work, part);
    memset((uint64_t *)work->to + first, 0, (end_of(work, part) - first) * sizeof(uint64_t));
}

static void read_part(void *argument, uint32_t part)
{
    memory_work *work = argument;
    const uint64_t first = first_of(work, part);
    const uint64_t end = end_of(work, part);
    const uint64_t sum = work->passes == 0 ? work->kernel->read(work->from, first, end)
                                           : work->kernel->passes(work->from, first, end, work->passes);
    atomic_fetch_add_explicit(&work->sum, sum, memory_order_relaxed);
}

static void copy_part(void *argument, uint32_t part)
{
    const memory_work *work = argument;
    work->kernel->copy(work->from, work->to, first_of(work, part), end_of(work, part), work->stream);
}

static void triad_part(void *argument, uint32_t part)
{
    const memory_work *work = argument;
    work->kernel->triad(work->to, work->from, work->also_from, first_of(work, part), end_of(work, part), work->stream);
}

static bool streamed(uint64_t words)
{
    return words >= STREAM_BYTES / sizeof(uint64_t);
}

int32_t gpubench_memory_touch(gpubench_pool *pool, void *memory, uint64_t words)
{
    if (!gpubench_ceiling_array(memory, words)) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    memory_work work = {.count = words, .to = memory};
    run(pool, touch_part, &work);
    return GPUBENCH_HOST_OK;
}

static int32_t read_words(gpubench_pool *pool, const ceiling_kernel *kernel, const uint64_t *words, uint64_t count,
                          uint64_t passes, uint64_t *sum)
{
    if (kernel == NULL || sum == NULL || !gpubench_ceiling_array(words, count)) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    memory_work work = {.kernel = kernel, .count = count, .passes = passes, .from = words};
    run(pool, read_part, &work);
    *sum = atomic_load_explicit(&work.sum, memory_order_relaxed);
    return GPUBENCH_HOST_OK;
}

int32_t gpubench_ceiling_read(gpubench_pool *pool, int32_t simd_level, const uint64_t *words, uint64_t count,
                              uint64_t *sum)
{
    return read_words(pool, gpubench_ceiling_kernel(simd_level), words, count, 0, sum);
}

int32_t gpubench_ceiling_passes(gpubench_pool *pool, int32_t simd_level, const uint64_t *words, uint64_t count,
                                uint64_t passes, uint64_t *sum)
{
    if (passes < 1) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    return read_words(pool, gpubench_ceiling_kernel(simd_level), words, count, passes, sum);
}

int32_t gpubench_ceiling_copy(gpubench_pool *pool, int32_t simd_level, const uint64_t *from, uint64_t *to,
                              uint64_t count)
{
    const ceiling_kernel *kernel = gpubench_ceiling_kernel(simd_level);
    if (kernel == NULL || !gpubench_ceiling_array(from, count) || !gpubench_ceiling_array(to, count)) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    memory_work work = {.kernel = kernel, .count = count, .from = from, .to = to, .stream = streamed(count)};
    run(pool, copy_part, &work);
    return GPUBENCH_HOST_OK;
}

int32_t gpubench_ceiling_triad(gpubench_pool *pool, int32_t simd_level, double *a, const double *b, const double *c,
                               uint64_t count)
{
    const ceiling_kernel *kernel = gpubench_ceiling_kernel(simd_level);
    if (kernel == NULL || !gpubench_ceiling_array(a, count) || !gpubench_ceiling_array(b, count) ||
        !gpubench_ceiling_array(c, count)) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    memory_work work = {.kernel = kernel, .count = count, .from = b, .also_from = c, .to = a,
                        .stream = streamed(count)};
    run(pool, triad_part, &work);
    return GPUBENCH_HOST_OK;
}
