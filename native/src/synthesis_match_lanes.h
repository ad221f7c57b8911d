/* SPDX-License-Identifier: Apache-2.0 */
/* Matching, in terms of the lanes that synthesis_lanes.h lists. */

INLINE uint32_t low_lanes(uint32_t count)
{
    return (uint32_t)((UINT64_C(1) << count) - 1);
}

/* ---- a chunk --------------------------------------------------------------------------------------------------- */

/* How far inputs are prefetched: hardware prefetchers stop at the end of a page. */
enum { AHEAD_NODES = 512 };

/* The headers of a chunk, and behind them some that no pattern accepts. */
INLINE void read_headers(uint32_t *headers, const gpubench_forest *forest, uint64_t base, uint32_t count)
{
    const uint8_t *kinds = forest->kinds + base;
    const uint8_t *arities = forest->arities + base;
    const uint32_t *symbols = forest->symbols + base;
    const uint32_t *first_children = forest->first_children + base;
    const uint32_t whole = count - count % LANES;
    for (uint32_t i = 0; i < whole; i += LANES) {
        if (i % (LINE / sizeof *symbols) == 0) {
            __builtin_prefetch((const void *)((uintptr_t)(symbols + i) + AHEAD_NODES * sizeof *symbols));
            __builtin_prefetch((const void *)((uintptr_t)(first_children + i) + AHEAD_NODES * sizeof *first_children));
        }
        if (i % LINE == 0) {
            __builtin_prefetch((const void *)((uintptr_t)(kinds + i) + AHEAD_NODES));
            __builtin_prefetch((const void *)((uintptr_t)(arities + i) + AHEAD_NODES));
        }
        lanes_store(headers + i, lanes_header(kinds + i, arities + i, symbols + i));
    }
    for (uint32_t i = whole; i < count; i++) {
        headers[i] = kinds[i] | (uint32_t)arities[i] << 4 | symbols[i] << 8;
    }
    for (uint32_t i = 0; i < LANES_ROOM; i++) {
        headers[count + i] = UINT32_MAX;
    }
}

/* The trees from `first` on that fit into a chunk, at least one: the first that does not. */
INLINE uint64_t chunk_end(const uint32_t *tree_starts, uint64_t first, uint64_t end)
{
    uint64_t tree = first + 1;
    while (tree < end && tree_starts[tree + 1] - tree_starts[first] <= CHUNK_NODES) {
        tree++;
    }
    return tree;
}

INLINE void record(match_scratch *scratch, uint32_t pattern, uint32_t node, uint64_t mixed, bool list)
{
    if (list) {
        scratch->nodes[scratch->next[pattern]++] = node;
    } else {
        scratch->tallies[pattern].count++;
        scratch->tallies[pattern].sum += mixed;
    }
}

/* ---- with tables of bits --------------------------------------------------------------------------------------- */

typedef struct {
    row of[DIGITS];
} rows;

INLINE rows rows_load(const match_table *table)
{
    rows loaded;
    UNROLL for (int d = 0; d < DIGITS; d++) {
        loaded.of[d] = row_load(table->of[d]);
    }
    return loaded;
}

/* The patterns that accept each header. */
INLINE lanes accepting(const rows *table, lanes headers)
{
    lanes words = lanes_digit(table->of[0], headers, 0);
    UNROLL for (int d = 1; d < DIGITS; d++) {
        words = lanes_and(words, lanes_digit(table->of[d], headers, 4 * d));
    }
    return words;
}

/* Nodes whose headers at least one root of the group accepts, from the listed ones, or from all. Returns how many. */
INLINE uint32_t find_candidates(const match_group *group, match_scratch *scratch, const uint32_t *headers,
                                const uint32_t *listed, uint32_t count)
{
    const rows root = rows_load(&group->root);
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; i += LANES) {
        const lanes words = accepting(&root, lanes_load(headers + i));
        const uint32_t mask = lanes_mask(words);
        if (mask != 0) {
            const lanes nodes = listed == NULL ? lanes_from(i) : lanes_load(listed + i);
            lanes_store(scratch->candidates + found, lanes_pack(mask, nodes));
            lanes_store(scratch->candidate_words + found, lanes_pack(mask, words));
            found += (uint32_t)__builtin_popcount(mask);
        }
    }
    return found;
}

