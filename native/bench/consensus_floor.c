/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For development: which share of its arithmetic floor `consensus` reaches when it streams. The floor of a message that
 * reaches the check of its tag is its SipHash-2-4 of 24 bytes, with the widest SIMD instructions in registers, on all
 * threads at once, and nothing else: no memory, no keys, no other check. A message that fails before has none. Both take
 * turns, so that a change of the clock hits them alike, and a share is of two neighbours.
 *
 * Arguments: [validators [threads [turns [MiB of inputs]]]]. A third of the validators is faulty, as the workload's
 * defaults have it, and there are four proposals.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "consensus_reference.h"

enum { MAX_THREADS = 256, PROPOSALS = 4, FLOOR_BATCHES = 2000 };

static double now_nanos(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* One SipHash in each lane of each vector `j`; `round` is a SipRound of all of them, `absorb` exclusive-ors. */
#define SIPHASH(EACH, vector, set, xor, round)                                                                        \
    do {                                                                                                              \
        vector v0[N], v1[N], v2[N], v3[N];                                                                            \
        vector k0 = set(batch), k1 = set(~batch), word = set(3 * batch);                                              \
        __asm__ volatile("" : "+x"(k0), "+x"(k1), "+x"(word));                                                        \
        EACH v0[j] = xor(k0, set(0x736f6d6570736575 + j));                                                            \
        EACH v1[j] = xor(k1, set(0x646f72616e646f6d));                                                                \
        EACH v2[j] = xor(k0, set(0x6c7967656e657261));                                                                \
        EACH v3[j] = xor(k1, set(0x7465646279746573));                                                                \
        _Pragma("GCC unroll 4") for (int w = 0; w < 4; w++) {                                                         \
            EACH v3[j] = xor(v3[j], word);                                                                            \
            round;                                                                                                    \
            round;                                                                                                    \
            EACH v0[j] = xor(v0[j], word);                                                                            \
        }                                                                                                             \
        EACH v2[j] = xor(v2[j], set(0xff));                                                                           \
        round;                                                                                                        \
        round;                                                                                                        \
        round;                                                                                                        \
        round;                                                                                                        \
        EACH sum = xor(sum, xor(xor(v0[j], v1[j]), xor(v2[j], v3[j])));                                               \
    } while (0)

#if defined(__x86_64__)
#define N 4
#define EACH_OF_4 _Pragma("GCC unroll 4") for (int j = 0; j < N; j++)
#define SET_512(value) _mm512_set1_epi64((long long)(value))
#define ROUND_512                                                                                                     \
    EACH_OF_4 v0[j] = _mm512_add_epi64(v0[j], v1[j]);                                                                 \
    EACH_OF_4 v2[j] = _mm512_add_epi64(v2[j], v3[j]);                                                                 \
    EACH_OF_4 v1[j] = _mm512_rol_epi64(v1[j], 13);                                                                    \
    EACH_OF_4 v3[j] = _mm512_rol_epi64(v3[j], 16);                                                                    \
    EACH_OF_4 v1[j] = _mm512_xor_si512(v1[j], v0[j]);                                                                 \
    EACH_OF_4 v3[j] = _mm512_xor_si512(v3[j], v2[j]);                                                                 \
    EACH_OF_4 v0[j] = _mm512_rol_epi64(v0[j], 32);                                                                    \
    EACH_OF_4 v2[j] = _mm512_add_epi64(v2[j], v1[j]);                                                                 \
    EACH_OF_4 v0[j] = _mm512_add_epi64(v0[j], v3[j]);                                                                 \
    EACH_OF_4 v1[j] = _mm512_rol_epi64(v1[j], 17);                                                                    \
    EACH_OF_4 v3[j] = _mm512_rol_epi64(v3[j], 21);                                                                    \
    EACH_OF_4 v1[j] = _mm512_xor_si512(v1[j], v2[j]);                                                                 \
    EACH_OF_4 v3[j] = _mm512_xor_si512(v3[j], v0[j]);                                                                 \
    EACH_OF_4 v2[j] = _mm512_rol_epi64(v2[j], 32)

__attribute__((target("avx512f,prefer-vector-width=512"))) static uint64_t hash_avx512(uint64_t batches)
{
    __m512i sum = _mm512_setzero_si512();
    for (uint64_t batch = 0; batch < batches; batch++) {
        SIPHASH(EACH_OF_4, __m512i, SET_512, _mm512_xor_si512, ROUND_512);
    }
    return (uint64_t)_mm512_reduce_add_epi64(sum);
}
#undef N

#define N 2
#define EACH_OF_2 _Pragma("GCC unroll 2") for (int j = 0; j < N; j++)
#define SET_256(value) _mm256_set1_epi64x((long long)(value))
#define ROTATE(value, bits) _mm256_or_si256(_mm256_slli_epi64(value, bits), _mm256_srli_epi64(value, 64 - (bits)))
#define ROUND_256                                                                                                     \
    EACH_OF_2 v0[j] = _mm256_add_epi64(v0[j], v1[j]);                                                                 \
    EACH_OF_2 v2[j] = _mm256_add_epi64(v2[j], v3[j]);                                                                 \
    EACH_OF_2 v1[j] = _mm256_xor_si256(ROTATE(v1[j], 13), v0[j]);                                                     \
    EACH_OF_2 v3[j] = _mm256_xor_si256(_mm256_shuffle_epi8(v3[j], by_16), v2[j]);                                     \
    EACH_OF_2 v2[j] = _mm256_add_epi64(v2[j], v1[j]);                                                                 \
    EACH_OF_2 v0[j] = _mm256_add_epi64(_mm256_shuffle_epi32(v0[j], 0xb1), v3[j]);                                     \
    EACH_OF_2 v1[j] = _mm256_xor_si256(ROTATE(v1[j], 17), v2[j]);                                                     \
    EACH_OF_2 v3[j] = _mm256_xor_si256(ROTATE(v3[j], 21), v0[j]);                                                     \
    EACH_OF_2 v2[j] = _mm256_shuffle_epi32(v2[j], 0xb1)

__attribute__((target("avx2"))) static uint64_t hash_avx2(uint64_t batches)
{
    const __m256i by_16 = _mm256_set_epi8(13, 12, 11, 10, 9, 8, 15, 14, 5, 4, 3, 2, 1, 0, 7, 6, 13, 12, 11, 10, 9, 8, 15,
                                          14, 5, 4, 3, 2, 1, 0, 7, 6);
    __m256i sum = _mm256_setzero_si256();
    for (uint64_t batch = 0; batch < 4 * batches; batch++) {
        SIPHASH(EACH_OF_2, __m256i, SET_256, _mm256_xor_si256, ROUND_256);
    }
    return (uint64_t)_mm256_extract_epi64(sum, 0);
}
#undef N
#endif

/* Hashes 32 messages a batch. */
static uint64_t hash(uint64_t batches)
{
#if defined(__x86_64__)
    if (gpubench_host_simd_best() == GPUBENCH_SIMD_AVX512) {
        return hash_avx512(batches);
    }
    if (gpubench_host_simd_best() == GPUBENCH_SIMD_AVX2) {
        return hash_avx2(batches);
    }
#endif
    uint64_t sum = 0;
    const uint64_t key[2] = {1, 2};
    for (uint64_t i = 0; i < 32 * batches; i++) {
        uint64_t words[3] = {i, 0, 0};
        sum ^= reference_siphash(key, words, sizeof words);
    }
    return sum;
}

/* The floor's threads: all hash between two barriers. */
static pthread_barrier_t barrier;
static double nanos_of[MAX_THREADS];
static volatile uint64_t sink;
static volatile int ending;

static double hash_for_a_while(void)
{
    double start = now_nanos();
    sink = hash(FLOOR_BATCHES);
    return now_nanos() - start;
}

static void *floor_thread(void *index)
{
    for (;;) {
        pthread_barrier_wait(&barrier);
        if (ending) {
            return NULL;
        }
        nanos_of[(size_t)index] = hash_for_a_while();
        pthread_barrier_wait(&barrier);
    }
}

/* Time of a message on so many threads, in nanoseconds, by the mean of them. */
static double floor_nanos(uint32_t threads)
{
    if (threads > 1) {
        pthread_barrier_wait(&barrier);
    }
    double sum = hash_for_a_while();
    if (threads > 1) {
        pthread_barrier_wait(&barrier);
    }
    for (uint32_t i = 1; i < threads; i++) {
        sum += nanos_of[i];
    }
    return sum / threads / (32.0 * FLOOR_BATCHES) / threads;
}

/* The votes of a round as the workload makes them; their number, and that of those that reach the check of the tag. */
static uint32_t vote(const reference_epoch *epoch, const gpubench_consensus_header *header, gpubench_message *messages,
                     uint64_t seed, uint64_t *hashed)
{
    enum { SILENT, WRONG_TAG, WRONG_ROUND, WRONG_PHASE, TWICE_MORE, EQUIVOCATING, OTHER, UNKNOWN, HONEST };
    uint32_t count = 0;
    for (uint32_t v = 0; v < epoch->validators; v++) {
        int kind = reference_random(&seed) % 100 < 33 ? (int)(reference_random(&seed) % 8) : HONEST;
        int copies = kind == SILENT ? 0 : kind == TWICE_MORE ? 3 : kind == EQUIVOCATING ? 2 : 1;
        for (int copy = 0; copy < copies; copy++) {
            gpubench_message message = {v, header->round, header->digests[0], header->phase, 0, 0};
            message.round += kind == WRONG_ROUND;
            message.phase += kind == WRONG_PHASE;
            message.validator += kind == UNKNOWN ? epoch->validators : 0;
            message.digest = header->digests[kind == OTHER || (kind == EQUIVOCATING && copy == 1)];
            message.tag = reference_siphash(&epoch->keys[2 * v], &message, offsetof(gpubench_message, tag));
            message.tag ^= kind == WRONG_TAG;
            *hashed += kind != WRONG_ROUND && kind != WRONG_PHASE && kind != UNKNOWN;
            messages[count++] = message;
        }
    }
    for (uint32_t i = count; i > 1; i--) {
        uint64_t other = reference_random(&seed) % i;
        gpubench_message swapped = messages[i - 1];
        messages[i - 1] = messages[other];
        messages[other] = swapped;
    }
    return count;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static uint32_t number(int argc, char **argv, int index, uint32_t otherwise)
{
    return argc > index ? (uint32_t)strtoul(argv[index], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
    const uint32_t validators = number(argc, argv, 1, 10000);
    const uint32_t threads = number(argc, argv, 2, 2);
    const uint32_t turns = number(argc, argv, 3, 301);
    const uint64_t memory = (uint64_t)number(argc, argv, 4, 80) << 20;
    gpubench_pool *pool;
    if (threads < 1 || threads > MAX_THREADS || validators < 1 || validators > GPUBENCH_MAX_VALIDATORS || turns < 1 ||
        gpubench_pool_create((int32_t)threads, &pool) != GPUBENCH_HOST_OK) {
        fprintf(stderr, "not so many threads, validators or turns\n");
        return EXIT_FAILURE;
    }

    /* About a millisecond of work in a call, of rounds that lie in memory. */
    reference_epoch epoch = reference_epoch_create(validators, 0, 1);
    const uint32_t of_call = 1 + (threads << 18) / (4 * validators);
    const uint64_t calls = 1 + memory / ((uint64_t)of_call * validators * sizeof(gpubench_message));
    const uint64_t rounds = of_call * calls;
    gpubench_consensus_header *headers = calloc(rounds, sizeof *headers);
    const gpubench_message **messages = calloc(rounds, sizeof *messages);
    uint64_t room = rounds * 2 * validators * sizeof(gpubench_message);
    gpubench_message *next = gpubench_memory_create(room);
    uint64_t hashed = 0, sum = 0;
    for (uint64_t i = 0; i < rounds; i++) {
        headers[i] = (gpubench_consensus_header){.round = 1, .phase = 2, .proposal_count = PROPOSALS};
        for (uint32_t k = 0; k < PROPOSALS; k++) {
            uint64_t seed = k;
            headers[i].digests[k] = reference_random(&seed);
        }
        messages[i] = next;
        headers[i].message_count = vote(&epoch, &headers[i], next, i, &hashed);
        sum += headers[i].message_count;
        next += (headers[i].message_count + 1) / 2 * 2;
    }
    gpubench_consensus *consensus = gpubench_consensus_create(pool, gpubench_host_simd_best(), validators, epoch.weights,
                                                              epoch.keys, GPUBENCH_TAGS_SIPHASH, 3 * validators);
    uint64_t *results = malloc(of_call * reference_result_words(validators) * sizeof *results);
    pthread_barrier_init(&barrier, NULL, threads);
    pthread_t others[MAX_THREADS];
    for (size_t i = 1; i < threads; i++) {
        pthread_create(&others[i], NULL, floor_thread, (void *)i);
    }

    double *floors = malloc(turns * sizeof *floors);
    double *streamed = malloc(turns * sizeof *streamed);
    double *shares = malloc(turns * sizeof *shares);
    const double of_messages = (double)hashed / (double)sum;
    for (uint32_t turn = 0; turn < turns; turn++) {
        floors[turn] = floor_nanos(threads);
        uint64_t first = turn % calls * of_call;
        uint64_t count = 0;
        for (uint32_t i = 0; i < of_call; i++) {
            count += headers[first + i].message_count;
        }
        gpubench_pool_wake(pool);
        double start = now_nanos();
        int32_t error = gpubench_consensus_rounds(consensus, of_call, headers + first, messages + first, results);
        streamed[turn] = (now_nanos() - start) / (double)count;
        if (error != GPUBENCH_HOST_OK) {
            fprintf(stderr, "error %d\n", error);
            return EXIT_FAILURE;
        }
        shares[turn] = of_messages * floors[turn] / streamed[turn];
    }
    ending = 1;
    if (threads > 1) {
        pthread_barrier_wait(&barrier);
    }
    qsort(floors, turns, sizeof *floors, compare);
    qsort(streamed, turns, sizeof *streamed, compare);
    qsort(shares, turns, sizeof *shares, compare);
    printf("share %.4f of the floor, quartiles %.4f and %.4f; streamed %.4f ns/message, floor %.4f ns/hash, hashed %.4f of"
           " the messages; %u validators, %u threads, %u rounds in a call, %u turns\n",
           shares[turns / 2], shares[turns / 4], shares[3 * turns / 4], streamed[turns / 2], floors[turns / 2],
           of_messages, validators, threads, of_call, turns);
    gpubench_consensus_destroy(consensus);
    gpubench_pool_destroy(pool);
    return EXIT_SUCCESS;
}
