/* SPDX-License-Identifier: Apache-2.0 */
#include "consensus_reference.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

uint64_t reference_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static uint64_t below(uint64_t *state, uint64_t bound)
{
    return reference_random(state) % bound;
}

static uint64_t rotl(uint64_t x, unsigned n)
{
    return x << n | x >> (64 - n);
}

static void sip_round(uint64_t *a, uint64_t *b, uint64_t *c, uint64_t *d)
{
    *a += *b; *b = rotl(*b, 13); *b ^= *a; *a = rotl(*a, 32);
    *c += *d; *d = rotl(*d, 16); *d ^= *c;
    *a += *d; *d = rotl(*d, 21); *d ^= *a;
    *c += *b; *b = rotl(*b, 17); *b ^= *c; *c = rotl(*c, 32);
}

uint64_t reference_siphash(const uint64_t key[2], const void *data, size_t bytes)
{
    const unsigned char *in = data;
    uint64_t a, b, c, d;
    /* "somepseudorandomlygeneratedbytes", read as big-endian words. */
    const unsigned char *text = (const unsigned char *)"somepseudorandomlygeneratedbytes";
    uint64_t start[4] = {0};
    for (int i = 0; i < 32; i++) {
        start[i / 8] = start[i / 8] << 8 | text[i];
    }
    a = start[0] ^ key[0];
    b = start[1] ^ key[1];
    c = start[2] ^ key[0];
    d = start[3] ^ key[1];
    for (size_t block = 0; block <= bytes / 8; block++) {
        uint64_t word = 0;
        for (size_t i = 0; i < 8; i++) {
            size_t at = 8 * block + i;
            uint64_t byte = at < bytes ? in[at] : 0;
            if (block == bytes / 8 && i == 7) {
                byte = bytes & 0xff;
            }
            word |= byte << (8 * i);
        }
        d ^= word;
        sip_round(&a, &b, &c, &d);
        sip_round(&a, &b, &c, &d);
        a ^= word;
    }
    c ^= 0xff;
    for (int i = 0; i < 4; i++) {
        sip_round(&a, &b, &c, &d);
    }
    return a ^ b ^ c ^ d;
}

reference_epoch reference_epoch_create(uint32_t validators, int heavy, uint64_t seed)
{
    reference_epoch epoch = {validators, malloc(validators * sizeof(uint32_t)), malloc(2 * validators * sizeof(uint64_t))};
    for (uint32_t v = 0; v < validators; v++) {
        epoch.weights[v] = heavy ? GPUBENCH_MAX_WEIGHT : (uint32_t)below(&seed, GPUBENCH_MAX_WEIGHT) + 1;
        epoch.keys[2 * v] = reference_random(&seed);
        epoch.keys[2 * v + 1] = reference_random(&seed);
    }
    return epoch;
}

void reference_epoch_destroy(reference_epoch *epoch)
{
    free(epoch->weights);
    free(epoch->keys);
}

static void sign(const reference_epoch *epoch, gpubench_message *message)
{
    uint64_t none[2] = {0, 0};
    const uint64_t *key = message->validator < epoch->validators ? &epoch->keys[2 * message->validator] : none;
    message->tag = reference_siphash(key, message, offsetof(gpubench_message, tag));
}

/* What is wrong before signing, so that later checks would pass. */
static void corrupt(const reference_epoch *epoch, const gpubench_consensus_header *header, gpubench_message *message,
                    uint64_t *random)
{
    switch (below(random, 7)) {
    case 0:
        message->validator = epoch->validators;
        break;
    case 1:
        message->validator = below(random, 2) ? UINT32_MAX : (uint32_t)reference_random(random) | 0x80000000;
        break;
    case 2:
        message->round ^= 1u << below(random, 32);
        break;
    case 3:
        message->phase ^= 1u << below(random, 32);
        break;
    case 4:
        message->zero = 1u << below(random, 32);
        break;
    case 5:
        message->digest ^= UINT64_C(1) << below(random, 64);
        break;
    default:
        message->digest = header->proposal_count == 0 ? 0 : header->digests[below(random, header->proposal_count)];
        break;
    }
}

