/* SPDX-License-Identifier: Apache-2.0 */
/*
 * synthesis.match: where each of P patterns matches in a forest. Oracle: io.gpubench.workloads.synthesis.MatchOracle.
 *
 * The mathematics. Pattern p matches at node g when the root of p agrees with g, and the patterns of its children with the
 * first children of g. For each p the answer is the number of such g and the sum of mix64(g), modulo 2^64; on request also
 * all g, by pattern and then by node. N nodes, P <= 4,096.
 *
 * The idea. A warp reads a tile of nodes, once and in 16 bytes a lane. A table, or a comparison for each pair by `brute`, says
 * which patterns a node's own kind, arity and symbol leave, 32 at a time (synthesis_tables.cuh). What is left is gathered in
 * shared memory as pairs, so that 32 lanes always compare 32 pairs, however few nodes have any (synthesis_pairs.cuh). Matches
 * are counted in shared memory, sums in two halves; a block adds to the totals once, and the block that ends last
 * writes them out and leaves zeros for the next round.
 *
 * The list takes the nodes in segments, one a block at a time: a first pass leaves how many matches each pattern has in each
 * segment, by pattern and segment, and their exclusive sums are places of 64 bits. A second pass writes the nodes
 * there in any order; what a pattern has in a segment is put in order by a bitmap of the segment's nodes. S = N / SEGMENT.
 *
 *   counts  read 10 N less what no pattern needs of first_child, and the tables once a block; write 16 P
 *   list    twice that; written, summed up and read 8 P S; write 4 M, read and write 4 M again where there are several
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
constexpr u32 LEAST_BLOCKS = 2;

/* Nodes that a block takes at a time for a list. */
constexpr u32 SEGMENT = 8192;
constexpr u32 SEGMENT_WORDS = SEGMENT / 32;
static_assert(SEGMENT_WORDS <= PAIRS, "a bitmap lies where pairs do");

