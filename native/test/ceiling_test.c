/* SPDX-License-Identifier: Apache-2.0 */
/* The ceilings at every SIMD level of this CPU, on the calling thread alone and on 1 to 3 threads, against plain loops. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "check.h"
#include "gpubench_host.h"

#define POISON 0xdeadbeefcafef00d
#define KEY UINT64_C(0x0123456789abcdef)

enum { POOLS = 4, GUARDS = 16 };

/* One word, off every vector's width, off a page, off its multiple by the threads, and streamed past the caches. */
static const uint64_t sizes[] = {0, 1, 2, 7, 8, 9, 63, 64, 65, 511, 512, 513, 1535, 1537, 4099, (1 << 20) + 13};

enum { SIZES = sizeof sizes / sizeof *sizes };

static gpubench_pool *pools[POOLS]; /* by the number of threads; 0: none */

/* So many words with as many guards behind them as catch a vector that is stored too far. */
typedef struct {
    uint64_t *words;
    uint64_t count;
    uint64_t bytes;
} array;

static array array_create(uint64_t count)
{
    array created = {.count = count, .bytes = (count + GUARDS) * sizeof(uint64_t)};
    created.words = gpubench_memory_create(created.bytes);
    CHECK(created.words != NULL, "%" PRIu64 " words", count);
    return created;
}

static void array_poison(array poisoned)
{
    for (uint64_t i = 0; i < poisoned.count + GUARDS; i++) {
        poisoned.words[i] = POISON;
    }
}

static void array_check_guards(array guarded)
{
    for (uint64_t i = guarded.count; i < guarded.count + GUARDS; i++) {
        CHECK(guarded.words[i] == POISON, "of %" PRIu64 " words word %" PRIu64 " was changed", guarded.count, i);
    }
}

static void array_destroy(array destroyed)
{
    gpubench_memory_destroy(destroyed.words, destroyed.bytes);
}

/* Written out, after the definition of splitmix64. */
static uint64_t mix(uint64_t z)
{
    z ^= z >> 30;
    z *= 0xbf58476d1ce4e5b9;
    z ^= z >> 27;
    z *= 0x94d049bb133111eb;
    z ^= z >> 31;
    return z;
}

static uint64_t word(uint64_t key, uint64_t i)
{
    return mix(key + (i + 1) * 0x9e3779b97f4a7c15);
}

static void known_answers(void)
{
    /* The first outputs of splitmix64 with the seed 0, as published with it. */
    CHECK(word(0, 0) == 0xe220a8397b1dcdaf, "%016" PRIx64, word(0, 0));
    CHECK(word(0, 1) == 0x6e789e6aa1b965f4, "%016" PRIx64, word(0, 1));
    CHECK(word(0, 2) == 0x06c45d188009454f, "%016" PRIx64, word(0, 2));
}

static array input_create(uint64_t count, uint64_t key)
{
    array input = array_create(count);
    array_poison(input);
    for (uint64_t i = 0; i < count; i++) {
        input.words[i] = word(key, i);
    }
    return input;
}

static array numbers_create(uint64_t count, uint64_t key)
{
    array input = input_create(count, key);
    for (uint64_t i = 0; i < count; i++) {
        double number = (double)(input.words[i] >> 44);
        memcpy(&input.words[i], &number, sizeof number);
    }
    return input;
}

static void memory(int32_t level, gpubench_pool *pool, uint64_t count)
{
    array b = input_create(count, KEY);
    array a = array_create(count);
    uint64_t expected = 0;
    for (uint64_t i = 0; i < count; i++) {
        expected += b.words[i];
    }
    uint64_t sum = POISON;
    CHECK(gpubench_ceiling_read(pool, level, b.words, count, &sum) == GPUBENCH_HOST_OK, "read");
    CHECK(sum == expected, "level %d, %d threads, %" PRIu64 " words", level, gpubench_pool_threads(pool), count);

    const uint64_t passes = count > 10000 ? 2 : 5;
    expected = 0;
    for (uint64_t p = 0; p < passes; p++) {
        for (uint64_t i = 0; i < count; i++) {
            expected += b.words[i] ^ mix(p + 1);
        }
    }
    sum = POISON;
    CHECK(gpubench_ceiling_passes(pool, level, b.words, count, passes, &sum) == GPUBENCH_HOST_OK, "passes");
    CHECK(sum == expected, "level %d, %d threads, %" PRIu64 " words", level, gpubench_pool_threads(pool), count);

    array_poison(a);
    CHECK(gpubench_ceiling_copy(pool, level, b.words, a.words, count) == GPUBENCH_HOST_OK, "copy");
    CHECK(memcmp(a.words, b.words, count * sizeof *a.words) == 0, "level %d, %d threads, %" PRIu64 " words", level,
          gpubench_pool_threads(pool), count);
    array_check_guards(a);
    array_destroy(a);
    array_destroy(b);
}

