/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The consensus kernel with AVX2: four messages per vector, VECTORS vectors side by side, since one SipHash is a chain of
 * dependent instructions. Oracle: io.gpubench.workloads.consensus.ConsensusOracle.
 */
#include <immintrin.h>

#include "consensus_kernel.h"

enum { VECTORS = 2, LANES = 4 * VECTORS };

#define EACH_VECTOR _Pragma("GCC unroll 2") for (int j = 0; j < VECTORS; j++)

ALWAYS_INLINE __m256i rotate(__m256i value, int bits)
{
    return _mm256_or_si256(_mm256_slli_epi64(value, bits), _mm256_srli_epi64(value, 64 - bits));
}

ALWAYS_INLINE __m256i rotate_16(__m256i value)
{
    return _mm256_shuffle_epi8(value, _mm256_set_epi8(13, 12, 11, 10, 9, 8, 15, 14, 5, 4, 3, 2, 1, 0, 7, 6, 13, 12, 11,
                                                      10, 9, 8, 15, 14, 5, 4, 3, 2, 1, 0, 7, 6));
}

ALWAYS_INLINE __m256i rotate_32(__m256i value)
{
    return _mm256_shuffle_epi32(value, 0xb1);
}

ALWAYS_INLINE void sip_rounds(__m256i v0[VECTORS], __m256i v1[VECTORS], __m256i v2[VECTORS], __m256i v3[VECTORS],
                              int rounds)
{
    for (int round = 0; round < rounds; round++) {
        EACH_VECTOR v0[j] = _mm256_add_epi64(v0[j], v1[j]);
        EACH_VECTOR v2[j] = _mm256_add_epi64(v2[j], v3[j]);
        EACH_VECTOR v1[j] = _mm256_xor_si256(rotate(v1[j], 13), v0[j]);
        EACH_VECTOR v3[j] = _mm256_xor_si256(rotate_16(v3[j]), v2[j]);
        EACH_VECTOR v2[j] = _mm256_add_epi64(v2[j], v1[j]);
        EACH_VECTOR v0[j] = _mm256_add_epi64(rotate_32(v0[j]), v3[j]);
        EACH_VECTOR v1[j] = _mm256_xor_si256(rotate(v1[j], 17), v2[j]);
        EACH_VECTOR v3[j] = _mm256_xor_si256(rotate(v3[j], 21), v0[j]);
        EACH_VECTOR v2[j] = rotate_32(v2[j]);
    }
}

/* Loads four messages as four vectors of their words, in order. */
ALWAYS_INLINE void load_messages(const gpubench_message *messages, __m256i words[4])
{
    const __m256i *rows = (const __m256i *)messages;
    __m256i m0 = _mm256_loadu_si256(rows);
    __m256i m1 = _mm256_loadu_si256(rows + 1);
    __m256i m2 = _mm256_loadu_si256(rows + 2);
    __m256i m3 = _mm256_loadu_si256(rows + 3);
    __m256i even0 = _mm256_unpacklo_epi64(m0, m1);
    __m256i odd0 = _mm256_unpackhi_epi64(m0, m1);
    __m256i even1 = _mm256_unpacklo_epi64(m2, m3);
    __m256i odd1 = _mm256_unpackhi_epi64(m2, m3);
    words[0] = _mm256_permute2x128_si256(even0, even1, 0x20);
    words[1] = _mm256_permute2x128_si256(odd0, odd1, 0x20);
    words[2] = _mm256_permute2x128_si256(even0, even1, 0x31);
    words[3] = _mm256_permute2x128_si256(odd0, odd1, 0x31);
}

ALWAYS_INLINE __m256i load_keys(const consensus_state *state, const gpubench_message *a, const gpubench_message *b)
{
    const __m128i *keys = (const __m128i *)state->keys;
    return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_load_si128(keys + key_index(state, a))),
                                   _mm_load_si128(keys + key_index(state, b)), 1);
}

/* A checked batch, not yet recorded. The bits of messages that did not pass are 0. */
typedef struct {
    _Alignas(32) uint64_t slots[LANES], bits[LANES], validators[LANES];
} checked;

ALWAYS_INLINE uint32_t *record_quarter(uint64_t *seen, const checked *batch, int quarter, uint32_t *overflow)
{
#pragma GCC unroll 8
    for (int lane = quarter * (LANES / 4); lane < (quarter + 1) * (LANES / 4); lane++) {
        overflow = record(seen, batch->slots[lane], batch->bits[lane], (uint32_t)batch->validators[lane], overflow);
    }
    return overflow;
}

ALWAYS_INLINE uint32_t *record_all(uint64_t *seen, const checked *batch, uint32_t *overflow)
{
    for (int quarter = 0; quarter < 4; quarter++) {
        overflow = record_quarter(seen, batch, quarter, overflow);
    }
    return overflow;
}

