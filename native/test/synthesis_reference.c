/* SPDX-License-Identifier: Apache-2.0 */
#include "synthesis_reference.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SYMBOLS = 4096, MOST_CHILDREN = 10, TREE = GPUBENCH_MAX_TREE_NODES };

uint64_t synthesis_mix64(uint64_t z)
{
    z ^= z >> 30;
    z *= 0xbf58476d1ce4e5b9;
    z ^= z >> 27;
    z *= 0x94d049bb133111eb;
    return z ^ z >> 31;
}

uint64_t synthesis_random(uint64_t *state)
{
    return synthesis_mix64(*state += 0x9e3779b97f4a7c15);
}

static uint32_t below(uint32_t bound, uint64_t *state)
{
    return (uint32_t)((synthesis_random(state) >> 32) * bound >> 32);
}

/* ---- forests --------------------------------------------------------------------------------------------------- */

/* Rather much more in front than behind, where a sanitizer sees each byte. */
static void *allocate(uint64_t count, size_t size, uint32_t shift)
{
    uint8_t *memory = malloc((count + shift) * size);
    if (memory == NULL) {
        abort();
    }
    return memory + shift * size;
}

gpubench_forest forest_allocate(uint64_t nodes, uint64_t trees, uint32_t shift)
{
    return (gpubench_forest){
        .nodes = nodes,
        .trees = trees,
        .kinds = allocate(nodes, 1, shift),
        .arities = allocate(nodes, 1, shift),
        .symbols = allocate(nodes, sizeof(uint32_t), shift),
        .first_children = allocate(nodes, sizeof(uint32_t), shift),
        .values = allocate(nodes, sizeof(int32_t), shift),
        .tree_starts = allocate(trees + 1, sizeof(uint32_t), shift),
    };
}

void forest_free(gpubench_forest *forest, uint32_t shift)
{
    free(forest->kinds - shift);
    free(forest->arities - shift);
    free(forest->symbols - shift);
    free(forest->first_children - shift);
    free(forest->values - shift);
    free(forest->tree_starts - shift);
}

