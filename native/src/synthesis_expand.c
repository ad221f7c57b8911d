/* SPDX-License-Identifier: Apache-2.0 */
/*
 * synthesis.expand: a text for each match of a pattern.
 *
 * Mathematics, over M matches listed by pattern, those of pattern p from start[p] on, T[p] bytes each
 *   base[p]   = sum over q < p of (start[q + 1] - start[q]) * T[q]
 *   offset[m] = base[p] + (m - start[p]) * T[p]                                          write 8*M bytes
 *   text from offset[m] on: the template of p, its holes the symbols of nodes as 8 digits
 *                                                  read 4*M, and 4 for each symbol and each step on the way; write L
 *
 * One idea: all expansions of a pattern have the same length, so that lengths need no pass over the matches and their
 * scan is one over patterns. Then 64 matches at a time: the symbols of one hole after the other, loads that do not wait for each
 * other, and their digits; then the text, the template's image from registers and the digits over it.
 *
 * Blocks: the matches of a pattern are far apart, so that each would read two or three lines of the forest for itself. So the
 * matches of all patterns in a block of nodes are expanded before the next block, whose lines come from memory once.
 *
 * Stage: text is put together in 4 KiB of the L1 cache, and goes from there to memory in whole lines past the caches. Stored in
 * place, it would be read before it is written (see ceiling_memory.c), and stores of vectors would reach beyond its end.
 *
 * Launch shape: all threads, as many nodes each.
 *
 * Limits: see gpubench_host.h. Oracle: io.gpubench.workloads.synthesis.ExpandOracle.
 */
#include <stdlib.h>

#include "pool.h"
#include "synthesis_kernel.h"

/* What a match costs besides its text, in bytes of it. */
enum { MATCH_COST = 24 };

/* Nodes whose symbols and children stay in a cache, and how many matches of a pattern there are in a block at least. */
enum { BLOCK_NODES = 1 << 15, RUN_MATCHES = 256, SOON_MATCHES = 128 };

/* Blocks up to this many nodes are prefetched while the one before is expanded, if there is a match in so many nodes. */
enum { AHEAD_NODES = 1 << 17, AHEAD_SPARSE = 32 };

/* A part costs at least this. */
enum { LEAST_COST = 1 << 16 };

struct gpubench_expand {
    const synthesis_kernel *kernel;
    gpubench_pool *pool;
    uint32_t patterns;
    expand_template *templates;
    expand_piece *pieces;
    expand_hole *holes;
    uint8_t *images;
    expand_scratch *scratch; /* one for each thread */
    uint64_t *next;
    uint64_t *bases;
    /* Of the call. */
    const gpubench_forest *forest;
    const uint64_t *starts;
    const uint32_t *nodes;
    uint64_t *offsets;
    uint8_t *text;
    uint64_t block; /* nodes */
    uint64_t ahead_of_match;
    uint32_t parts;
    bool stream;
    bool stream_offsets;
};

static bool valid_templates(uint32_t patterns, const uint8_t *images, const uint32_t *image_starts,
                            const uint32_t *lengths, const uint32_t *hole_starts, const uint32_t *holes)
{
    if (patterns < 1 || patterns > GPUBENCH_MAX_PATTERNS || image_starts == NULL || lengths == NULL ||
        hole_starts == NULL) {
        return false;
    }
    for (uint32_t p = 0; p < patterns; p++) {
        if (lengths[p] > GPUBENCH_MAX_TEMPLATE_BYTES || (lengths[p] > 0 && images == NULL) ||
            hole_starts[p] > hole_starts[p + 1] || (hole_starts[p] < hole_starts[p + 1] && holes == NULL)) {
            return false;
        }
        uint32_t end = 0;
        for (uint32_t h = hole_starts[p]; h < hole_starts[p + 1]; h++) {
            const uint32_t at = holes[2 * h];
            const uint32_t path = holes[2 * h + 1];
            if (at < end || at > lengths[p] || lengths[p] - at < HOLE_BYTES || (path & 3) > 2 ||
                (path >> 4 & 15) >= MOST_CHILDREN || (path >> 8 & 15) >= MOST_CHILDREN) {
                return false;
            }
            end = at + HOLE_BYTES;
        }
    }
    return true;
}