/*
 * The tags that the messages should carry. The batch before is recorded between the rounds: these keep the vector units
 * busy and those the scalar ones, and a core does not look far enough ahead to find that out by itself.
 */
ALWAYS_INLINE uint32_t *expected_tags(const consensus_state *state, const gpubench_message *messages,
                                      __m256i words[VECTORS][4], __m256i tags[VECTORS], uint64_t *seen,
                                      const checked *before, uint32_t *overflow)
{
    __m256i v0[VECTORS], v1[VECTORS], v2[VECTORS], v3[VECTORS];
    EACH_VECTOR {
        __m256i keys0 = load_keys(state, messages + 4 * j, messages + 4 * j + 2);
        __m256i keys1 = load_keys(state, messages + 4 * j + 1, messages + 4 * j + 3);
        __m256i k0 = _mm256_unpacklo_epi64(keys0, keys1);
        __m256i k1 = _mm256_unpackhi_epi64(keys0, keys1);
        v0[j] = _mm256_xor_si256(k0, _mm256_set1_epi64x(SIP_V0));
        v1[j] = _mm256_xor_si256(k1, _mm256_set1_epi64x(SIP_V1));
        v2[j] = _mm256_xor_si256(k0, _mm256_set1_epi64x(SIP_V2));
        v3[j] = _mm256_xor_si256(k1, _mm256_set1_epi64x(SIP_V3));
    }
#pragma GCC unroll 4
    for (int word = 0; word < 4; word++) {
        EACH_VECTOR v3[j] = _mm256_xor_si256(v3[j], word < 3 ? words[j][word] : _mm256_set1_epi64x(SIP_LENGTH));
        sip_rounds(v0, v1, v2, v3, 2);
        EACH_VECTOR v0[j] = _mm256_xor_si256(v0[j], word < 3 ? words[j][word] : _mm256_set1_epi64x(SIP_LENGTH));
        overflow = record_quarter(seen, before, word, overflow);
    }
    EACH_VECTOR v2[j] = _mm256_xor_si256(v2[j], _mm256_set1_epi64x(SIP_END));
    sip_rounds(v0, v1, v2, v3, 4);
    EACH_VECTOR tags[j] = _mm256_xor_si256(_mm256_xor_si256(v0[j], v1[j]), _mm256_xor_si256(v2[j], v3[j]));
    return overflow;
}

ALWAYS_INLINE uint64_t sum_lanes(__m256i value)
{
    return (uint64_t)_mm256_extract_epi64(value, 0) + (uint64_t)_mm256_extract_epi64(value, 1) +
           (uint64_t)_mm256_extract_epi64(value, 2) + (uint64_t)_mm256_extract_epi64(value, 3);
}

