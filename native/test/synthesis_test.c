/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Matching, expansion and rewriting at every SIMD level of this CPU, on 1 to 3 threads, against the naive reference.
 *
 * With the argument `large`, more than 4 GiB of text instead: see beyond_4_gib.
 */
#include <inttypes.h>
#include <string.h>

#include "check.h"
#include "synthesis_reference.h"

enum { POOLS = 4, GUARDS = 80, POISON = 0xA5 };

static gpubench_pool *pools[POOLS]; /* by the number of threads; 0: none */

/* Memory with guards behind it, which begins behind a multiple of 64. */
typedef struct {
    uint8_t *bytes;
    uint64_t count;
    uint32_t shift;
} guarded;

static guarded guard(uint64_t count, uint32_t shift)
{
    guarded made = {malloc(count + GUARDS + shift), count, shift};
    CHECK(made.bytes != NULL, "no memory for %" PRIu64 " bytes", count);
    made.bytes += shift;
    memset(made.bytes, POISON, count + GUARDS);
    return made;
}

static void check_guards(const guarded *memory, uint64_t used, const char *what)
{
    for (uint64_t i = used; i < memory->count + GUARDS; i++) {
        CHECK(memory->bytes[i] == POISON, "%s: byte %" PRIu64 " behind the end", what, i - used);
    }
}

static void unguard(guarded *memory)
{
    free(memory->bytes - memory->shift);
}

/* All matches by the reference. */
typedef struct {
    uint64_t *counts, *starts;
    uint32_t *nodes;
} match_list;

static match_list list_matches(const gpubench_forest *forest, const pattern_set *patterns)
{
    match_list list = {calloc(patterns->count, 2 * sizeof *list.counts),
                       calloc(patterns->count + (size_t)1, sizeof *list.starts), NULL};
    uint64_t capacity = 1024;
    list.nodes = malloc(capacity * sizeof *list.nodes);
    uint64_t end = 0;
    for (uint32_t p = 0; p < patterns->count; p++) {
        for (uint32_t i = 0; i < forest->nodes; i++) {
            if (reference_matches(patterns, p, forest, i)) {
                list.counts[2 * p]++;
                list.counts[2 * p + 1] += synthesis_mix64(i);
                if (end == capacity) {
                    list.nodes = realloc(list.nodes, (capacity *= 2) * sizeof *list.nodes);
                }
                list.nodes[end++] = i;
            }
        }
        list.starts[p + 1] = end;
    }
    return list;
}

static void free_list(match_list *list)
{
    free(list->counts);
    free(list->starts);
    free(list->nodes);
}

