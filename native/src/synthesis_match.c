/* SPDX-License-Identifier: Apache-2.0 */
/*
 * synthesis.match: which nodes of a forest match which patterns.
 *
 * Mathematics, over N nodes and P patterns of up to three levels
 *   c[p] = |{i : node i matches p}|, s[p] = sum of mix64(i) over these      read 10*N bytes, write 16*P
 *   on request i itself, ordered by p, then i                               write 4*M bytes for M matches
 *
 * brute: each pattern is looked at for each node: kind and symbol of 64 nodes, 16 bits each, are compared with what its root
 * asks for, and where they agree arity, children and their children are looked at one by one. N*P comparisons.
 *
 * index: a word of 32 bits has a bit for each of 32 patterns. A node's header is five digits of four bits: kind, arity and
 * three of the symbol. A table says of each digit and value which patterns accept it, so that the AND of five words are those
 * whose root accepts the node; with AVX-512 a table is a register, and 16 nodes times 32 patterns take 14 instructions,
 * whatever the patterns ask for. The nodes with a bit left are packed, and the same is done with their children, by tables for
 * the first child, the second and so on, as far as patterns that are left ask for them. What patterns ask of children of children
 * is checked one by one, where all else agrees. Comparisons: the pairs that the tables of the roots leave.
 * Up to SMALL patterns, each group of 32 sees all nodes. Of more, groups have patterns of one kind and similar symbols,
 * and see the nodes of their kind alone: then few groups have anything left of a node.
 *
 * Launch shape: all threads, one contiguous part of whole trees each, in chunks of trees whose headers stay in the L1 cache, and
 * tallies of its own, added up at the end. A list takes two passes: the first one tells where each part's matches of each
 * pattern begin.
 *
 * Limits: see gpubench_host.h. Oracle: io.gpubench.workloads.synthesis.MatchOracle.
 */
#include <stdlib.h>

#include "ceiling_kernel.h"
#include "pool.h"
#include "synthesis_kernel.h"

/* So many patterns are matched without lists of kinds. */
enum { SMALL = 3 * SLOTS };

/* Parts are not smaller than this, since handing one to a thread takes about a microsecond. */
enum { GRAIN_NODES = 2048 };

struct gpubench_match {
    const synthesis_kernel *kernel;
    gpubench_pool *pool;
    bool brute;
    match_tables tables;
    match_scratch *scratch; /* one for each thread */
    match_tally *tallies;   /* so many for each thread as there are patterns */
    uint64_t *next;
    /* Of the call. */
    const gpubench_forest *forest;
    ceiling_division division;
};

const synthesis_kernel *gpubench_synthesis_kernel(int32_t simd_level)
{
    if (simd_level < GPUBENCH_SIMD_SCALAR || simd_level > gpubench_host_simd_best()) {
        return NULL;
    }
#if defined(__x86_64__)
    if (simd_level == GPUBENCH_SIMD_AVX512) {
        return &synthesis_avx512;
    }
    if (simd_level == GPUBENCH_SIMD_AVX2) {
        return &synthesis_avx2;
    }
#endif
    return &synthesis_scalar;
}

bool gpubench_forest_valid(const gpubench_forest *forest)
{
    return forest != NULL && forest->nodes >= 1 && forest->nodes <= GPUBENCH_MAX_NODES && forest->trees >= 1 &&
           forest->trees <= forest->nodes && forest->kinds != NULL && forest->arities != NULL &&
           forest->symbols != NULL && forest->first_children != NULL && forest->values != NULL &&
           forest->tree_starts != NULL;
}

