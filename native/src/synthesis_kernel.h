/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the SIMD levels of matching, expansion and rewriting share; synthesis_match.c, synthesis_expand.c and
 * synthesis_rewrite.c explain them. Each level compiles the functions of synthesis_*_lanes.h with its own instructions.
 */
#ifndef GPUBENCH_SYNTHESIS_KERNEL_H
#define GPUBENCH_SYNTHESIS_KERNEL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "gpubench_host.h"
#include "mix64.h"

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 16")

/* Output from this size on is streamed past the caches, as in ceiling_memory.c. */
#define STREAM_BYTES ((uint64_t)8 << 20)

/* Children of a node, and lanes of the widest vector, for which arrays have room behind their end. */
enum { MOST_CHILDREN = 10, LANES_ROOM = 16, LINE = 64 };

/* ---- matching -------------------------------------------------------------------------------------------------- */

/*
 * DIGITS digits of 4 bits are a header. Patterns of a group are bits of a word. SLOTS: the patterns of a group;
 * CHUNK_NODES: whole trees that are matched at a time, so that what is made of them stays in the L1 cache.
 */
enum { MIXED = 64 }; /* nodes whose numbers are mixed at a time */
enum { DIGITS = 5, TABLE = 16, SLOTS = 32, CHUNK_NODES = 2048, CHUNK_ROOM = CHUNK_NODES + 2 * LANES_ROOM + MIXED };

/* Of each digit the patterns that accept it. */
typedef struct {
    _Alignas(64) uint32_t of[DIGITS][TABLE];
} match_table;

/* What the patterns of a group ask of one of the children. */
typedef struct {
    match_table table;
    uint32_t position; /* which child */
    uint32_t asking;   /* patterns that ask anything of it */
} match_child;

/* What a pattern asks of a child of a child. */
typedef struct {
    uint32_t mask, want;
    uint32_t child, grandchild;
} match_check;

typedef struct {
    match_table root;
    match_table first, second;       /* of the first two children */
    uint32_t first_child, end_child; /* in `children`: the others */
    uint32_t others;                 /* patterns that ask anything of these */
    uint32_t flat;                   /* patterns that ask nothing of children */
    uint32_t deep;                   /* patterns that have checks */
    uint32_t pattern[SLOTS + 1];     /* and one of which there is nothing */
    uint32_t first_check[SLOTS + 1];
} match_group;

/* Groups whose patterns all ask for the same kind, or, with ANY_KIND, for none in particular. */
enum { ANY_KIND = 16, MOST_LISTS = ANY_KIND + 1 };

typedef struct {
    uint32_t kind;
    uint32_t first_group, end_group;
} match_kind;

/* A pattern for comparing one by one: its root without arity in 16 bits, and the entries that are no wildcards. */
typedef struct {
    uint16_t mask, want; /* kind | symbol << 4 */
    uint32_t first_entry, end_entry;
    bool only_kind_and_symbol; /* whether nothing else is asked for */
} match_single;

typedef struct {
    uint32_t patterns;
    /* GPUBENCH_MATCH_INDEX */
    uint32_t kind_count;
    match_kind kinds[MOST_LISTS];
    match_group *groups;
    match_child *children;
    match_check *checks;
    /* GPUBENCH_MATCH_BRUTE */
    match_single *singles;
    uint32_t *entries; /* as the caller's, without wildcards */
} match_tables;

/* Of a pattern. */
typedef struct {
    uint64_t count, sum;
} match_tally;

/* Nodes of a chunk, each with a word of patterns. */
typedef struct {
    uint32_t nodes[CHUNK_ROOM];
    uint32_t words[CHUNK_ROOM];
} match_nodes;

/* The working memory of one thread. */
typedef struct {
    _Alignas(64) uint32_t headers[CHUNK_ROOM];
    union {
        struct {
            uint32_t listed[CHUNK_ROOM]; /* nodes of a kind */
            uint32_t listed_headers[CHUNK_ROOM];
        };
        struct {
            uint16_t keys[CHUNK_ROOM + LINE]; /* kind | symbol << 4 */
            uint64_t sums[CHUNK_NODES];       /* mix64 of the nodes */
        };
    };
    match_nodes found; /* whose roots are as some pattern asks */
    match_nodes hits;  /* of patterns that ask nothing else */
    match_nodes candidates;
    uint32_t children[CHUNK_ROOM]; /* of candidates: the first one */
    uint64_t pairs[CHUNK_ROOM];    /* the headers of the first two */
    match_tally *tallies;   /* one for each pattern, and one of nothing */
    uint64_t *next; /* of each pattern, where in the list its next match goes; NULL: only tally */
    uint32_t *nodes;
} match_scratch;

/* ---- expansion ------------------------------------------------------------------------------------------------- */

/*
 * BATCH matches are expanded at a time: first the symbols of one hole after the other, as digits, then the text. Templates are
 * cut into pieces of PIECE_BYTES, and so many holes, at most. Text is put together in a stage, from where it goes to
 * memory in whole lines.
 */