static void check_match(const gpubench_forest *forest, const pattern_set *patterns, const match_list *right,
                        int32_t level, int32_t threads, int32_t variant)
{
    char what[160];
    snprintf(what, sizeof what, "level %d, %d threads, variant %d, %u patterns, %" PRIu64 " nodes", level, threads,
             variant, patterns->count, forest->nodes);
    gpubench_match *match;
    int32_t error = gpubench_match_create(pools[threads], level, variant, patterns->count, patterns->starts,
                                          patterns->entries, &match);
    CHECK(error == GPUBENCH_HOST_OK, "%s: error %d", what, error);
    const uint64_t matches = right->starts[patterns->count];
    const uint64_t count_bytes = patterns->count * 2 * sizeof(uint64_t);
    const uint64_t start_bytes = (patterns->count + UINT64_C(1)) * sizeof(uint64_t);
    for (int list = 0; list < 3; list++) { /* 0: counts, 1: too little room, 2: list */
        guarded counts = guard(count_bytes, 8);
        guarded starts = guard(start_bytes, 8);
        guarded nodes = guard(matches * sizeof(uint32_t), 4);
        const uint64_t room = list == 1 && matches > 0 ? matches - 1 : matches;
        error = list == 0 ? gpubench_match_count(match, forest, (uint64_t *)counts.bytes)
                          : gpubench_match_list(match, forest, (uint64_t *)counts.bytes, (uint64_t *)starts.bytes,
                                                (uint32_t *)nodes.bytes, room);
        CHECK(error == (room < matches ? GPUBENCH_HOST_ERROR_ROOM : GPUBENCH_HOST_OK), "%s: error %d", what, error);
        for (uint32_t p = 0; p < 2 * patterns->count; p++) {
            CHECK(((uint64_t *)counts.bytes)[p] == right->counts[p],
                  "%s: word %u is %" PRIx64 " instead of %" PRIx64, what, p, ((uint64_t *)counts.bytes)[p],
                  right->counts[p]);
        }
        CHECK(list == 0 || memcmp(starts.bytes, right->starts, start_bytes) == 0, "%s: starts", what);
        if (list == 2) {
            for (uint64_t m = 0; m < matches; m++) {
                CHECK(((uint32_t *)nodes.bytes)[m] == right->nodes[m], "%s: match %" PRIu64, what, m);
            }
        }
        check_guards(&counts, count_bytes, what);
        check_guards(&starts, list == 0 ? 0 : start_bytes, what);
        check_guards(&nodes, list == 2 ? matches * sizeof(uint32_t) : 0, what);
        unguard(&counts);
        unguard(&starts);
        unguard(&nodes);
    }
    gpubench_match_destroy(match);
}

static void check_expand(const gpubench_forest *forest, const pattern_set *patterns, const template_set *templates,
                         const match_list *list, int32_t level, int32_t threads, uint32_t shift)
{
    char what[160];
    snprintf(what, sizeof what, "level %d, %d threads, %u templates, %" PRIu64 " nodes, shift %u", level, threads,
             patterns->count, forest->nodes, shift);
    gpubench_expand *expand;
    int32_t error = gpubench_expand_create(pools[threads], level, patterns->count, templates->images,
                                           templates->image_starts, templates->lengths, templates->hole_starts,
                                           templates->holes, &expand);
    CHECK(error == GPUBENCH_HOST_OK, "%s: error %d", what, error);
    const uint64_t matches = list->starts[patterns->count];
    uint64_t length = 0;
    uint32_t longest = 0;
    for (uint32_t p = 0; p < patterns->count; p++) {
        length += list->counts[2 * p] * templates->lengths[p];
        longest = longest > templates->lengths[p] ? longest : templates->lengths[p];
    }
    guarded offsets = guard((matches + 1) * sizeof(uint64_t), 8);
    guarded text = guard(length, shift);
    if (length > 0) {
        error = gpubench_expand_run(expand, forest, list->starts, list->nodes, (uint64_t *)offsets.bytes, text.bytes,
                                    length - 1);
        CHECK(error == GPUBENCH_HOST_ERROR_ROOM, "%s: error %d", what, error);
        check_guards(&offsets, 0, what);
        check_guards(&text, 0, what);
    }
    error = gpubench_expand_run(expand, forest, list->starts, list->nodes, (uint64_t *)offsets.bytes, text.bytes,
                                length);
    CHECK(error == GPUBENCH_HOST_OK, "%s: error %d", what, error);
    uint8_t *one = malloc(longest + (size_t)1);
    uint64_t at = 0;
    for (uint32_t p = 0; p < patterns->count; p++) {
        for (uint64_t m = list->starts[p]; m < list->starts[p + 1]; m++) {
            CHECK(((uint64_t *)offsets.bytes)[m] == at, "%s: offset %" PRIu64, what, m);
            reference_expand(templates, p, forest, list->nodes[m], one);
            CHECK(memcmp(text.bytes + at, one, templates->lengths[p]) == 0, "%s: expansion %" PRIu64, what, m);
            at += templates->lengths[p];
        }
    }
    CHECK(((uint64_t *)offsets.bytes)[matches] == length, "%s: length", what);
    check_guards(&offsets, (matches + 1) * sizeof(uint64_t), what);
    check_guards(&text, length, what);
    free(one);
    unguard(&offsets);
    unguard(&text);
    gpubench_expand_destroy(expand);
}

