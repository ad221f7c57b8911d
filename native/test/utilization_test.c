/* SPDX-License-Identifier: Apache-2.0 */
/* utilization at every SIMD level of this CPU, on the calling thread alone and on 1 to 3 threads, against plain loops. */
#include <inttypes.h>

#include "check.h"
#include "gpubench_host.h"

#define KEY UINT64_C(0x0123456789abcdef)
#define POISON UINT32_C(0xdeadbeef)

enum { POOLS = 4, GUARDS = 64 };

/* Around vectors, groups of vectors at each level, pages and their multiples by the threads. */
static const uint64_t sizes[] = {0,   1,   3,   7,   8,   15,   16,   17,   31,   33,    95,    96,
                                 97,  255, 256, 257, 500, 1023, 1024, 1025, 3071, 3073, 10007, 65537};

/* An array that is streamed past the caches. */
enum { LARGE = (2 << 20) + 77 };

enum { SIZES = sizeof sizes / sizeof *sizes };

static gpubench_pool *pools[POOLS]; /* by the number of threads; 0: none */

/* Written out, after the definition of splitmix64. */
static uint64_t word(uint64_t key, uint64_t index)
{
    uint64_t z = key + (index + 1) * 0x9e3779b97f4a7c15;
    z ^= z >> 30;
    z *= 0xbf58476d1ce4e5b9;
    z ^= z >> 27;
    z *= 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static void expect(uint32_t *words, uint64_t count, uint64_t passes, uint64_t steps)
{
    uint32_t sum = 0;
    for (uint64_t pass = 0; pass < passes; pass++) {
        const uint32_t addend = ((uint32_t)word(KEY, pass) + sum) | 1;
        sum = 0;
        for (uint64_t i = 0; i < count; i++) {
            for (uint64_t step = 0; step < steps; step++) {
                words[i] = words[i] * 0x915f77f5u + addend;
            }
            sum += words[i];
        }
    }
}

static void stretch(int32_t level, gpubench_pool *pool, uint64_t count, uint64_t passes, uint64_t steps)
{
    const uint64_t bytes = (count + GUARDS) * sizeof(uint32_t);
    uint32_t *words = gpubench_memory_create(bytes);
    uint32_t *right = gpubench_memory_create(bytes);
    uint32_t *others = gpubench_memory_create(bytes);
    CHECK(words != NULL && others != NULL && right != NULL, "%" PRIu64 " words", count);
    for (uint64_t i = 0; i < count + GUARDS; i++) {
        words[i] = right[i] = i < count ? (uint32_t)word(5, i) : POISON;
        others[i] = POISON;
    }
    expect(right, count, passes, steps);
    CHECK(gpubench_utilization(pool, level, words, others, count, passes, steps, KEY) == GPUBENCH_HOST_OK, "pass");
    const uint32_t *ends = passes % 2 == 0 ? words : others;
    for (uint64_t i = 0; i < count + GUARDS; i++) {
        CHECK(i < count || (words[i] == POISON && others[i] == POISON), "stored too far");
        CHECK(ends[i] == right[i],
              "level %d, %d threads, %" PRIu64 " words, %" PRIu64 " passes of %" PRIu64 " steps: word %" PRIu64, level,
              gpubench_pool_threads(pool), count, passes, steps, i);
    }
    gpubench_memory_destroy(words, bytes);
    gpubench_memory_destroy(others, bytes);
    gpubench_memory_destroy(right, bytes);
}

static void rejects_bad_arguments(void)
{
    _Alignas(64) uint32_t words[64] = {1, 2, 3};
    const int32_t bad = GPUBENCH_HOST_ERROR_ARGUMENT;
    _Alignas(64) uint32_t others[64] = {4};
    CHECK(gpubench_utilization(NULL, -1, words, others, 64, 1, 1, KEY) == bad, "no level");
    CHECK(gpubench_utilization(NULL, gpubench_host_simd_best() + 1, words, others, 64, 1, 1, KEY) == bad, "no level");
    CHECK(gpubench_utilization(NULL, 0, NULL, others, 64, 1, 1, KEY) == bad, "no words");
    CHECK(gpubench_utilization(NULL, 0, words, NULL, 64, 1, 1, KEY) == bad, "no others");
    CHECK(gpubench_utilization(NULL, 0, words + 1, others, 8, 1, 1, KEY) == bad, "not aligned");
    CHECK(gpubench_utilization(NULL, 0, words, others + 1, 8, 1, 1, KEY) == bad, "not aligned");
    CHECK(gpubench_utilization(NULL, 0, words, others, (UINT64_C(1) << 48) + 1, 1, 1, KEY) == bad, "too many");
    CHECK(gpubench_utilization(NULL, 0, words, others, 64, 0, 1, KEY) == bad, "no pass");
    CHECK(gpubench_utilization(NULL, 0, words, others, 64, 1, 0, KEY) == bad, "no step");
    CHECK(words[0] == 1 && words[1] == 2 && words[2] == 3 && words[3] == 0 && others[0] == 4, "touched");
}

int main(void)
{
    rejects_bad_arguments();
    for (int32_t threads = 1; threads < POOLS; threads++) {
        CHECK(gpubench_pool_create(threads, &pools[threads]) == GPUBENCH_HOST_OK, "%d threads", threads);
    }
    for (int32_t threads = 0; threads < POOLS; threads++) {
        for (int32_t level = 0; level <= gpubench_host_simd_best(); level++) {
            for (size_t size = 0; size < SIZES; size++) {
                stretch(level, pools[threads], sizes[size], 3, 5);
            }
            for (uint64_t steps = 1; steps <= 33; steps++) {
                stretch(level, pools[threads], 1100, 2, steps);
            }
            stretch(level, pools[threads], LARGE, 3, 1);
            stretch(level, pools[threads], 97, 1, 1);
            stretch(level, pools[threads], 97, 100, 2);
        }
        gpubench_pool_destroy(pools[threads]);
    }
    return EXIT_SUCCESS;
}
