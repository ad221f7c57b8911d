/* SPDX-License-Identifier: Apache-2.0 */
/*
 * synthesis.match: where each of P patterns matches in a forest. Oracle: io.gpubench.workloads.synthesis.MatchOracle.
 *
 * The mathematics. Pattern p matches at node g when the root of p agrees with g, and the patterns of its children with the
 * first children of g. For each p the answer is the number of such g and the sum of mix64(g), modulo 2^64; on request also
 * all g, by pattern and then by node (synthesis_list.cuh). N nodes, P <= 4,096.
 *
 * The idea. A warp reads a tile of nodes, once and in 16 bytes a lane. A table, or a comparison for each pair by `brute`, says
 * which patterns a node's own kind, arity and symbol leave, 32 at a time (synthesis_tables.cuh). What is left is gathered in
 * shared memory as pairs, so that 32 lanes always compare 32 pairs, however few nodes have any (synthesis_pairs.cuh). Matches
 * are counted in shared memory, sums in two halves; a block adds to the totals once, and the block that ends last
 * writes them out and leaves zeros for the next round.
 *
 * Bytes: read 6 N, of first_child 4 N or, where few patterns look at children, the sectors that are needed, and the tables
 * once a block; write 16 P.
 *
 * Operations and what binds: synthesis.match.md.
 *
 * Launch shape: whole warps, 64 to MOST_THREADS threads a block, any number of blocks, which stride. Shared memory, in words:
 * 3 P (list: 4 P), SYMBOLS where there is a filter, the tables where they fit, and for each warp PAIRS and, with a filter,
 * its tile.
 */
#ifndef GPUBENCH_SYNTHESIS_MATCH_CUH
#define GPUBENCH_SYNTHESIS_MATCH_CUH

#include "synthesis_tables.cuh"

constexpr u32 MOST_THREADS = 512;

/* What all of these kernels are given. */
struct MatchInput {
    NodeArrays nodes;
    const u32 *tables;
    u32 table_words;
    u32 in_shared; /* whether the tables are copied there */
    u32 children;  /* whether many nodes' children are looked at */
    u32 patterns;
    const u32 *order; /* which pattern has a slot; of a finder with a filter */
    const u32 *filter;
    const u32 *directory;
};

/* A block's shared memory. */
template <class Finder> struct MatchMemory {
    Tally tally;
    u32 *segment; /* of a list only */
    Tables tables;
    u32 *pairs;  /* of this warp */
    u32 *active; /* of this warp */

    /* Lays it out and fills it. Ends with a barrier. */
    __device__ __forceinline__ MatchMemory(const MatchInput &in, u32 tile, bool listed)
    {
        extern __shared__ uint4 quads[];
        u32 *next = reinterpret_cast<u32 *>(quads);
        u32 *tables_there = next; /* first, since they have words of 16 bytes */
        next += in.in_shared ? in.table_words : 0;
        u32 *filter = next;
        next += Finder::FILTERED ? SYMBOLS : 0;
        tally = tally_at(next, in.patterns);
        segment = next + 3 * in.patterns;
        const u32 counters = (listed ? 4 : 3) * in.patterns;
        for (u32 i = threadIdx.x; i < counters; i += blockDim.x) {
            next[i] = 0;
        }
        next += counters;
        const u32 of_warp = PAIRS + (Finder::FILTERED ? tile : 0);
        pairs = next + threadIdx.x / WARP * of_warp;
        active = pairs + PAIRS;
        if (Finder::FILTERED) {
            for (u32 i = threadIdx.x; i < SYMBOLS; i += blockDim.x) {
                filter[i] = __ldg(in.filter + i);
            }
        }
        if (in.in_shared) {
            for (u32 i = threadIdx.x; i < in.table_words / NODES_OF_LOAD; i += blockDim.x) {
                quads[i] = __ldg(reinterpret_cast<const uint4 *>(in.tables) + i);
            }
        }
        tables = {in.in_shared ? tables_there : in.tables, filter, in.directory, in.patterns};
        __syncthreads();
    }
};