/* Of patterns; what they match; their templates. */
static void check_patterns(const gpubench_forest *forest, const pattern_set *patterns, uint64_t seed)
{
    match_list list = list_matches(forest, patterns);
    const uint32_t runs = seed % 3 == 0 ? 0 : seed % 3 == 1 ? 25 : 700;
    template_set templates = templates_random(patterns, seed % 2 == 0 ? 8 : 111, runs, seed);
    for (int32_t level = 0; level <= gpubench_host_simd_best(); level++) {
        for (int32_t threads = 0; threads < POOLS; threads++) {
            for (int32_t variant = GPUBENCH_MATCH_BRUTE; variant <= GPUBENCH_MATCH_INDEX; variant++) {
                check_match(forest, patterns, &list, level, threads, variant);
            }
            if (list.starts[patterns->count] * (2 * runs + 1) < 20000000) {
                check_expand(forest, patterns, &templates, &list, level, threads, (uint32_t)(seed + 13 * (uint32_t)threads) % 64);
            }
        }
    }
    templates_free(&templates);
    free_list(&list);
}

static void check_rewrite(const gpubench_forest *forest, uint32_t shift)
{
    gpubench_forest right = forest_allocate(forest->nodes, forest->trees, 0);
    reference_rewrite(forest, &right);
    const uint64_t left = right.nodes;
    for (int32_t level = 0; level <= gpubench_host_simd_best(); level++) {
        for (int32_t threads = 0; threads < POOLS; threads++) {
            char what[160];
            snprintf(what, sizeof what, "level %d, %d threads, %" PRIu64 " nodes in %" PRIu64 " trees", level, threads,
                     forest->nodes, forest->trees);
            gpubench_rewrite *rewrite;
            CHECK(gpubench_rewrite_create(pools[threads], level, &rewrite) == GPUBENCH_HOST_OK, "%s", what);
            guarded kinds = guard(forest->nodes, shift);
            guarded arities = guard(forest->nodes, shift);
            guarded symbols = guard(4 * forest->nodes, 4 * shift);
            guarded children = guard(4 * forest->nodes, 4 * shift);
            guarded values = guard(4 * forest->nodes, 4 * shift);
            guarded starts = guard(4 * (forest->trees + 1), 4 * shift);
            const gpubench_forest to = {forest->nodes,
                                        forest->trees,
                                        kinds.bytes,
                                        arities.bytes,
                                        (uint32_t *)symbols.bytes,
                                        (uint32_t *)children.bytes,
                                        (int32_t *)values.bytes,
                                        (uint32_t *)starts.bytes};
            for (int repetition = 0; repetition < 2; repetition++) {
                CHECK(gpubench_rewrite_run(rewrite, forest, &to) == GPUBENCH_HOST_OK, "%s", what);
                CHECK(to.tree_starts[forest->trees] == left, "%s: %u nodes instead of %" PRIu64, what,
                      to.tree_starts[forest->trees], left);
                CHECK(memcmp(to.kinds, right.kinds, left) == 0, "%s: kinds", what);
                CHECK(memcmp(to.arities, right.arities, left) == 0, "%s: arities", what);
                CHECK(memcmp(to.symbols, right.symbols, 4 * left) == 0, "%s: symbols", what);
                CHECK(memcmp(to.first_children, right.first_children, 4 * left) == 0, "%s: children", what);
                CHECK(memcmp(to.values, right.values, 4 * left) == 0, "%s: values", what);
                CHECK(memcmp(to.tree_starts, right.tree_starts, 4 * (forest->trees + 1)) == 0, "%s: starts", what);
            }
            check_guards(&kinds, left, what);
            check_guards(&arities, left, what);
            check_guards(&symbols, 4 * left, what);
            check_guards(&children, 4 * left, what);
            check_guards(&values, 4 * left, what);
            check_guards(&starts, 4 * (forest->trees + 1), what);
            unguard(&kinds);
            unguard(&arities);
            unguard(&symbols);
            unguard(&children);
            unguard(&values);
            unguard(&starts);
            gpubench_rewrite_destroy(rewrite);
        }
    }
    forest_free(&right, 0);
}

