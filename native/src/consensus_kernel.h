/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the SIMD levels of the consensus kernel share; consensus.c explains the algorithm. Each level compiles the inline
 * functions below with its own instructions.
 */
#ifndef GPUBENCH_CONSENSUS_KERNEL_H
#define GPUBENCH_CONSENSUS_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "gpubench_host.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* The stages of a message's check, in order. */
enum { STAGE_VALIDATOR, STAGE_ROUND, STAGE_PHASE, STAGE_ZERO, STAGE_PROPOSAL, STAGE_TAG, STAGES };

/* Bitmaps are padded to cache lines and merged in blocks of up to 16 words: 1,024 validators. */
enum { LINE_WORDS = 8, BLOCK_WORDS = 16 };

/* How many messages ahead keys are prefetched, and from how many validators on: where the keys outgrow the L1 cache. */
enum { PREFETCH_DISTANCE = 64, PREFETCH_VALIDATORS = 2048 };

/* How many messages ahead messages are prefetched: 8 KiB, which a core reads in a microsecond. */
enum { MESSAGES_AHEAD = 256 };

/* The initial state of SipHash, the block that carries the length of 24 bytes, and the finalisation mark. */
#define SIP_V0 0x736f6d6570736575
#define SIP_V1 0x646f72616e646f6d
#define SIP_V2 0x6c7967656e657261
#define SIP_V3 0x7465646279746573
#define SIP_LENGTH 0x1800000000000000
#define SIP_END 0xff

/* The working memory of one thread. */
typedef struct {
    /* What the tally leaves. */
    _Alignas(64) uint64_t survivors[STAGES]; /* messages that passed this stage and all before it */
    uint64_t *seen;                          /* a bitmap of `stride` words per proposal */
    uint32_t *overflow;                      /* validators of messages whose bit in `seen` was already set */
    size_t overflow_count;
    /* What the merge leaves. */
    _Alignas(64) uint64_t accepted;
    uint64_t equivocation;
    uint64_t weights[GPUBENCH_MAX_PROPOSALS];
    /* What the overflow list turned out to be: this many messages of equivocators, and otherwise duplicates. */
    uint64_t overflow_equivocation;
} consensus_part;

/* What all threads read, and in the merge write at disjoint blocks. */
typedef struct {
    /* Of the epoch. */
    uint32_t validators;
    uint32_t stride;         /* words of a bitmap */
    const uint32_t *weights; /* 64 * stride, 0 beyond the last validator */
    const uint64_t *keys;    /* a pair per validator */
    /* Of the round. */
    const gpubench_consensus_header *header;
    const gpubench_message *messages;
    consensus_part *parts;
    uint32_t part_count;
    uint64_t *accepted; /* a bitmap per proposal */
    uint64_t *equivocators;
} consensus_state;

/* One SIMD level. */
typedef struct {
    /* Checks `count` messages from `first` on and records them in the part. */
    void (*tally)(const consensus_state *state, consensus_part *part, uint32_t first, uint32_t count);
    void (*tally_without_tags)(const consensus_state *state, consensus_part *part, uint32_t first, uint32_t count);
    /* Merges all parts' bitmaps over some blocks, and adds up into `into`. */
    void (*merge)(const consensus_state *state, consensus_part *into, uint32_t first_block, uint32_t end_block);
    /* Counts the entries of the part's overflow list that are equivocators; after the merge. */
    void (*resolve)(const consensus_state *state, consensus_part *part);
} consensus_kernel;

extern const consensus_kernel consensus_scalar;
#if defined(__x86_64__)
extern const consensus_kernel consensus_avx2;
extern const consensus_kernel consensus_avx512;
#endif

/*
 * The last messages of a part, padded to a full batch with messages that no part counts: their validator is unknown, and
 * unknown validators are counted as those of all messages that did not survive.
 */
ALWAYS_INLINE const gpubench_message *padded_batch(gpubench_message *batch, uint32_t lanes,
                                                   const gpubench_message *messages, uint32_t count)
{
    memcpy(batch, messages, count * sizeof *batch);
    memset(batch + count, 0xff, (lanes - count) * sizeof *batch);
    return batch;
}

/* An unknown validator reads the first key. (A minimum with the last index would be moved to vectors and back by gcc.) */
ALWAYS_INLINE uint32_t key_index(const consensus_state *state, const gpubench_message *message)
{
    return message->validator & -(uint32_t)(message->validator < state->validators);
}

/* Prefetching beyond the end of the messages is avoided, since their validators are read. */
ALWAYS_INLINE void prefetch_keys(const consensus_state *state, const gpubench_message *messages, uint32_t lanes)
{
    for (uint32_t lane = 0; lane < lanes; lane++) {
        __builtin_prefetch(&state->keys[2 * (size_t)key_index(state, &messages[lane])]);
    }
}

/* Inputs come from memory, and hardware prefetchers stop at the end of a page. Beyond the last message it does no harm. */
ALWAYS_INLINE void prefetch_messages(const gpubench_message *messages, uint32_t lanes)
{
    const char *ahead = (const char *)messages + MESSAGES_AHEAD * sizeof *messages;
    for (uint32_t byte = 0; byte < lanes * sizeof *messages; byte += 64) {
        __builtin_prefetch(ahead + byte);
    }
}

