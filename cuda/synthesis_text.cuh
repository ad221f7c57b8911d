/* SPDX-License-Identifier: Apache-2.0 */
/* synthesis.expand: the text itself, and offsets as products. synthesis_expand.cuh has the mathematics and the idea. */
#ifndef GPUBENCH_SYNTHESIS_TEXT_CUH
#define GPUBENCH_SYNTHESIS_TEXT_CUH

#include "synthesis_expand.cuh"

/* What a warp puts aside of its span: the digits that begin in each cell of 8 bytes, zero if none, and where in it. */
struct alignas(16) Cells {
    u64 digits[2 + SPAN / CELL]; /* cell i at i + 2, the one before the span at 1 */
    u8 place[2 + SPAN / CELL];
};

/* All that an expansion is made of. */
struct Book {
    const u64 *match_start;
    const u32 *node;
    const u32 *image_start;
    const u32 *extended;
    const u32 *length;
    const u32 *hole_start;
    const uint2 *holes;
    const u32 *first_child;
    const u32 *symbol;
};

/* Bytes of a span, all of one pattern. */
struct Piece {
    u32 begin;  /* in the span */
    u32 end;    /* in the span */
    u32 phase;  /* of `begin` in its expansion */
    u32 period; /* bytes of an expansion */
    float inverse;
};

/* What holes put into a cell: digits that begin in it, and the rest of those that begin in the one before. */
__device__ __forceinline__ u64 in_cell(const Cells &cells, u32 index)
{
    const u64 own = cells.digits[index] << 8 * cells.place[index];
    const u64 rest = cells.digits[index - 1] >> 8 >> (56 - 8 * cells.place[index - 1]);
    return own | rest;
}

/* Puts the digits of a piece's holes into cells. For a full warp, whose first match of the piece is `match`. */
__device__ __forceinline__ void fill_holes(const Book &book, const Piece &piece, u32 pattern, u64 match, Cells *cells)
{
    const u32 lane = threadIdx.x % WARP;
    const u32 first_hole = __ldg(book.hole_start + pattern);
    const u32 holes = __ldg(book.hole_start + pattern + 1) - first_hole;
    const uint2 *const list = book.holes + first_hole;
#pragma unroll 1
    for (u32 i = lane; i <= (piece.end + 2 * CELL - 1) / (2 * CELL); i += WARP) {
        reinterpret_cast<ulonglong2 *>(cells->digits)[i] = make_ulonglong2(0, 0);
    }
    __syncwarp();
    if (holes == 0) {
        return;
    }
    const float inverse = 1.0f / (float)holes;
    const u32 passed = warp_below(holes, [&](u32 i) { return __ldg(&list[i].x) + CELL <= piece.phase; });
    const u32 reach = piece.end - piece.begin + piece.phase; /* of the piece's end, from the first match's text on */
    bool more = true;
    for (u32 first = passed; more; first += HOLES_AT_ONCE * WARP) {
        u32 at[HOLES_AT_ONCE]; /* ~0 for none */
        u32 path[HOLES_AT_ONCE];
        u32 node[HOLES_AT_ONCE];
#pragma unroll
        for (u32 j = 0; j < HOLES_AT_ONCE; j++) {
            const u32 i = first + j * WARP + lane;
            const u32 later = quotient(i, holes, inverse);
            const uint2 hole = __ldg(list + (i - later * holes));
            at[j] = later * piece.period + hole.x;
            path[j] = hole.y;
            at[j] = at[j] < reach ? at[j] : ~0u;
            if (at[j] != ~0u) {
                node[j] = __ldg(book.node + match + later);
            }
        }
        more = __any_sync(ALL_LANES, at[HOLES_AT_ONCE - 1] != ~0u);
#pragma unroll
        for (u32 j = 0; j < HOLES_AT_ONCE; j++) {
            if (at[j] != ~0u && (path[j] & LEVEL_MASK) != 0) {
                node[j] = __ldg(book.first_child + node[j]) + (path[j] >> FIRST_CHILD_SHIFT & CHILD_MASK);
            }
        }
#pragma unroll
        for (u32 j = 0; j < HOLES_AT_ONCE; j++) {
            if (at[j] != ~0u && (path[j] & LEVEL_MASK) == 2) {
                node[j] = __ldg(book.first_child + node[j]) + (path[j] >> SECOND_CHILD_SHIFT & CHILD_MASK);
            }
        }
#pragma unroll
        for (u32 j = 0; j < HOLES_AT_ONCE; j++) {
            if (at[j] != ~0u) {
                node[j] = __ldg(book.symbol + node[j]);
            }
        }
#pragma unroll
        for (u32 j = 0; j < HOLES_AT_ONCE; j++) {
            if (at[j] != ~0u) {
                const u32 place = piece.begin + at[j] - piece.phase + 2 * CELL; /* from two cells before the span on */
                cells->digits[place / CELL] = hexadecimal(node[j]);
                cells->place[place / CELL] = (u8)(place % CELL);
            }
        }
    }
    __syncwarp();
}

