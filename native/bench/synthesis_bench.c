/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For development: matching, expansion and rewriting at each SIMD level next to the floor of each, memory read or copied,
 * all in turns, so that a change of the clock or of a neighbour hits all alike. Arguments: [nodes [patterns [turns [threads]]]].
 *
 * Shares are of the floor's time: 10 bytes a node read for matching; for expansion what is read and written once, as the
 * workload counts it; for rewriting 14 bytes a node read, and written of what is left. Medians of the turns.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "synthesis_reference.h"

enum { LEVELS = 3, READ = 0, COPY_EXPANDED, COPY_REWRITTEN, FLOORS, BRUTE = FLOORS, INDEX, LIST, EXPAND, REWRITE, ALL };

static const char *const names[ALL] = {"read", "copy as expand", "copy as rewrite", "match brute", "match index",
                                       "list index", "expand", "rewrite"};

/* Of one thread its own time, which others that want the processor do not lengthen. */
static clockid_t clock_id = CLOCK_MONOTONIC;

static double now_nanos(void)
{
    struct timespec time;
    clock_gettime(clock_id, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static uint64_t number(int argc, char **argv, int index, uint64_t otherwise)
{
    return argc > index ? strtoull(argv[index], NULL, 10) : otherwise;
}

static void *memory(uint64_t bytes)
{
    void *made = gpubench_memory_create(bytes + 64);
    if (made == NULL) {
        fprintf(stderr, "no memory\n");
        exit(EXIT_FAILURE);
    }
    memset(made, 1, bytes);
    return made;
}

static gpubench_forest in_huge_pages(gpubench_forest *from, bool copied)
{
    const uint64_t n = from->nodes;
    gpubench_forest made = {n, from->trees, memory(n), memory(n), memory(4 * n), memory(4 * n), memory(4 * n),
                            memory(4 * (from->trees + 1))};
    if (copied) {
        memcpy(made.kinds, from->kinds, n);
        memcpy(made.arities, from->arities, n);
        memcpy(made.symbols, from->symbols, 4 * n);
        memcpy(made.first_children, from->first_children, 4 * n);
        memcpy(made.values, from->values, 4 * n);
        memcpy(made.tree_starts, from->tree_starts, 4 * (from->trees + 1));
    }
    return made;
}

int main(int argc, char **argv)
{
    const uint64_t nodes = number(argc, argv, 1, 1 << 20);
    const uint32_t count = (uint32_t)number(argc, argv, 2, 32);
    const uint32_t turns = (uint32_t)number(argc, argv, 3, 51);
    const int32_t threads = (int32_t)number(argc, argv, 4, 1);
    const int32_t levels = gpubench_host_simd_best() + 1;
    gpubench_pool *pool;
    if (nodes < 1 || nodes > GPUBENCH_MAX_NODES || count < 1 || count > GPUBENCH_MAX_PATTERNS || turns < 1 ||
        gpubench_pool_create(threads, &pool) != GPUBENCH_HOST_OK) {
        fprintf(stderr, "not so many nodes, patterns, turns or threads\n");
        return EXIT_FAILURE;
    }
    clock_id = threads == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC;
    gpubench_forest made = forest_random(nodes, 0, 192, 0, 7);
    pattern_set patterns = patterns_cut(&made, count, false, 7);
    template_set templates = templates_random(&patterns, 8, 25, 7);
    gpubench_forest forest = in_huge_pages(&made, true);
    gpubench_forest folded = in_huge_pages(&made, false);
    gpubench_match *matches[2][LEVELS];
    gpubench_expand *expands[LEVELS];
    gpubench_rewrite *rewrites[LEVELS];
    for (int32_t level = 0; level < levels; level++) {
        for (int32_t variant = 0; variant < 2; variant++) {
            gpubench_match_create(pool, level, variant, count, patterns.starts, patterns.entries,
                                  &matches[variant][level]);
        }
        gpubench_expand_create(pool, level, count, templates.images, templates.image_starts, templates.lengths,
                               templates.hole_starts, templates.holes, &expands[level]);
        gpubench_rewrite_create(pool, level, &rewrites[level]);
    }
    uint64_t *counts = memory(count * 2 * sizeof *counts);
    uint64_t *starts = memory((count + UINT64_C(1)) * sizeof *starts);
    gpubench_match_list(matches[1][levels - 1], &forest, counts, starts, NULL, 0);
    const uint64_t listed = starts[count];
    uint32_t *list = memory(listed * sizeof *list);
    gpubench_match_list(matches[1][levels - 1], &forest, counts, starts, list, listed);
    uint64_t length = 0;
    uint64_t expand_bytes = listed * (sizeof *list + sizeof(uint64_t));
    for (uint32_t p = 0; p < count; p++) {
        uint64_t read = 0;
        for (uint32_t h = templates.hole_starts[p]; h < templates.hole_starts[p + 1]; h++) {
            read += sizeof(uint32_t);
        }
        length += counts[2 * p] * templates.lengths[p];
        expand_bytes += counts[2 * p] * (templates.lengths[p] + read);
    }
    uint64_t *offsets = memory((listed + 1) * sizeof *offsets);
    uint8_t *text = memory(length);
    gpubench_rewrite_run(rewrites[levels - 1], &forest, &folded);
    const uint64_t left = folded.tree_starts[forest.trees];

    const uint64_t floor_bytes[FLOORS] = {10 * nodes, expand_bytes, 14 * (nodes + left)};
    const uint64_t largest = floor_bytes[1] > floor_bytes[2] ? floor_bytes[1] : floor_bytes[2];
    uint64_t *from = memory(largest);
    uint64_t *to = memory(largest);
    double *nanos[ALL][LEVELS];
    double *shares[ALL][LEVELS];
    for (int what = 0; what < ALL; what++) {
        for (int32_t level = 0; level < levels; level++) {
            nanos[what][level] = malloc(turns * sizeof(double));
            shares[what][level] = malloc(turns * sizeof(double));
        }
    }
    uint64_t sum = 0;
    for (uint32_t turn = 0; turn < turns; turn++) {
        for (int32_t level = levels - 1; level >= 0; level--) {
            for (int what = 0; what < ALL; what++) {
                if (what == BRUTE && nodes * count > 100000000 * (uint64_t)threads && turn % 16 != 0) {
                    nanos[what][level][turn] = nanos[what][level][turn - 1]; /* it would take all the time */
                    shares[what][level][turn] = shares[what][level][turn - 1];
                    continue;
                }
                gpubench_pool_wake(pool);
                const double start = now_nanos();
                switch (what) {
                case READ: gpubench_ceiling_read(pool, levels - 1, from, floor_bytes[what] / 8, &sum); break;
                case COPY_EXPANDED:
                case COPY_REWRITTEN:
                    gpubench_ceiling_copy(pool, levels - 1, from, to, floor_bytes[what] / 16);
                    break;
                case BRUTE:
                case INDEX: gpubench_match_count(matches[what - BRUTE][level], &forest, counts); break;
                case LIST: gpubench_match_list(matches[1][level], &forest, counts, starts, list, listed); break;
                case EXPAND: gpubench_expand_run(expands[level], &forest, starts, list, offsets, text, length); break;
                default: gpubench_rewrite_run(rewrites[level], &forest, &folded);
                }
                nanos[what][level][turn] = now_nanos() - start;
                const int floor_of = what == EXPAND ? COPY_EXPANDED : what == REWRITE ? COPY_REWRITTEN : READ;
                shares[what][level][turn] = nanos[what < FLOORS ? what : floor_of][level][turn] / nanos[what][level][turn];
            }
        }
    }

    printf("%llu nodes in %llu trees, %u patterns, %llu matches (%.3f a node), %llu bytes of text, %.2f of the nodes left, "
           "%d threads, %u turns\n",
           (unsigned long long)nodes, (unsigned long long)forest.trees, count, (unsigned long long)listed,
           (double)listed / (double)nodes, (unsigned long long)length, (double)left / (double)nodes, threads, turns);
    printf("                  level   ns/node     GB/s   share of the floor, quartiles\n");
    for (int what = 0; what < ALL; what++) {
        for (int32_t level = what < FLOORS ? levels - 1 : 0; level < levels; level++) {
            qsort(nanos[what][level], turns, sizeof(double), compare);
            qsort(shares[what][level], turns, sizeof(double), compare);
            const double median = nanos[what][level][turns / 2];
            const uint64_t bytes = what < FLOORS ? floor_bytes[what]
                                                 : floor_bytes[what == EXPAND ? COPY_EXPANDED : what == REWRITE ? COPY_REWRITTEN : READ];
            printf("%-16s  %5d  %8.3f  %7.2f   %.3f  %.3f %.3f\n", names[what], level, median / (double)nodes,
                   (double)bytes / median, shares[what][level][turns / 2], shares[what][level][turns / 4],
                   shares[what][level][3 * turns / 4]);
        }
    }
    return EXIT_SUCCESS;
}
