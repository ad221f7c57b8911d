/* SPDX-License-Identifier: Apache-2.0 */
/*
 * synthesis.expand: the text of all matches of a list. Oracle: io.gpubench.workloads.synthesis.ExpandOracle.
 * synthesis.expand.md has what it is expected to take, and why.
 *
 * The mathematics. Matches m are ordered by pattern; those of pattern p are match_start[p] .. match_start[p + 1] - 1, and each
 * expands to length[p] bytes. offset[m] is the sum of the lengths before m, offset[M] = L that of all. An expansion is the image
 * of its pattern, with 8 hexadecimal digits, a node's symbol, in each hole.
 *
 * The idea. All texts of a pattern are one text with the period length[p], the holes apart. So a thread makes 16 bytes of
 * output wherever they lie, from an image that goes on from its beginning behind its end, and stores them at once. A warp takes
 * up to SPAN bytes at a time, of one pattern. First its lanes take a hole each that lies in the span, or begins before it, find the match and read
 * node, children and symbol: HOLES_AT_ONCE holes a lane, so that their loads wait side by side. The digits go to shared memory, to
 * the cell of 8 bytes in which they begin: two holes never begin in the same one. Then each lane takes 16 bytes of the span: image,
 * digits that begin in one of their two cells, and what reaches over from the cell before. Holes are zeros in an image, so an OR
 * joins them.
 *
 * In which order. The matches of a pattern are spread over the whole forest, of which each of them uses a few words: taken one
 * pattern after the other, each would fetch sectors of its own. So the text of each pattern is cut into 2^slice_bits slices of one size,
 * and the first slices of all patterns come first, then all second ones: whoever is at work at the same time reads about
 * the same part of the forest, which a cache holds. Nothing but the order depends on that. A text below LEAST_SLICE bytes a slice
 * is not cut.
 *
 * 16 bytes that two patterns share are stored byte by byte, by each its own. There are at most 2 of these for a pattern.
 *
 *   direct  synthesis_expand_prepare (closed = 1), synthesis_expand_text with offsets. Where the text of a pattern begins is a
 *           sum over patterns; offsets are products.
 *   scan    synthesis_expand_offsets, synthesis_expand_prepare (closed = 0), synthesis_expand_text without offsets. The lengths of all
 *           matches are summed up in one pass (synthesis_scan.cuh), and texts begin where the offsets say.
 *
 * With M matches, L bytes of text, H holes in all matches, P patterns, bytes:
 *   direct  read 4 M, 4 H and the ways to them (4 for each node whose children are looked up); write 8 M + 8, L
 *   scan    the same; tables of patterns are read once by each block, from a cache
 *
 * Launch shape: prepare has blocks of PREPARE_THREADS, any number; text any number of blocks of any number of warps up to
 * MOST_TEXT_THREADS, which stride; offsets a block for each OFFSETS_OF_BLOCK matches, or more.
 *
 * Memory: text and offsets begin at multiples of 16 bytes. `extended` has room for all images and EXTENSION bytes more for each
 * pattern. Offsets and all sums of lengths are of 64 bits, below 2^40. length[p] <= 2^20.
 */
#ifndef GPUBENCH_SYNTHESIS_EXPAND_CUH
#define GPUBENCH_SYNTHESIS_EXPAND_CUH

#include "synthesis_scan.cuh"

constexpr u32 PREPARE_THREADS = 1024;
constexpr u32 MOST_TEXT_THREADS = 256;
constexpr u32 TEXT_BLOCKS = 4; /* of these, that a multiprocessor is to hold at least */
constexpr u32 EXTENSION = 32; /* of an image: what 16 bytes from its last one on touch, and up to a multiple of 16 */
constexpr u32 SPAN = 4096;    /* bytes of text that a warp takes at a time */
constexpr u32 LEAST_SLICE = 4096;
constexpr u32 QUAD = 16; /* bytes of a store */
constexpr u32 CELL = 8;       /* bytes of a hole */
constexpr u32 HOLES_AT_ONCE = 4;
constexpr u32 OFFSETS_AT_ONCE = 512; /* that a warp takes */
constexpr u32 OFFSET_THREADS = 256;
constexpr u32 PAIRS_OF_LANE = 4;
constexpr u32 OFFSETS_OF_WARP = 2 * PAIRS_OF_LANE * WARP;
constexpr u32 OFFSETS_OF_BLOCK = OFFSETS_OF_WARP * OFFSET_THREADS / WARP;

/* Of a hole: where it is in the expansion, and the way from the match to the node (TemplateSet). */
constexpr u32 LEVEL_MASK = 3;
constexpr u32 FIRST_CHILD_SHIFT = 4;
constexpr u32 SECOND_CHILD_SHIFT = 8;
constexpr u32 CHILD_MASK = 15;