enum { BATCH = 64, PIECE_BYTES = 1024, PIECE_HOLES = 24, STAGE_BYTES = 4096, HOLE_BYTES = 8 };

typedef struct {
    uint32_t at; /* in the piece */
    uint32_t level, child, grandchild;
} expand_hole;

typedef struct {
    const uint8_t *image; /* aligned to 64 bytes, and readable up to a multiple of 64 */
    uint32_t bytes;
    uint32_t first_hole, end_hole;
} expand_piece;

typedef struct {
    uint32_t first_piece, end_piece;
    uint32_t length;
} expand_template;

/* The working memory of one thread. */
typedef struct {
    _Alignas(64) uint8_t stage[STAGE_BYTES + PIECE_BYTES + 2 * LINE];
    _Alignas(64) uint32_t symbols[BATCH];
    _Alignas(64) uint64_t digits[PIECE_HOLES][BATCH];
    uint64_t fill; /* bytes in the stage, those of the line before the first one included */
    uint64_t skip; /* how many these are */
    uint8_t *out;  /* where the stage goes */
    bool stream;
    uint64_t *next; /* of each pattern the first match that is to be expanded */
    /* Nodes of the next block, which are prefetched a few for each match. */
    uint64_t ahead, ahead_end, ahead_of_match; /* the last one times 16 */
} expand_scratch;

/* ---- rewriting ------------------------------------------------------------------------------------------------- */

/* The nodes of a chunk, whose trees begin in it; the last one may end behind. */
enum { REWRITE_CHUNK = 8192, REWRITE_ROOM = REWRITE_CHUNK + GPUBENCH_MAX_TREE_NODES };

/* The working memory of one thread. */
typedef struct {
    /* Of the nodes of a tree. */
    _Alignas(64) int32_t values[GPUBENCH_MAX_TREE_NODES + LANES_ROOM];
    uint16_t forwards[GPUBENCH_MAX_TREE_NODES + LANES_ROOM]; /* what each node became */
    uint16_t queue[GPUBENCH_MAX_TREE_NODES + LANES_ROOM];
    uint16_t inner[GPUBENCH_MAX_TREE_NODES + LANES_ROOM]; /* nodes with children */
    uint8_t kinds[GPUBENCH_MAX_TREE_NODES + LINE];
    uint8_t arities[GPUBENCH_MAX_TREE_NODES + LINE];
    /* What the trees of a chunk became; children are counted from the chunk's first node, from 1. */
    _Alignas(64) uint8_t out_kinds[REWRITE_ROOM + LINE];
    uint8_t out_arities[REWRITE_ROOM + LINE];
    _Alignas(64) uint32_t out_symbols[REWRITE_ROOM + LANES_ROOM];
    uint32_t out_children[REWRITE_ROOM + LANES_ROOM];
    int32_t out_values[REWRITE_ROOM + LANES_ROOM];
    uint32_t out_starts[REWRITE_CHUNK + LANES_ROOM];
} rewrite_scratch;

/* ---- one SIMD level -------------------------------------------------------------------------------------------- */

typedef struct {
    /* Matches whole trees. */
    void (*match_index)(const match_tables *tables, match_scratch *scratch, const gpubench_forest *forest,
                        uint64_t first_tree, uint64_t end_tree);
    void (*match_brute)(const match_tables *tables, match_scratch *scratch, const gpubench_forest *forest,
                        uint64_t first_tree, uint64_t end_tree);
    /* offsets[m] = first + m * step. */
    void (*offsets)(uint64_t *offsets, uint64_t count, uint64_t first, uint64_t step, bool stream);
    /* Writes the expansions of `count` matches of a pattern. */
    void (*expand)(const expand_template *shape, const expand_piece *pieces, const expand_hole *holes,
                   expand_scratch *scratch, const gpubench_forest *forest, const uint32_t *nodes, uint64_t count,
                   uint8_t *out);
    /* Copies bytes that do not overlap, past the caches. */
    void (*stream)(void *to, const void *from, uint64_t bytes);
    /* Orders what was stored past the caches with what is stored next; of a thread, at its end. */
    void (*stream_end)(void);
    /* Rewrites trees into the scratch; returns how many nodes they have then. */
    uint32_t (*rewrite)(rewrite_scratch *scratch, const gpubench_forest *forest, uint64_t first_tree, uint64_t end_tree);
    /* Adds `base` to what is not 0, and takes 1 away. */
    void (*rebase)(uint32_t *children, uint32_t count, uint32_t base);
} synthesis_kernel;

extern const synthesis_kernel synthesis_scalar;
extern const synthesis_kernel synthesis_avx2;
extern const synthesis_kernel synthesis_avx512;

/* That of a level, or NULL where this processor does not have it. */
const synthesis_kernel *gpubench_synthesis_kernel(int32_t simd_level);

/* Whether the arrays are there and the counts within their limits. */
bool gpubench_forest_valid(const gpubench_forest *forest);

/* The first tree that begins at this node or behind it. */
uint64_t gpubench_forest_tree(const gpubench_forest *forest, uint64_t node);

#endif