/* What all of these kernels are given. */
struct MatchInput {
    Nodes nodes;
    const u32 *tables;
    u32 table_words;
    u32 in_shared; /* whether the tables are copied there */
    u32 patterns;
    const u32 *order; /* which pattern has a slot */
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
            for (u32 i = threadIdx.x; i < in.table_words / QUAD; i += blockDim.x) {
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
    PairQueue<Emit> queue = {memory.pairs, 0, in.nodes, residuals, emit};
#pragma unroll 1
    for (u32 at = first; at < last; at += stride) {
        const u32 tile = at * CHUNKS * CHUNK;
        Finder::template find<CHUNKS>(in.nodes, memory.tables, tile, memory.active, queue);
        queue.drain(tile, true);
    }
}

template <class Finder, u32 CHUNKS> __device__ __forceinline__ void match_counts(const MatchInput &in, u64 *totals, u64 *out)
{
    constexpr u32 TILE = CHUNKS * CHUNK;
    const MatchMemory<Finder> memory(in, TILE, false);
    const u32 warps = blockDim.x / WARP;
    const u32 tiles = (in.nodes.count + TILE - 1) / TILE;
    match_tiles<Finder, CHUNKS>(in, memory, blockIdx.x * warps + threadIdx.x / WARP, tiles, gridDim.x * warps,
                                CountMatch{memory.tally});
    publish(memory.tally, in.patterns, in.order, totals, out);
}

/* ---- the list */

/* The tiles of a segment, for the warps of a block. */
template <class Finder, u32 CHUNKS, class Emit>
__device__ __forceinline__ void match_segment(const MatchInput &in, const MatchMemory<Finder> &memory, u32 at, Emit emit)
{
    constexpr u32 TILE = CHUNKS * CHUNK;
    const u32 begin = at * SEGMENT;
    const u32 end = min(begin + SEGMENT, in.nodes.count);
    match_tiles<Finder, CHUNKS>(in, memory, begin / TILE + threadIdx.x / WARP, (end + TILE - 1) / TILE,
                                blockDim.x / WARP, emit);
}

/* `places` has a word for each pattern and segment, and one more. */
template <class Finder, u32 CHUNKS>
__device__ __forceinline__ void match_survey(const MatchInput &in, u64 *places, u32 segments, u64 *totals, u64 *out)
{
    const MatchMemory<Finder> memory(in, CHUNKS * CHUNK, true);
    for (u32 at = blockIdx.x; at < segments; at += gridDim.x) {
        match_segment<Finder, CHUNKS>(in, memory, at, SurveyMatch{memory.tally, memory.segment});
        __syncthreads();
        for (u32 slot = threadIdx.x; slot < in.patterns; slot += blockDim.x) {
            places[(u64)in.order[slot] * segments + at] = memory.segment[slot];
            memory.segment[slot] = 0;
        }
        __syncthreads();
    }
    if (first_thread() == 0) {
        places[(u64)in.patterns * segments] = 0;
    }
    publish(memory.tally, in.patterns, in.order, totals, out);
}

/* Puts nodes of a segment in order, which each are there once. A whole warp, with a bitmap of its own. */
__device__ __forceinline__ void order_nodes(u32 *list, u32 count, u32 begin, u32 *bitmap)
{
    constexpr u32 WORDS = SEGMENT_WORDS / WARP;
    const u32 lane = threadIdx.x % WARP;
    for (u32 i = lane; i < SEGMENT_WORDS; i += WARP) {
        bitmap[i] = 0;
    }
    __syncwarp();
    for (u32 i = lane; i < count; i += WARP) {
        const u32 local = list[i] - begin;
        atomicOr(bitmap + local / 32, 1u << local % 32);
    }
    __syncwarp();
    u32 bits = 0;
    for (u32 i = 0; i < WORDS; i++) {
        bits += __popc(bitmap[lane * WORDS + i]);
    }
    u32 total;
    u32 place = sum_before(bits, total);
    for (u32 i = 0; i < WORDS; i++) {
        for (u32 word = bitmap[lane * WORDS + i]; word != 0; word &= word - 1) {
            list[place++] = begin + (lane * WORDS + i) * 32 + __ffs(word) - 1;
        }
    }
    __syncwarp();
}

/* `places` as the sums have left it. */
template <class Finder, u32 CHUNKS>
__device__ __forceinline__ void match_scatter(const MatchInput &in, const u64 *places, u32 segments, u64 *starts, u32 *list)
{
    const MatchMemory<Finder> memory(in, CHUNKS * CHUNK, true);
    for (u64 p = first_thread(); p <= in.patterns; p += all_threads()) {
        starts[p] = places[p * segments];
    }
    for (u32 at = blockIdx.x; at < segments; at += gridDim.x) {
        match_segment<Finder, CHUNKS>(in, memory, at,
                                      ScatterMatch{memory.segment, places + at, segments, in.order, list});
        __syncthreads();
        for (u32 slot = threadIdx.x / WARP; slot < in.patterns; slot += blockDim.x / WARP) {
            if (memory.segment[slot] > 1) {
                order_nodes(list + places[(u64)in.order[slot] * segments + at], memory.segment[slot], at * SEGMENT,
                            memory.pairs);
            }
        }
        __syncthreads();
        for (u32 slot = threadIdx.x; slot < in.patterns; slot += blockDim.x) {
            memory.segment[slot] = 0;
        }
        __syncthreads();
    }
}

/* ---- kernels: variant, and nodes of a thread */

#define MATCH_INPUT                                                                                                         \
    const u8 *kind, const u8 *arity, const u32 *symbol, const u32 *first_child, u32 count, const u32 *tables,               \
        u32 table_words, u32 in_shared, u32 patterns, const u32 *order, const u32 *filter, const u32 *directory
#define MATCH_INPUT_GIVEN                                                                                                   \
    {                                                                                                                       \
        {kind, arity, symbol, first_child, count}, tables, table_words, in_shared, patterns, order, filter, directory       \
    }
#define MATCH_KERNEL extern "C" __global__ void __launch_bounds__(MOST_THREADS, LEAST_BLOCKS)

#define MATCH_COUNTS(NAME, FINDER, CHUNKS)                                                                                  \
    MATCH_KERNEL NAME(MATCH_INPUT, u64 *totals, u64 *out)                                                                   \
    {                                                                                                                       \
        match_counts<FINDER, CHUNKS>(MATCH_INPUT_GIVEN, totals, out);                                                       \
    }

#define MATCH_LIST(NAME, FINDER, CHUNKS)                                                                                            \
    MATCH_KERNEL NAME##_survey(MATCH_INPUT, u64 *totals, u64 *out, u64 *places, u32 segments)                               \
    {                                                                                                                       \
        match_survey<FINDER, CHUNKS>(MATCH_INPUT_GIVEN, places, segments, totals, out);                                          \
    }                                                                                                                       \
    MATCH_KERNEL NAME##_scatter(MATCH_INPUT, const u64 *places, u32 segments, u64 *starts, u32 *list)                       \
    {                                                                                                                       \
        match_scatter<FINDER, CHUNKS>(MATCH_INPUT_GIVEN, places, segments, starts, list);                                        \
    }

MATCH_COUNTS(synthesis_match_brute_n8, Brute, 2)
MATCH_COUNTS(synthesis_match_brute_n16, Brute, 4)
MATCH_COUNTS(synthesis_match_masks_n8, Masks, 2)
MATCH_COUNTS(synthesis_match_masks_n16, Masks, 4)
MATCH_COUNTS(synthesis_match_index_n8, Index<false>, 2)
MATCH_COUNTS(synthesis_match_index_n16, Index<false>, 4)
MATCH_COUNTS(synthesis_match_kinds_n8, Index<true>, 2)
MATCH_COUNTS(synthesis_match_kinds_n16, Index<true>, 4)
MATCH_LIST(synthesis_match_brute, Brute, 2)
MATCH_LIST(synthesis_match_masks, Masks, 4)
MATCH_LIST(synthesis_match_index, Index<false>, 4)
MATCH_LIST(synthesis_match_kinds, Index<true>, 4)

#endif
