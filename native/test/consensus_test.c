/* SPDX-License-Identifier: Apache-2.0 */
/* Every SIMD level of this CPU and 1 to 3 threads against the naive reference. */
#include <string.h>

#include "check.h"
#include "consensus_reference.h"

#define POISON 0xdeadbeefcafef00d
#define GUARDS 8

static gpubench_pool *pools[4]; /* by the number of threads */

static void siphash_known_answers(void)
{
    /* From the published table: the key is 00 .. 0f, the input the first `bytes` of 00 01 02 ... */
    const struct {
        size_t bytes;
        uint64_t hash;
    } answers[] = {
        {0, 0x726fdb47dd0e0e31},
        {7, 0xab0200f58b01d137},
        {8, 0x93f5f5799a932462},
        {15, 0xa129ca6149be45e5},
        {24, 0xb8ad50c6f649af94},
    };
    const uint64_t key[2] = {0x0706050403020100, 0x0f0e0d0c0b0a0908};
    unsigned char input[24];
    for (unsigned i = 0; i < sizeof input; i++) {
        input[i] = (unsigned char)i;
    }
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        uint64_t hash = reference_siphash(key, input, answers[i].bytes);
        CHECK(hash == answers[i].hash, "%zu bytes: %016llx", answers[i].bytes, (unsigned long long)hash);
    }
}

/* Runs one round on one context, twice, since the second sees whether the first one left its memory clean. */
static void compare(gpubench_consensus *consensus, const char *what, const gpubench_consensus_header *header,
                    const gpubench_message *messages, const uint64_t *expected, size_t words)
{
    uint64_t *result = malloc((words + GUARDS) * sizeof *result);
    for (int repetition = 0; repetition < 2; repetition++) {
        for (size_t i = 0; i < words + GUARDS; i++) {
            result[i] = POISON;
        }
        int32_t error = gpubench_consensus_round(consensus, header, messages, result);
        CHECK(error == GPUBENCH_HOST_OK, "%s: error %d", what, error);
        for (size_t i = 0; i < words + GUARDS; i++) {
            uint64_t wanted = i < words ? expected[i] : POISON;
            CHECK(result[i] == wanted, "%s: repetition %d, word %zu is %llx instead of %llx", what, repetition, i,
                  (unsigned long long)result[i], (unsigned long long)wanted);
        }
    }
    free(result);
}

typedef struct {
    uint32_t validators, messages, proposals, faults;
    int heavy, same_digests;
} round_case;

static uint64_t totals[GPUBENCH_RESULT_CERTIFICATE]; /* over all cases, to see that each outcome occurred */

static void check_round(round_case c, uint64_t seed)
{
    reference_epoch epoch = reference_epoch_create(c.validators, c.heavy, seed);
    gpubench_consensus_header header = {
        .round = (uint32_t)reference_random(&seed),
        .phase = (uint32_t)reference_random(&seed),
        .message_count = c.messages,
        .proposal_count = c.proposals,
    };
    for (uint32_t k = 0; k < GPUBENCH_MAX_PROPOSALS; k++) {
        header.digests[k] = c.same_digests && k > 0 ? header.digests[k / 2] : reference_random(&seed);
    }
    /* Allocated to the byte, so that a sanitizer sees a read beyond the last message. */
    gpubench_message *messages = malloc(c.messages * sizeof *messages + (c.messages == 0));
    reference_votes(&epoch, &header, messages, c.faults, seed);
    if (!c.same_digests && c.proposals > 0) {
        /* The decided proposal need not be the first one. */
        uint32_t other = (uint32_t)(seed % c.proposals);
        uint64_t first = header.digests[0];
        header.digests[0] = header.digests[other];
        header.digests[other] = first;
    }
    size_t words = reference_result_words(c.validators);
    uint64_t *expected = malloc(words * sizeof *expected);

    for (int32_t tags = GPUBENCH_TAGS_NONE; tags <= GPUBENCH_TAGS_SIPHASH; tags++) {
        reference_result(&epoch, tags, &header, messages, expected);
        for (int i = 0; i < GPUBENCH_RESULT_CERTIFICATE; i++) {
            totals[i] += i == GPUBENCH_RESULT_DECISION ? expected[i] & 1 : expected[i];
        }
        for (int32_t level = 0; level <= gpubench_host_simd_best(); level++) {
            for (int threads = 0; threads <= 3; threads++) {
                char what[160];
                snprintf(what, sizeof what, "level %d, threads %d, tags %d, V=%u M=%u K=%u faults %u heavy %d same %d",
                         level, threads, tags, c.validators, c.messages, c.proposals, c.faults, c.heavy, c.same_digests);
                gpubench_consensus *consensus = gpubench_consensus_create(pools[threads], level, c.validators,
                                                                          epoch.weights, epoch.keys, tags, c.messages);
                CHECK(consensus != NULL, "%s", what);
                compare(consensus, what, &header, messages, expected, words);
                gpubench_consensus_destroy(consensus);
            }
        }
    }
    free(expected);
    free(messages);
    reference_epoch_destroy(&epoch);
}

