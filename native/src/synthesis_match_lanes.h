/* SPDX-License-Identifier: Apache-2.0 */
/* Matching, in terms of the lanes that synthesis_lanes.h lists. */

INLINE uint32_t low_lanes(uint32_t count)
{
    return (uint32_t)((UINT64_C(1) << count) - 1);
}

/* ---- a chunk --------------------------------------------------------------------------------------------------- */

/* How far inputs are prefetched: hardware prefetchers stop at the end of a page. */
enum { AHEAD_NODES = 1024 };

/* The arrays of a forest, from a node on. */
typedef struct {
    const uint8_t *kinds, *arities;
    const uint32_t *symbols, *first_children;
} forest_part;

INLINE forest_part part_from(const gpubench_forest *forest, uint64_t base)
{
    return (forest_part){forest->kinds + base, forest->arities + base, forest->symbols + base,
                         forest->first_children + base};
}

/* Not to the nearest cache, which has fewer lines on their way at a time. */
INLINE void prefetch(const void *from, uint64_t bytes)
{
    __builtin_prefetch((const void *)((uintptr_t)from + bytes), 0, 2);
}

/* Prefetches what LANES nodes take. */
INLINE void prefetch_nodes(const forest_part *part, uint32_t i)
{
    if (i % (LINE / sizeof(uint32_t)) == 0) {
        prefetch(part->symbols + i, AHEAD_NODES * sizeof(uint32_t));
        prefetch(part->first_children + i, AHEAD_NODES * sizeof(uint32_t));
    }
    if (i % LINE == 0) {
        prefetch(part->kinds + i, AHEAD_NODES);
        prefetch(part->arities + i, AHEAD_NODES);
    }
}