static void triad(int32_t level, gpubench_pool *pool, uint64_t count)
{
    array a = array_create(count);
    array b = numbers_create(count, KEY);
    array c = numbers_create(count, ~KEY);
    array_poison(a);
    double *result = (double *)a.words;
    const double *x = (const double *)b.words;
    const double *y = (const double *)c.words;
    CHECK(gpubench_ceiling_triad(pool, level, result, x, y, count) == GPUBENCH_HOST_OK, "triad");
    for (uint64_t i = 0; i < count; i++) {
        uint64_t expected = (word(KEY, i) >> 44) + 3 * (word(~KEY, i) >> 44); /* below 2^22, so exact as a double */
        CHECK(result[i] == (double)expected, "level %d, %d threads, %" PRIu64 " words: [%" PRIu64 "] is %g", level,
              gpubench_pool_threads(pool), count, i, result[i]);
    }
    array_check_guards(a);
    array_destroy(a);
    array_destroy(b);
    array_destroy(c);
}

static uint32_t bits(float value)
{
    uint32_t result;
    memcpy(&result, &value, sizeof result);
    return result;
}

static void chains(int32_t level, gpubench_pool *pool, uint64_t count, uint64_t steps)
{
    array a = array_create(count); /* twice as much as is needed, so the upper half guards, too */
    const uint32_t *ends = (const uint32_t *)a.words;
    uint64_t rounded_twice_differs = 0;
    array_poison(a);
    CHECK(gpubench_ceiling_fp32(pool, level, (float *)a.words, count, KEY, steps) == GPUBENCH_HOST_OK, "fp32");
    for (uint64_t c = 0; c < count; c++) {
        float x = 1 + (float)(word(KEY, c) >> 41) * 0x1p-23f;
        float y = x;
        for (uint64_t step = 0; step < steps; step++) {
            volatile float product = y * -0x1.fffff8p-1f;
            x = fmaf(x, -0x1.fffff8p-1f, 2.25f);
            y = product + 2.25f;
        }
        CHECK(ends[c] == bits(x), "level %d, %d threads, %" PRIu64 " chains of %" PRIu64 ": %a, not %a", level,
              gpubench_pool_threads(pool), count, steps, (double)((const float *)a.words)[c], (double)x);
        rounded_twice_differs += bits(x) != bits(y);
    }
    CHECK(count < 1000 || rounded_twice_differs > count / 100, "cannot tell a fused chain from another");
    CHECK(ends[count] == (uint32_t)POISON || count % 2 == 1 || count == 0, "stored too far");
    array_check_guards(a);

    const uint32_t addend = (uint32_t)word(KEY, 12345) | 1;
    array_poison(a);
    CHECK(gpubench_ceiling_int32(pool, level, (uint32_t *)a.words, count, KEY, steps, addend) == GPUBENCH_HOST_OK,
          "int32");
    for (uint64_t c = 0; c < count; c++) {
        uint32_t x = (uint32_t)word(KEY, c);
        for (uint64_t step = 0; step < steps; step++) {
            x = x * 0x915f77f5u + addend;
        }
        CHECK(ends[c] == x, "level %d, %d threads, %" PRIu64 " chains of %" PRIu64, level,
              gpubench_pool_threads(pool), count, steps);
    }
    CHECK(ends[count + count % 2] == (uint32_t)POISON, "stored too far");
    array_check_guards(a);
    array_destroy(a);
}

static void atomic(gpubench_pool *pool, uint64_t cell_count, uint64_t operations)
{
    array cells = input_create(cell_count, ~KEY);
    uint64_t *expected = malloc(cell_count * sizeof *expected);
    memcpy(expected, cells.words, cell_count * sizeof *expected);
    for (uint64_t q = 0; q < operations; q++) {
        expected[q * 2654435761u % cell_count] += word(KEY, q);
    }
    CHECK(gpubench_ceiling_atomic(pool, cells.words, cell_count, KEY, operations) == GPUBENCH_HOST_OK, "atomic");
    CHECK(memcmp(cells.words, expected, cell_count * sizeof *expected) == 0,
          "%d threads, %" PRIu64 " operations on %" PRIu64 " cells", gpubench_pool_threads(pool), operations,
          cell_count);
    array_check_guards(cells);
    free(expected);
    array_destroy(cells);
}