/* Cuts a template into pieces; returns how many. Only counts them where `pieces` is NULL. */
static uint32_t cut(uint32_t length, uint32_t first_hole, uint32_t end_hole, const expand_hole *holes,
                    const uint8_t *image, expand_piece *pieces)
{
    uint32_t count = 0;
    uint32_t hole = first_hole;
    for (uint32_t at = 0; at < length;) {
        uint32_t end = length - at < PIECE_BYTES ? length : at + PIECE_BYTES;
        const uint32_t first = hole;
        while (hole < end_hole && hole - first < PIECE_HOLES && holes[hole].at + HOLE_BYTES <= end) {
            hole++;
        }
        /* A hole that does not fit begins the next piece. */
        end = hole < end_hole && holes[hole].at < end ? holes[hole].at : end;
        if (pieces != NULL) {
            pieces[count] = (expand_piece){image + at, end - at, first, hole};
        }
        count++;
        at = end;
    }
    return count;
}

static int32_t make_pieces(gpubench_expand *expand, const uint8_t *images, const uint32_t *image_starts,
                           const uint32_t *lengths, const uint32_t *hole_starts, const uint32_t *holes)
{
    const uint32_t hole_count = hole_starts[expand->patterns] - hole_starts[0];
    expand->templates = calloc(expand->patterns, sizeof *expand->templates);
    expand->holes = calloc(hole_count + (size_t)1, sizeof *expand->holes);
    if (expand->templates == NULL || expand->holes == NULL) {
        return GPUBENCH_HOST_ERROR_MEMORY;
    }
    for (uint32_t h = 0; h < hole_count; h++) {
        const uint32_t *hole = holes + 2 * ((size_t)hole_starts[0] + h);
        expand->holes[h] = (expand_hole){hole[0], hole[1] & 3, hole[1] >> 4 & 15, hole[1] >> 8 & 15};
    }
    /* Pieces of an image begin anywhere in it: behind each there is a line more to read. */
    size_t bytes = LINE;
    uint32_t piece_count = 0;
    for (uint32_t p = 0; p < expand->patterns; p++) {
        bytes += lengths[p] / LINE * LINE + 2 * LINE;
        piece_count += cut(lengths[p], hole_starts[p] - hole_starts[0], hole_starts[p + 1] - hole_starts[0], expand->holes,
                           NULL, NULL);
    }
    expand->images = aligned_alloc(LINE, bytes);
    expand->pieces = calloc(piece_count + (size_t)1, sizeof *expand->pieces);
    if (expand->images == NULL || expand->pieces == NULL) {
        return GPUBENCH_HOST_ERROR_MEMORY;
    }
    memset(expand->images, 0, bytes);
    uint8_t *image = expand->images;
    uint32_t piece = 0;
    for (uint32_t p = 0; p < expand->patterns; p++) {
        if (lengths[p] > 0) {
            memcpy(image, images + image_starts[p], lengths[p]);
        }
        const uint32_t count = cut(lengths[p], hole_starts[p] - hole_starts[0], hole_starts[p + 1] - hole_starts[0],
                                   expand->holes, image, expand->pieces + piece);
        expand->templates[p] = (expand_template){piece, piece + count, lengths[p]};
        piece += count;
        image += lengths[p] / LINE * LINE + 2 * LINE;
    }
    /* From now on places are those in pieces. */
    for (uint32_t p = 0; p < expand->patterns; p++) {
        const expand_template *shape = &expand->templates[p];
        for (uint32_t i = shape->first_piece; i < shape->end_piece; i++) {
            for (uint32_t h = expand->pieces[i].first_hole; h < expand->pieces[i].end_hole; h++) {
                expand->holes[h].at -= (uint32_t)(expand->pieces[i].image - expand->pieces[shape->first_piece].image);
            }
        }
    }
    return GPUBENCH_HOST_OK;
}

