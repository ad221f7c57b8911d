/* SPDX-License-Identifier: Apache-2.0 */
/* Rewriting: plain C, which each level compiles with its own instructions. */

enum { LITERAL = 0, NEG = 2, ADD = 3, SUB = 4, MUL = 5, MIN = 6, MAX = 7, IF = 8 };

/* All bits or none. What nodes are is a matter of chance, and branches on it would be wrong most of the time. */
INLINE uint32_t all_if(bool condition)
{
    return 0 - (uint32_t)condition;
}

/* What a node folds to if its children are literals; any number for `if` and `call`. */
INLINE uint32_t folded(uint32_t kind, int32_t a, int32_t b)
{
    const uint32_t x = (uint32_t)a;
    const uint32_t y = (uint32_t)b;
    const uint32_t results[8] = {0, 0, 0 - x, x + y, x - y, x * y, a < b ? x : y, a > b ? x : y};
    return results[kind & 7];
}

/* Folds what can be folded, from the last node to the first. */
INLINE void fold_tree(rewrite_scratch *scratch, const gpubench_forest *forest, uint32_t start, uint32_t count)
{
    int32_t *values = scratch->values;
    uint16_t *forwards = scratch->forwards;
    uint16_t *inner = scratch->inner;
    uint8_t *kinds = scratch->kinds;
    uint8_t *arities = scratch->arities;
    const uint32_t *first_children = forest->first_children + start;
    memcpy(values, forest->values + start, count * sizeof *values);
    memcpy(kinds, forest->kinds + start, count);
    memcpy(arities, forest->arities + start, count);
    uint32_t inner_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        forwards[i] = (uint16_t)i;
    }
    for (uint32_t i = 0; i < count; i++) {
        inner[inner_count] = (uint16_t)i;
        inner_count += arities[i] != 0;
    }
    for (uint32_t j = inner_count; j-- > 0;) {
        const uint32_t i = inner[j];
        const uint32_t kind = kinds[i];
        const uint32_t child = first_children[i] - start;
        const uint32_t other = child + (arities[i] > 1);
        const uint32_t fold = all_if(((kinds[child] | kinds[other]) == LITERAL) & (kind < IF));
        const uint32_t value = folded(kind, values[child], values[other]);
        /* Of an `if` that goes the child that stays, else the node itself. */
        const uint32_t chosen = child + 1 + (values[child] == 0);
        const uint32_t goes = all_if((kind == IF) & (kinds[child] == LITERAL));
        const uint32_t stays = (chosen & goes) | (i & ~goes);
        forwards[i] = forwards[stays];
        values[i] = (int32_t)((value & fold) | ((uint32_t)values[stays] & ~fold));
        kinds[i] = (uint8_t)(kinds[stays] & ~fold);
        arities[i] = (uint8_t)(arities[i] & ~fold);
    }
}

/* Appends what is left of a tree, breadth-first; returns the number of nodes. */
INLINE uint32_t append_tree(rewrite_scratch *scratch, const gpubench_forest *forest, uint32_t start, uint32_t at)
{
    const uint16_t *forwards = scratch->forwards;
    uint16_t *queue = scratch->queue;
    const uint32_t *first_children = forest->first_children + start;
    const uint32_t *symbols = forest->symbols + start;
    uint8_t *out_kinds = scratch->out_kinds + at;
    uint8_t *out_arities = scratch->out_arities + at;
    uint32_t *out_symbols = scratch->out_symbols + at;
    uint32_t *out_children = scratch->out_children + at;
    int32_t *out_values = scratch->out_values + at;
    queue[0] = forwards[0];
    uint32_t end = 1;
    for (uint32_t i = 0; i < end; i++) {
        const uint32_t node = queue[i];
        const uint32_t arity = scratch->arities[node];
        const uint32_t inner = all_if(arity != 0);
        const uint32_t child = (first_children[node] - start) & inner;
        out_kinds[i] = scratch->kinds[node];
        out_arities[i] = (uint8_t)arity;
        out_symbols[i] = symbols[node];
        out_children[i] = (at + end + 1) & inner;
        out_values[i] = scratch->values[node];
        /* As many as there may be; those that are not there are written over. */
        memcpy(queue + end, forwards + child, LANES_ROOM * sizeof *queue);
        end += arity;
    }
    return end;
}

static uint32_t rewrite(rewrite_scratch *scratch, const gpubench_forest *forest, uint64_t first_tree, uint64_t end_tree)
{
    uint32_t at = 0;
    for (uint64_t tree = first_tree; tree < end_tree; tree++) {
        const uint32_t start = forest->tree_starts[tree];
        fold_tree(scratch, forest, start, forest->tree_starts[tree + 1] - start);
        scratch->out_starts[tree - first_tree] = at + 1;
        at += append_tree(scratch, forest, start, at);
    }
    return at;
}

static void rebase(uint32_t *children, uint32_t count, uint32_t base)
{
    for (uint32_t i = 0; i < count; i++) {
        children[i] = children[i] == 0 ? 0 : children[i] - 1 + base;
    }
}