/* Where an image is, of those that go on behind their end. */
__device__ __forceinline__ u64 extended_start(const u32 *image_start, u32 pattern)
{
    return (u64)__ldg(image_start + pattern) + (u64)EXTENSION * pattern;
}

/* The pattern that has place x of ascending starts, of which the first is 0: the last one that begins at x or before. */
__device__ __forceinline__ u32 pattern_at(const u64 *start, u32 patterns, u64 x)
{
    return warp_below(patterns, [&](u32 i) { return start[i + 1] <= x; });
}

/* n / d for n < 2^24, d < 2^24, where `inverse` is 1.0f / d. */
__device__ __forceinline__ u32 quotient(u32 n, u32 d, float inverse)
{
    u32 q = (u32)((float)n * inverse);
    const u32 rest = n - q * d; /* may be one d too few or too many */
    q -= rest >> 31;
    return rest + (rest >> 31) * d >= d ? q + 1 : q;
}

/* 8 lower-case hexadecimal digits, the first one in the lowest byte. */
__device__ __forceinline__ u32 digits_of(u32 nibbles)
{
    const u32 letters = (nibbles + 0x06060606u) >> 4 & 0x01010101u;
    return nibbles + 0x30303030u + letters * ('a' - '0' - 10);
}

__device__ __forceinline__ u64 hexadecimal(u32 number)
{
    const u32 high = number >> 4 & 0x0F0F0F0Fu;
    const u32 low = number & 0x0F0F0F0Fu;
    const u32 first = digits_of(__byte_perm(high, low, 0x6273));
    const u32 second = digits_of(__byte_perm(high, low, 0x4051));
    return (u64)second << 32 | first;
}

/* ---- before the text: images without an end, and where the text of each pattern begins */

/* The sums of `count` products of 64 bits before each; start[count] is that of all. For a block of PREPARE_THREADS. */
template <class At> __device__ __forceinline__ void scan_block(u32 count, At at, u64 *start)
{
    constexpr u32 EACH = 4;
    __shared__ u64 of_warp[PREPARE_THREADS / WARP];
    __shared__ u64 whole;
    const u32 warp = threadIdx.x / WARP;
    const u32 lane = threadIdx.x % WARP;
    u64 before = 0;
    for (u32 first = 0; first < count; first += EACH * PREPARE_THREADS) {
        u64 own[EACH];
        u64 sum = 0;
#pragma unroll
        for (u32 j = 0; j < EACH; j++) {
            const u32 i = first + EACH * threadIdx.x + j;
            own[j] = i < count ? at(i) : 0;
            sum += own[j];
        }
        const u64 through = warp_scan(sum);
        if (lane == WARP - 1) {
            of_warp[warp] = through;
        }
        __syncthreads();
        if (warp == 0) {
            const u64 of_this = of_warp[lane];
            const u64 sums = warp_scan(of_this);
            of_warp[lane] = sums - of_this;
            if (lane == WARP - 1) {
                whole = sums;
            }
        }
        __syncthreads();
        u64 place = before + of_warp[warp] + through - sum;
#pragma unroll
        for (u32 j = 0; j < EACH; j++) {
            const u32 i = first + EACH * threadIdx.x + j;
            if (i < count) {
                start[i] = place;
            }
            place += own[j];
        }
        before += whole;
        __syncthreads();
    }
    if (threadIdx.x == 0) {
        start[count] = before;
    }
}

/* Where slice r of the text of a pattern begins, at a multiple of QUAD unless it is the beginning of the text; r <= slices. */
__device__ __forceinline__ u64 slice_begin(const u64 *text_start, u32 pattern, u32 slice, u32 slice_bits)
{
    const u64 begin = text_start[pattern];
    const u64 end = text_start[pattern + 1];
    const u64 size = end - begin;
    if (size < (u64)LEAST_SLICE << slice_bits) { /* all of it in one slice */
        return slice <= (pattern & ((1u << slice_bits) - 1)) ? begin : end;
    }
    const u64 cut = (begin + (size >> slice_bits) * slice) / QUAD * QUAD;
    return slice == 0 ? begin : slice >> slice_bits != 0 ? end : cut;
}

/* How many spans there are from a place in the text to another. */
__device__ __forceinline__ u64 spans_of(u64 begin, u64 end)
{
    return begin == end ? 0 : (end - begin / QUAD * QUAD + SPAN - 1) / SPAN;
}

