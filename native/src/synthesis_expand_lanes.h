/* SPDX-License-Identifier: Apache-2.0 */
/* Expansion, in terms of the lanes that synthesis_lanes.h lists. */

/* Without the fence that other threads need. */
static void stream(void *to, const void *from, uint64_t bytes)
{
    uint8_t *out = to;
    const uint8_t *in = from;
    const uint64_t before = -(uintptr_t)to % LINE;
    const uint64_t head = before < bytes ? before : bytes;
    memcpy(out, in, head);
    uint64_t i = head;
    for (; i + LINE <= bytes; i += LINE) {
        line_stream(out + i, in + i);
    }
    memcpy(out + i, in + i, bytes - i);
}

static void offsets(uint64_t *to, uint64_t count, uint64_t first, uint64_t step, bool past_caches)
{
    enum { OF_LINE = LINE / sizeof *to };
    uint64_t i = 0;
    uint64_t next = first;
    if (past_caches) {
        for (; i < count && (uintptr_t)(to + i) % LINE != 0; i++, next += step) {
            to[i] = next;
        }
        for (; i + OF_LINE <= count; i += OF_LINE, next += OF_LINE * step) {
            _Alignas(LINE) uint64_t line[OF_LINE];
            UNROLL for (uint64_t j = 0; j < OF_LINE; j++) {
                line[j] = next + j * step;
            }
            line_stream(to + i, line);
        }
    }
    for (; i < count; i++, next += step) {
        to[i] = next;
    }
}

/* Takes whole lines from the stage to where they belong. */
INLINE void flush(expand_scratch *scratch)
{
    uint64_t line = 0;
    if (scratch->skip > 0 && scratch->fill >= LINE) {
        memcpy(scratch->out, scratch->stage + scratch->skip, LINE - scratch->skip);
        scratch->out += LINE - scratch->skip;
        scratch->skip = 0;
        line = LINE;
    }
    const uint64_t end = scratch->fill / LINE * LINE;
    if (scratch->stream) {
        for (; line < end; line += LINE, scratch->out += LINE) {
            line_stream(scratch->out, scratch->stage + line);
        }
    } else {
        memcpy(scratch->out, scratch->stage + line, end - line);
        scratch->out += end - line;
    }
    memcpy(scratch->stage, scratch->stage + end, LINE);
    scratch->fill -= end;
}

/* Prefetches what so many matches have to, not to the nearest cache. */
INLINE void prefetch_ahead(expand_scratch *scratch, const gpubench_forest *forest, uint64_t matches)
{
    uint64_t end = scratch->ahead + matches * scratch->ahead_of_match / 16;
    end = end < scratch->ahead_end ? end : scratch->ahead_end;
    for (; scratch->ahead < end; scratch->ahead += LINE / sizeof(uint32_t)) {
        __builtin_prefetch(forest->first_children + scratch->ahead, 0, 2);
        __builtin_prefetch(forest->symbols + scratch->ahead, 0, 2);
    }
}

/* The digits of the nodes that fill the holes of a piece, for up to BATCH matches. */
INLINE void find_digits(const expand_piece *piece, const expand_hole *holes, expand_scratch *scratch,
                        const gpubench_forest *forest, const uint32_t *nodes, uint64_t count)
{
    const uint32_t *symbols = forest->symbols;
    const uint32_t *first = forest->first_children;
    uint32_t *found = scratch->symbols;
    for (uint32_t h = piece->first_hole; h < piece->end_hole; h++) {
        const uint32_t child = holes[h].child;
        const uint32_t grandchild = holes[h].grandchild;
        if (holes[h].level == 0) {
            for (uint64_t j = 0; j < count; j++) {
                found[j] = symbols[nodes[j]];
            }
        } else if (holes[h].level == 1) {
            for (uint64_t j = 0; j < count; j++) {
                found[j] = symbols[first[nodes[j]] + child];
            }
        } else {
            for (uint64_t j = 0; j < count; j++) {
                found[j] = symbols[first[first[nodes[j]] + child] + grandchild];
            }
        }
        uint64_t *digits = scratch->digits[h - piece->first_hole];
        for (uint64_t j = 0; j < count; j += DIGITS_AT_ONCE) {
            digits_store(digits + j, found + j);
        }
    }
}