/* Sets a validator's bit, or none if `bit` is 0, and appends the validator to the overflow list if it was set. */
ALWAYS_INLINE uint32_t *record(uint64_t *seen, size_t slot, uint64_t bit, uint32_t validator, uint32_t *overflow)
{
    uint64_t before = seen[slot];
    seen[slot] = before | bit;
    *overflow = validator;
    return overflow + ((before & bit) != 0);
}

ALWAYS_INLINE void resolve_overflow(const consensus_state *state, consensus_part *part)
{
    const uint64_t *equivocators = state->equivocators;
    const uint32_t *overflow = part->overflow;
    uint64_t count = 0;
    for (size_t i = 0; i < part->overflow_count; i++) {
        count += equivocators[overflow[i] / 64] >> (overflow[i] & 63) & 1;
    }
    part->overflow_equivocation = count;
}

/* Adds the weights of the set bits of some words. */
typedef uint64_t sum_weights(const uint64_t *bits, const uint32_t *weights, uint32_t words);

/* Some words of a bitmap; the compiler maps them to the vectors that it may use. Wider ones map badly without AVX-512. */
enum { ROW_WORDS = 4 };
typedef uint64_t row __attribute__((vector_size(ROW_WORDS * sizeof(uint64_t)), may_alias));

ALWAYS_INLINE row *row_at(const consensus_state *state, uint64_t *bitmaps, uint32_t k, size_t word)
{
    return (row *)(bitmaps + k * (size_t)state->stride + word);
}

ALWAYS_INLINE uint64_t count_bits(const row *bits)
{
    const uint64_t *words = (const uint64_t *)bits;
    uint64_t count = 0;
    for (int w = 0; w < ROW_WORDS; w++) {
        count += (uint64_t)__builtin_popcountll(words[w]);
    }
    return count;
}

ALWAYS_INLINE bool is_empty(const row *bits)
{
    const uint64_t *words = (const uint64_t *)bits;
    uint64_t any = 0;
    for (int w = 0; w < ROW_WORDS; w++) {
        any |= words[w];
    }
    return any == 0;
}

/* Merges the ROW_WORDS words from `word` on. */
ALWAYS_INLINE void merge_row(const consensus_state *state, consensus_part *into, size_t word)
{
    const uint32_t proposals = state->header->proposal_count;
    const uint32_t parts = state->part_count;
    row any = {0};   /* seen for at least one proposal */
    row multi = {0}; /* for at least two */
    for (uint32_t k = 0; k < proposals; k++) {
        row joined = *row_at(state, state->parts[0].seen, k, word);
        for (uint32_t part = 1; part < parts; part++) {
            joined |= *row_at(state, state->parts[part].seen, k, word);
        }
        multi |= any & joined;
        any |= joined;
        *row_at(state, state->accepted, k, word) = joined;
    }
    any &= ~multi;
    into->accepted += count_bits(&any);
    *row_at(state, state->equivocators, 0, word) = multi;

    if (!is_empty(&multi)) {
        for (uint32_t k = 0; k < proposals; k++) {
            *row_at(state, state->accepted, k, word) &= ~multi;
            for (uint32_t part = 0; part < parts; part++) {
                row equivocation = *row_at(state, state->parts[part].seen, k, word) & multi;
                into->equivocation += count_bits(&equivocation);
            }
        }
    }
}

/* Other threads' bitmaps lie in other cores' caches: all their lines are asked for before the first is waited for. */
ALWAYS_INLINE void prefetch_bitmaps(const consensus_state *state, size_t word, uint32_t words)
{
    for (uint32_t part = 1; part < state->part_count; part++) {
        for (uint32_t k = 0; k < state->header->proposal_count; k++) {
            for (uint32_t line = 0; line < words; line += LINE_WORDS) {
                __builtin_prefetch(row_at(state, state->parts[part].seen, k, word + line));
            }
        }
    }
}

ALWAYS_INLINE void merge_block(const consensus_state *state, consensus_part *into, uint32_t block, sum_weights *sum)
{
    size_t base = (size_t)block * BLOCK_WORDS;
    uint32_t words = state->stride - (uint32_t)base < BLOCK_WORDS ? state->stride - (uint32_t)base : BLOCK_WORDS;
    prefetch_bitmaps(state, base, words);
    for (uint32_t word = 0; word < words; word += ROW_WORDS) {
        merge_row(state, into, base + word);
    }
    for (uint32_t k = 0; k < state->header->proposal_count; k++) {
        into->weights[k] += sum(state->accepted + k * (size_t)state->stride + base, state->weights + 64 * base, words);
    }
}

ALWAYS_INLINE void merge_blocks(const consensus_state *state, consensus_part *into, uint32_t first_block,
                                uint32_t end_block, sum_weights *sum)
{
    into->accepted = 0;
    into->equivocation = 0;
    memset(into->weights, 0, sizeof into->weights);
    for (uint32_t block = first_block; block < end_block; block++) {
        merge_block(state, into, block, sum);
    }
}

#endif
