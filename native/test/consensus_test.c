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
    uint32_t weights[2] = {2, 1};
    uint64_t keys[4] = {0};
    gpubench_consensus_header header = {.message_count = 1, .proposal_count = 1};
    gpubench_message message = {.validator = 0};
    for (int32_t level = 0; level <= gpubench_host_simd_best(); level++) {
        for (uint32_t more = 0; more < 2; more++) {
            uint64_t result[14];
            weights[0] = 2 + more;
            gpubench_consensus *consensus =
                gpubench_consensus_create(NULL, level, 2, weights, keys, GPUBENCH_TAGS_NONE, 1);
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
    weights[3] = UINT32_MAX;
    CHECK(CREATE(best, 4, weights, keys, 1) == NULL, "weight");
    weights[3] = 0;
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

/*
 * Rounds of different sizes, proposals and seeds in one call, each against the reference, and in two calls one after the
 * other, since a round must not see what another one left.
 */
static void check_rounds(uint32_t validators, uint32_t count, uint32_t largest, uint64_t seed)
{
    enum { MOST = 120 };
    reference_epoch epoch = reference_epoch_create(validators, 0, seed);
    const size_t words = reference_result_words(validators);
    gpubench_consensus_header headers[MOST];
    gpubench_message *messages[MOST];
    uint64_t *expected = malloc(2 * count * words * sizeof *expected);
    uint64_t *results = malloc((count * words + GUARDS) * sizeof *results);
    for (uint32_t i = 0; i < count; i++) {
        headers[i] = (gpubench_consensus_header){
            .round = (uint32_t)reference_random(&seed),
            .phase = i,
            .message_count = i == 1 ? 0 : i % 7 == 0 ? largest : (uint32_t)(reference_random(&seed) % (largest + 1)),
            .proposal_count = i % (GPUBENCH_MAX_PROPOSALS + 1),
        };
        for (uint32_t k = 0; k < GPUBENCH_MAX_PROPOSALS; k++) {
            headers[i].digests[k] = reference_random(&seed);
        }
        uint32_t size = headers[i].message_count;
        messages[i] = size == 0 ? NULL : malloc(size * sizeof(gpubench_message));
        reference_votes(&epoch, &headers[i], messages[i], i % 3 * 200, seed + i);
        for (int32_t tags = GPUBENCH_TAGS_NONE; tags <= GPUBENCH_TAGS_SIPHASH; tags++) {
            reference_result(&epoch, tags, &headers[i], messages[i], expected + ((uint32_t)tags * count + i) * words);
        }
    }
    for (int32_t tags = GPUBENCH_TAGS_NONE; tags <= GPUBENCH_TAGS_SIPHASH; tags++) {
        for (int32_t level = 0; level <= gpubench_host_simd_best(); level++) {
            for (int threads = 0; threads <= 3; threads++) {
                gpubench_consensus *consensus = gpubench_consensus_create(pools[threads], level, validators, epoch.weights,
                                                                          epoch.keys, tags, largest);
                for (int repetition = 0; repetition < 2; repetition++) {
                    for (size_t i = 0; i < count * words + GUARDS; i++) {
                        results[i] = POISON;
                    }
                    int32_t error = gpubench_consensus_rounds(consensus, count, headers,
                                                              (const gpubench_message *const *)messages, results);
                    CHECK(error == GPUBENCH_HOST_OK, "%u rounds: error %d", count, error);
                    for (size_t i = 0; i < count * words + GUARDS; i++) {
                        uint64_t wanted = i < count * words ? expected[(uint32_t)tags * count * words + i] : POISON;
                        CHECK(results[i] == wanted, "%u rounds, V=%u M<=%u, level %d, threads %d, tags %d: word %zu of round %zu",
                              count, validators, largest, level, threads, tags, i % words, i / words);
                    }
                }
                gpubench_consensus_destroy(consensus);
            }
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        free(messages[i]);
    }
    free(results);
    free(expected);
    reference_epoch_destroy(&epoch);
}

static void many_rounds(void)
{
    check_rounds(100, 0, 100, 1);     /* none */
    check_rounds(100, 1, 150, 2);     /* fewer than threads */
    check_rounds(1000, 2, 1100, 3);
    check_rounds(300, 40, 333, 4);    /* with 0 and 16 proposals */
    check_rounds(9000, 4, 12000, 5);  /* whose last round is worth a fork */
    check_rounds(5000, 17, 6000, 6);
    check_rounds(70000, 3, 2000, 7);
    check_rounds(60, 120, 130, 9);    /* so small that a thread takes several at a time */
    check_rounds(7, 20, 3000, 8);     /* nearly all duplicates and equivocations */
}

/* A thread pays where it has 2,048 messages, or 4,096 without tags, whatever rounds they belong to. */
static void rounds_have_the_threads_that_pay(void)
{
    enum { THREADS = 8 };
    gpubench_pool *pool = NULL;
    CHECK(gpubench_pool_create(THREADS, &pool) == GPUBENCH_HOST_OK, "%d threads", THREADS);
    uint64_t seed = 17;
    reference_epoch epoch = reference_epoch_create(64, 0, seed);
    for (int32_t tags = GPUBENCH_TAGS_NONE; tags <= GPUBENCH_TAGS_SIPHASH; tags++) {
        gpubench_consensus *consensus =
            gpubench_consensus_create(pool, 0, 64, epoch.weights, epoch.keys, tags, 100000);
        const uint64_t each = tags == GPUBENCH_TAGS_SIPHASH ? 2048 : 4096;
        const struct {
            uint32_t count;
            uint64_t messages;
            int32_t threads;
        } cases[] = {
            {0, 0, 1},
            {1, 0, 1},
            {4, 0, 1},
            {4, 256, 1},                                /* no fork for four rounds of 64 */
            {1000, 2 * each - 1, 1},
            {1000, 2 * each, 2},
            {1000, 5 * each, 5},
            {30000, 1u << 21, THREADS},
            {3, 3 * 1000 * each, THREADS},              /* each round by all threads */
            {GPUBENCH_MAX_ROUNDS, UINT64_C(1) << 40, THREADS},
            {4, 4 * each, 4},
        };
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            int32_t found = gpubench_consensus_rounds_threads(consensus, cases[i].count, cases[i].messages);
            CHECK(found == cases[i].threads, "tags %d, %u rounds of %llu messages: %d threads, expected %d", tags,
                  cases[i].count, (unsigned long long)cases[i].messages, found, cases[i].threads);
        }
        gpubench_consensus_destroy(consensus);
    }
    gpubench_pool_destroy(pool);
    reference_epoch_destroy(&epoch);
}

static void rejects_bad_rounds(void)
{
    uint32_t weights[4] = {1, 1, 1, 1};
    gpubench_message messages[9] = {0};
    const gpubench_message *inputs[2] = {messages, messages};
    gpubench_consensus_header headers[2] = {{.message_count = 8, .proposal_count = 1}, {.message_count = 8, .proposal_count = 1}};
    uint64_t results[28] = {POISON};
    gpubench_consensus *consensus =
        gpubench_consensus_create(pools[2], gpubench_host_simd_best(), 4, weights, NULL, GPUBENCH_TAGS_NONE, 8);
#define ROUNDS(count, headers, inputs, results) gpubench_consensus_rounds(consensus, count, headers, inputs, results)
    CHECK(gpubench_consensus_rounds(NULL, 1, headers, inputs, results) == GPUBENCH_HOST_ERROR_ARGUMENT, "context");
    CHECK(ROUNDS(1, NULL, inputs, results) == GPUBENCH_HOST_ERROR_ARGUMENT, "headers");
    CHECK(ROUNDS(1, headers, NULL, results) == GPUBENCH_HOST_ERROR_ARGUMENT, "messages");
    CHECK(ROUNDS(1, headers, inputs, NULL) == GPUBENCH_HOST_ERROR_ARGUMENT, "results");
    CHECK(ROUNDS(GPUBENCH_MAX_ROUNDS + 1, headers, inputs, results) == GPUBENCH_HOST_ERROR_ARGUMENT, "count");
    CHECK(ROUNDS(0, NULL, NULL, NULL) == GPUBENCH_HOST_OK, "no rounds");
    inputs[1] = NULL;
    CHECK(ROUNDS(2, headers, inputs, results) == GPUBENCH_HOST_ERROR_ARGUMENT, "no messages of the second round");
    inputs[1] = messages;
    headers[1].proposal_count = GPUBENCH_MAX_PROPOSALS + 1;
    CHECK(ROUNDS(2, headers, inputs, results) == GPUBENCH_HOST_ERROR_PROPOSALS, "K = 17");
    headers[1].proposal_count = 1;
    headers[1].message_count = 9;
    CHECK(ROUNDS(2, headers, inputs, results) == GPUBENCH_HOST_ERROR_MESSAGES, "M = 9");
    CHECK(results[0] == POISON, "an error leaves all results alone");
    headers[1].message_count = 8;
    CHECK(ROUNDS(2, headers, inputs, results) == GPUBENCH_HOST_OK, "two rounds");
#undef ROUNDS
    gpubench_consensus_destroy(consensus);
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
    rejects_bad_rounds();
    many_rounds();
    rounds_have_the_threads_that_pay();
    for (int i = 0; i < GPUBENCH_RESULT_CERTIFICATE; i++) {
        CHECK(totals[i] > 0, "result word %d was 0 in every case", i);
    }
    for (int threads = 1; threads <= 3; threads++) {
        gpubench_pool_destroy(pools[threads]);
    }
    printf("SIMD levels 0 to %d agree with the reference\n", gpubench_host_simd_best());
    return 0;
}
