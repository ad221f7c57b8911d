/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The consensus kernel with AVX-512: eight messages per vector, VECTORS vectors side by side, since one SipHash is a chain
 * of dependent instructions. Oracle: io.gpubench.workloads.consensus.ConsensusOracle.
 */
#include <immintrin.h>

#include "consensus_kernel.h"

enum { VECTORS = 4, LANES = 8 * VECTORS };

#define EACH_VECTOR _Pragma("GCC unroll 4") for (int j = 0; j < VECTORS; j++)

ALWAYS_INLINE void sip_rounds(__m512i v0[VECTORS], __m512i v1[VECTORS], __m512i v2[VECTORS], __m512i v3[VECTORS],
                              int rounds)
{
    for (int round = 0; round < rounds; round++) {
        EACH_VECTOR v0[j] = _mm512_add_epi64(v0[j], v1[j]);
        EACH_VECTOR v2[j] = _mm512_add_epi64(v2[j], v3[j]);
        EACH_VECTOR v1[j] = _mm512_rol_epi64(v1[j], 13);
        EACH_VECTOR v3[j] = _mm512_rol_epi64(v3[j], 16);
        EACH_VECTOR v1[j] = _mm512_xor_si512(v1[j], v0[j]);
        EACH_VECTOR v3[j] = _mm512_xor_si512(v3[j], v2[j]);
        EACH_VECTOR v0[j] = _mm512_rol_epi64(v0[j], 32);
        EACH_VECTOR v2[j] = _mm512_add_epi64(v2[j], v1[j]);
        EACH_VECTOR v0[j] = _mm512_add_epi64(v0[j], v3[j]);
        EACH_VECTOR v1[j] = _mm512_rol_epi64(v1[j], 17);
        EACH_VECTOR v3[j] = _mm512_rol_epi64(v3[j], 21);
        EACH_VECTOR v1[j] = _mm512_xor_si512(v1[j], v2[j]);
        EACH_VECTOR v3[j] = _mm512_xor_si512(v3[j], v0[j]);
        EACH_VECTOR v2[j] = _mm512_rol_epi64(v2[j], 32);
    }
}

/* Loads eight messages as four vectors of their words. Lane i is message {0, 2, 1, 3, 4, 6, 5, 7}[i]. */
ALWAYS_INLINE void load_messages(const gpubench_message *messages, __m512i words[4])
{
    __m512i m01 = _mm512_loadu_si512(messages);
    __m512i m23 = _mm512_loadu_si512(messages + 2);
    __m512i m45 = _mm512_loadu_si512(messages + 4);
    __m512i m67 = _mm512_loadu_si512(messages + 6);
    __m512i even0 = _mm512_unpacklo_epi64(m01, m23);
    __m512i odd0 = _mm512_unpackhi_epi64(m01, m23);
    __m512i even1 = _mm512_unpacklo_epi64(m45, m67);
    __m512i odd1 = _mm512_unpackhi_epi64(m45, m67);
    words[0] = _mm512_shuffle_i64x2(even0, even1, 0x88);
    words[1] = _mm512_shuffle_i64x2(odd0, odd1, 0x88);
    words[2] = _mm512_shuffle_i64x2(even0, even1, 0xdd);
    words[3] = _mm512_shuffle_i64x2(odd0, odd1, 0xdd);
}

ALWAYS_INLINE __m512i load_keys(const consensus_state *state, const gpubench_message *messages, int a, int b, int c,
                                int d)
{
    const __m128i *keys = (const __m128i *)state->keys;
    __m256i low = _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_load_si128(keys + key_index(state, messages + a))),
                                          _mm_load_si128(keys + key_index(state, messages + b)), 1);
    __m256i high = _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_load_si128(keys + key_index(state, messages + c))),
                                           _mm_load_si128(keys + key_index(state, messages + d)), 1);
    return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
}

/* A checked batch: addresses of words of bitmaps, validators, and, once recorded, whether their bits were set before. */
typedef struct {
    _Alignas(64) uint64_t words[LANES];
    uint32_t validators[LANES];
    uint8_t repeated[LANES];
    _Alignas(64) uint64_t nowhere[LANES]; /* a word for each message that did not pass, 0 before it is recorded */
} checked;

/*
 * Sets the bit of one message, and keeps what it was. The messages whose bits were set are listed later: a place in the list
 * depends on all bits before, and a core does not load the next word until it knows that the list is not stored there.
 */
ALWAYS_INLINE void record_lane(checked *batch, int lane)
{
    uint64_t *at = (uint64_t *)(uintptr_t)batch->words[lane];
    uint64_t word = *at;
    uint64_t validator = batch->validators[lane];
    __asm__ volatile("btsq %[validator], %[word]\n\t" /* modulo 64; carry: the bit before */
                     "setc %[repeated]"
                     : [word] "+r"(word), [repeated] "=m"(batch->repeated[lane])
                     : [validator] "r"(validator)
                     : "cc");
    *at = word;
}

ALWAYS_INLINE void record_quarter(checked *batch, int quarter)
{
#pragma GCC unroll 8
    for (int lane = quarter * (LANES / 4); lane < (quarter + 1) * (LANES / 4); lane++) {
        record_lane(batch, lane);
    }
}