int32_t gpubench_expand_create(gpubench_pool *pool, int32_t simd_level, uint32_t patterns, const uint8_t *images,
                               const uint32_t *image_starts, const uint32_t *lengths, const uint32_t *hole_starts,
                               const uint32_t *holes, gpubench_expand **expand)
{
    if (expand == NULL) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    *expand = NULL;
    if (gpubench_synthesis_kernel(simd_level) == NULL ||
        !valid_templates(patterns, images, image_starts, lengths, hole_starts, holes)) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    gpubench_expand *created = calloc(1, sizeof *created);
    if (created == NULL) {
        return GPUBENCH_HOST_ERROR_MEMORY;
    }
    const size_t threads = (size_t)gpubench_pool_threads(pool);
    created->kernel = gpubench_synthesis_kernel(simd_level);
    created->pool = pool;
    created->patterns = patterns;
    created->scratch = aligned_alloc(LINE, threads * sizeof *created->scratch);
    created->bases = calloc((size_t)patterns + 1, sizeof *created->bases);
    const size_t stride = ((size_t)patterns + 7) / 8 * 8; /* threads do not share lines */
    created->next = aligned_alloc(LINE, threads * stride * sizeof *created->next);
    int32_t error = created->scratch == NULL || created->bases == NULL || created->next == NULL
                        ? GPUBENCH_HOST_ERROR_MEMORY
                        : make_pieces(created, images, image_starts, lengths, hole_starts, holes);
    if (error != GPUBENCH_HOST_OK) {
        gpubench_expand_destroy(created);
        return error;
    }
    memset(created->scratch, 0, threads * sizeof *created->scratch);
    for (size_t thread = 0; thread < threads; thread++) {
        created->scratch[thread].next = created->next + thread * stride;
    }
    *expand = created;
    return GPUBENCH_HOST_OK;
}

void gpubench_expand_destroy(gpubench_expand *expand)
{
    if (expand == NULL) {
        return;
    }
    free(expand->templates);
    free(expand->pieces);
    free(expand->holes);
    free(expand->images);
    free(expand->scratch);
    free(expand->bases);
    free(expand->next);
    free(expand);
}

/* ---- matches --------------------------------------------------------------------------------------------------- */