/* Looks at tiles first, first + stride, ... of those before the last one. */
template <class Finder, u32 CHUNKS, class Emit>
__device__ __forceinline__ void match_tiles(const MatchInput &in, const MatchMemory<Finder> &memory, u32 first, u32 last,
                                            u32 stride, Emit emit)
{
    const Residuals residuals = memory.tables.residuals();
    constexpr u32 TILE = CHUNKS * CHUNK;
    PairQueue<CHUNKS, Finder::FILTERED, Emit> queue = {
        memory.pairs, in.nodes, residuals, in.order, emit, first * TILE, stride * TILE, 0, 0, 0};
#pragma unroll 1
    for (u32 at = first; at < last; at += stride) {
        const bool ends = last - at <= stride;
        if (!ends) {
            prefetch<CHUNKS>(in.nodes, (at + stride) * TILE, in.children != 0);
        }
        Finder::template find<CHUNKS>(in.nodes, memory.tables, at * TILE, memory.active, queue);
        queue.end_turn(ends);
    }
}

template <class Finder, u32 CHUNKS> __device__ __forceinline__ void match_counts(const MatchInput &in, u64 *found, u64 *out)
{
    constexpr u32 TILE = CHUNKS * CHUNK;
    const u32 warps = blockDim.x / WARP;
    const u32 tiles = (in.nodes.count + TILE - 1) / TILE;
    const u32 first = blockIdx.x * warps + threadIdx.x / WARP;
    if (first < tiles) {
        prefetch<CHUNKS>(in.nodes, first * TILE, in.children != 0);
    }
    const MatchMemory<Finder> memory(in, TILE, false);
    match_tiles<Finder, CHUNKS>(in, memory, first, tiles, gridDim.x * warps,
                                CountMatch{memory.tally});
    publish(memory.tally, in.patterns, found, out);
}

/* ---- kernels: variant, and nodes of a thread */

#define MATCH_INPUT                                                                                                        \
    const u8 *kind, const u8 *arity, const u32 *symbol, const u32 *first_child, u32 count, const u32 *tables,              \
        u32 table_words, u32 in_shared, u32 children, u32 patterns, const u32 *order, const u32 *filter, const u32 *directory
#define MATCH_INPUT_GIVEN                                                                                                  \
    {                                                                                                                      \
        {kind, arity, symbol, first_child, count}, tables, table_words, in_shared, children, patterns, order, filter, directory\
    }
#define MATCH_KERNEL(BLOCKS) extern "C" __global__ void __launch_bounds__(MOST_THREADS, BLOCKS)
#define MATCH_COUNTS(NAME, BLOCKS, FINDER, CHUNKS)                                                                         \
    MATCH_KERNEL(BLOCKS) NAME(MATCH_INPUT, u64 *found, u64 *out)                                                           \
    {                                                                                                                      \
        match_counts<FINDER, CHUNKS>(MATCH_INPUT_GIVEN, found, out);                                                       \
    }

/* Words of 16 places take more registers than two blocks of the most threads have. */
MATCH_COUNTS(synthesis_match_brute_n8, 2, Brute, 2)
MATCH_COUNTS(synthesis_match_brute_n16, 1, Brute, 4)
MATCH_COUNTS(synthesis_match_masks_n8, 2, Masks, 2)
MATCH_COUNTS(synthesis_match_masks_n16, 1, Masks, 4)
MATCH_COUNTS(synthesis_match_index_n8, 2, Index<false>, 2)
MATCH_COUNTS(synthesis_match_index_n16, 2, Index<false>, 4)
MATCH_COUNTS(synthesis_match_kinds_n8, 2, Index<true>, 2)
MATCH_COUNTS(synthesis_match_kinds_n16, 2, Index<true>, 4)

#endif