static void random_forests(void)
{
    /* Nodes, nodes of a tree (0: of all sizes), patterns. */
    static const uint32_t cases[][3] = {
        {1, 0, 1},      {2, 0, 2},     {3, 1, 3},      {7, 0, 5},      {15, 0, 31},   {16, 0, 32},   {17, 0, 33},
        {63, 1, 64},    {64, 64, 65},  {65, 0, 95},    {255, 3, 96},   {1000, 0, 97}, {1024, 1024, 4}, {2047, 1024, 32},
        {2048, 1024, 200}, {2049, 1024, 33}, {4097, 0, 1000}, {8192, 1024, 16}, {20011, 0, 64}, {1531, 7, 4096},
    };
    for (uint32_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const uint32_t shift = i % 5;
        gpubench_forest forest = forest_random(cases[i][0], cases[i][1], i % 4 == 0 ? 256 : 64 * (i % 4), shift, i);
        for (int odd = 0; odd < 2; odd++) {
            pattern_set patterns = patterns_cut(&forest, cases[i][2], odd != 0, i);
            check_patterns(&forest, &patterns, i);
            patterns_free(&patterns);
        }
        check_rewrite(&forest, (i + 3) % 7);
        forest_free(&forest, shift);
    }
}

static void shaped_forests(void)
{
    for (int shape = 0; shape < FOREST_SHAPES; shape++) {
        gpubench_forest forest = forest_shaped(shape, shape == FOREST_LEAVES ? 3001 : 21, 1);
        for (uint32_t count = 1; count <= 40; count += 39) {
            pattern_set patterns = patterns_cut(&forest, count, true, (uint64_t)shape);
            check_patterns(&forest, &patterns, (uint64_t)shape);
            patterns_free(&patterns);
        }
        check_rewrite(&forest, 2);
        forest_free(&forest, 1);
    }
}

/* A pattern that all nodes match, one that none does, and one of 111 nodes. */
static void extreme_patterns(void)
{
    enum { WIDEST = 111 };
    uint32_t starts[4] = {0, 1, 2, 2 + WIDEST};
    uint32_t entries[2 * (2 + WIDEST)] = {0, 1 << 26, 0xF, 15};
    uint32_t *entry = entries + 4;
    *entry++ = 0xFF;
    *entry++ = CALL | 10 << 4 | UINT32_C(10) << 27;
    for (uint32_t i = 0; i < 10; i++) {
        *entry++ = 0xF;
        *entry++ = CALL | i << 20 | 1 << 24 | UINT32_C(10) << 27;
        for (uint32_t j = 0; j < 10; j++) {
            *entry++ = i == 9 && j == 9 ? 0xF : 0;
            *entry++ = (i == 9 && j == 9 ? VARIABLE : 1 << 26) | j << 20 | 2 << 24;
        }
    }
    pattern_set patterns = {3, starts, entries};
    gpubench_forest forest = forest_shaped(FOREST_WIDE, 75, 0);
    match_list list = list_matches(&forest, &patterns);
    CHECK(list.counts[0] == forest.nodes && list.counts[2] == 0 && list.counts[4] == 37, "%" PRIu64 " matches",
          list.counts[4]);
    free_list(&list);
    check_patterns(&forest, &patterns, 5);
    check_patterns(&forest, &patterns, 10);
    forest_free(&forest, 0);
}

