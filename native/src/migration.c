/* SPDX-License-Identifier: Apache-2.0 */
/*
 * migration: pages of memory, from frames of one pool to frames of another.
 *
 * Bytes: P pages of B bytes are 2*P*B, read and written once. No operations. Nothing else is worth a memory access: a frame
 * number is 4 bytes.
 *
 * Launch shape: all batches one behind the other, cut into blocks of BLOCK_BYTES at most, of which each thread takes as many
 * as the others, one behind the other; so a page of 1 GiB is shared, too, and two batches that go opposite ways are under
 * way at once. No thread gets less than SHARE_BYTES, about 2 us of work: the fork costs a quarter of that.
 *
 * Streamed stores: a processor reads a line before it writes it, unless the store goes past its caches, and that is a third
 * of the traffic (ceiling_memory.c). Where source and target stay in a cache, streaming is slower, though: it throws the
 * target out. Measured, the two are equal between 4 and 8 MiB of one call, so STREAM_BYTES is that of the ceiling.
 *
 * Scattered pages: the hardware prefetches lines ahead, but only within a page of 4 KiB, since what follows it in physical
 * memory is anybody's; and each page may need its address translated, which where a hypervisor has a say are up to 24 more
 * memory accesses. We know what comes: the block that is SOON blocks ahead is fetched
 * into the cache next to the core while this one is stored, and the translations of the one that is LATER blocks ahead.
 *
 * Limits: see gpubench_host.h. Oracle: io.gpubench.workloads.migration.MigrationBatch.
 */
#include "migration_kernel.h"
#include "pool.h"

#define SHARE_BYTES ((uint64_t)32 << 10)
#define STREAM_BYTES ((uint64_t)8 << 20)

enum { SOON = 2, LATER = 8 };

typedef struct {
    const migration_kernel *kernel;
    const gpubench_page_batch *batches;
    uint32_t parts;
    uint64_t page_bytes;
    uint64_t page_blocks; /* of a page */
    uint64_t blocks;      /* of all batches */
    bool stream;
} copy_work;

static const migration_kernel *kernel_of(int32_t simd_level)
{
    if (simd_level < GPUBENCH_SIMD_SCALAR || simd_level > gpubench_host_simd_best()) {
        return NULL;
    }
#if defined(__x86_64__)
    if (simd_level == GPUBENCH_SIMD_AVX512) {
        return &migration_avx512;
    }
    if (simd_level == GPUBENCH_SIMD_AVX2) {
        return &migration_avx2;
    }
#endif
    return &migration_scalar;
}

/* A block. */
typedef struct {
    const gpubench_page_batch *batch;
    uint64_t page;
    uint64_t index; /* in the page */
} cursor;

/* Where it lies. */
typedef struct {
    const char *from;
    char *to;
    uint64_t bytes;
} place;

static place place_of(const copy_work *work, cursor at)
{
    const uint64_t begin = at.index * BLOCK_BYTES;
    const uint64_t rest = work->page_bytes - begin;
    return (place){(const char *)at.batch->from + at.batch->from_frames[at.page] * work->page_bytes + begin,
                   (char *)at.batch->to + at.batch->to_frames[at.page] * work->page_bytes + begin,
                   rest < BLOCK_BYTES ? rest : BLOCK_BYTES};
}

/* The block after it, which there must be. */
static cursor after(const copy_work *work, cursor at)
{
    if (++at.index == work->page_blocks) {
        at.index = 0;
        if (++at.page == at.batch->count) {
            at.page = 0;
            do {
                at.batch++;
            } while (at.batch->count == 0);
        }
    }
    return at;
}

static cursor cursor_of(const copy_work *work, uint64_t number)
{
    const gpubench_page_batch *batch = work->batches;
    uint64_t page = number / work->page_blocks;
    while (page >= batch->count) {
        page -= batch->count;
        batch++;
    }
    return (cursor){batch, page, number % work->page_blocks};
}

static uint64_t first_of(const copy_work *work, uint32_t part)
{
    return work->blocks / work->parts * part + work->blocks % work->parts * part / work->parts;
}

static void stream_blocks(const copy_work *work, cursor at, uint64_t blocks)
{
    place places[LATER]; /* of the block and those after it; behind the last one, the last one again */
    places[0] = place_of(work, at);
    for (uint64_t i = 1; i < LATER; i++) {
        at = i < blocks ? after(work, at) : at;
        places[i] = place_of(work, at);
    }
    for (uint64_t i = 0; i < blocks; i++) {
        const place here = places[i % LATER];
        at = i + LATER < blocks ? after(work, at) : at;
        const place later = place_of(work, at);
        places[i % LATER] = later;
        const bool runs = places[(i + 1) % LATER].from == here.from + here.bytes;
        const char *soon = runs ? NULL : places[(i + SOON) % LATER].from;
        work->kernel->stream(here.from, here.to, here.bytes, (migration_ahead){soon, later.from, later.to});
    }
    work->kernel->stream_end();
}

static void copy_part(void *argument, uint32_t part)
{
    const copy_work *work = argument;
    const uint64_t first = first_of(work, part);
    const uint64_t blocks = first_of(work, part + 1) - first;
    cursor at = cursor_of(work, first);
    if (work->stream) {
        stream_blocks(work, at, blocks);
        return;
    }
    for (uint64_t left = blocks; left > 0; left--) {
        const place here = place_of(work, at);
        work->kernel->copy(here.from, here.to, here.bytes);
        at = left > 1 ? after(work, at) : at;
    }
}

static bool is_word_aligned(const void *memory)
{
    return memory != NULL && (uintptr_t)memory % sizeof(uint64_t) == 0;
}

static bool is_good(const gpubench_page_batch *batch)
{
    return batch->count == 0 ||
           (batch->count <= GPUBENCH_MAX_PAGES && is_word_aligned(batch->from) && is_word_aligned(batch->to) &&
            batch->from_file == NULL && batch->to_file == NULL && batch->from_frames != NULL &&
            batch->to_frames != NULL);
}

int32_t gpubench_pages_copy(gpubench_pool *pool, int32_t simd_level, uint32_t count, const gpubench_page_batch *batches,
                            uint64_t page_bytes)
{
    const migration_kernel *kernel = kernel_of(simd_level);
    if (kernel == NULL || count > GPUBENCH_MAX_BATCHES || (batches == NULL && count > 0) || page_bytes < 8 ||
        page_bytes > GPUBENCH_MAX_PAGE_BYTES || page_bytes % sizeof(uint64_t) != 0) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    uint64_t pages = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (!is_good(&batches[i])) {
            return GPUBENCH_HOST_ERROR_ARGUMENT;
        }
        pages += batches[i].count;
    }
    if (pages == 0) {
        return GPUBENCH_HOST_OK;
    }
    copy_work work = {.kernel = kernel, .batches = batches, .page_bytes = page_bytes};
    work.page_blocks = (page_bytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
    work.blocks = pages * work.page_blocks;
    work.stream = pages * page_bytes >= STREAM_BYTES;
    const uint64_t shares = pages * page_bytes / SHARE_BYTES;
    const uint64_t most = (uint64_t)gpubench_pool_threads(pool);
    uint64_t parts = shares < most ? shares : most;
    parts = parts < work.blocks ? parts : work.blocks;
    work.parts = parts < 1 ? 1 : (uint32_t)parts;
    gpubench_pool_run(pool, copy_part, &work, work.parts);
    return GPUBENCH_HOST_OK;
}