/* So many vectors or holes as there happen to be. */
enum { ANY_NUMBER = 9 };

/*
 * Appends a piece for each of up to BATCH matches. What the loop needs is kept where stores of text cannot reach it, for all
 * the compiler knows.
 */
INLINE void append(const expand_piece *piece, const expand_hole *holes, expand_scratch *scratch, uint64_t count,
                   uint32_t vectors, uint32_t hole_count)
{
    const uint32_t bytes = piece->bytes;
    const uint8_t *from = piece->image;
    const uint32_t vector_count = vectors == ANY_NUMBER ? (bytes + TEXT - 1) / TEXT : vectors;
    const uint32_t holes_here = hole_count == ANY_NUMBER ? piece->end_hole - piece->first_hole : hole_count;
    uint32_t at[PIECE_HOLES];
    for (uint32_t h = 0; h < holes_here; h++) {
        at[h] = holes[piece->first_hole + h].at;
    }
    text image[ANY_NUMBER];
    for (uint32_t v = 0; v < vectors && vectors < ANY_NUMBER; v++) {
        image[v] = text_load(from + v * TEXT);
    }
    uint8_t *to = scratch->stage + scratch->fill;
    for (uint64_t j = 0; j < count; j++) {
        for (uint32_t v = 0; v < vector_count; v++) {
            text_store(to + v * TEXT, vectors < ANY_NUMBER ? image[v] : text_load(from + v * TEXT));
        }
        for (uint32_t h = 0; h < holes_here; h++) {
            memcpy(to + at[h], &scratch->digits[h][j], HOLE_BYTES);
        }
        to += bytes;
        if (to >= scratch->stage + STAGE_BYTES) {
            scratch->fill = (uint64_t)(to - scratch->stage);
            flush(scratch);
            to = scratch->stage + scratch->fill;
        }
    }
    scratch->fill = (uint64_t)(to - scratch->stage);
}

INLINE void append_vectors(const expand_piece *piece, const expand_hole *holes, expand_scratch *scratch, uint64_t count,
                           uint32_t vectors)
{
    switch (piece->end_hole - piece->first_hole) {
    case 0: append(piece, holes, scratch, count, vectors, 0); break;
    case 1: append(piece, holes, scratch, count, vectors, 1); break;
    case 2: append(piece, holes, scratch, count, vectors, 2); break;
    default: append(piece, holes, scratch, count, vectors, ANY_NUMBER);
    }
}

INLINE void expand_piece_of(const expand_piece *piece, const expand_hole *holes, expand_scratch *scratch,
                            const gpubench_forest *forest, const uint32_t *nodes, uint64_t count)
{
    find_digits(piece, holes, scratch, forest, nodes, count);
    switch ((piece->bytes + TEXT - 1) / TEXT) {
    case 0: break;
    case 1: append_vectors(piece, holes, scratch, count, 1); break;
    case 2: append_vectors(piece, holes, scratch, count, 2); break;
    default: append_vectors(piece, holes, scratch, count, ANY_NUMBER);
    }
}

static void expand(const expand_template *shape, const expand_piece *pieces, const expand_hole *holes,
                   expand_scratch *scratch, const gpubench_forest *forest, const uint32_t *nodes, uint64_t count,
                   uint8_t *out)
{
    scratch->out = out;
    scratch->skip = (uintptr_t)out % LINE;
    scratch->fill = scratch->skip;
    const uint64_t batch = shape->end_piece - shape->first_piece > 1 ? 1 : BATCH;
    for (uint64_t i = 0; i < count; i += batch) {
        prefetch_ahead(scratch, forest, count - i < batch ? count - i : batch);
        for (uint32_t p = shape->first_piece; p < shape->end_piece; p++) {
            expand_piece_of(&pieces[p], holes, scratch, forest, nodes + i, count - i < batch ? count - i : batch);
        }
    }
    flush(scratch);
    memcpy(scratch->out, scratch->stage + scratch->skip, scratch->fill - scratch->skip);
}
