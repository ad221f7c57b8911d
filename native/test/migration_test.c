/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages copied between pools in memory, at every SIMD level of this CPU, on the calling thread alone and on 1 to 3 threads: one way and
 * both, contiguous and scattered, of sizes around vectors, blocks, pieces and pages, at aligned and unaligned addresses. Every word of
 * both pools is compared with what it must be, those of frames that take no part and those behind the pools too.
 */
#include "pages.h"

enum { POOLS = 4, GUARDS = 16 };

static gpubench_pool *pools[POOLS]; /* by the number of threads; 0: none */
static uint64_t seed;

typedef struct {
    uint64_t *memory;
    uint64_t *expected;
    uint64_t words;
    uint32_t *list;
} page_pool;

static page_pool create(uint32_t frames, uint64_t page_bytes, uint64_t shift, int scattered)
{
    page_pool pool = {.words = frames * page_bytes / 8 + GUARDS};
    pool.memory = (uint64_t *)aligned_alloc(4096, (pool.words + shift + 511) / 512 * 4096) + shift;
    pool.expected = malloc(pool.words * 8);
    pool.list = malloc((frames + 1) * sizeof *pool.list);
    CHECK(pool.expected != NULL && pool.list != NULL, "no memory");
    poison(pool.memory, pool.words);
    poison(pool.expected, pool.words);
    deal(pool.list, frames, scattered, &seed);
    return pool;
}

static void destroy(page_pool pool, uint64_t shift)
{
    free(pool.memory - shift);
    free(pool.expected);
    free(pool.list);
}

static void migrate(int32_t level, int threads, uint64_t page_bytes, uint32_t pages, int both, int scattered, uint64_t shift)
{
    const uint32_t ways = both ? 2 : 1;
    const uint32_t frames = pages * ways * 2;
    const uint64_t page_words = page_bytes / 8;
    page_pool ends[2] = {create(frames, page_bytes, shift, scattered), create(frames, page_bytes, shift ? shift + 1 : 0, scattered)};
    gpubench_page_batch batches[5] = {{0}}; /* some without pages in between */
    for (uint32_t way = 0; way < ways; way++) {
        page_pool *from = &ends[way];
        page_pool *to = &ends[1 - way];
        const uint32_t *from_frames = from->list + 2 * way * pages;
        const uint32_t *to_frames = to->list + (2 * way + 1) * pages;
        for (uint32_t page = 0; page < pages; page++) {
            fill_page(from->memory, page_words, from_frames[page], way, page);
            fill_page(from->expected, page_words, from_frames[page], way, page);
            fill_page(to->expected, page_words, to_frames[page], way, page);
        }
        batches[1 + 2 * way] = (gpubench_page_batch){
            .count = pages, .from = from->memory, .from_frames = from_frames, .to = to->memory, .to_frames = to_frames};
    }
    const int32_t code = gpubench_pages_copy(pools[threads], level, 5, batches, page_bytes);
    CHECK(code == GPUBENCH_HOST_OK, "%d", code);
    for (int end = 0; end < 2; end++) {
        for (uint64_t i = 0; i < ends[end].words; i++) {
            CHECK(ends[end].memory[i] == ends[end].expected[i],
                  "level %d, %d threads, %u pages of %llu, ways %u, scattered %d, shift %llu: word %llu of pool %d", level, threads,
                  pages, (unsigned long long)page_bytes, ways, scattered, (unsigned long long)shift, (unsigned long long)i, end);
        }
    }
    destroy(ends[0], shift);
    destroy(ends[1], shift ? shift + 1 : 0);
}

static void refuses(void)
{
    uint64_t words[4] = {0};
    uint32_t frames[] = {0, 1};
    const gpubench_page_batch good = {.count = 1, .from = words, .from_frames = frames, .to = words + 2, .to_frames = frames};
    CHECK(gpubench_pages_copy(NULL, 0, 1, &good, 16) == GPUBENCH_HOST_OK, "the good one");
    const uint64_t sizes[] = {0, 4, 12, GPUBENCH_MAX_PAGE_BYTES + 8};
    for (int i = 0; i < 4; i++) {
        CHECK(gpubench_pages_copy(NULL, 0, 1, &good, sizes[i]) == GPUBENCH_HOST_ERROR_ARGUMENT, "size %d", i);
    }
    CHECK(gpubench_pages_copy(NULL, -1, 1, &good, 16) == GPUBENCH_HOST_ERROR_ARGUMENT, "level");
    CHECK(gpubench_pages_copy(NULL, gpubench_host_simd_best() + 1, 1, &good, 16) == GPUBENCH_HOST_ERROR_ARGUMENT, "level");
    CHECK(gpubench_pages_copy(NULL, 0, GPUBENCH_MAX_BATCHES + 1, &good, 16) == GPUBENCH_HOST_ERROR_ARGUMENT, "batches");
    CHECK(gpubench_pages_copy(NULL, 0, 1, NULL, 16) == GPUBENCH_HOST_ERROR_ARGUMENT, "no batches");
    CHECK(gpubench_pages_copy(NULL, 0, 0, NULL, 16) == GPUBENCH_HOST_OK, "none asked for");
    for (int i = 0; i < 7; i++) {
        gpubench_page_batch bad = good;
        bad.from = i == 0 ? NULL : i == 1 ? (char *)words + 1 : good.from;
        bad.to = i == 2 ? NULL : i == 3 ? (char *)words + 17 : good.to;
        bad.from_frames = i == 4 ? NULL : frames;
        bad.to_frames = i == 5 ? NULL : frames;
        bad.count = i == 6 ? GPUBENCH_MAX_PAGES + 1 : 1;
        CHECK(gpubench_pages_copy(NULL, 0, 1, &bad, 16) == GPUBENCH_HOST_ERROR_ARGUMENT, "batch %d", i);
    }
}

int main(void)
{
    static const uint64_t sizes[] = {8,    16,   24,   56,   64,   72,    120,   128,    136,    2040,    2048,          2056,
                                     4088, 4096, 4104, 8192, 8200, 65528, 65536, 65544, 131072, 131080, (1 << 20) + 8};
    for (int threads = 1; threads < POOLS; threads++) {
        CHECK(gpubench_pool_create(threads, &pools[threads]) == GPUBENCH_HOST_OK, "no threads");
    }
    for (int32_t level = 0; level <= gpubench_host_simd_best(); level++) {
        for (uint64_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            for (int variant = 0; variant < 8; variant++) {
                const uint32_t pages = 1 + (uint32_t)random_below(&seed, sizes[i] > 70000 ? 3 : 40);
                const int threads = (int)random_below(&seed, POOLS);
                migrate(level, threads, sizes[i], variant < 2 ? 1 : pages, variant & 1, variant >> 1 & 1,
                        random_below(&seed, 2) * (1 + random_below(&seed, 7)));
            }
        }
        /* Past the caches: what is written there must be there for all threads, too. */
        const uint64_t stream = 8 << 20;
        migrate(level, 3, 4096, (uint32_t)(stream / 4096 + 1), 0, 1, 0);
        migrate(level, 2, 4104, (uint32_t)(stream / 4104 / 2 + 1), 1, 1, 3);
        migrate(level, 3, stream + 4104, 1, 0, 0, 0);
        migrate(level, 1, 2056, (uint32_t)(stream / 2056 + 1), 0, 1, 0);
    }
    refuses();
    for (int threads = 1; threads < POOLS; threads++) {
        gpubench_pool_destroy(pools[threads]);
    }
    return EXIT_SUCCESS;
}
