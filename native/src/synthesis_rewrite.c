/* SPDX-License-Identifier: Apache-2.0 */
/*
 * synthesis.rewrite: folding of constants, to the fixpoint.
 *
 * Mathematics, over N nodes in T trees, N' nodes afterwards
 *   from the last node of a tree to the first: a node whose children are literals becomes one; an `if` whose condition is
 *   a literal is forwarded to one of its other children
 *   then breadth-first from the root, forwarded nodes by what they became
 *                                                     read 14*N + 4*T bytes, write 14*N' + 4*T
 *
 * One pass is enough, since children come behind their parents. All of it happens in the L1 cache, a tree at a time; kinds
 * are told apart by a table of results, since a branch would be wrong most of the time. The queue takes all children of a
 * node at once, as one vector.
 *
 * Launch shape: all threads take chunks of trees, in order, and rewrite them into memory of their own. Where a chunk's nodes go is
 * known when those before it are counted: a thread waits for that, which the others have done by then, adds its own count,
 * and then copies, past the caches if the forest is large. So everything is read once and written once.
 *
 * Limits: see gpubench_host.h. Oracle: io.gpubench.workloads.synthesis.RewriteOracle.
 */
#include <sched.h>
#include <stdlib.h>

#include "pool.h"
#include "synthesis_kernel.h"
#include "threads.h"

/* Spins until the thread yields, whose predecessor may have been preempted. */
enum { SPINS = 1024 };

struct gpubench_rewrite {
    const synthesis_kernel *kernel;
    gpubench_pool *pool;
    rewrite_scratch *scratch; /* one for each thread */
    /* Of the call. */
    const gpubench_forest *from;
    const gpubench_forest *to;
    uint64_t chunks;
    bool stream;
    _Alignas(64) _Atomic uint64_t next;    /* the next chunk to take */
    _Alignas(64) _Atomic uint64_t counted; /* chunks whose nodes are counted */
    uint64_t nodes;                        /* of these; belongs to who counts next */
};

int32_t gpubench_rewrite_create(gpubench_pool *pool, int32_t simd_level, gpubench_rewrite **rewrite)
{
    if (rewrite == NULL) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    *rewrite = NULL;
    if (gpubench_synthesis_kernel(simd_level) == NULL) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    const size_t threads = (size_t)gpubench_pool_threads(pool);
    gpubench_rewrite *created = aligned_alloc(LINE, sizeof *created);
    if (created == NULL) {
        return GPUBENCH_HOST_ERROR_MEMORY;
    }
    memset(created, 0, sizeof *created);
    created->kernel = gpubench_synthesis_kernel(simd_level);
    created->pool = pool;
    created->scratch = aligned_alloc(LINE, threads * sizeof *created->scratch);
    if (created->scratch == NULL) {
        free(created);
        return GPUBENCH_HOST_ERROR_MEMORY;
    }
    memset(created->scratch, 0, threads * sizeof *created->scratch);
    *rewrite = created;
    return GPUBENCH_HOST_OK;
}

void gpubench_rewrite_destroy(gpubench_rewrite *rewrite)
{
    if (rewrite == NULL) {
        return;
    }
    free(rewrite->scratch);
    free(rewrite);
}

/* Waits for its turn, and takes room for a chunk's nodes: where they go. */
static uint64_t take_room(gpubench_rewrite *rewrite, uint64_t chunk, uint64_t nodes)
{
    for (int spin = 0; atomic_load_explicit(&rewrite->counted, memory_order_acquire) != chunk; spin++) {
        if (spin < SPINS) {
            relax();
        } else {
            sched_yield();
        }
    }
    const uint64_t base = rewrite->nodes;
    rewrite->nodes = base + nodes;
    atomic_store_explicit(&rewrite->counted, chunk + 1, memory_order_release);
    return base;
}

static void copy(const gpubench_rewrite *rewrite, void *to, const void *from, uint64_t bytes)
{
    if (rewrite->stream) {
        rewrite->kernel->stream(to, from, bytes);
    } else {
        memcpy(to, from, bytes);
    }
}

static void rewrite_part(void *argument, uint32_t part)
{
    gpubench_rewrite *rewrite = argument;
    rewrite_scratch *scratch = &rewrite->scratch[part];
    const gpubench_forest *from = rewrite->from;
    const gpubench_forest *to = rewrite->to;
    for (;;) {
        const uint64_t chunk = atomic_fetch_add_explicit(&rewrite->next, 1, memory_order_relaxed);
        if (chunk >= rewrite->chunks) {
            rewrite->kernel->stream_end();
            return;
        }
        const uint64_t first = gpubench_forest_tree(from, chunk * REWRITE_CHUNK);
        const uint64_t end =
            chunk + 1 == rewrite->chunks ? from->trees : gpubench_forest_tree(from, (chunk + 1) * REWRITE_CHUNK);
        const uint32_t count = rewrite->kernel->rewrite(scratch, from, first, end);
        const uint64_t base = take_room(rewrite, chunk, count);
        rewrite->kernel->rebase(scratch->out_children, count, (uint32_t)base);
        rewrite->kernel->rebase(scratch->out_starts, (uint32_t)(end - first), (uint32_t)base);
        copy(rewrite, to->kinds + base, scratch->out_kinds, count);
        copy(rewrite, to->arities + base, scratch->out_arities, count);
        copy(rewrite, to->symbols + base, scratch->out_symbols, count * sizeof *to->symbols);
        copy(rewrite, to->first_children + base, scratch->out_children, count * sizeof *to->first_children);
        copy(rewrite, to->values + base, scratch->out_values, count * sizeof *to->values);
        memcpy(to->tree_starts + first, scratch->out_starts, (end - first) * sizeof *to->tree_starts);
    }
}

int32_t gpubench_rewrite_run(gpubench_rewrite *rewrite, const gpubench_forest *from, const gpubench_forest *to)
{
    if (rewrite == NULL || !gpubench_forest_valid(from) || !gpubench_forest_valid(to) || to->nodes < from->nodes ||
        to->trees != from->trees) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    rewrite->from = from;
    rewrite->to = to;
    rewrite->chunks = (from->nodes + REWRITE_CHUNK - 1) / REWRITE_CHUNK;
    rewrite->stream = from->nodes >= STREAM_BYTES / sizeof(uint32_t);
    rewrite->nodes = 0;
    atomic_store_explicit(&rewrite->next, 0, memory_order_relaxed);
    atomic_store_explicit(&rewrite->counted, 0, memory_order_relaxed);
    const uint64_t threads = (uint64_t)gpubench_pool_threads(rewrite->pool);
    const uint64_t parts = rewrite->chunks < threads ? rewrite->chunks : threads;
    gpubench_pool_run(rewrite->pool, rewrite_part, rewrite, (uint32_t)parts);
    to->tree_starts[from->trees] = (uint32_t)rewrite->nodes;
    return GPUBENCH_HOST_OK;
}
