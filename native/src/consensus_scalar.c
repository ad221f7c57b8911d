/* SPDX-License-Identifier: Apache-2.0 */
/* The consensus kernel in portable C. Oracle: io.gpubench.workloads.consensus.ConsensusOracle. */
#include "consensus_kernel.h"

ALWAYS_INLINE uint64_t rotate(uint64_t value, int bits)
{
    return value << bits | value >> (64 - bits);
}

ALWAYS_INLINE void sip_rounds(uint64_t v[4], int rounds)
{
    for (int round = 0; round < rounds; round++) {
        v[0] += v[1];
        v[2] += v[3];
        v[1] = rotate(v[1], 13) ^ v[0];
        v[3] = rotate(v[3], 16) ^ v[2];
        v[0] = rotate(v[0], 32) + v[3];
        v[2] += v[1];
        v[1] = rotate(v[1], 17) ^ v[2];
        v[3] = rotate(v[3], 21) ^ v[0];
        v[2] = rotate(v[2], 32);
    }
}

ALWAYS_INLINE uint64_t expected_tag(const gpubench_message *message, const uint64_t *key)
{
    uint64_t words[4] = {0, 0, 0, SIP_LENGTH};
    memcpy(words, message, offsetof(gpubench_message, tag));
    uint64_t v[4] = {key[0] ^ SIP_V0, key[1] ^ SIP_V1, key[0] ^ SIP_V2, key[1] ^ SIP_V3};
    for (int word = 0; word < 4; word++) {
        v[3] ^= words[word];
        sip_rounds(v, 2);
        v[0] ^= words[word];
    }
    v[2] ^= SIP_END;
    sip_rounds(v, 4);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

ALWAYS_INLINE void tally(const consensus_state *state, consensus_part *part, uint32_t first, uint32_t count,
                         bool check_tags)
{
    const gpubench_consensus_header *header = state->header;
    const bool prefetch = check_tags && state->validators >= PREFETCH_VALIDATORS;
    uint32_t *overflow = part->overflow;
    uint64_t survivors[STAGES] = {0};

    for (uint32_t i = 0; i < count; i++) {
        const gpubench_message *message = &state->messages[first + i];
        if (prefetch && count - i > PREFETCH_DISTANCE) {
            prefetch_keys(state, message + PREFETCH_DISTANCE, 1);
        }
        prefetch_messages(message, 1);
        /* No branch on what the message says: which messages are faulty cannot be predicted. */
        uint32_t proposal = header->proposal_count;
        for (uint32_t k = header->proposal_count; k-- > 0;) {
            proposal = header->digests[k] == message->digest ? k : proposal;
        }
        uint64_t alive = message->validator < state->validators;
        survivors[STAGE_VALIDATOR] += alive;
        alive &= message->round == header->round;
        survivors[STAGE_ROUND] += alive;
        alive &= message->phase == header->phase;
        survivors[STAGE_PHASE] += alive;
        alive &= message->zero == 0;
        survivors[STAGE_ZERO] += alive;
        alive &= proposal < header->proposal_count;
        survivors[STAGE_PROPOSAL] += alive;
        if (check_tags) {
            alive &= expected_tag(message, state->keys + 2 * (size_t)key_index(state, message)) == message->tag;
        }
        survivors[STAGE_TAG] += alive;

        size_t slot = (proposal * (size_t)state->stride + message->validator / 64) & -(size_t)alive;
        overflow = record(part->seen, slot, alive << (message->validator & 63), message->validator, overflow);
    }
    memcpy(part->survivors, survivors, sizeof survivors);
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

ALWAYS_INLINE uint64_t weight_of(const uint64_t *bits, const uint32_t *weights, uint32_t words)
{
    uint64_t sum = 0;
    for (uint32_t word = 0; word < words; word++) {
        for (uint64_t rest = bits[word]; rest != 0; rest &= rest - 1) {
            sum += weights[64 * word + (uint32_t)__builtin_ctzll(rest)];
        }
    }
    return sum;
}

static void merge(const consensus_state *state, consensus_part *into, uint32_t first_block, uint32_t end_block)
{
    merge_blocks(state, into, first_block, end_block, weight_of);
}

static void resolve(const consensus_state *state, consensus_part *part)
{
    resolve_overflow(state, part);
}

const consensus_kernel consensus_scalar = {tally_with_tags, tally_without_tags, merge, resolve};