/* The first of these matches, which ascend, at this node or behind it. */
static uint64_t first_match(const uint32_t *nodes, uint64_t low, uint64_t high, uint64_t node)
{
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (nodes[middle] < node) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The same where it is not far: the matches before it are read anyway, and do not wait for each other. */
static uint64_t next_match(const uint32_t *nodes, uint64_t low, uint64_t high, uint64_t node)
{
    while (high - low > BATCH && nodes[low + BATCH - 1] < node) {
        low += BATCH;
    }
    return first_match(nodes, low, high - low < BATCH ? high : low + BATCH, node);
}

/* Expands the matches of a pattern from the next one on that are at nodes before `end`. */
static void expand_run(const gpubench_expand *expand, expand_scratch *scratch, uint32_t pattern, uint64_t end)
{
    const expand_template *shape = &expand->templates[pattern];
    const uint64_t first = scratch->next[pattern];
    const uint64_t last = next_match(expand->nodes, first, expand->starts[pattern + 1], end);
    scratch->next[pattern] = last;
    if (first < last) {
        const uint64_t offset = expand->bases[pattern] + (first - expand->starts[pattern]) * shape->length;
        expand->kernel->offsets(expand->offsets + first, last - first, offset, shape->length, expand->stream_offsets);
        if (shape->length > 0) {
            expand->kernel->expand(shape, expand->pieces, expand->holes, scratch, expand->forest, expand->nodes + first,
                                   last - first, expand->text + offset);
        }
    }
}

static void expand_part(void *argument, uint32_t part)
{
    const gpubench_expand *expand = argument;
    expand_scratch *scratch = &expand->scratch[part];
    const uint64_t share = expand->forest->nodes / expand->parts;
    const uint64_t end = part + 1 == expand->parts ? expand->forest->nodes : (part + 1) * share;
    scratch->stream = expand->stream;
    for (uint32_t p = 0; p < expand->patterns; p++) {
        scratch->next[p] = first_match(expand->nodes, expand->starts[p], expand->starts[p + 1], part * share);
    }
    scratch->ahead_of_match = expand->ahead_of_match;
    for (uint64_t node = part * share; node < end; node += expand->block) {
        scratch->ahead = node + expand->block;
        scratch->ahead_end = end - node < 2 * expand->block ? end : node + 2 * expand->block;
        for (uint32_t p = 0; p < expand->patterns; p++) {
            /* The matches of the pattern that is next lie elsewhere. */
            const uint32_t *soon = expand->nodes + scratch->next[p + 1 < expand->patterns ? p + 1 : 0];
            for (uint32_t i = 0; i < SOON_MATCHES; i += LINE / sizeof *soon) {
                __builtin_prefetch((const void *)((uintptr_t)soon + i * sizeof *soon));
            }
            expand_run(expand, scratch, p, end - node < expand->block ? end : node + expand->block);
        }
    }
    expand->kernel->stream_end();
}

int32_t gpubench_expand_run(gpubench_expand *expand, const gpubench_forest *forest, const uint64_t *starts,
                            const uint32_t *nodes, uint64_t *offsets, uint8_t *text, uint64_t capacity)
{
    if (expand == NULL || !gpubench_forest_valid(forest) || starts == NULL || offsets == NULL ||
        (text == NULL && capacity > 0) || starts[0] != 0) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    for (uint32_t p = 0; p < expand->patterns; p++) {
        if (starts[p + 1] < starts[p] || starts[p + 1] - starts[p] > forest->nodes) {
            return GPUBENCH_HOST_ERROR_ARGUMENT;
        }
        /* At most 2^12 patterns, 2^30 nodes and 2^20 bytes: no overflow. */
        expand->bases[p + 1] = expand->bases[p] + (starts[p + 1] - starts[p]) * expand->templates[p].length;
    }
    const uint64_t matches = starts[expand->patterns];
    const uint64_t bytes = expand->bases[expand->patterns];
    if (matches > 0 && nodes == NULL) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    if (bytes > capacity) {
        return GPUBENCH_HOST_ERROR_ROOM;
    }
    expand->forest = forest;
    expand->starts = starts;
    expand->nodes = nodes;
    expand->offsets = offsets;
    expand->text = text;
    expand->stream = bytes >= STREAM_BYTES;
    expand->stream_offsets = matches >= STREAM_BYTES / sizeof *offsets;
    const uint64_t worth = 1 + (bytes + MATCH_COST * matches) / LEAST_COST;
    const uint64_t threads = (uint64_t)gpubench_pool_threads(expand->pool);
    const uint64_t parts = worth < threads ? worth : threads;
    expand->parts = (uint32_t)(parts < forest->nodes ? parts : forest->nodes);
    const uint64_t block = matches == 0 ? 0 : RUN_MATCHES * expand->patterns * forest->nodes / matches;
    expand->block = block < BLOCK_NODES ? BLOCK_NODES : block;
    const bool ahead = matches > 0 && expand->block <= AHEAD_NODES && matches >= forest->nodes / AHEAD_SPARSE;
    expand->ahead_of_match = ahead ? 1 + 20 * forest->nodes / matches : 0; /* times 16, and a quarter more */
    offsets[matches] = bytes;
    gpubench_pool_run(expand->pool, expand_part, expand, expand->parts);
    return GPUBENCH_HOST_OK;
}