static void touch(gpubench_pool *pool, uint64_t count)
{
    array zeroed = array_create(count);
    array_poison(zeroed);
    CHECK(gpubench_memory_touch(pool, zeroed.words, count) == GPUBENCH_HOST_OK, "touch");
    for (uint64_t i = 0; i < count; i++) {
        CHECK(zeroed.words[i] == 0, "word %" PRIu64 " of %" PRIu64, i, count);
    }
    array_check_guards(zeroed);
    array_destroy(zeroed);
}

static void rejects_bad_arguments(void)
{
    _Alignas(64) uint64_t words[64] = {1, 2, 3};
    _Alignas(64) double numbers[64] = {1};
    uint64_t *odd = words + 1;
    uint64_t sum = POISON;
    const int32_t bad = GPUBENCH_HOST_ERROR_ARGUMENT;
    for (int32_t level = -1; level <= gpubench_host_simd_best() + 1; level += gpubench_host_simd_best() + 2) {
        CHECK(gpubench_ceiling_read(NULL, level, words, 64, &sum) == bad, "level %d", level);
        CHECK(gpubench_ceiling_passes(NULL, level, words, 64, 1, &sum) == bad, "level %d", level);
        CHECK(gpubench_ceiling_copy(NULL, level, words, words + 32, 32) == bad, "level %d", level);
        CHECK(gpubench_ceiling_triad(NULL, level, numbers, numbers, numbers, 64) == bad, "level %d", level);
        CHECK(gpubench_ceiling_fp32(NULL, level, (float *)words, 64, 0, 1) == bad, "level %d", level);
        CHECK(gpubench_ceiling_int32(NULL, level, (uint32_t *)words, 64, 0, 1, 1) == bad, "level %d", level);
    }
    CHECK(gpubench_ceiling_read(NULL, 0, words, 64, NULL) == bad, "no sum");
    CHECK(gpubench_ceiling_read(NULL, 0, NULL, 64, &sum) == bad, "no words");
    CHECK(gpubench_ceiling_read(NULL, 0, odd, 8, &sum) == bad, "not aligned");
    CHECK(gpubench_ceiling_read(NULL, 0, words, GPUBENCH_MAX_ELEMENTS + 1, &sum) == bad, "too many");
    CHECK(gpubench_ceiling_passes(NULL, 0, words, 64, 0, &sum) == bad, "no pass");
    CHECK(gpubench_ceiling_copy(NULL, 0, words, odd, 8) == bad, "not aligned");
    CHECK(gpubench_ceiling_triad(NULL, 0, numbers, numbers, NULL, 8) == bad, "no c");
    CHECK(gpubench_ceiling_fp32(NULL, 0, (float *)words, 64, 0, 0) == bad, "no step");
    CHECK(gpubench_ceiling_int32(NULL, 0, (uint32_t *)words, 64, 0, 0, 1) == bad, "no step");
    CHECK(gpubench_ceiling_atomic(NULL, words, 48, 0, 96) == bad, "not a power of two");
    CHECK(gpubench_ceiling_atomic(NULL, words, 0, 0, 0) == bad, "no cell");
    CHECK(gpubench_ceiling_atomic(NULL, words, 64, 0, GPUBENCH_MAX_ELEMENTS + 1) == bad, "too many");
    CHECK(gpubench_memory_touch(NULL, odd, 8) == bad, "not aligned");
    CHECK(sum == POISON && words[0] == 1 && words[1] == 2 && words[2] == 3 && numbers[0] == 1, "touched");
}

int main(void)
{
    known_answers();
    rejects_bad_arguments();
    for (int32_t threads = 1; threads < POOLS; threads++) {
        CHECK(gpubench_pool_create(threads, &pools[threads]) == GPUBENCH_HOST_OK, "%d threads", threads);
    }
    const uint64_t chain_counts[] = {0, 1, 7, 8, 95, 96, 97, 255, 256, 257, 1000};
    for (int32_t threads = 0; threads < POOLS; threads++) {
        for (int32_t level = 0; level <= gpubench_host_simd_best(); level++) {
            for (size_t size = 0; size < SIZES; size++) {
                memory(level, pools[threads], sizes[size]);
                triad(level, pools[threads], sizes[size]);
            }
            for (size_t i = 0; i < sizeof chain_counts / sizeof *chain_counts; i++) {
                chains(level, pools[threads], chain_counts[i], 1);
                chains(level, pools[threads], chain_counts[i], 50);
            }
        }
        for (size_t size = 0; size < SIZES; size++) {
            touch(pools[threads], sizes[size]);
        }
        for (uint64_t cells = 1; cells <= 4096; cells *= 8) {
            atomic(pools[threads], cells, 0);
            atomic(pools[threads], cells, 1);
            atomic(pools[threads], cells, 65);
            atomic(pools[threads], cells, 20 * 4096);
        }
        gpubench_pool_destroy(pools[threads]);
    }
    return EXIT_SUCCESS;
}