/* The headers of a chunk from node `first` on, and behind them some that no pattern accepts. */
INLINE void read_headers(uint32_t *headers, const forest_part *part, uint32_t first, uint32_t count)
{
    uint32_t i = first;
    for (; i + LANES <= count; i += LANES) {
        prefetch_nodes(part, i);
        lanes_store(headers + i, lanes_header(lanes_bytes(part->kinds + i), lanes_bytes(part->arities + i),
                                              lanes_load(part->symbols + i)));
    }
    for (; i < count; i++) {
        headers[i] = part->kinds[i] | (uint32_t)part->arities[i] << 4 | part->symbols[i] << 8;
    }
    for (i = 0; i < LANES_ROOM; i++) {
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

/* The patterns that accept each node, of which the words have kind, arity and symbol from these bits on. */
INLINE lanes accepting(const rows *table, lanes kinds, lanes arities, int arity, lanes symbols, int symbol)
{
    const lanes lower = lanes_and3(lanes_digit(table->of[0], kinds, 0), lanes_digit(table->of[1], arities, arity),
                                   lanes_digit(table->of[2], symbols, symbol));
    return lanes_and3(lower, lanes_digit(table->of[3], symbols, symbol + 4),
                      lanes_digit(table->of[4], symbols, symbol + 8));
}

INLINE lanes accepting_headers(const rows *table, lanes headers)
{
    return accepting(table, headers, headers, 4, headers, 8);
}

/* Appends those nodes whose words are not 0. */
INLINE uint32_t append_nodes(match_nodes *to, uint32_t count, lanes nodes, lanes words)
{
    const uint32_t mask = lanes_mask(words);
    lanes_store(to->nodes + count, lanes_pack(mask, nodes));
    lanes_store(to->words + count, lanes_pack(mask, words));
    return count + (uint32_t)__builtin_popcount(mask);
}

/* Finds nodes whose roots a group accepts among those that are listed, or, without a list, all from `first` on. */
INLINE uint32_t try_roots(const match_group *group, match_scratch *scratch, uint32_t found, const uint32_t *headers,
                          const uint32_t *listed, uint32_t first, uint32_t count)
{
    const rows root = rows_load(&group->root);
    for (uint32_t i = first; i < count; i += LANES) {
        const lanes words = accepting_headers(&root, lanes_load(headers + i));
        if (lanes_mask(words) != 0) {
            found = append_nodes(&scratch->found, found, listed == NULL ? lanes_from(i) : lanes_load(listed + i), words);
        }
    }
    return found;
}

/* Reads the headers of a chunk, and looks at the roots of a group at the same time. */
INLINE uint32_t read_and_try_roots(const match_group *group, match_scratch *scratch, const forest_part *part,
                                   uint32_t count)
{
    const rows root = rows_load(&group->root);
    uint32_t found = 0;
    uint32_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        prefetch_nodes(part, i);
        const lanes kinds = lanes_bytes(part->kinds + i);
        const lanes arities = lanes_bytes(part->arities + i);
        const lanes symbols = lanes_load(part->symbols + i);
        lanes_store(scratch->headers + i, lanes_header(kinds, arities, symbols));
        /* A branch would be wrong often enough to keep the processor from what is to come from memory next. */
        const lanes words = accepting(&root, kinds, arities, 0, symbols, 0);
        if (LANES > 1 || lanes_mask(words) != 0) {
            found = append_nodes(&scratch->found, found, lanes_from(i), words);
        }
    }
    read_headers(scratch->headers, part, i, count);
    return try_roots(group, scratch, found, scratch->headers, NULL, i, count);
}

/* Sorts what is found into hits and candidates whose children are to be looked at. */
INLINE void sort_found(const match_group *group, match_scratch *scratch, uint32_t count, uint32_t *hits,
                       uint32_t *candidates)
{
    *hits = 0;
    *candidates = 0;
    lanes_store(scratch->found.nodes + count, lanes_of(0));
    lanes_store(scratch->found.words + count, lanes_of(0));
    for (uint32_t i = 0; i < count; i += LANES) {
        const lanes nodes = lanes_load(scratch->found.nodes + i);
        const lanes words = lanes_load(scratch->found.words + i);
        *hits = append_nodes(&scratch->hits, *hits, nodes, lanes_and(words, lanes_of(group->flat)));
        *candidates = append_nodes(&scratch->candidates, *candidates, nodes, lanes_and(words, lanes_of(~group->flat)));
    }
}

/* Leaves those candidates whose children are accepted too. Returns how many. */
INLINE uint32_t try_children(const match_tables *tables, const match_group *group, match_scratch *scratch,
                             const forest_part *part, uint32_t base, uint32_t count)
{
    match_nodes *candidates = &scratch->candidates;
    /* One by one, without vectors that are gathered: these have to wait for each other. */
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t node = candidates->nodes[i];
        /* So that memory works in the meantime. */
        prefetch(part->symbols + node, CHUNK_NODES * sizeof(uint32_t));
        prefetch(part->first_children + node, CHUNK_NODES * sizeof(uint32_t));
        const uint32_t child = part->first_children[node] - base;
        scratch->children[i] = child;
        memcpy(&scratch->pairs[i], scratch->headers + child, sizeof scratch->pairs[i]);
    }
    lanes_store(candidates->words + count, lanes_of(0));
    const rows first = rows_load(&group->first);
    const rows second = rows_load(&group->second);
    uint32_t left = 0;
    for (uint32_t i = 0; i < count; i += LANES) {
        const lanes words = lanes_and3(lanes_load(candidates->words + i),
                                       accepting_headers(&first, lanes_evens(scratch->pairs + i)),
                                       accepting_headers(&second, lanes_odds(scratch->pairs + i)));
        const uint32_t mask = lanes_mask(words);
        lanes_store(scratch->children + left, lanes_pack(mask, lanes_load(scratch->children + i)));
        left = append_nodes(candidates, left, lanes_load(candidates->nodes + i), words);
    }
    if (group->others == 0) {
        return left;
    }
    count = left;
    left = 0;
    lanes_store(scratch->children + count, lanes_of(0));
    lanes_store(candidates->words + count, lanes_of(0));
    for (uint32_t i = 0; i < count; i += LANES) {
        const lanes children = lanes_load(scratch->children + i);
        lanes words = lanes_load(candidates->words + i);
        if (lanes_mask(lanes_and(words, lanes_of(group->others))) != 0) {
            for (uint32_t c = group->first_child; c < group->end_child; c++) {
                const match_child *child = &tables->children[c];
                if (lanes_mask(lanes_and(words, lanes_of(child->asking))) != 0) {
                    const rows table = rows_load(&child->table);
                    const lanes headers = lanes_gather(scratch->headers + child->position, children);
                    words = lanes_and(words, accepting_headers(&table, headers));
                }
            }
        }
        left = append_nodes(candidates, left, lanes_load(candidates->nodes + i), words);
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

/* Leaves of a word the patterns whose checks pass. */
INLINE uint32_t check_deep(const match_tables *tables, const match_group *group, const match_scratch *scratch,
                           const gpubench_forest *forest, uint32_t base, uint32_t node, uint32_t word)
{
    for (uint32_t deep = word & group->deep; deep != 0; deep &= deep - 1) {
        const uint32_t slot = (uint32_t)__builtin_ctz(deep);
        if (!passes(tables->checks + group->first_check[slot], tables->checks + group->first_check[slot + 1], scratch,
                    forest, base, node)) {
            word &= ~(UINT32_C(1) << slot);
        }
    }
    return word;
}

INLINE void tally(match_scratch *scratch, const match_group *group, uint32_t slot, uint64_t mixed)
{
    match_tally *of = &scratch->tallies[group->pattern[slot]];
    of->count++;
    of->sum += mixed;
}

/* Records the matches of these nodes. */
INLINE void record_words(const match_tables *tables, const match_group *group, match_scratch *scratch,
                         const gpubench_forest *forest, uint32_t base, const match_nodes *nodes, uint32_t count, bool deep,
                         bool list)
{
    for (uint32_t first = 0; first < count; first += MIXED) {
        const uint32_t end = count - first < MIXED ? count - first : MIXED;
        uint64_t mixed[MIXED];
        if (!list) {
            for (uint32_t i = 0; i < MIXED; i++) {
                mixed[i] = mix64(base + nodes->nodes[first + i]);
            }
        }
        for (uint32_t i = 0; i < end; i++) {
            const uint32_t node = base + nodes->nodes[first + i];
            uint32_t word = nodes->words[first + i];
            if (deep) {
                word = check_deep(tables, group, scratch, forest, base, node, word);
            }
            if (list) {
                for (; word != 0; word &= word - 1) {
                    scratch->nodes[scratch->next[group->pattern[__builtin_ctz(word)]]++] = node;
                }
            } else {
                for (; word != 0; word &= word - 1) {
                    tally(scratch, group, (uint32_t)__builtin_ctz(word), mixed[i]);
                }
            }
        }
    }
}

/* The nodes of a kind, and their headers. */
INLINE uint32_t list_kind(match_scratch *scratch, uint32_t kind, uint32_t count)
{
    uint32_t listed = 0;
    for (uint32_t i = 0; i < count; i += LANES) {
        const lanes headers = lanes_load(scratch->headers + i);
        const uint32_t mask = lanes_equal(lanes_and(headers, lanes_of(15)), lanes_of(kind)) &
                              low_lanes(count - i < LANES ? count - i : LANES);
        lanes_store(scratch->listed + listed, lanes_pack(mask, lanes_from(i)));
        lanes_store(scratch->listed_headers + listed, lanes_pack(mask, headers));
        listed += (uint32_t)__builtin_popcount(mask);
    }
    lanes_store(scratch->listed_headers + listed, lanes_of(UINT32_MAX));
    return listed;
}

INLINE void match_tables_in(const match_tables *tables, match_scratch *scratch, const gpubench_forest *forest,
                            uint64_t first_tree, uint64_t end_tree, bool list)
{
    const uint32_t *starts = forest->tree_starts;
    for (uint64_t tree = first_tree; tree < end_tree;) {
        const uint64_t next = chunk_end(starts, tree, end_tree);
        const uint32_t base = starts[tree];
        const uint32_t count = starts[next] - base;
        const forest_part part = part_from(forest, base);
        const bool together = tables->kinds[0].kind == ANY_KIND;
        if (!together) {
            read_headers(scratch->headers, &part, 0, count);
        }
        for (uint32_t k = 0; k < tables->kind_count; k++) {
            const match_kind *kind = &tables->kinds[k];
            const bool all = kind->kind == ANY_KIND;
            const uint32_t nodes = all ? count : list_kind(scratch, kind->kind, count);
            for (uint32_t g = kind->first_group; g < kind->end_group; g++) {
                const match_group *group = &tables->groups[g];
                uint32_t found;
                if (together && g == 0) {
                    found = read_and_try_roots(group, scratch, &part, count);
                } else if (all) {
                    found = try_roots(group, scratch, 0, scratch->headers, NULL, 0, nodes);
                } else {
                    found = try_roots(group, scratch, 0, scratch->listed_headers, scratch->listed, 0, nodes);
                }
                uint32_t hits;
                uint32_t candidates;
                sort_found(group, scratch, found, &hits, &candidates);
                if (candidates > 0) {
                    const uint32_t left = try_children(tables, group, scratch, &part, base, candidates);
                    record_words(tables, group, scratch, forest, base, &scratch->candidates, left, true, list);
                }
                record_words(tables, group, scratch, forest, base, &scratch->hits, hits, false, list);
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
        const forest_part part = part_from(forest, base);
        read_headers(scratch->headers, &part, 0, count);
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