ALWAYS_INLINE void tally(const consensus_state *state, consensus_part *part, uint32_t first, uint32_t count,
                         bool check_tags)
{
    const gpubench_consensus_header *header = state->header;
    const __m256i one = _mm256_set1_epi64x(1);
    const __m256i low_half = _mm256_set1_epi64x(0xffffffff);
    const __m256i validator_count = _mm256_set1_epi64x(state->validators);
    const __m256i round = _mm256_set1_epi64x(header->round);
    const __m256i phase = _mm256_set1_epi64x(header->phase);
    const bool prefetch = check_tags && state->validators >= PREFETCH_VALIDATORS;
    uint64_t *seen = part->seen;
    uint32_t *overflow = part->overflow;
    __m256i survivors[STAGES];
    for (int stage = 0; stage < STAGES; stage++) {
        survivors[stage] = _mm256_setzero_si256();
    }

    checked batch = {0};
    for (uint32_t done = 0; done < count; done += LANES) {
        gpubench_message tail[LANES];
        const gpubench_message *messages = state->messages + first + done;
        if (count - done < LANES) {
            messages = padded_batch(tail, LANES, messages, count - done);
        } else if (prefetch && count - done >= LANES + PREFETCH_DISTANCE) {
            prefetch_keys(state, messages + PREFETCH_DISTANCE, LANES);
        }
        prefetch_messages(messages, LANES);

        __m256i words[VECTORS][4], tags[VECTORS];
        EACH_VECTOR load_messages(messages + 4 * j, words[j]);
        if (check_tags) {
            overflow = expected_tags(state, messages, words, tags, seen, &batch, overflow);
        } else {
            overflow = record_all(seen, &batch, overflow);
        }

        __m256i proposal_base[VECTORS], known[VECTORS];
        EACH_VECTOR proposal_base[j] = known[j] = _mm256_setzero_si256();
        for (uint32_t k = header->proposal_count; k-- > 0;) {
            __m256i digest = _mm256_set1_epi64x((long long)header->digests[k]);
            __m256i base = _mm256_set1_epi64x((long long)k * state->stride);
            EACH_VECTOR {
                __m256i equal = _mm256_cmpeq_epi64(words[j][1], digest);
                proposal_base[j] = _mm256_blendv_epi8(proposal_base[j], base, equal);
                known[j] = _mm256_or_si256(known[j], equal);
            }
        }

        EACH_VECTOR {
            __m256i validator = _mm256_and_si256(words[j][0], low_half);
            __m256i alive = _mm256_cmpgt_epi64(validator_count, validator);
#define SURVIVE(stage) survivors[stage] = _mm256_sub_epi64(survivors[stage], alive)
            SURVIVE(STAGE_VALIDATOR);
            alive = _mm256_and_si256(alive, _mm256_cmpeq_epi64(_mm256_srli_epi64(words[j][0], 32), round));
            SURVIVE(STAGE_ROUND);
            alive = _mm256_and_si256(alive, _mm256_cmpeq_epi64(_mm256_and_si256(words[j][2], low_half), phase));
            SURVIVE(STAGE_PHASE);
            __m256i zero_field = _mm256_srli_epi64(words[j][2], 32);
            alive = _mm256_and_si256(alive, _mm256_cmpeq_epi64(zero_field, _mm256_setzero_si256()));
            SURVIVE(STAGE_ZERO);
            alive = _mm256_and_si256(alive, known[j]);
            SURVIVE(STAGE_PROPOSAL);
            if (check_tags) {
                alive = _mm256_and_si256(alive, _mm256_cmpeq_epi64(words[j][3], tags[j]));
            }
            SURVIVE(STAGE_TAG);
#undef SURVIVE
            __m256i slot = _mm256_add_epi64(proposal_base[j], _mm256_srli_epi64(validator, 6));
            __m256i shift = _mm256_and_si256(validator, _mm256_set1_epi64x(63));
            __m256i bit = _mm256_sllv_epi64(_mm256_and_si256(alive, one), shift);
            _mm256_store_si256((__m256i *)(batch.slots + 4 * j), _mm256_and_si256(alive, slot));
            _mm256_store_si256((__m256i *)(batch.bits + 4 * j), bit);
            _mm256_store_si256((__m256i *)(batch.validators + 4 * j), validator);
        }
        /* Otherwise gcc keeps the vectors and takes them apart lane by lane, which costs more than the memory does. */
        __asm__("" : "+m"(batch));
    }
    overflow = record_all(seen, &batch, overflow);

    for (int stage = 0; stage < STAGES; stage++) {
        part->survivors[stage] = sum_lanes(survivors[stage]);
    }
    part->overflow_count = (size_t)(overflow - part->overflow);
}

static void tally_with_tags(const consensus_state *state, consensus_part *part, uint32_t first, uint32_t count)
{
    tally(state, part, first, count, true);
}

static void tally_without_tags(const consensus_state *state, consensus_part *part, uint32_t first, uint32_t count)
{
    tally(state, part, first, count, false);
}

/* A lane of 32 bits holds the sum of a block, 8 * BLOCK_WORDS * GPUBENCH_MAX_WEIGHT = 2^27, and only a lane does. */
ALWAYS_INLINE uint64_t weight_of(const uint64_t *bits, const uint32_t *weights, uint32_t words)
{
    /* Shifted left by these, 32 broadcast bits have those of validators 0 .. 7 as signs: a mask for a masked load. */
    const __m256i first = _mm256_set_epi32(24, 25, 26, 27, 28, 29, 30, 31);
    __m256i sums[4];
    for (int group = 0; group < 4; group++) {
        sums[group] = _mm256_setzero_si256();
    }
    for (uint32_t word = 0; word < words; word++) {
        if (bits[word] == 0) {
            continue;
        }
#pragma GCC unroll 2
        for (int half = 0; half < 2; half++) {
            __m256i set = _mm256_set1_epi32((int)(bits[word] >> (32 * half)));
#pragma GCC unroll 4
            for (int group = 0; group < 4; group++) {
                __m256i mask = _mm256_sllv_epi32(set, _mm256_sub_epi32(first, _mm256_set1_epi32(8 * group)));
                const int *from = (const int *)(weights + 64 * word + 32 * half + 8 * group);
                sums[group] = _mm256_add_epi32(sums[group], _mm256_maskload_epi32(from, mask));
            }
        }
    }
    __m256i sum = _mm256_add_epi32(_mm256_add_epi32(sums[0], sums[1]), _mm256_add_epi32(sums[2], sums[3]));
    __m256i even = _mm256_and_si256(sum, _mm256_set1_epi64x(0xffffffff));
    return sum_lanes(_mm256_add_epi64(even, _mm256_srli_epi64(sum, 32)));
}

static void merge(const consensus_state *state, consensus_part *into, uint32_t first_block, uint32_t end_block)
{
    merge_blocks(state, into, first_block, end_block, weight_of);
}

static void resolve(const consensus_state *state, consensus_part *part)
{
    resolve_overflow(state, part);
}

const consensus_kernel consensus_avx2 = {tally_with_tags, tally_without_tags, merge, resolve};