/* Leaves those candidates whose children are accepted too. Returns how many. */
INLINE uint32_t try_children(const match_tables *tables, const match_group *group, match_scratch *scratch,
                             const uint32_t *first_children, uint32_t base, uint32_t count)
{
    uint32_t *candidates = scratch->candidates;
    uint32_t *candidate_words = scratch->candidate_words;
    lanes_store(candidates + count, lanes_of(0));
    lanes_store(candidate_words + count, lanes_of(0));
    uint32_t left = 0;
    for (uint32_t i = 0; i < count; i += LANES) {
        const lanes nodes = lanes_load(candidates + i);
        lanes words = lanes_load(candidate_words + i);
        /* The children of leaves would be anywhere; but then no pattern asks for any. */
        const lanes children = lanes_least(lanes_subtract(lanes_gather(first_children, nodes), lanes_of(base)),
                                           lanes_of(CHUNK_NODES));
        for (uint32_t c = group->first_child; c < group->end_child; c++) {
            const match_child *child = &tables->children[c];
            if (lanes_mask(lanes_and(words, lanes_of(child->asking))) != 0) {
                const rows table = rows_load(&child->table);
                const lanes headers = lanes_gather(scratch->headers + child->position, children);
                words = lanes_and(words, accepting(&table, headers));
            }
        }
        const uint32_t mask = lanes_mask(words);
        lanes_store(candidates + left, lanes_pack(mask, nodes));
        lanes_store(candidate_words + left, lanes_pack(mask, words));
        left += (uint32_t)__builtin_popcount(mask);
    }
    return left;
}

/* Whether the children of children are as a pattern asks. */
INLINE bool passes(const match_check *check, const match_check *end, const match_scratch *scratch,
                   const gpubench_forest *forest, uint32_t base, uint32_t node)
{
    for (; check < end; check++) {
        const uint32_t child = forest->first_children[node] + check->child;
        const uint32_t header = scratch->headers[forest->first_children[child] + check->grandchild - base];
        if ((header & check->mask) != check->want) {
            return false;
        }
    }
    return true;
}

INLINE void record_candidates(const match_tables *tables, const match_group *group, match_scratch *scratch,
                              const gpubench_forest *forest, uint32_t base, uint32_t count, bool list)
{
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t node = base + scratch->candidates[i];
        const uint64_t mixed = mix64(node);
        uint32_t word = scratch->candidate_words[i];
        do {
            const uint32_t slot = (uint32_t)__builtin_ctz(word);
            const match_check *checks = tables->checks;
            if ((group->deep >> slot & 1) == 0 ||
                passes(checks + group->first_check[slot], checks + group->first_check[slot + 1], scratch, forest, base,
                       node)) {
                record(scratch, group->pattern[slot], node, mixed, list);
            }
            word &= word - 1;
        } while (word != 0);
    }
}

/* The nodes of a kind, and their headers. */
INLINE uint32_t list_kind(match_scratch *scratch, uint32_t kind, uint32_t count)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; i += LANES) {
        const lanes headers = lanes_load(scratch->headers + i);
        const uint32_t mask = lanes_equal(lanes_and(headers, lanes_of(15)), lanes_of(kind)) & low_lanes(count - i < LANES ? count - i : LANES);
        lanes_store(scratch->listed + found, lanes_pack(mask, lanes_from(i)));
        lanes_store(scratch->listed_headers + found, lanes_pack(mask, headers));
        found += (uint32_t)__builtin_popcount(mask);
    }
    lanes_store(scratch->listed_headers + found, lanes_of(UINT32_MAX));
    return found;
}

