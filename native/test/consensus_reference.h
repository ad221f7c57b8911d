/* SPDX-License-Identifier: Apache-2.0 */
/* A naive consensus round, written from the definition and sharing no code with the kernels, and seeded inputs for it. */
#ifndef GPUBENCH_CONSENSUS_REFERENCE_H
#define GPUBENCH_CONSENSUS_REFERENCE_H

#include <stddef.h>
#include <stdint.h>

#include "gpubench_host.h"

typedef struct {
    uint32_t validators;
    uint32_t *weights;
    uint64_t *keys;
} reference_epoch;

/* The next number of a seeded sequence (SplitMix64). */
uint64_t reference_random(uint64_t *state);

/* SipHash-2-4 of any bytes under the key's two little-endian words. */
uint64_t reference_siphash(const uint64_t key[2], const void *data, size_t bytes);

/* Keys are random; weights are 1 .. GPUBENCH_MAX_WEIGHT, or all the maximum if `heavy`. */
reference_epoch reference_epoch_create(uint32_t validators, int heavy, uint64_t seed);
void reference_epoch_destroy(reference_epoch *epoch);

/*
 * Fills in a round whose header has proposals and digests: about one vote per validator in random order, a share of
 * `faults` per mille of them with one or more of every kind of fault.
 */
void reference_votes(const reference_epoch *epoch, const gpubench_consensus_header *header, gpubench_message *messages,
                     uint32_t faults, uint64_t seed);

size_t reference_result_words(uint32_t validators);
void reference_result(const reference_epoch *epoch, int32_t tags, const gpubench_consensus_header *header,
                      const gpubench_message *messages, uint64_t *result);

#endif