static void rounds_of_all_sizes(void)
{
    const uint32_t sizes[] = {1, 4, 5, 31, 32, 33, 63, 64, 65, 1000, 10000, 65537};
    const uint32_t proposals[] = {0, 1, 2, 5, 16};
    uint64_t seed = 20240501;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint32_t size = sizes[i];
        for (size_t k = 0; k < sizeof proposals / sizeof *proposals; k++) {
            /* The largest size once with, once without a decision. */
            uint32_t faults = k % 2 == 0 ? 400 : 100;
            if (size < 60000 || proposals[k] == 2 || proposals[k] == 16) {
                check_round((round_case){size, size, proposals[k], faults, 0, 0}, ++seed);
            }
        }
    }
    for (uint32_t size = 1; size <= 130; size++) {
        check_round((round_case){size, 131 - size, 3, 300, 0, 0}, ++seed);
    }
}

static void extreme_rounds(void)
{
    check_round((round_case){1000, 0, 4, 0, 0, 0}, 1);           /* no messages */
    check_round((round_case){7, 20000, 3, 50, 0, 0}, 2);         /* nearly all duplicates and equivocations */
    check_round((round_case){7, 20000, 1, 0, 0, 0}, 3);          /* nearly all duplicates, decided */
    check_round((round_case){100000, 3000, 2, 200, 0, 0}, 4);    /* a merge of several threads, few votes */
    check_round((round_case){10000, 10000, 1, 0, 1, 0}, 5);      /* the largest weights */
    check_round((round_case){10000, 10000, 16, 1000, 0, 0}, 6);  /* nothing right */
    check_round((round_case){500, 2000, 16, 300, 0, 1}, 7);      /* equal digests */
    check_round((round_case){1048576, 1500, 2, 300, 1, 0}, 8);   /* the most validators */
}

/* 3 w > 2 W exactly at the boundary. */
static void quorum_boundary(void)
{
    uint32_t weights[3] = {2, 1, 0};
    uint64_t keys[6] = {0};
    gpubench_consensus_header header = {.message_count = 1, .proposal_count = 1};
    gpubench_message message = {.validator = 0};
    for (int32_t level = 0; level <= gpubench_host_simd_best(); level++) {
        for (uint32_t more = 0; more < 2; more++) {
            uint64_t result[14];
            weights[0] = 2 + more;
            gpubench_consensus *consensus =
                gpubench_consensus_create(NULL, level, 3, weights, keys, GPUBENCH_TAGS_NONE, 1);
            CHECK(gpubench_consensus_round(consensus, &header, &message, result) == 0, "level %d", level);
            CHECK(result[0] == more, "level %d: %u of %u", level, weights[0], weights[0] + 1);
            gpubench_consensus_destroy(consensus);
        }
    }
}