/* span_start has a number for each slice and pattern, slice by slice, and behind them how many spans there are. */
extern "C" __global__ void __launch_bounds__(PREPARE_THREADS)
    synthesis_expand_prepare(const u64 *match_start, u32 patterns, const u8 *images, const u32 *image_start,
                             const u32 *length, u32 *extended, const u64 *offset, u32 closed, u32 slice_bits,
                             u64 *text_start, u64 *span_start)
{
    if (blockIdx.x == 0) {
        if (closed != 0) {
            scan_block(
                patterns, [&](u32 p) { return (match_start[p + 1] - match_start[p]) * length[p]; }, text_start);
        } else {
            for (u32 p = threadIdx.x; p <= patterns; p += PREPARE_THREADS) {
                text_start[p] = offset[match_start[p]];
            }
        }
        __syncthreads();
        scan_block(
            patterns << slice_bits,
            [&](u32 i) {
                return spans_of(slice_begin(text_start, i % patterns, i / patterns, slice_bits),
                                slice_begin(text_start, i % patterns, i / patterns + 1, slice_bits));
            },
            span_start);
        return;
    }
    /* the other blocks: a warp for each image */
    const u32 warps = (gridDim.x - 1) * (PREPARE_THREADS / WARP);
    for (u32 p = (blockIdx.x - 1) * (PREPARE_THREADS / WARP) + threadIdx.x / WARP; p < patterns; p += warps) {
        const u32 period = length[p];
        const u8 *image = images + image_start[p];
        u32 *to = extended + extended_start(image_start, p) / sizeof(u32);
        const u32 words = period == 0 ? 0 : (period + QUAD + 2 * sizeof(u32) - 1) / sizeof(u32);
        for (u32 i = threadIdx.x % WARP; i < words; i += WARP) {
            u32 word = 0;
            for (u32 j = 0; j < sizeof(u32); j++) {
                word |= (u32)image[(i * sizeof(u32) + j) % period] << 8 * j;
            }
            to[i] = word;
        }
    }
}

/* ---- scan: the lengths of all matches, summed up */

/* The same for one thread, from a pattern that is not behind it. */
__device__ __forceinline__ u32 pattern_from(const u64 *start, u32 patterns, u32 pattern, u64 x)
{
    if (x >= start[pattern + 1]) {
        u32 end = patterns - 1;
        pattern++;
        while (pattern < end) {
            const u32 middle = (pattern + end) / 2;
            if (start[middle + 1] <= x) {
                pattern = middle + 1;
            } else {
                end = middle;
            }
        }
    }
    return pattern;
}

extern "C" __global__ void __launch_bounds__(OFFSET_THREADS)
    synthesis_expand_offsets(const u64 *match_start, u32 patterns, const u32 *length, u64 *offset, ScanState *state)
{
    __shared__ Ticket ticket;
    __shared__ u64 of_warp[OFFSET_THREADS / WARP];
    __shared__ u64 before_block;
    const u32 warp = threadIdx.x / WARP;
    const u32 lane = threadIdx.x % WARP;
    if (threadIdx.x == 0) {
        ticket = take_ticket(state);
    }
    __syncthreads();
    const u64 matches = match_start[patterns];
    const u64 first = (u64)ticket.tile * OFFSETS_OF_BLOCK + warp * OFFSETS_OF_WARP;
    u32 own[2 * PAIRS_OF_LANE];
    u64 through[PAIRS_OF_LANE]; /* with this pair, from the warp's first one on */
    u64 sum = 0;
    u32 pattern = first < matches ? pattern_at(match_start, patterns, first) : 0;
#pragma unroll
    for (u32 j = 0; j < PAIRS_OF_LANE; j++) {
#pragma unroll
        for (u32 k = 0; k < 2; k++) {
            const u64 match = first + j * 2 * WARP + 2 * lane + k;
            own[2 * j + k] = 0;
            if (match < matches) {
                pattern = pattern_from(match_start, patterns, pattern, match);
                own[2 * j + k] = length[pattern];
            }
        }
        through[j] = sum + warp_scan((u64)own[2 * j] + own[2 * j + 1]);
        sum = __shfl_sync(ALL_LANES, through[j], WARP - 1);
    }
    if (lane == 0) {
        of_warp[warp] = sum;
    }
    __syncthreads();
    if (warp == 0) {
        const u64 of_this = lane < OFFSET_THREADS / WARP ? of_warp[lane] : 0;
        const u64 sums = warp_scan(of_this);
        const u64 all = __shfl_sync(ALL_LANES, sums, WARP - 1);
        const u64 before = look_back(reinterpret_cast<u64 *>(state + 1), ticket, all);
        if (lane < OFFSET_THREADS / WARP) {
            of_warp[lane] = sums - of_this;
        }
        if (lane == 0) {
            before_block = before;
            if (ticket.tile == gridDim.x - 1) {
                offset[matches] = before + all;
            }
        }
    }
    __syncthreads();
    const u64 before = before_block + of_warp[warp];
#pragma unroll
    for (u32 j = 0; j < PAIRS_OF_LANE; j++) {
        const u64 match = first + j * 2 * WARP + 2 * lane;
        const u64 second = before + through[j] - own[2 * j + 1];
        if (match + 1 < matches) {
            __stcs(reinterpret_cast<ulonglong2 *>(offset + match), make_ulonglong2(second - own[2 * j], second));
        } else if (match < matches) {
            offset[match] = second - own[2 * j];
        }
    }
}

#endif