/* Output that goes past the caches. */
static void streamed_forests(void)
{
    gpubench_forest forest = forest_random((2 << 20) + 1234, 0, 192, 0, 99);
    check_rewrite(&forest, 1);
    pattern_set patterns = patterns_cut(&forest, 40, true, 99);
    template_set templates = templates_random(&patterns, 8, 25, 99);
    match_list list = list_matches(&forest, &patterns);
    CHECK(list.starts[40] > 1 << 20, "only %" PRIu64 " matches", list.starts[40]);
    for (int32_t level = 0; level <= gpubench_host_simd_best(); level++) {
        for (int32_t threads = 1; threads < POOLS; threads++) {
            check_match(&forest, &patterns, &list, level, threads, GPUBENCH_MATCH_INDEX);
            check_expand(&forest, &patterns, &templates, &list, level, threads, (uint32_t)(level + threads));
        }
    }
    templates_free(&templates);
    patterns_free(&patterns);
    free_list(&list);
    forest_free(&forest, 0);
}

/*
 * More than 4 GiB of text, by a template of 1 MiB with holes at both ends and across pieces, and a shorter one, for matches of a
 * wildcard: offsets of 64 bits. Takes 5 GB of memory. Last, on 2026-11-22: 4,361,446,231 bytes are right at all three
 * levels, in 38 s.
 */
static void beyond_4_gib(void)
{
    enum { MATCHES = 4111, LENGTH = GPUBENCH_MAX_TEMPLATE_BYTES, HOLES = 3, LAST = 12345 };
    gpubench_forest forest = forest_random(MATCHES, 0, 128, 0, 4);
    uint32_t starts[3] = {0, 1, 2};
    uint32_t entries[4] = {0, 1 << 26, 0, 1 << 26};
    pattern_set patterns = {2, starts, entries};
    uint8_t *images = malloc(LENGTH + LAST);
    uint64_t seed = 1;
    for (uint32_t i = 0; i < LENGTH + LAST; i++) {
        images[i] = (uint8_t)(' ' + synthesis_random(&seed) % 95);
    }
    uint32_t image_starts[3] = {0, LENGTH, LENGTH + LAST};
    uint32_t lengths[2] = {LENGTH, LAST};
    uint32_t hole_starts[3] = {0, HOLES, HOLES + 1};
    uint32_t holes[2 * (HOLES + 1)] = {0, 0, LENGTH / 2 - 3, 0, LENGTH - 8, 0, 1020, 0};
    template_set templates = {images, image_starts, lengths, hole_starts, holes};
    match_list list = list_matches(&forest, &patterns);
    const uint64_t length = (uint64_t)MATCHES * LENGTH + (uint64_t)MATCHES * LAST;
    for (int32_t level = gpubench_host_simd_best(); level >= 0; level--) {
        gpubench_expand *expand;
        CHECK(gpubench_expand_create(pools[2], level, 2, images, image_starts, lengths, hole_starts, holes, &expand) ==
                  GPUBENCH_HOST_OK, "level %d", level);
        uint64_t *offsets = calloc(2 * MATCHES + 1, sizeof *offsets);
        uint8_t *text = gpubench_memory_create(length + GUARDS);
        CHECK(text != NULL, "no memory for %" PRIu64 " bytes", length);
        CHECK(gpubench_expand_run(expand, &forest, list.starts, list.nodes, offsets, text, length) == GPUBENCH_HOST_OK,
              "level %d", level);
        CHECK(offsets[2 * MATCHES] == length, "level %d: %" PRIu64 " bytes", level, offsets[2 * MATCHES]);
        uint8_t *one = malloc(LENGTH);
        for (uint32_t m = 0; m < 2 * MATCHES; m++) {
            const uint32_t p = m / MATCHES;
            const uint64_t at = p == 0 ? (uint64_t)m * LENGTH : (uint64_t)MATCHES * LENGTH + (uint64_t)(m - MATCHES) * LAST;
            CHECK(offsets[m] == at, "level %d: offset %u is %" PRIu64, level, m, offsets[m]);
            reference_expand(&templates, p, &forest, list.nodes[m], one);
            CHECK(memcmp(text + at, one, lengths[p]) == 0, "level %d: expansion %u", level, m);
        }
        for (int i = 0; i < GUARDS; i++) {
            CHECK(text[length + (uint64_t)i] == 0, "level %d: stored too far", level);
        }
        printf("level %d: %" PRIu64 " bytes are right\n", level, length);
        gpubench_memory_destroy(text, length + GUARDS);
        gpubench_expand_destroy(expand);
        free(offsets);
        free(one);
    }
    free_list(&list);
    free(images);
    forest_free(&forest, 0);
}