ALWAYS_INLINE void record_all(checked *batch)
{
    for (int quarter = 0; quarter < 4; quarter++) {
        record_quarter(batch, quarter);
    }
}

/* Appends the validators of the recorded batch whose bits were set before. Writes a cache line, of which less may count. */
ALWAYS_INLINE uint32_t *list_repeated(const checked *batch, uint32_t *overflow)
{
    __m256i repeated = _mm256_load_si256((const __m256i *)(const void *)batch->repeated);
    uint32_t mask = _mm256_test_epi8_mask(repeated, repeated);
#pragma GCC unroll 2
    for (int half = 0; half < 2; half++) {
        __mmask16 of_half = (__mmask16)(mask >> (16 * half));
        __m512i validators = _mm512_load_si512(batch->validators + 16 * half);
        _mm512_storeu_si512(overflow, _mm512_maskz_compress_epi32(of_half, validators));
        overflow += __builtin_popcount(of_half);
    }
    return overflow;
}

/*
 * The tags that the messages should carry. The batch before is recorded between the rounds: these keep the vector units
 * busy and those the scalar ones, and a core does not look far enough ahead to find that out by itself.
 */
ALWAYS_INLINE void expected_tags(const consensus_state *state, const gpubench_message *messages,
                                 __m512i words[VECTORS][4], __m512i tags[VECTORS], checked *before)
{
    __m512i v0[VECTORS], v1[VECTORS], v2[VECTORS], v3[VECTORS];
    EACH_VECTOR {
        __m512i keys0 = load_keys(state, messages + 8 * j, 0, 1, 4, 5);
        __m512i keys1 = load_keys(state, messages + 8 * j, 2, 3, 6, 7);
        __m512i k0 = _mm512_unpacklo_epi64(keys0, keys1);
        __m512i k1 = _mm512_unpackhi_epi64(keys0, keys1);
        v0[j] = _mm512_xor_si512(k0, _mm512_set1_epi64(SIP_V0));
        v1[j] = _mm512_xor_si512(k1, _mm512_set1_epi64(SIP_V1));
        v2[j] = _mm512_xor_si512(k0, _mm512_set1_epi64(SIP_V2));
        v3[j] = _mm512_xor_si512(k1, _mm512_set1_epi64(SIP_V3));
    }
#pragma GCC unroll 4
    for (int word = 0; word < 4; word++) {
        EACH_VECTOR v3[j] = _mm512_xor_si512(v3[j], word < 3 ? words[j][word] : _mm512_set1_epi64(SIP_LENGTH));
        sip_rounds(v0, v1, v2, v3, 2);
        EACH_VECTOR v0[j] = _mm512_xor_si512(v0[j], word < 3 ? words[j][word] : _mm512_set1_epi64(SIP_LENGTH));
        /* Otherwise gcc moves instructions of the rounds before and after past the recording. */
        EACH_VECTOR __asm__ volatile("" : "+v"(v0[j]), "+v"(v1[j]), "+v"(v2[j]), "+v"(v3[j]));
        record_quarter(before, word);
    }
    EACH_VECTOR v2[j] = _mm512_xor_si512(v2[j], _mm512_set1_epi64(SIP_END));
    sip_rounds(v0, v1, v2, v3, 4);
    EACH_VECTOR tags[j] = _mm512_xor_si512(_mm512_xor_si512(v0[j], v1[j]), _mm512_xor_si512(v2[j], v3[j]));
}