uint64_t gpubench_forest_tree(const gpubench_forest *forest, uint64_t node)
{
    uint64_t low = 0;
    uint64_t high = forest->trees;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (forest->tree_starts[middle] < node) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* ---- patterns -------------------------------------------------------------------------------------------------- */

INLINE uint32_t child_of(uint32_t want)
{
    return want >> 20 & 15;
}

INLINE uint32_t level_of(uint32_t want)
{
    return want >> 24 & 3;
}

INLINE uint32_t least_arity_of(uint32_t want)
{
    return want >> 27 & 15;
}

static bool valid_patterns(uint32_t patterns, const uint32_t *starts, const uint32_t *entries)
{
    if (patterns < 1 || patterns > GPUBENCH_MAX_PATTERNS || starts == NULL || entries == NULL) {
        return false;
    }
    for (uint32_t p = 0; p < patterns; p++) {
        if (starts[p + 1] <= starts[p] || starts[p + 1] - starts[p] > 1 + MOST_CHILDREN + MOST_CHILDREN * MOST_CHILDREN) {
            return false;
        }
        uint32_t least[3] = {0};
        for (uint32_t e = starts[p]; e < starts[p + 1]; e++) {
            const uint32_t level = level_of(entries[2 * e + 1]);
            const uint32_t child = child_of(entries[2 * e + 1]);
            const uint32_t before = e == starts[p] ? 0 : level_of(entries[2 * e - 1]) + 1;
            /* A node's parent is there, and asks for as many children. */
            if (level > 2 || level > before || (level == 0) != (e == starts[p]) || child >= MOST_CHILDREN ||
                (level > 0 && child >= least[level - 1])) {
                return false;
            }
            least[level] = least_arity_of(entries[2 * e + 1]);
        }
    }
    return true;
}

/* Has the pattern of a slot accept what an entry asks for, and arities up to `most` alone. */
static void accept(match_table *table, uint32_t slot, uint32_t mask, uint32_t want, uint32_t most)
{
    for (uint32_t d = 0; d < DIGITS; d++) {
        for (uint32_t v = 0; v < TABLE; v++) {
            const bool right = ((v ^ want >> 4 * d) & mask >> 4 * d & 15) == 0;
            const bool wide = d != 1 || (v >= least_arity_of(want) && v <= most);
            table->of[d][v] |= (uint32_t)(right && wide) << slot;
        }
    }
}

/* How patterns are put in groups: by kind, those without a symbol first, by symbol. */
typedef struct {
    uint64_t key;
    uint32_t kind;
    uint32_t pattern;
} pattern_order;

static int compare_order(const void *a, const void *b)
{
    const uint64_t x = ((const pattern_order *)a)->key;
    const uint64_t y = ((const pattern_order *)b)->key;
    return (x > y) - (x < y);
}

static void order_patterns(pattern_order *order, uint32_t patterns, const uint32_t *starts, const uint32_t *entries)
{
    for (uint32_t p = 0; p < patterns; p++) {
        const uint32_t mask = entries[2 * starts[p]];
        const uint32_t want = entries[2 * starts[p] + 1];
        const bool any = patterns <= SMALL || (mask & 15) != 15;
        order[p].pattern = p;
        order[p].kind = any ? ANY_KIND : want & 15;
        const uint32_t symbol = (mask >> 8 & 0xFFF) == 0xFFF ? (want >> 8 & 0xFFF) + 1 : 0;
        order[p].key = (uint64_t)order[p].kind << 32 | (uint64_t)symbol << 16 | p;
    }
    qsort(order, patterns, sizeof *order, compare_order);
}

/* Of a child of the nodes that the group's patterns match. */
static match_table *table_of(match_tables *tables, match_group *group, uint32_t position)
{
    return position == 0   ? &group->first
           : position == 1 ? &group->second
                           : &tables->children[group->first_child + position].table;
}

/* Adds a pattern to a group; the group's tables of children and checks are the last ones. */
static void add_pattern(match_tables *tables, match_group *group, uint32_t slot, uint32_t pattern, const uint32_t *entries,
                        uint32_t count, uint32_t *check_count)
{
    group->pattern[slot] = pattern;
    group->first_check[slot] = *check_count;
    accept(&group->root, slot, entries[0], entries[1], MOST_CHILDREN); /* not what is behind a chunk */
    group->flat |= UINT32_C(1) << slot;
    uint32_t parent = 0;
    bool asked[MOST_CHILDREN] = {false};
    for (uint32_t e = 1; e < count; e++) {
        const uint32_t mask = entries[2 * e];
        const uint32_t want = entries[2 * e + 1];
        const uint32_t position = child_of(want);
        if (level_of(want) == 1) {
            parent = position;
            asked[position] = true;
            match_child *child = &tables->children[group->first_child + position];
            accept(table_of(tables, group, position), slot, mask, want, TABLE);
            if (mask != 0 || least_arity_of(want) != 0) {
                child->asking |= UINT32_C(1) << slot;
                group->flat &= ~(UINT32_C(1) << slot);
            }
        } else if (mask != 0) {
            tables->checks[(*check_count)++] = (match_check){mask, want & mask, parent, position};
            group->deep |= UINT32_C(1) << slot;
            group->flat &= ~(UINT32_C(1) << slot);
        }
    }
    for (uint32_t position = 0; position < MOST_CHILDREN; position++) {
        if (!asked[position]) {
            accept(table_of(tables, group, position), slot, 0, 0, TABLE);
        }
    }
    group->first_check[slot + 1] = *check_count;
}

/* Drops tables of children of which no pattern asks anything. */
static void close_group(match_tables *tables, match_group *group)
{
    uint32_t end = group->first_child;
    tables->children[end].asking = tables->children[end + 1].asking = 0; /* they have tables in the group */
    for (uint32_t position = 2; position < MOST_CHILDREN; position++) {
        match_child *child = &tables->children[group->first_child + position];
        if (child->asking != 0) {
            tables->children[end] = *child;
            tables->children[end++].position = position;
            group->others |= child->asking;
        }
    }
    memset(&tables->children[end], 0, (group->first_child + MOST_CHILDREN - end) * sizeof *tables->children);
    group->end_child = end;
}

/* Makes tables for 32 patterns at a time. */
static int32_t make_groups(match_tables *tables, const uint32_t *starts, const uint32_t *entries)
{
    const uint32_t patterns = tables->patterns;
    const uint32_t most = patterns / SLOTS + MOST_LISTS;
    pattern_order *order = calloc(patterns, sizeof *order);
    tables->groups = aligned_alloc(LINE, most * sizeof *tables->groups);
    tables->children = aligned_alloc(LINE, (size_t)most * MOST_CHILDREN * sizeof *tables->children);
    tables->checks = calloc(starts[patterns] - starts[0], sizeof *tables->checks);
    if (order == NULL || tables->groups == NULL || tables->children == NULL || tables->checks == NULL) {
        free(order);
        return GPUBENCH_HOST_ERROR_MEMORY;
    }
    memset(tables->groups, 0, most * sizeof *tables->groups);
    memset(tables->children, 0, (size_t)most * MOST_CHILDREN * sizeof *tables->children);
    order_patterns(order, patterns, starts, entries);

    uint32_t group = 0;
    uint32_t check_count = 0;
    for (uint32_t first = 0; first < patterns;) {
        match_kind *kind = &tables->kinds[tables->kind_count++];
        kind->kind = order[first].kind;
        kind->first_group = group;
        while (first < patterns && order[first].kind == kind->kind) {
            match_group *current = &tables->groups[group];
            current->first_child = group == 0 ? 0 : tables->groups[group - 1].end_child;
            for (uint32_t slot = 0; slot < SLOTS && first < patterns && order[first].kind == kind->kind; slot++) {
                const uint32_t pattern = order[first++].pattern;
                add_pattern(tables, current, slot, pattern, entries + 2 * (size_t)starts[pattern],
                            starts[pattern + 1] - starts[pattern], &check_count);
            }
            current->pattern[SLOTS] = patterns;
            close_group(tables, current);
            group++;
        }
        kind->end_group = group;
    }
    free(order);
    return GPUBENCH_HOST_OK;
}

static int32_t make_singles(match_tables *tables, const uint32_t *starts, const uint32_t *entries)
{
    tables->singles = calloc(tables->patterns, sizeof *tables->singles);
    tables->entries = calloc(starts[tables->patterns] - starts[0], 2 * sizeof *tables->entries);
    if (tables->singles == NULL || tables->entries == NULL) {
        return GPUBENCH_HOST_ERROR_MEMORY;
    }
    uint32_t end = 0;
    for (uint32_t p = 0; p < tables->patterns; p++) {
        match_single *single = &tables->singles[p];
        const uint32_t mask = entries[2 * starts[p]];
        const uint32_t want = entries[2 * starts[p] + 1];
        single->mask = (uint16_t)((mask & 15) | (mask >> 4 & 0xFFF0));
        single->want = (uint16_t)(((want & 15) | (want >> 4 & 0xFFF0)) & single->mask);
        single->first_entry = end;
        for (uint32_t e = starts[p]; e < starts[p + 1]; e++) {
            if (e == starts[p] || entries[2 * e] != 0 || least_arity_of(entries[2 * e + 1]) != 0) {
                tables->entries[2 * end] = entries[2 * e] & 0xFFFFF;
                tables->entries[2 * end++ + 1] = entries[2 * e + 1];
            }
        }
        single->end_entry = end;
        single->only_kind_and_symbol =
            end == single->first_entry + 1 && (mask & 0xF0) == 0 && least_arity_of(want) == 0;
    }
    return GPUBENCH_HOST_OK;
}

int32_t gpubench_match_create(gpubench_pool *pool, int32_t simd_level, int32_t variant, uint32_t patterns,
                              const uint32_t *starts, const uint32_t *entries, gpubench_match **match)
{
    if (match == NULL) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    *match = NULL;
    if (gpubench_synthesis_kernel(simd_level) == NULL ||
        (variant != GPUBENCH_MATCH_BRUTE && variant != GPUBENCH_MATCH_INDEX) ||
        !valid_patterns(patterns, starts, entries)) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    gpubench_match *created = calloc(1, sizeof *created);
    if (created == NULL) {
        return GPUBENCH_HOST_ERROR_MEMORY;
    }
    const size_t threads = (size_t)gpubench_pool_threads(pool);
    created->kernel = gpubench_synthesis_kernel(simd_level);
    created->pool = pool;
    created->brute = variant == GPUBENCH_MATCH_BRUTE;
    created->tables.patterns = patterns;
    created->scratch = aligned_alloc(LINE, threads * sizeof *created->scratch);
    /* Tallies of different threads do not share lines. */
    const size_t tallies = (size_t)patterns / 4 * 4 + 4;
    created->tallies = aligned_alloc(LINE, threads * tallies * sizeof *created->tallies);
    created->next = aligned_alloc(LINE, threads * 2 * tallies * sizeof *created->next);
    int32_t error = GPUBENCH_HOST_ERROR_MEMORY;
    if (created->scratch != NULL && created->tallies != NULL && created->next != NULL) {
        memset(created->scratch, 0, threads * sizeof *created->scratch);
        error = created->brute ? make_singles(&created->tables, starts, entries)
                               : make_groups(&created->tables, starts, entries);
    }
    if (error != GPUBENCH_HOST_OK) {
        gpubench_match_destroy(created);
        return error;
    }
    for (size_t thread = 0; thread < threads; thread++) {
        created->scratch[thread].tallies = created->tallies + thread * tallies;
    }
    *match = created;
    return GPUBENCH_HOST_OK;
}

void gpubench_match_destroy(gpubench_match *match)
{
    if (match == NULL) {
        return;
    }
    free(match->tables.groups);
    free(match->tables.children);
    free(match->tables.checks);
    free(match->tables.singles);
    free(match->tables.entries);
    free(match->scratch);
    free(match->tallies);
    free(match->next);
    free(match);
}

/* ---- forests --------------------------------------------------------------------------------------------------- */

static void match_part(void *argument, uint32_t part)
{
    gpubench_match *match = argument;
    match_scratch *scratch = &match->scratch[part];
    if (scratch->next == NULL) {
        memset(scratch->tallies, 0, (match->tables.patterns + (size_t)1) * sizeof *scratch->tallies);
    }
    const uint64_t first = gpubench_forest_tree(match->forest, part * match->division.share);
    const uint64_t end = part + 1 == match->division.parts
                             ? match->forest->trees
                             : gpubench_forest_tree(match->forest, (part + 1) * match->division.share);
    (match->brute ? match->kernel->match_brute : match->kernel->match_index)(&match->tables, scratch, match->forest, first,
                                                                             end);
}

/* Counts all matches; afterwards each thread has tallies of its own. */
static void count_all(gpubench_match *match, const gpubench_forest *forest, uint64_t *counts)
{
    match->forest = forest;
    match->division = gpubench_ceiling_divide(match->pool, forest->nodes, GRAIN_NODES);
    for (uint32_t part = 0; part < match->division.parts; part++) {
        match->scratch[part].next = NULL;
    }
    gpubench_pool_run(match->pool, match_part, match, match->division.parts);
    for (uint32_t p = 0; p < match->tables.patterns; p++) {
        match_tally total = {0, 0};
        for (uint32_t part = 0; part < match->division.parts; part++) {
            total.count += match->scratch[part].tallies[p].count;
            total.sum += match->scratch[part].tallies[p].sum;
        }
        counts[2 * p] = total.count;
        counts[2 * p + 1] = total.sum;
    }
}

int32_t gpubench_match_count(gpubench_match *match, const gpubench_forest *forest, uint64_t *counts)
{
    if (match == NULL || !gpubench_forest_valid(forest) || counts == NULL) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    count_all(match, forest, counts);
    return GPUBENCH_HOST_OK;
}

int32_t gpubench_match_list(gpubench_match *match, const gpubench_forest *forest, uint64_t *counts, uint64_t *starts,
                            uint32_t *nodes, uint64_t capacity)
{
    if (match == NULL || !gpubench_forest_valid(forest) || counts == NULL || starts == NULL ||
        (nodes == NULL && capacity > 0)) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    count_all(match, forest, counts);
    const uint32_t patterns = match->tables.patterns;
    starts[0] = 0;
    for (uint32_t p = 0; p < patterns; p++) {
        starts[p + 1] = starts[p] + counts[2 * p];
    }
    if (starts[patterns] > capacity) {
        return GPUBENCH_HOST_ERROR_ROOM;
    }
    const size_t stride = ((size_t)patterns + 3) / 4 * 8;
    for (uint32_t p = 0; p < patterns; p++) {
        uint64_t next = starts[p];
        for (uint32_t part = 0; part < match->division.parts; part++) {
            match->next[part * stride + p] = next;
            next += match->scratch[part].tallies[p].count;
        }
    }
    for (uint32_t part = 0; part < match->division.parts; part++) {
        match->scratch[part].next = match->next + part * stride;
        match->scratch[part].nodes = nodes;
    }
    gpubench_pool_run(match->pool, match_part, match, match->division.parts);
    return GPUBENCH_HOST_OK;
}
