/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Naive matching, expansion and rewriting, written from the definition and sharing no code with the kernels, and seeded
 * inputs for them.
 */
#ifndef GPUBENCH_SYNTHESIS_REFERENCE_H
#define GPUBENCH_SYNTHESIS_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gpubench_host.h"

enum { LITERAL, VARIABLE, NEG, ADD, SUB, MUL, MIN, MAX, IF, CALL };

/* The next number of a seeded sequence (SplitMix64). */
uint64_t synthesis_random(uint64_t *state);

/* mix64 as it is defined. */
uint64_t synthesis_mix64(uint64_t z);

/* A forest of its own memory, to the byte, whose arrays begin `shift` elements behind a multiple of 64 bytes. */
gpubench_forest forest_allocate(uint64_t nodes, uint64_t trees, uint32_t shift);
void forest_free(gpubench_forest *forest, uint32_t shift);

/*
 * A random forest: trees of 4 .. 1,024 nodes, log-uniform, or all of `tree_nodes` if that is not 0; kinds and symbols as the
 * workload has them, `literals` of 256 leaves literals.
 */
gpubench_forest forest_random(uint64_t nodes, uint32_t tree_nodes, uint32_t literals, uint32_t shift, uint64_t seed);

/* One of trees that are all alike: tree `shape` of FOREST_SHAPES. */
enum { FOREST_CHAIN, FOREST_WIDE, FOREST_LEAVES, FOREST_FOLDS, FOREST_IFS, FOREST_SHAPES };
gpubench_forest forest_shaped(int shape, uint64_t trees, uint32_t shift);

/* Patterns as gpubench_match_create takes them. */
typedef struct {
    uint32_t count;
    uint32_t *starts;
    uint32_t *entries;
} pattern_set;

/* Patterns cut from the forest as the workload does it; `odd` ones too: lone wildcards, leaves, without symbol. */
pattern_set patterns_cut(const gpubench_forest *forest, uint32_t count, bool odd, uint64_t seed);
void patterns_free(pattern_set *set);

bool reference_matches(const pattern_set *set, uint32_t pattern, const gpubench_forest *forest, uint32_t node);

/* Templates as gpubench_expand_create takes them. */
typedef struct {
    uint8_t *images;
    uint32_t *image_starts, *lengths, *hole_starts, *holes;
} template_set;

/* Templates of `most` holes at most, with literal runs of fewer than `run_bytes` bytes. */
template_set templates_random(const pattern_set *set, uint32_t most_holes, uint32_t run_bytes, uint64_t seed);
void templates_free(template_set *templates);

/* The expansion of one match: writes lengths[pattern] bytes. */
void reference_expand(const template_set *templates, uint32_t pattern, const gpubench_forest *forest, uint32_t node,
                      uint8_t *text);

/* The forest rewritten; `to` has room for as many nodes. */
void reference_rewrite(const gpubench_forest *from, gpubench_forest *to);

#endif