INLINE void match_tables_in(const match_tables *tables, match_scratch *scratch, const gpubench_forest *forest,
                            uint64_t first_tree, uint64_t end_tree, bool list)
{
    const uint32_t *starts = forest->tree_starts;
    for (uint64_t tree = first_tree; tree < end_tree;) {
        const uint64_t next = chunk_end(starts, tree, end_tree);
        const uint32_t base = starts[tree];
        const uint32_t count = starts[next] - base;
        read_headers(scratch->headers, forest, base, count);
        for (uint32_t k = 0; k < tables->kind_count; k++) {
            const match_kind *kind = &tables->kinds[k];
            const bool all = kind->kind == ANY_KIND;
            const uint32_t nodes = all ? count : list_kind(scratch, kind->kind, count);
            for (uint32_t g = kind->first_group; g < kind->end_group; g++) {
                const match_group *group = &tables->groups[g];
                uint32_t found = all ? find_candidates(group, scratch, scratch->headers, NULL, nodes)
                                     : find_candidates(group, scratch, scratch->listed_headers, scratch->listed, nodes);
                if (found > 0 && group->first_child < group->end_child) {
                    found = try_children(tables, group, scratch, forest->first_children + base, base, found);
                }
                record_candidates(tables, group, scratch, forest, base, found, list);
            }
        }
        tree = next;
    }
}

static void match_index(const match_tables *tables, match_scratch *scratch, const gpubench_forest *forest,
                        uint64_t first_tree, uint64_t end_tree)
{
    if (scratch->next == NULL) {
        match_tables_in(tables, scratch, forest, first_tree, end_tree, false);
    } else {
        match_tables_in(tables, scratch, forest, first_tree, end_tree, true);
    }
}

/* ---- one by one ------------------------------------------------------------------------------------------------ */

/* Whether a node is as all entries of a pattern ask, which are the root's first. */
INLINE bool is_match(const uint32_t *entry, const uint32_t *end, const match_scratch *scratch,
                     const gpubench_forest *forest, uint32_t base, uint32_t node)
{
    uint32_t first_child = 0; /* of the node */
    uint32_t parent = 0;      /* of children of children */
    for (; entry < end; entry += 2) {
        const uint32_t position = entry[1] >> 20 & 15;
        uint32_t at = node;
        switch (entry[1] >> 24 & 3) {
        case 0: break;
        case 1:
            first_child = forest->first_children[node];
            at = parent = first_child + position;
            break;
        default: at = forest->first_children[parent] + position;
        }
        const uint32_t header = scratch->headers[at - base];
        if (((header ^ entry[1]) & entry[0]) != 0 || (header >> 4 & 15) < entry[1] >> 27) {
            return false;
        }
    }
    return true;
}

INLINE void match_each(const match_tables *tables, match_scratch *scratch, const gpubench_forest *forest,
                       uint64_t first_tree, uint64_t end_tree, bool list)
{
    const uint32_t *starts = forest->tree_starts;
    uint16_t *keys = scratch->keys;
    for (uint64_t tree = first_tree; tree < end_tree;) {
        const uint64_t next = chunk_end(starts, tree, end_tree);
        const uint32_t base = starts[tree];
        const uint32_t count = starts[next] - base;
        read_headers(scratch->headers, forest, base, count);
        for (uint32_t i = 0; i < count; i++) {
            keys[i] = (uint16_t)((scratch->headers[i] & 15) | (scratch->headers[i] >> 4 & 0xFFF0));
            scratch->sums[i] = mix64(base + (uint64_t)i);
        }
        memset(keys + count, 0xff, LINE * sizeof *keys);
        for (uint32_t p = 0; p < tables->patterns; p++) {
            const match_single *single = &tables->singles[p];
            for (uint32_t i = 0; i < count; i += 64) {
                uint64_t bits = keys_equal(keys + i, single->want, single->mask);
                if (count - i < 64) {
                    bits &= (UINT64_C(1) << (count - i)) - 1;
                }
                while (bits != 0) {
                    const uint32_t at = i + (uint32_t)__builtin_ctzll(bits);
                    if (single->only_kind_and_symbol ||
                        is_match(tables->entries + 2 * (size_t)single->first_entry,
                                 tables->entries + 2 * (size_t)single->end_entry, scratch, forest, base, base + at)) {
                        record(scratch, p, base + at, scratch->sums[at], list);
                    }
                    bits &= bits - 1;
                }
            }
        }
        tree = next;
    }
}

static void match_brute(const match_tables *tables, match_scratch *scratch, const gpubench_forest *forest,
                        uint64_t first_tree, uint64_t end_tree)
{
    if (scratch->next == NULL) {
        match_each(tables, scratch, forest, first_tree, end_tree, false);
    } else {
        match_each(tables, scratch, forest, first_tree, end_tree, true);
    }
}
