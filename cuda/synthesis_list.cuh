/* SPDX-License-Identifier: Apache-2.0 */
/*
 * synthesis.match with its list: all nodes where a pattern matches, by pattern and then by node. Oracle:
 * io.gpubench.workloads.synthesis.MatchOracle.
 *
 * The idea. Blocks take the nodes in segments. A first pass (survey) finds the matches as for counts, and leaves how many
 * each pattern has in each segment, by pattern and segment; their exclusive sums (places) are where the list has room for
 * them, in 64 bits. A second pass (scatter) finds the matches again and writes the nodes there in any order; then what a
 * pattern has in a segment is put in order by a bitmap of the segment's nodes. M matches, S = ceil(N / SEGMENT) segments.
 *
 * Bytes: twice those of counts; 8 P S written, read, written and read, by survey and scatter a sector of 32 bytes each; 4 M written, and read and written again where a
 * pattern has several in a segment; 8 (P + 1) written.
 *
 * Launch shape: as for counts, a block a segment at most; for places a block of PLACE_THREADS for each PLACES_OF_BLOCK words.
 */
#ifndef GPUBENCH_SYNTHESIS_LIST_CUH
#define GPUBENCH_SYNTHESIS_LIST_CUH

#include "synthesis_match.cuh"
#include "synthesis_scan.cuh"

/* NodeArrays that a block takes at a time. */
constexpr u32 SEGMENT = 8192;
constexpr u32 SEGMENT_WORDS = SEGMENT / 32;
static_assert(SEGMENT_WORDS <= PAIRS, "a bitmap lies where pairs do");

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
__device__ __forceinline__ void match_survey(const MatchInput &in, u64 *places, u32 segments, u64 *found, u64 *out)
{
    const MatchMemory<Finder> memory(in, CHUNKS * CHUNK, true);
    for (u32 at = blockIdx.x; at < segments; at += gridDim.x) {
        match_segment<Finder, CHUNKS>(in, memory, at, SurveyMatch{memory.tally, memory.segment});
        __syncthreads();
        for (u32 p = threadIdx.x; p < in.patterns; p += blockDim.x) {
            places[(u64)p * segments + at] = memory.segment[p];
            memory.segment[p] = 0;
        }
        __syncthreads();
    }
    if (first_thread() == 0) {
        places[(u64)in.patterns * segments] = 0;
    }
    publish(memory.tally, in.patterns, found, out);
}

/*
 * Puts nodes of a segment in order, which each are there once: few by how many are less, more by a bitmap. A whole warp, with
 * a bitmap of its own.
 */
__device__ __forceinline__ void order_nodes(u32 *list, u32 count, u32 begin, u32 *bitmap)
{
    const u32 lane = threadIdx.x % WARP;
    if (count <= WARP) {
        const u32 node = lane < count ? list[lane] : ~0u;
        u32 less = 0;
        for (u32 i = 0; i < count; i++) {
            less += __shfl_sync(ALL_LANES, node, i) < node ? 1 : 0;
        }
        __syncwarp(); /* all have read */
        if (lane < count) {
            list[less] = node;
        }
        return;
    }
    for (u32 i = lane; i < SEGMENT_WORDS; i += WARP) {
        bitmap[i] = 0;
    }
    __syncwarp();
    for (u32 i = lane; i < count; i += WARP) {
        const u32 local = list[i] - begin;
        atomicOr(bitmap + local / 32, 1u << local % 32);
    }
    __syncwarp();
    u32 done = 0;
    for (u32 i = lane; i < SEGMENT_WORDS; i += WARP) {
        u32 word = bitmap[i];
        u32 total;
        u32 place = done + sum_before(__popc(word), total);
        for (; word != 0; word &= word - 1) {
            list[place++] = begin + i * 32 + __ffs(word) - 1;
        }
        done += total;
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
                                      ScatterMatch{memory.segment, places + at, segments, list});
        __syncthreads();
        for (u32 p = threadIdx.x / WARP; p < in.patterns; p += blockDim.x / WARP) {
            if (memory.segment[p] > 1) {
                order_nodes(list + places[(u64)p * segments + at], memory.segment[p], at * SEGMENT, memory.pairs);
            }
        }
        __syncthreads();
        for (u32 p = threadIdx.x; p < in.patterns; p += blockDim.x) {
            memory.segment[p] = 0;
        }
        __syncthreads();
    }
}

/* ---- places: sums over all patterns and segments */

constexpr u32 PLACE_THREADS = 256;
constexpr u32 PLACES_OF_LANE = 8;
constexpr u32 PLACES_OF_BLOCK = PLACE_THREADS * PLACES_OF_LANE;

/* A block for each PLACES_OF_BLOCK words. */
extern "C" __global__ void __launch_bounds__(PLACE_THREADS)
    synthesis_match_places(u64 *places, u64 words, ScanState *state)
{
    constexpr u32 WARPS = PLACE_THREADS / WARP;
    __shared__ Ticket ticket;
    __shared__ u64 of_warp[WARPS];
    __shared__ u64 before_block;
    const u32 warp = threadIdx.x / WARP;
    const u32 lane = threadIdx.x % WARP;
    if (threadIdx.x == 0) {
        ticket = take_ticket(state);
    }
    __syncthreads();
    const u64 first = (u64)ticket.tile * PLACES_OF_BLOCK + warp * (PLACES_OF_LANE * WARP) + lane;
    u64 before[PLACES_OF_LANE]; /* in this warp */
    u64 sum = 0;
#pragma unroll
    for (u32 j = 0; j < PLACES_OF_LANE; j++) {
        const u64 own = first + j * WARP < words ? places[first + j * WARP] : 0;
        const u64 through = warp_scan(own);
        before[j] = sum + through - own;
        sum += __shfl_sync(ALL_LANES, through, WARP - 1);
    }
    if (lane == 0) {
        of_warp[warp] = sum;
    }
    __syncthreads();
    if (warp == 0) {
        const u64 own = lane < WARPS ? of_warp[lane] : 0;
        const u64 through = warp_scan(own);
        const u64 all = __shfl_sync(ALL_LANES, through, WARP - 1);
        const u64 blocks = look_back(reinterpret_cast<u64 *>(state + 1), ticket, all);
        if (lane < WARPS) {
            of_warp[lane] = through - own;
        }
        if (lane == 0) {
            before_block = blocks;
        }
    }
    __syncthreads();
    const u64 base = before_block + of_warp[warp];
#pragma unroll
    for (u32 j = 0; j < PLACES_OF_LANE; j++) {
        if (first + j * WARP < words) {
            places[first + j * WARP] = base + before[j];
        }
    }
}

#define MATCH_LIST(NAME, FINDER)                                                                                           \
    MATCH_KERNEL(2) NAME##_survey(MATCH_INPUT, u64 *found, u64 *out, u64 *places, u32 segments)                            \
    {                                                                                                                      \
        match_survey<FINDER, 2>(MATCH_INPUT_GIVEN, places, segments, found, out);                                          \
    }                                                                                                                      \
    MATCH_KERNEL(2) NAME##_scatter(MATCH_INPUT, const u64 *places, u32 segments, u64 *starts, u32 *list)                   \
    {                                                                                                                      \
        match_scatter<FINDER, 2>(MATCH_INPUT_GIVEN, places, segments, starts, list);                                       \
    }

MATCH_LIST(synthesis_match_brute, Brute)
MATCH_LIST(synthesis_match_masks, Masks)
MATCH_LIST(synthesis_match_index, Index<false>)
MATCH_LIST(synthesis_match_kinds, Index<true>)

#endif