ALWAYS_INLINE void tally(const consensus_state *state, consensus_part *part, uint32_t first, uint32_t count,
                         bool check_tags)
{
    const gpubench_consensus_header *header = state->header;
    const __m512i one = _mm512_set1_epi64(1);
    const __m512i lanes = _mm512_set_epi64(56, 48, 40, 32, 24, 16, 8, 0);
    const __m512i none = _mm512_set1_epi64(-1);
    const __m512i low_half = _mm512_set1_epi64(0xffffffff);
    const __m512i validator_count = _mm512_set1_epi64(state->validators);
    const __m512i round = _mm512_set1_epi64(header->round);
    const __m512i phase = _mm512_set1_epi64(header->phase);
    const bool prefetch = check_tags && state->validators >= PREFETCH_VALIDATORS;
    uint32_t *overflow = part->overflow;
    __m512i survivors[STAGES];
    for (int stage = 0; stage < STAGES; stage++) {
        survivors[stage] = _mm512_setzero_si512();
    }

    checked batch = {0};
    for (int lane = 0; lane < LANES; lane++) {
        batch.words[lane] = (uintptr_t)&batch.nowhere[lane];
    }
    for (uint32_t done = 0; done < count; done += LANES) {
        gpubench_message tail[LANES];
        const gpubench_message *messages = state->messages + first + done;
        if (count - done < LANES) {
            messages = padded_batch(tail, LANES, messages, count - done);
        } else if (prefetch && count - done >= LANES + PREFETCH_DISTANCE) {
            prefetch_keys(state, messages + PREFETCH_DISTANCE, LANES);
        }
        prefetch_messages(messages, LANES);

        __m512i words[VECTORS][4], tags[VECTORS];
        EACH_VECTOR load_messages(messages + 8 * j, words[j]);
        if (check_tags) {
            expected_tags(state, messages, words, tags, &batch);
        } else {
            record_all(&batch);
        }
        overflow = list_repeated(&batch, overflow);

        __m512i proposal_base[VECTORS];
        EACH_VECTOR proposal_base[j] = none;
        for (uint32_t k = header->proposal_count; k-- > 0;) {
            __m512i digest = _mm512_set1_epi64((long long)header->digests[k]);
            __m512i base = _mm512_set1_epi64((long long)(uintptr_t)(part->seen + k * (size_t)state->stride));
            EACH_VECTOR {
                __mmask8 equal = _mm512_cmpeq_epi64_mask(words[j][1], digest);
                proposal_base[j] = _mm512_mask_mov_epi64(proposal_base[j], equal, base);
            }
        }

        EACH_VECTOR {
            __m512i validator = _mm512_and_si512(words[j][0], low_half);
            __mmask8 alive = _mm512_cmplt_epu64_mask(validator, validator_count);
#define SURVIVE(stage) survivors[stage] = _mm512_mask_add_epi64(survivors[stage], alive, survivors[stage], one)
            SURVIVE(STAGE_VALIDATOR);
            alive = _mm512_mask_cmpeq_epi64_mask(alive, _mm512_srli_epi64(words[j][0], 32), round);
            SURVIVE(STAGE_ROUND);
            alive = _mm512_mask_cmpeq_epi64_mask(alive, _mm512_and_si512(words[j][2], low_half), phase);
            SURVIVE(STAGE_PHASE);
            alive = _mm512_mask_cmple_epu64_mask(alive, words[j][2], low_half);
            SURVIVE(STAGE_ZERO);
            alive = _mm512_mask_cmpneq_epi64_mask(alive, proposal_base[j], none);
            SURVIVE(STAGE_PROPOSAL);
            if (check_tags) {
                alive = _mm512_mask_cmpeq_epi64_mask(alive, words[j][3], tags[j]);
            }
            SURVIVE(STAGE_TAG);
#undef SURVIVE
            /* The address of a word of a bitmap, or for a message that did not pass of one that nobody reads. */
            __m512i offset = _mm512_slli_epi64(_mm512_srli_epi64(validator, 6), 3);
            __m512i nowhere = _mm512_add_epi64(_mm512_set1_epi64((long long)(uintptr_t)(batch.nowhere + 8 * j)), lanes);
            _mm512_store_si512(batch.words + 8 * j, _mm512_mask_add_epi64(nowhere, alive, proposal_base[j], offset));
            _mm256_store_si256((__m256i *)(void *)(batch.validators + 8 * j), _mm512_cvtepi64_epi32(validator));
            _mm512_store_si512(batch.nowhere + 8 * j, _mm512_setzero_si512());
        }
        /* Otherwise gcc keeps the vectors and takes them apart lane by lane, which costs more than the memory does. */
        __asm__("" : "+m"(batch));
    }
    record_all(&batch);
    overflow = list_repeated(&batch, overflow);

    for (int stage = 0; stage < STAGES; stage++) {
        part->survivors[stage] = (uint64_t)_mm512_reduce_add_epi64(survivors[stage]);
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

/* A lane of 32 bits holds the sum of a block, 4 * BLOCK_WORDS * GPUBENCH_MAX_WEIGHT = 2^26, and only a lane does. */
ALWAYS_INLINE uint64_t weight_of(const uint64_t *bits, const uint32_t *weights, uint32_t words)
{
    __m512i sums[4];
    for (int quarter = 0; quarter < 4; quarter++) {
        sums[quarter] = _mm512_setzero_si512();
    }
    for (uint32_t word = 0; word < words; word++) {
        if (bits[word] != 0) {
#pragma GCC unroll 4
            for (int quarter = 0; quarter < 4; quarter++) {
                __m512i group = _mm512_load_si512(weights + 64 * word + 16 * quarter);
                __mmask16 set = (__mmask16)(bits[word] >> (16 * quarter));
                sums[quarter] = _mm512_mask_add_epi32(sums[quarter], set, sums[quarter], group);
            }
        }
    }
    __m512i sum = _mm512_add_epi32(_mm512_add_epi32(sums[0], sums[1]), _mm512_add_epi32(sums[2], sums[3]));
    __m512i even = _mm512_and_si512(sum, _mm512_set1_epi64(0xffffffff));
    return (uint64_t)_mm512_reduce_add_epi64(_mm512_add_epi64(even, _mm512_srli_epi64(sum, 32)));
}

static void merge(const consensus_state *state, consensus_part *into, uint32_t first_block, uint32_t end_block)
{
    merge_blocks(state, into, first_block, end_block, weight_of);
}

static void resolve(const consensus_state *state, consensus_part *part)
{
    resolve_overflow(state, part);
}

const consensus_kernel consensus_avx512 = {tally_with_tags, tally_without_tags, merge, resolve};