/* By Zipf's law with the exponent 1.1. */
static uint32_t random_symbol(uint64_t *state)
{
    static double sums[SYMBOLS];
    if (sums[0] == 0) {
        double sum = 0;
        for (int i = 0; i < SYMBOLS; i++) {
            sums[i] = sum += pow(i + 1, -1.1);
        }
    }
    const double wanted = (double)(synthesis_random(state) >> 11) * 0x1p-53 * sums[SYMBOLS - 1];
    uint32_t low = 0;
    uint32_t high = SYMBOLS - 1;
    while (low < high) {
        const uint32_t middle = (low + high) / 2;
        if (sums[middle] < wanted) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void set_node(gpubench_forest *forest, uint64_t node, uint32_t kind, uint32_t arity, uint32_t symbol,
                     uint64_t first_child, int32_t value)
{
    forest->kinds[node] = (uint8_t)kind;
    forest->arities[node] = (uint8_t)arity;
    forest->symbols[node] = symbol;
    forest->first_children[node] = arity == 0 ? 0 : (uint32_t)first_child;
    forest->values[node] = kind == LITERAL ? value : 0;
}

static const uint32_t arity_of[] = {0, 0, 1, 2, 2, 2, 2, 2, 3};

static void random_tree(gpubench_forest *forest, uint64_t root, uint32_t nodes, uint32_t literals, uint64_t *state)
{
    static const uint32_t percent[] = {34, 42, 56, 64, 74, 79, 84, 92, 100}; /* leaf, neg, add, ... */
    uint32_t made = 1;
    for (uint32_t i = 0; i < nodes; i++) {
        const uint32_t left = nodes - made;
        const uint32_t choice = below(100, state);
        const uint32_t leaf = below(256, state) < literals ? LITERAL : VARIABLE;
        uint32_t kind = leaf;
        for (uint32_t k = 0; choice >= percent[k]; k++) {
            kind = NEG + k;
        }
        kind = left == 0 ? leaf : kind;
        uint32_t arity = kind == CALL ? below(MOST_CHILDREN + 1, state) : arity_of[kind];
        if (left > 0 && arity == 0 && i + 1 == made) {
            kind = CALL;
            arity = 1 + below(MOST_CHILDREN, state);
        }
        if (arity > left) {
            kind = CALL;
            arity = left;
        }
        const uint32_t bits = (uint32_t)synthesis_random(state);
        const int32_t value = bits % 8 == 0 ? 0 : (int32_t)bits >> (bits / 8 % 4 * 8);
        set_node(forest, root + i, kind, arity, random_symbol(state), root + made, value);
        made += arity;
    }
}

gpubench_forest forest_random(uint64_t nodes, uint32_t tree_nodes, uint32_t literals, uint32_t shift, uint64_t seed)
{
    uint64_t trees = 0;
    uint32_t *starts = malloc((nodes + 1) * sizeof *starts);
    for (uint64_t made = 0; made < nodes;) {
        const double exponent = (double)(synthesis_random(&seed) >> 11) * 0x1p-53;
        uint64_t size = tree_nodes != 0 ? tree_nodes : (uint64_t)(4 * pow(TREE / 4 + 0.2, exponent));
        size = size < nodes - made ? size : nodes - made;
        starts[trees++] = (uint32_t)made;
        made += size;
    }
    starts[trees] = (uint32_t)nodes;
    gpubench_forest forest = forest_allocate(nodes, trees, shift);
    memcpy(forest.tree_starts, starts, (trees + 1) * sizeof *starts);
    free(starts);
    for (uint64_t t = 0; t < trees; t++) {
        const uint32_t start = forest.tree_starts[t];
        random_tree(&forest, start, forest.tree_starts[t + 1] - start, literals, &seed);
    }
    return forest;
}

gpubench_forest forest_shaped(int shape, uint64_t trees, uint32_t shift)
{
    const uint32_t size = shape == FOREST_CHAIN    ? TREE
                          : shape == FOREST_WIDE   ? 1 + MOST_CHILDREN + MOST_CHILDREN * MOST_CHILDREN
                          : shape == FOREST_LEAVES ? 1
                          : shape == FOREST_FOLDS  ? TREE - 1
                                                   : 13;
    gpubench_forest forest = forest_allocate(trees * size, trees, shift);
    forest.tree_starts[0] = 0;
    for (uint64_t t = 0; t < trees; t++) {
        const uint64_t root = t * size;
        forest.tree_starts[t + 1] = (uint32_t)(root + size);
        for (uint32_t i = 0; i < size; i++) {
            const uint32_t symbol = (uint32_t)(t + i) % SYMBOLS;
            const int32_t value = (int32_t)(0x80000000 + t - i);
            switch (shape) {
            case FOREST_CHAIN: /* of negations, which ends in a literal */
                set_node(&forest, root + i, i + 1 == size ? LITERAL : NEG, i + 1 < size, symbol, root + i + 1, value);
                break;
            case FOREST_WIDE:
                set_node(&forest, root + i, i <= MOST_CHILDREN ? CALL : t % 2 == 0 ? LITERAL : VARIABLE,
                         i <= MOST_CHILDREN ? MOST_CHILDREN : 0, symbol, root + 1 + MOST_CHILDREN * (uint64_t)i, value);
                break;
            case FOREST_LEAVES:
                set_node(&forest, root + i, t % 3 == 0 ? VARIABLE : LITERAL, 0, symbol, 0, value);
                break;
            case FOREST_FOLDS: /* a binary tree of operations on literals */
                set_node(&forest, root + i, i >= size / 2 ? LITERAL : ADD + (uint32_t)(t + i) % 5, i >= size / 2 ? 0 : 2,
                         symbol, root + 1 + 2 * (uint64_t)i, value);
                break;
            default: /* if(if(1, 0, x), y, if(neg(0), z, w)): conditions that fold, to one after the other */
            {
                static const struct {
                    uint8_t kind, arity, child;
                    int8_t value;
                } nodes[13] = {{IF, 3, 1, 0},      {IF, 3, 4, 0},      {MUL, 2, 7, 0},     {IF, 3, 9, 0},
                               {LITERAL, 0, 0, 1}, {LITERAL, 0, 0, 0}, {VARIABLE, 0, 0, 0}, {LITERAL, 0, 0, 3},
                               {VARIABLE, 0, 0, 0}, {NEG, 1, 12, 0},   {LITERAL, 0, 0, 5}, {CALL, 0, 0, 0},
                               {LITERAL, 0, 0, 0}};
                const bool other = t % 2 == 1 && i == 5;
                set_node(&forest, root + i, nodes[i].kind, nodes[i].arity, symbol, root + nodes[i].child,
                         other ? 7 : nodes[i].value);
            }
            }
        }
    }
    return forest;
}

/* ---- patterns -------------------------------------------------------------------------------------------------- */

static uint32_t child_of(uint32_t want)
{
    return want >> 20 & 15;
}

static uint32_t level_of(uint32_t want)
{
    return want >> 24 & 3;
}

/* Appends an entry for a node, and its children's; returns the number of entries then. */
static uint32_t cut(const gpubench_forest *forest, uint32_t node, uint32_t level, uint32_t child, bool odd,
                    uint32_t *entries, uint32_t count, uint64_t *state)
{
    const uint32_t kind = forest->kinds[node];
    const uint32_t arity = forest->arities[node];
    uint32_t mask = 15;
    uint32_t want = kind | child << 20 | level << 24;
    const bool named = level == 0 ? below(odd ? 3 : 16, state) != 0 || (!odd && arity == 0) : below(4, state) == 0;
    if (named) {
        mask |= 0xFFF00;
        want |= forest->symbols[node] << 8;
    }
    if (below(2, state) == 0) {
        mask |= 0xF0;
        want |= arity << 4;
    }
    const uint32_t least = level == 2 ? 0 : odd ? below(arity + 1, state) : arity;
    entries[2 * count] = mask;
    entries[2 * count + 1] = want | least << 27;
    count++;
    for (uint32_t i = 0; i < least; i++) {
        if (below(2, state) == 0) {
            entries[2 * count] = 0;
            entries[2 * count + 1] = i << 20 | (level + 1) << 24 | 1 << 26;
            count++;
        } else {
            count = cut(forest, forest->first_children[node] + i, level + 1, i, odd, entries, count, state);
        }
    }
    return count;
}

pattern_set patterns_cut(const gpubench_forest *forest, uint32_t count, bool odd, uint64_t seed)
{
    enum { MOST = 1 + MOST_CHILDREN + MOST_CHILDREN * MOST_CHILDREN };
    pattern_set set = {count, calloc(count + (size_t)1, sizeof *set.starts),
                       calloc((size_t)count * MOST, 2 * sizeof *set.entries)};
    const uint32_t nodes = (uint32_t)forest->nodes;
    for (uint32_t p = 0; p < count; p++) {
        uint32_t *entries = set.entries + 2 * (size_t)set.starts[p];
        uint32_t node = below(nodes, &seed);
        for (int i = 1; i < 4 && forest->arities[node] == 0; i++) {
            node = below(nodes, &seed);
        }
        uint32_t made = 1;
        if (odd && below(16, &seed) == 0) {
            entries[1] = 1 << 26;
        } else {
            made = cut(forest, node, 0, 0, odd, entries, 0, &seed);
        }
        if (p % 4 == 3) { /* one entry asks for something else */
            uint32_t *changed = entries + 2 * below(made, &seed);
            const uint32_t bits = changed[0] & (below(2, &seed) == 0 ? UINT32_C(1) : UINT32_C(1) << (8 + below(12, &seed)));
            changed[1] ^= bits;
        }
        set.starts[p + 1] = set.starts[p] + made;
    }
    return set;
}

void patterns_free(pattern_set *set)
{
    free(set->starts);
    free(set->entries);
}

static bool matches_from(const uint32_t *entries, uint32_t count, const gpubench_forest *forest, uint32_t node)
{
    const uint32_t header =
        forest->kinds[node] | (uint32_t)forest->arities[node] << 4 | forest->symbols[node] << 8;
    if ((header & entries[0]) != (entries[1] & 0xFFFFF & entries[0]) || forest->arities[node] < entries[1] >> 27) {
        return false;
    }
    const uint32_t level = level_of(entries[1]);
    for (uint32_t e = 1; e < count; e++) {
        if (level_of(entries[2 * e + 1]) == level + 1) {
            uint32_t end = e + 1;
            while (end < count && level_of(entries[2 * end + 1]) > level + 1) {
                end++;
            }
            if (!matches_from(entries + 2 * e, end - e, forest,
                              forest->first_children[node] + child_of(entries[2 * e + 1]))) {
                return false;
            }
        }
    }
    return true;
}

bool reference_matches(const pattern_set *set, uint32_t pattern, const gpubench_forest *forest, uint32_t node)
{
    const uint32_t start = set->starts[pattern];
    return matches_from(set->entries + 2 * (size_t)start, set->starts[pattern + 1] - start, forest, node);
}

/* ---- templates ------------------------------------------------------------------------------------------------- */

template_set templates_random(const pattern_set *set, uint32_t most_holes, uint32_t run_bytes, uint64_t seed)
{
    const size_t count = set->count;
    const size_t room = ((size_t)most_holes + 1) * (run_bytes + 8) / 16 * 16 + 16;
    template_set made = {calloc(count, room), calloc(count + 1, sizeof(uint32_t)), calloc(count, sizeof(uint32_t)),
                         calloc(count + 1, sizeof(uint32_t)), calloc(count * most_holes + 1, 2 * sizeof(uint32_t))};
    for (uint32_t p = 0; p < count; p++) {
        uint8_t *image = made.images + made.image_starts[p];
        uint32_t *hole = made.holes + 2 * (size_t)made.hole_starts[p];
        uint32_t wildcards = 0;
        uint32_t parent = 0;
        uint32_t length = 0;
        for (uint32_t e = set->starts[p]; e <= set->starts[p + 1]; e++) {
            const bool last = e == set->starts[p + 1];
            const uint32_t want = last ? 0 : set->entries[2 * e + 1];
            if (!last && level_of(want) == 1) {
                parent = child_of(want);
            }
            if (last || ((want >> 26 & 1) != 0 && wildcards < most_holes)) {
                for (uint32_t i = run_bytes == 0 ? 0 : below(run_bytes, &seed); i > 0; i--) {
                    image[length++] = (uint8_t)(' ' + below(95, &seed));
                }
            }
            if (!last && (want >> 26 & 1) != 0 && wildcards < most_holes) {
                *hole++ = length;
                *hole++ = level_of(want) == 0   ? 0
                          : level_of(want) == 1 ? 1 | child_of(want) << 4
                                                : 2 | parent << 4 | child_of(want) << 8;
                length += 8;
                wildcards++;
            }
        }
        made.lengths[p] = length;
        made.image_starts[p + 1] = made.image_starts[p] + (length + 15) / 16 * 16;
        made.hole_starts[p + 1] = made.hole_starts[p] + wildcards;
    }
    return made;
}

void templates_free(template_set *templates)
{
    free(templates->images);
    free(templates->image_starts);
    free(templates->lengths);
    free(templates->hole_starts);
    free(templates->holes);
}

void reference_expand(const template_set *templates, uint32_t pattern, const gpubench_forest *forest, uint32_t node,
                      uint8_t *text)
{
    memcpy(text, templates->images + templates->image_starts[pattern], templates->lengths[pattern]);
    for (uint32_t h = templates->hole_starts[pattern]; h < templates->hole_starts[pattern + 1]; h++) {
        const uint32_t path = templates->holes[2 * h + 1];
        uint32_t bound = node;
        for (uint32_t level = 0; level < (path & 3); level++) {
            bound = forest->first_children[bound] + (path >> (4 + 4 * level) & 15);
        }
        char digits[9];
        snprintf(digits, sizeof digits, "%08x", (unsigned)forest->symbols[bound]);
        memcpy(text + templates->holes[2 * h], digits, 8);
    }
}

/* ---- rewriting ------------------------------------------------------------------------------------------------- */

/* A node that a tree is rewritten to. */
typedef struct term {
    uint32_t kind, arity, symbol;
    int32_t value;
    struct term *children[MOST_CHILDREN];
} term;

/* The arithmetic is done in 64 bits and cut off. */
static int32_t calculate(uint32_t kind, int64_t a, int64_t b)
{
    const int64_t result = kind == NEG   ? -a
                           : kind == ADD ? a + b
                           : kind == SUB ? a - b
                           : kind == MUL ? a * b
                           : kind == MIN ? (a < b ? a : b)
                                         : (a < b ? b : a);
    return (int32_t)(uint32_t)result;
}

static term *rewritten(const gpubench_forest *forest, uint32_t node, term **next)
{
    term *made = (*next)++;
    *made = (term){forest->kinds[node], forest->arities[node], forest->symbols[node], forest->values[node], {NULL}};
    bool all = made->arity > 0;
    for (uint32_t i = 0; i < made->arity; i++) {
        made->children[i] = rewritten(forest, forest->first_children[node] + i, next);
        all = all && made->children[i]->kind == LITERAL;
    }
    if (made->kind == IF && made->children[0]->kind == LITERAL) {
        return made->children[made->children[0]->value != 0 ? 1 : 2];
    }
    if (all && made->kind >= NEG && made->kind <= MAX) {
        made->value = calculate(made->kind, made->children[0]->value, made->arity > 1 ? made->children[1]->value : 0);
        made->kind = LITERAL;
        made->arity = 0;
    }
    return made;
}

void reference_rewrite(const gpubench_forest *from, gpubench_forest *to)
{
    static term terms[TREE];
    static term *queue[TREE];
    uint32_t start = 0;
    for (uint64_t tree = 0; tree < from->trees; tree++) {
        term *next = terms;
        queue[0] = rewritten(from, from->tree_starts[tree], &next);
        uint32_t made = 1;
        for (uint32_t i = 0; i < made; i++) {
            const term *node = queue[i];
            set_node(to, start + i, node->kind, node->arity, node->symbol, start + made, node->value);
            for (uint32_t c = 0; c < node->arity; c++) {
                queue[made++] = node->children[c];
            }
        }
        to->tree_starts[tree] = start;
        start += made;
    }
    to->tree_starts[from->trees] = start;
    to->nodes = start;
}