void reference_votes(const reference_epoch *epoch, const gpubench_consensus_header *header, gpubench_message *messages,
                     uint32_t faults, uint64_t seed)
{
    uint32_t count = header->message_count;
    for (uint32_t i = 0; i < count; i++) {
        gpubench_message *message = &messages[i];
        *message = (gpubench_message){
            .validator = i % epoch->validators,
            .round = header->round,
            .digest = header->digests[0],
            .phase = header->phase,
        };
        bool faulty = below(&seed, 1000) < faults;
        if (faulty && i > 0 && below(&seed, 3) == 0) {
            /* A second vote of someone else: a duplicate, or an equivocation if it is for another proposal. */
            *message = messages[below(&seed, i)];
            if (header->proposal_count > 1 && below(&seed, 2) == 0) {
                message->digest = header->digests[below(&seed, header->proposal_count)];
            }
            sign(epoch, message);
            continue;
        }
        for (uint64_t n = faulty ? 1 + below(&seed, 2) : 0; n > 0; n--) {
            corrupt(epoch, header, message, &seed);
        }
        sign(epoch, message);
        if (faulty && below(&seed, 5) == 0) {
            message->tag ^= UINT64_C(1) << below(&seed, 64);
        }
    }
    for (uint32_t i = count; i > 1; i--) {
        uint64_t other = below(&seed, i);
        gpubench_message swapped = messages[i - 1];
        messages[i - 1] = messages[other];
        messages[other] = swapped;
    }
}

size_t reference_result_words(uint32_t validators)
{
    return GPUBENCH_RESULT_CERTIFICATE + 2 * (((size_t)validators + 63) / 64);
}

/* The result word that counts the message, or ACCEPTED if it passes. */
static int check(const reference_epoch *epoch, int32_t tags, const gpubench_consensus_header *header,
                 const gpubench_message *message, uint32_t *proposal)
{
    if (message->validator >= epoch->validators) {
        return GPUBENCH_RESULT_UNKNOWN_VALIDATOR;
    }
    if (message->round != header->round) {
        return GPUBENCH_RESULT_WRONG_ROUND;
    }
    if (message->phase != header->phase) {
        return GPUBENCH_RESULT_WRONG_PHASE;
    }
    if (message->zero != 0) {
        return GPUBENCH_RESULT_NON_ZERO_FIELD;
    }
    *proposal = 0;
    while (*proposal < header->proposal_count && header->digests[*proposal] != message->digest) {
        ++*proposal;
    }
    if (*proposal == header->proposal_count) {
        return GPUBENCH_RESULT_UNKNOWN_PROPOSAL;
    }
    if (tags == GPUBENCH_TAGS_SIPHASH &&
        reference_siphash(&epoch->keys[2 * message->validator], message, offsetof(gpubench_message, tag)) != message->tag) {
        return GPUBENCH_RESULT_WRONG_TAG;
    }
    return GPUBENCH_RESULT_ACCEPTED;
}

void reference_result(const reference_epoch *epoch, int32_t tags, const gpubench_consensus_header *header,
                      const gpubench_message *messages, uint64_t *result)
{
    typedef struct {
        uint32_t proposal, messages;
        bool equivocates;
    } vote;
    vote *votes = calloc(epoch->validators, sizeof *votes);
    size_t bitmap_words = ((size_t)epoch->validators + 63) / 64;
    uint64_t *certificate = result + GPUBENCH_RESULT_CERTIFICATE;
    uint64_t *equivocators = certificate + bitmap_words;
    memset(result, 0, reference_result_words(epoch->validators) * sizeof *result);

    for (uint32_t i = 0; i < header->message_count; i++) {
        uint32_t proposal = 0;
        int outcome = check(epoch, tags, header, &messages[i], &proposal);
        if (outcome != GPUBENCH_RESULT_ACCEPTED) {
            result[outcome]++;
            continue;
        }
        vote *cast = &votes[messages[i].validator];
        if (cast->messages++ == 0) {
            cast->proposal = proposal;
        } else if (cast->proposal != proposal) {
            cast->equivocates = true;
        }
    }

    uint64_t total = 0;
    uint64_t weights[GPUBENCH_MAX_PROPOSALS] = {0};
    for (uint32_t v = 0; v < epoch->validators; v++) {
        total += epoch->weights[v];
        if (votes[v].equivocates) {
            result[GPUBENCH_RESULT_EQUIVOCATION] += votes[v].messages;
            equivocators[v / 64] |= UINT64_C(1) << v % 64;
        } else if (votes[v].messages > 0) {
            result[GPUBENCH_RESULT_ACCEPTED]++;
            result[GPUBENCH_RESULT_DUPLICATE] += votes[v].messages - 1;
            weights[votes[v].proposal] += epoch->weights[v];
        }
    }
    for (uint32_t k = 0; k < header->proposal_count; k++) {
        if (3 * weights[k] > 2 * total) {
            result[0] = 1 | (uint64_t)k << 32;
            result[1] = header->digests[k];
            result[2] = weights[k];
            for (uint32_t v = 0; v < epoch->validators; v++) {
                if (votes[v].messages > 0 && !votes[v].equivocates && votes[v].proposal == k) {
                    certificate[v / 64] |= UINT64_C(1) << v % 64;
                }
            }
        }
    }
    free(votes);
}