/* Stores the bytes of a piece. For a full warp; `text` is that of the span. */
__device__ __forceinline__ void write_piece(const Piece &piece, const u32 *image, const Cells &cells, u8 *text)
{
    for (u32 quad = piece.begin / QUAD + threadIdx.x % WARP; quad * QUAD < piece.end; quad += WARP) {
        const u32 begin = quad * QUAD;
        const u64 low = in_cell(cells, begin / CELL + 2);
        const u64 high = in_cell(cells, begin / CELL + 3);
        if (begin >= piece.begin && begin + QUAD <= piece.end) {
            const u32 at = begin - piece.begin + piece.phase;
            const u32 from = at - quotient(at, piece.period, piece.inverse) * piece.period;
            const u32 *const words = image + from / 4;
            const u32 shift = from % 4 * 8;
            const u32 a = __ldg(words);
            const u32 b = __ldg(words + 1);
            const u32 c = __ldg(words + 2);
            const u32 d = __ldg(words + 3);
            const u32 e = __ldg(words + 4);
            const uint4 made = make_uint4(
                __funnelshift_r(a, b, shift) | (u32)low, __funnelshift_r(b, c, shift) | (u32)(low >> 32),
                __funnelshift_r(c, d, shift) | (u32)high, __funnelshift_r(d, e, shift) | (u32)(high >> 32));
            __stcs(reinterpret_cast<uint4 *>(text + begin), made);
        } else { /* another pattern has the others of these bytes */
            const u32 end = min(begin + QUAD, piece.end);
            for (u32 i = max(begin, piece.begin); i < end; i++) {
                const u32 at = (i - piece.begin + piece.phase) % piece.period;
                const u64 of_hole = (i - begin < CELL ? low : high) >> 8 * (i % CELL);
                text[i] = (u8)(__ldg(image + at / 4) >> at % 4 * 8 | (u32)of_hole);
            }
        }
    }
}

/* Writes a span of the text. For a full warp. */
__device__ __forceinline__ void write_span(const Book &book, const u64 *text_start, const u64 *span_start, u32 patterns,
                                           u32 slice_bits, u64 span, Cells *cells, u8 *text)
{
    const u32 entry = pattern_at(span_start, patterns << slice_bits, span);
    const u32 pattern = entry % patterns;
    const u32 slice = entry / patterns;
    const u64 begin = slice_begin(text_start, pattern, slice, slice_bits);
    const u64 end = slice_begin(text_start, pattern, slice + 1, slice_bits);
    const u64 base = begin / QUAD * QUAD + (span - span_start[entry]) * SPAN;
    const u64 x = max(begin, base);
    Piece piece;
    piece.begin = (u32)(x - base);
    piece.end = (u32)(min(end, base + SPAN) - base);
    piece.period = __ldg(book.length + pattern);
    piece.inverse = 1.0f / (float)piece.period;
    const u64 rest = x - text_start[pattern];
    const u64 later = rest >> 32 == 0 ? (u32)rest / piece.period : rest / piece.period;
    piece.phase = (u32)(rest - later * piece.period);
    fill_holes(book, piece, pattern, book.match_start[pattern] + later, cells);
    write_piece(piece, book.extended + extended_start(book.image_start, pattern) / sizeof(u32), *cells, text + base);
    __syncwarp();
}

/* Writes the offsets [begin, end) of matches. For a full warp. */
__device__ __forceinline__ void write_offsets(const u64 *match_start, const u64 *text_start, const u32 *length,
                                              u32 patterns, u64 begin, u64 end, u64 *offset)
{
    for (u64 x = begin; x < end;) {
        const u32 pattern = pattern_at(match_start, patterns, x);
        const u64 start = match_start[pattern];
        const u64 behind = min(end, match_start[pattern + 1]);
        const u64 text = text_start[pattern];
        const u32 period = __ldg(length + pattern);
        for (u64 match = x / 2 * 2 + 2 * (threadIdx.x % WARP); match < behind; match += 2 * WARP) {
            const u64 first = text + (match - start) * period;
            if (match >= x && match + 1 < behind) {
                __stcs(reinterpret_cast<ulonglong2 *>(offset + match), make_ulonglong2(first, first + period));
            } else if (match >= x) {
                offset[match] = first;
            } else if (match + 1 < behind) {
                offset[match + 1] = first + period;
            }
        }
        x = behind;
    }
}

extern "C" __global__ void __launch_bounds__(MOST_TEXT_THREADS, TEXT_BLOCKS)
    synthesis_expand_text(const u64 *match_start, const u32 *node, u32 patterns, const u32 *image_start,
                          const u32 *extended, const u32 *length, const u32 *hole_start, const uint2 *holes,
                          const u32 *first_child, const u32 *symbol, const u64 *text_start, const u64 *span_start,
                          u32 slice_bits, u32 with_offsets, u64 *offset, u8 *text)
{
    extern __shared__ uint4 expand_memory[];
    Cells *const cells = reinterpret_cast<Cells *>(expand_memory) + threadIdx.x / WARP;
    for (u32 i = threadIdx.x % WARP; i < 2 + SPAN / CELL; i += WARP) {
        cells->place[i] = 0;
    }
    __syncwarp();

    const Book book = {match_start, node, image_start, extended, length, hole_start, holes, first_child, symbol};
    const u64 warps = all_threads() / WARP;
    const u64 warp = first_thread() / WARP;
    const u64 spans = span_start[patterns << slice_bits];
    for (u64 span = warp; span < spans; span += warps) {
        write_span(book, text_start, span_start, patterns, slice_bits, span, cells, text);
    }
    if (with_offsets != 0) {
        const u64 matches = match_start[patterns];
        for (u64 begin = warp * OFFSETS_AT_ONCE; begin < matches; begin += warps * OFFSETS_AT_ONCE) {
            write_offsets(match_start, text_start, length, patterns, begin, min(begin + OFFSETS_AT_ONCE, matches),
                          offset);
        }
        if (first_thread() == 0) {
            offset[matches] = text_start[patterns];
        }
    }
}

#endif