static void rejects_bad_arguments(void)
{
    uint32_t weights[4] = {1, 1, 1, 1};
    uint64_t keys[8] = {0};
    int32_t best = gpubench_host_simd_best();
#define CREATE(level, validators, weights, keys, tags) gpubench_consensus_create(NULL, level, validators, weights, keys, tags, 8)
    CHECK(CREATE(-1, 4, weights, keys, 1) == NULL, "level");
    CHECK(CREATE(best + 1, 4, weights, keys, 1) == NULL, "level");
    CHECK(CREATE(best, 0, weights, keys, 1) == NULL, "validators");
    CHECK(CREATE(best, GPUBENCH_MAX_VALIDATORS + 1, weights, keys, 1) == NULL, "validators");
    CHECK(CREATE(best, 4, NULL, keys, 1) == NULL, "weights");
    CHECK(CREATE(best, 4, weights, NULL, 1) == NULL, "keys");
    CHECK(CREATE(best, 4, weights, keys, 2) == NULL, "tags");
    weights[3] = GPUBENCH_MAX_WEIGHT + 1;
    CHECK(CREATE(best, 4, weights, keys, 1) == NULL, "weight");
    weights[3] = GPUBENCH_MAX_WEIGHT;
    gpubench_consensus *consensus = CREATE(best, 4, weights, NULL, 0);
#undef CREATE
    CHECK(consensus != NULL, "keys are not needed without tags");

    gpubench_message messages[9] = {0};
    gpubench_consensus_header header = {.message_count = 8, .proposal_count = GPUBENCH_MAX_PROPOSALS};
    uint64_t result[14] = {POISON};
    CHECK(gpubench_consensus_round(NULL, &header, messages, result) == GPUBENCH_HOST_ERROR_ARGUMENT, "context");
    CHECK(gpubench_consensus_round(consensus, NULL, messages, result) == GPUBENCH_HOST_ERROR_ARGUMENT, "header");
    CHECK(gpubench_consensus_round(consensus, &header, NULL, result) == GPUBENCH_HOST_ERROR_ARGUMENT, "messages");
    CHECK(gpubench_consensus_round(consensus, &header, messages, NULL) == GPUBENCH_HOST_ERROR_ARGUMENT, "result");
    header.proposal_count++;
    CHECK(gpubench_consensus_round(consensus, &header, messages, result) == GPUBENCH_HOST_ERROR_PROPOSALS, "K = 17");
    header.proposal_count--;
    header.message_count++;
    CHECK(gpubench_consensus_round(consensus, &header, messages, result) == GPUBENCH_HOST_ERROR_MESSAGES, "M = 9");
    CHECK(result[0] == POISON, "an error leaves the result alone");
    header.message_count--;
    CHECK(gpubench_consensus_round(consensus, &header, messages, result) == GPUBENCH_HOST_OK, "M = 8");
    gpubench_consensus_destroy(consensus);
    gpubench_consensus_destroy(NULL);
}

static void threads_that_pay(void)
{
    uint32_t weight = 1;
    gpubench_consensus *consensus =
        gpubench_consensus_create(pools[3], GPUBENCH_SIMD_SCALAR, 1, &weight, NULL, GPUBENCH_TAGS_NONE, UINT32_C(1) << 20);
    int32_t before = 1;
    for (uint32_t messages = 0; messages <= 1 << 20; messages += 61) {
        int32_t threads = gpubench_consensus_threads(consensus, messages);
        CHECK(threads >= before && threads <= 3, "%u messages: %d threads after %d", messages, threads, before);
        before = threads;
    }
    CHECK(before == 3, "all threads for many messages");
    gpubench_consensus_destroy(consensus);
}

int main(void)
{
    for (int threads = 1; threads <= 3; threads++) {
        CHECK(gpubench_pool_create(threads, &pools[threads]) == GPUBENCH_HOST_OK, "%d threads", threads);
    }
    siphash_known_answers();
    rejects_bad_arguments();
    quorum_boundary();
    threads_that_pay();
    rounds_of_all_sizes();
    extreme_rounds();
    for (int i = 0; i < GPUBENCH_RESULT_CERTIFICATE; i++) {
        CHECK(totals[i] > 0, "result word %d was 0 in every case", i);
    }
    for (int threads = 1; threads <= 3; threads++) {
        gpubench_pool_destroy(pools[threads]);
    }
    printf("SIMD levels 0 to %d agree with the reference\n", gpubench_host_simd_best());
    return 0;
}