static void rejects_bad_arguments(void)
{
    const int32_t bad = GPUBENCH_HOST_ERROR_ARGUMENT;
    const uint32_t starts[2] = {0, 1};
    const uint32_t entries[2] = {0, 1 << 26};
    gpubench_match *match;
#define MATCH(level, variant, patterns, s, e) gpubench_match_create(NULL, level, variant, patterns, s, e, &match)
    CHECK(gpubench_match_create(NULL, 0, 0, 1, starts, entries, NULL) == bad, "nowhere to store it");
    CHECK(MATCH(-1, 0, 1, starts, entries) == bad && match == NULL, "no level");
    CHECK(MATCH(gpubench_host_simd_best() + 1, 0, 1, starts, entries) == bad, "no level");
    CHECK(MATCH(0, 2, 1, starts, entries) == bad, "no variant");
    CHECK(MATCH(0, 0, 0, starts, entries) == bad, "no patterns");
    CHECK(MATCH(0, 0, GPUBENCH_MAX_PATTERNS + 1, starts, entries) == bad, "too many patterns");
    CHECK(MATCH(0, 0, 1, NULL, entries) == bad && MATCH(0, 0, 1, starts, NULL) == bad, "no arrays");
    const uint32_t empty[2] = {0, 0};
    CHECK(MATCH(0, 0, 1, empty, entries) == bad, "a pattern without nodes");
    const uint32_t two[2] = {0, 2};
    const uint32_t one_child = CALL | UINT32_C(1) << 27;
    const uint32_t orphan[4] = {15, one_child, 0, 2 << 24};
    CHECK(MATCH(0, 0, 1, two, orphan) == bad, "a child of no child");
    const uint32_t second[4] = {15, one_child, 0, 1 << 24 | 1 << 20};
    CHECK(MATCH(0, 0, 1, two, second) == bad, "the second of one child");
    const uint32_t deep[4] = {15, one_child, 0, 3 << 24};
    CHECK(MATCH(0, 0, 1, two, deep) == bad, "a fourth level");
    const uint32_t roots[4] = {15, one_child, 15, one_child};
    CHECK(MATCH(0, 0, 1, two, roots) == bad, "two roots");

    gpubench_forest forest = forest_shaped(FOREST_WIDE, 1, 0);
    uint64_t counts[2] = {7, 7};
    uint64_t list_starts[2];
    CHECK(MATCH(0, 0, 1, starts, entries) == GPUBENCH_HOST_OK, "one wildcard");
#undef MATCH
    CHECK(gpubench_match_count(NULL, &forest, counts) == bad && gpubench_match_count(match, NULL, counts) == bad &&
              gpubench_match_count(match, &forest, NULL) == bad, "something missing");
    gpubench_forest none = forest;
    none.nodes = 0;
    CHECK(gpubench_match_count(match, &none, counts) == bad, "no nodes");
    none.nodes = GPUBENCH_MAX_NODES + 1;
    CHECK(gpubench_match_count(match, &none, counts) == bad, "too many nodes");
    none = forest;
    none.kinds = NULL;
    CHECK(gpubench_match_count(match, &none, counts) == bad, "no kinds");
    none = forest;
    none.trees = forest.nodes + 1;
    CHECK(gpubench_match_count(match, &none, counts) == bad, "trees without nodes");
    CHECK(gpubench_match_list(match, &forest, counts, NULL, NULL, 0) == bad, "no starts");
    CHECK(gpubench_match_list(match, &forest, counts, list_starts, NULL, 1) == bad, "no list");
    gpubench_match_destroy(match);
    gpubench_match_destroy(NULL);

    gpubench_expand *expand;
    const uint8_t image[32] = {0};
    const uint32_t image_starts[2] = {0, 32};
    uint32_t length = 20;
    uint32_t holes[4] = {0, 0, 8, 0};
#define EXPAND(level, patterns, h) gpubench_expand_create(NULL, level, patterns, image, image_starts, &length, two, h, &expand)
    CHECK(EXPAND(-1, 1, holes) == bad && expand == NULL, "no level");
    CHECK(EXPAND(0, 0, holes) == bad, "no patterns");
    CHECK(EXPAND(0, 1, NULL) == bad, "no holes");
    holes[2] = 7;
    CHECK(EXPAND(0, 1, holes) == bad, "holes that overlap");
    holes[2] = 13;
    CHECK(EXPAND(0, 1, holes) == bad, "a hole beyond the end");
    holes[2] = 12;
    holes[1] = 3;
    CHECK(EXPAND(0, 1, holes) == bad, "a fourth level");
    holes[1] = 2 | 10 << 8;
    CHECK(EXPAND(0, 1, holes) == bad, "an eleventh child");
    holes[1] = 0;
    length = GPUBENCH_MAX_TEMPLATE_BYTES + 1;
    CHECK(EXPAND(0, 1, holes) == bad, "too long");
    length = 20;
    CHECK(EXPAND(0, 1, holes) == GPUBENCH_HOST_OK, "two holes");
#undef EXPAND
    const uint64_t one_match[2] = {0, 1};
    const uint64_t backwards[2] = {0, UINT64_MAX};
    const uint32_t node = 0;
    uint8_t text[20];
    CHECK(gpubench_expand_run(expand, &forest, one_match, NULL, counts, text, 20) == bad, "no nodes");
    CHECK(gpubench_expand_run(expand, &forest, backwards, &node, counts, text, 20) == bad, "too many matches");
    CHECK(gpubench_expand_run(expand, &forest, one_match, &node, NULL, text, 20) == bad, "no offsets");
    CHECK(gpubench_expand_run(expand, &forest, one_match, &node, counts, NULL, 20) == bad, "no text");
    CHECK(counts[0] == 7, "touched");
    gpubench_expand_destroy(expand);
    gpubench_expand_destroy(NULL);

    gpubench_rewrite *rewrite;
    CHECK(gpubench_rewrite_create(NULL, -1, &rewrite) == bad && rewrite == NULL, "no level");
    CHECK(gpubench_rewrite_create(NULL, 0, &rewrite) == GPUBENCH_HOST_OK, "one thread");
    none = forest;
    none.nodes--;
    CHECK(gpubench_rewrite_run(rewrite, &forest, &none) == bad, "too little room");
    gpubench_rewrite_destroy(rewrite);
    gpubench_rewrite_destroy(NULL);
    forest_free(&forest, 0);
}

int main(int argc, char **argv)
{
    for (int32_t threads = 1; threads < POOLS; threads++) {
        CHECK(gpubench_pool_create(threads, &pools[threads]) == GPUBENCH_HOST_OK, "%d threads", threads);
    }
    if (argc > 1 && strcmp(argv[1], "large") == 0) {
        beyond_4_gib();
    } else {
        rejects_bad_arguments();
        extreme_patterns();
        shaped_forests();
        random_forests();
        streamed_forests();
    }
    for (int32_t threads = 1; threads < POOLS; threads++) {
        gpubench_pool_destroy(pools[threads]);
    }
    printf("SIMD levels 0 to %d agree with the reference\n", gpubench_host_simd_best());
    return EXIT_SUCCESS;
}
