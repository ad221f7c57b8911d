/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Development benchmark: gpubench_pages_copy against gpubench_ceiling_copy of as many bytes, in turn, as ratios.
 *
 *   migration_bench [threads [rounds]]
 *
 * Pages lie scattered in pools of twice their number; frames are dealt anew for each round. Sizes from what a cache holds to what none
 * does: the contiguous copy of a size that stays in a cache is a ceiling of that cache, not of memory.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "../test/pages.h"

typedef struct {
    uint64_t page_bytes;
    uint64_t pages;
    uint32_t ways;
} size;

static double now_seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static uint64_t *create(gpubench_pool *pool, uint64_t bytes)
{
    uint64_t *memory = gpubench_memory_create(bytes);
    CHECK(memory != NULL && gpubench_memory_touch(pool, memory, bytes / 8) == GPUBENCH_HOST_OK, "no memory");
    return memory;
}

static void measure(gpubench_pool *pool, size what, int rounds)
{
    const int32_t level = gpubench_host_simd_best();
    const uint64_t moved = what.page_bytes * what.pages * what.ways;
    const uint32_t frames = (uint32_t)(2 * what.pages * what.ways);
    uint64_t *ends[2] = {create(pool, 2 * moved), create(pool, 2 * moved)};
    uint32_t *lists[2] = {malloc(frames * sizeof(uint32_t)), malloc(frames * sizeof(uint32_t))};
    double *pages = malloc((size_t)rounds * sizeof(double));
    double *plain = malloc((size_t)rounds * sizeof(double));
    double *ratios = malloc((size_t)rounds * sizeof(double));
    uint64_t seed = 0;
    for (int round = 0; round < rounds; round++) {
        gpubench_page_batch batches[2] = {{0}};
        for (int end = 0; end < 2; end++) {
            deal(lists[end], frames, 1, &seed);
        }
        for (uint32_t way = 0; way < what.ways; way++) {
            batches[way] = (gpubench_page_batch){.count = what.pages,
                                                 .from = ends[way],
                                                 .from_frames = lists[way] + 2 * way * what.pages,
                                                 .to = ends[1 - way],
                                                 .to_frames = lists[1 - way] + (2 * way + 1) * what.pages};
        }
        for (int turn = 0; turn < 2; turn++) {
            gpubench_pool_wake(pool);
            const double start = now_seconds();
            if ((round + turn) % 2 == 0) {
                gpubench_pages_copy(pool, level, what.ways, batches, what.page_bytes);
                pages[round] = now_seconds() - start;
            } else {
                const uint64_t half = (uint64_t)(round % 2) * moved / 8; /* the same memory, so that caches hold as much of it */
                gpubench_ceiling_copy(pool, level, ends[0] + half, ends[1] + half, moved / 8);
                plain[round] = now_seconds() - start;
            }
        }
        ratios[round] = plain[round] / pages[round];
    }
    qsort(pages, (size_t)rounds, sizeof(double), compare);
    qsort(plain, (size_t)rounds, sizeof(double), compare);
    qsort(ratios, (size_t)rounds, sizeof(double), compare);
    printf("%8llu x %6llu %s %8.1f MiB  %6.1f GB/s  %6.1f GB/s  ratio of medians %4.2f, of pairs %4.2f (%4.2f .. %4.2f)\n",
           (unsigned long long)what.page_bytes, (unsigned long long)what.pages, what.ways == 2 ? "both" : "one ",
           (double)moved / (1 << 20), 2e-9 * (double)moved / pages[rounds / 2], 2e-9 * (double)moved / plain[rounds / 2],
           plain[rounds / 2] / pages[rounds / 2], ratios[rounds / 2], ratios[rounds / 4], ratios[rounds * 3 / 4]);
    for (int end = 0; end < 2; end++) {
        gpubench_memory_destroy(ends[end], 2 * moved);
        free(lists[end]);
    }
    free(pages);
    free(plain);
    free(ratios);
}

int main(int argc, char **argv)
{
    const int threads = argc > 1 ? atoi(argv[1]) : (int)sysconf(_SC_NPROCESSORS_ONLN);
    const int rounds = argc > 2 ? atoi(argv[2]) : 41;
    gpubench_pool *pool;
    if (rounds < 1 || gpubench_pool_create(threads, &pool) != GPUBENCH_HOST_OK) {
        fprintf(stderr, "usage: migration_bench [threads [rounds]]\n");
        return EXIT_FAILURE;
    }
    static const size sizes[] = {{4096, 64, 1},     {4096, 256, 1},    {4096, 1024, 1},   {4096, 2048, 1},   {4096, 4096, 1},
                                 {4096, 16384, 1},  {4096, 65536, 1},  {4096, 32768, 2},  {65536, 4096, 1},  {2 << 20, 2, 1},
                                 {2 << 20, 128, 1}, {2 << 20, 64, 2},  {1 << 28, 1, 1}};
    printf("%d threads, %d rounds; bytes of a page x pages, bytes moved, pages, contiguous copy\n", threads, rounds);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        measure(pool, sizes[i], rounds);
    }
    gpubench_pool_destroy(pool);
    return EXIT_SUCCESS;
}
