/* SPDX-License-Identifier: Apache-2.0 */
/*
 * consensus: one node's aggregation of the votes of one round into a quorum certificate.
 *
 * Mathematics
 *   A message passes if its validator v < V, round, phase, zero field, digest (equal to that of some proposal k) and tag
 *   = SipHash-2-4(key(v), first 24 bytes) are right. S(k) is the set of validators with a passing message for k. A
 *   validator in two or more S(k) is an equivocator, e in E. Accepted for k is A(k) = S(k) \ E, of weight w(k); k is
 *   decided if 3 w(k) > 2 W, and since the A(k) are disjoint, no other proposal is. Of the passing messages, those of
 *   equivocators count as equivocation, one per accepted validator as accepted, and the rest as duplicate.
 *
 * Algorithm
 *   tally  Each thread checks its share of the messages, one per SIMD lane, and sets bits in its own bitmaps S(k). A
 *          message whose bit was already set goes to the thread's overflow list: its validator may yet turn out an
 *          equivocator. Nothing branches on what a message says.
 *   merge  S(k) of all threads are joined, a word of 64 validators at a time, E and A(k) follow, w(k) is a masked sum.
 *          A message of an equivocator either set a bit, and the thread's bitmap still has it, or is in an overflow list.
 *
 * Work per message: 12 SipRounds of 4 additions, 4 exclusive-ors and 6 rotations, 168 operations of 64 bits, and about 30
 * for the checks; and bytes, with K proposals and T threads: read 32*M + 16*M (keys) + 4*V (weights), write V/4 + 96, and
 * K*T*V/8 read and written in bitmaps that stay in the cache. SipHash alone, with AVX-512 in registers, is bound by its
 * 12 * 14 operations: 5.3 cycles per message where four units take 512 bits each, two of which rotate (Zen 5); 10.5 where
 * they take 256 (Zen 4), of which 12.5 were measured, since the rotations do not always find their units free.
 * bench/consensus_floor.c says what it is on a machine, and how close the whole comes.
 *
 * Launch shape: as many threads as have enough messages each. Small merges are left to the calling thread. Of many rounds
 * each thread takes whole ones, as long as there are any, and needs nobody until the last one is done.
 *
 * Limits: see gpubench_host.h. Oracle: io.gpubench.workloads.consensus.ConsensusOracle.
 */
#include <stdatomic.h>
#include <stdlib.h>

#include "consensus_kernel.h"
#include "pool.h"

enum {
    /* Some 8 us of work for each thread, against about 2 us that a fork and its cold caches cost. */
    MESSAGES_PER_THREAD = 2048,
    UNTAGGED_MESSAGES_PER_THREAD = 4096,
    BLOCKS_PER_THREAD = 4,          /* in the merge: 4,096 validators */
    OVERFLOWS_FOR_A_FORK = 1 << 14, /* entries of overflow lists */
    SHARE_GRAIN = 32                /* messages: the largest batch of a kernel, so that only the last thread pads */
};

struct gpubench_consensus {
    consensus_state state;
    const consensus_kernel *kernel;
    gpubench_pool *pool;
    int32_t tags;
    uint32_t max_messages;
    uint64_t total_weight;
    uint32_t *weights;
    uint64_t *keys;
    uint64_t *seen;
    uint32_t *overflow;
    void *lanes_memory; /* of which the lanes are an aligned part; what no round touches is not taken from the machine */
    uint64_t *lanes;
    size_t lane_words;
    /* Of the round. */
    uint32_t share;       /* messages per part */
    uint32_t merge_parts; /* parts[i] adds up the i-th share of the blocks */
    /* Of many rounds. */
    const gpubench_consensus_header *headers;
    const gpubench_message *const *messages;
    uint64_t *results;
    uint32_t count;
    atomic_uint next; /* round that nobody has taken */
};

static uint32_t divide_up(uint32_t dividend, uint32_t divisor)
{
    return dividend / divisor + (dividend % divisor != 0);
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Zeroed and aligned to a cache line. NULL if there is no memory. */
static void *allocate(size_t count, size_t size)
{
    size_t bytes = (count * size + 63) / 64 * 64;
    void *memory = aligned_alloc(64, bytes);
    if (memory != NULL) {
        memset(memory, 0, bytes);
    }
    return memory;
}

static const consensus_kernel *kernel_of(int32_t simd_level)
{
#if defined(__x86_64__)
    if (simd_level == GPUBENCH_SIMD_AVX512) {
        return &consensus_avx512;
    }
    if (simd_level == GPUBENCH_SIMD_AVX2) {
        return &consensus_avx2;
    }
#endif
    (void)simd_level;
    return &consensus_scalar;
}

static bool valid(int32_t simd_level, uint32_t validators, const uint32_t *weights, const uint64_t *keys, int32_t tags)
{
    if (simd_level < GPUBENCH_SIMD_SCALAR || simd_level > gpubench_host_simd_best() || validators < 1 ||
        validators > GPUBENCH_MAX_VALIDATORS || weights == NULL ||
        (tags != GPUBENCH_TAGS_NONE && tags != GPUBENCH_TAGS_SIPHASH) ||
        (tags == GPUBENCH_TAGS_SIPHASH && keys == NULL)) {
        return false;
    }
    for (uint32_t validator = 0; validator < validators; validator++) {
        if (weights[validator] < 1 || weights[validator] > GPUBENCH_MAX_WEIGHT) {
            return false;
        }
    }
    return true;
}

gpubench_consensus *gpubench_consensus_create(gpubench_pool *pool, int32_t simd_level, uint32_t validators,
                                              const uint32_t *weights, const uint64_t *keys, int32_t tags,
                                              uint32_t max_messages)
{
    if (!valid(simd_level, validators, weights, keys, tags)) {
        return NULL;
    }
    gpubench_consensus *created = calloc(1, sizeof *created);
    if (created == NULL) {
        return NULL;
    }
    size_t threads = (size_t)gpubench_pool_threads(pool);
    uint32_t stride = divide_up(validators, 64 * LINE_WORDS) * LINE_WORDS;
    size_t bitmaps = (size_t)GPUBENCH_MAX_PROPOSALS * stride;
    created->pool = pool;
    created->kernel = kernel_of(simd_level);
    created->tags = tags;
    created->max_messages = max_messages;
    created->weights = allocate(64 * (size_t)stride, sizeof(uint32_t));
    created->keys = allocate(2 * (size_t)validators, sizeof(uint64_t));
    created->seen = allocate(threads * bitmaps, sizeof(uint64_t));
    /* A thread with a round of its own: bitmaps of accepted votes and equivocators, and an overflow list. */
    created->lane_words = bitmaps + stride + (max_messages / (2 * LINE_WORDS) + 2) * LINE_WORDS;
    created->lanes_memory = calloc(threads * created->lane_words + LINE_WORDS, sizeof(uint64_t));
    created->lanes = (uint64_t *)(((uintptr_t)created->lanes_memory + 63) / 64 * 64);
    created->overflow = allocate(max_messages + LINE_WORDS * 2 * threads, sizeof(uint32_t));
    created->state = (consensus_state){
        .validators = validators,
        .stride = stride,
        .weights = created->weights,
        .keys = created->keys,
        .parts = allocate(threads, sizeof(consensus_part)),
        .accepted = allocate(bitmaps, sizeof(uint64_t)),
        .equivocators = allocate(stride, sizeof(uint64_t)),
    };
    if (created->weights == NULL || created->keys == NULL || created->seen == NULL || created->overflow == NULL ||
        created->lanes_memory == NULL || created->state.parts == NULL || created->state.accepted == NULL || created->state.equivocators == NULL) {
        gpubench_consensus_destroy(created);
        return NULL;
    }
    for (size_t thread = 0; thread < threads; thread++) {
        created->state.parts[thread].seen = created->seen + thread * bitmaps;
    }
    memcpy(created->weights, weights, validators * sizeof *weights);
    if (keys != NULL) {
        memcpy(created->keys, keys, 2 * (size_t)validators * sizeof *keys);
    }
    for (uint32_t validator = 0; validator < validators; validator++) {
        created->total_weight += weights[validator];
    }
    return created;
}

void gpubench_consensus_destroy(gpubench_consensus *consensus)
{
    if (consensus == NULL) {
        return;
    }
    free(consensus->weights);
    free(consensus->keys);
    free(consensus->seen);
    free(consensus->overflow);
    free(consensus->lanes_memory);
    free(consensus->state.parts);
    free(consensus->state.accepted);
    free(consensus->state.equivocators);
    free(consensus);
}

int32_t gpubench_consensus_threads(const gpubench_consensus *consensus, uint32_t message_count)
{
    bool tagged = consensus->tags == GPUBENCH_TAGS_SIPHASH;
    uint32_t paying = message_count / (tagged ? MESSAGES_PER_THREAD : UNTAGGED_MESSAGES_PER_THREAD);
    return (int32_t)smaller(paying < 1 ? 1 : paying, (uint32_t)gpubench_pool_threads(consensus->pool));
}

static void tally_share(const gpubench_consensus *consensus, const consensus_state *state, consensus_part *part,
                        uint32_t first, uint32_t count)
{
    /* Cleared by the thread that fills them, in whose cache they then are. */
    memset(part->seen, 0, state->header->proposal_count * (size_t)state->stride * sizeof *part->seen);
    if (consensus->tags == GPUBENCH_TAGS_SIPHASH) {
        consensus->kernel->tally(state, part, first, count);
    } else {
        consensus->kernel->tally_without_tags(state, part, first, count);
    }
}

static void tally(void *argument, uint32_t index)
{
    gpubench_consensus *consensus = argument;
    const consensus_state *state = &consensus->state;
    consensus_part *part = &state->parts[index];
    uint32_t first = smaller(index * consensus->share, state->header->message_count);
    uint32_t count = smaller(consensus->share, state->header->message_count - first);
    /* A list is no longer than its share, and the kernel writes up to a cache line beyond it, which keeps lists apart. */
    part->overflow = consensus->overflow + first + LINE_WORDS * 2 * (size_t)index;
    tally_share(consensus, state, part, first, count);
}

static void merge(void *argument, uint32_t index)
{
    gpubench_consensus *consensus = argument;
    const consensus_state *state = &consensus->state;
    uint32_t blocks = divide_up(state->stride, BLOCK_WORDS);
    uint32_t share = divide_up(blocks, consensus->merge_parts);
    uint32_t first = smaller(index * share, blocks);
    consensus->kernel->merge(state, &state->parts[index], first, smaller(first + share, blocks));
}

static void resolve(void *argument, uint32_t index)
{
    gpubench_consensus *consensus = argument;
    consensus->kernel->resolve(&consensus->state, &consensus->state.parts[index]);
}

static void run(gpubench_consensus *consensus, gpubench_task *task, bool fork)
{
    uint32_t parts = consensus->state.part_count;
    if (fork) {
        gpubench_pool_run(consensus->pool, task, consensus, parts);
        return;
    }
    for (uint32_t part = 0; part < parts; part++) {
        task(consensus, part);
    }
}

static void write_result(const gpubench_consensus *consensus, const consensus_state *state, uint32_t merge_parts,
                         uint64_t *result)
{
    const gpubench_consensus_header *header = state->header;
    uint64_t survivors[STAGES] = {0};
    uint64_t weights[GPUBENCH_MAX_PROPOSALS] = {0};
    uint64_t accepted = 0;
    uint64_t equivocation = 0;
    for (uint32_t i = 0; i < state->part_count; i++) {
        const consensus_part *part = &state->parts[i];
        for (int stage = 0; stage < STAGES; stage++) {
            survivors[stage] += part->survivors[stage];
        }
        equivocation += part->overflow_equivocation;
        if (i < merge_parts) {
            accepted += part->accepted;
            equivocation += part->equivocation;
            for (uint32_t k = 0; k < header->proposal_count; k++) {
                weights[k] += part->weights[k];
            }
        }
    }

    result[GPUBENCH_RESULT_ACCEPTED] = accepted;
    uint64_t before = header->message_count;
    for (int stage = 0; stage < STAGES; stage++) {
        result[GPUBENCH_RESULT_UNKNOWN_VALIDATOR + stage] = before - survivors[stage];
        before = survivors[stage];
    }
    result[GPUBENCH_RESULT_EQUIVOCATION] = equivocation;
    result[GPUBENCH_RESULT_DUPLICATE] = before - accepted - equivocation;

    size_t bytes = divide_up(state->validators, 64) * sizeof(uint64_t);
    uint64_t *certificate = result + GPUBENCH_RESULT_CERTIFICATE;
    memset(result, 0, 3 * sizeof *result);
    memcpy(certificate + bytes / sizeof(uint64_t), state->equivocators, bytes);
    for (uint32_t k = 0; k < header->proposal_count; k++) {
        if (3 * weights[k] > 2 * consensus->total_weight) {
            result[GPUBENCH_RESULT_DECISION] = (uint64_t)k << 32 | 1;
            result[GPUBENCH_RESULT_DIGEST] = header->digests[k];
            result[GPUBENCH_RESULT_WEIGHT] = weights[k];
            memcpy(certificate, state->accepted + k * (size_t)state->stride, bytes);
            return;
        }
    }
    memset(certificate, 0, bytes);
}

static int32_t check(const gpubench_consensus *consensus, const gpubench_consensus_header *header,
                     const gpubench_message *messages)
{
    if (messages == NULL && header->message_count != 0) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    if (header->proposal_count > GPUBENCH_MAX_PROPOSALS) {
        return GPUBENCH_HOST_ERROR_PROPOSALS;
    }
    if (header->message_count > consensus->max_messages) {
        return GPUBENCH_HOST_ERROR_MESSAGES;
    }
    return GPUBENCH_HOST_OK;
}

static void decide(gpubench_consensus *consensus, const gpubench_consensus_header *header,
                   const gpubench_message *messages, uint64_t *result)
{
    consensus_state *state = &consensus->state;
    uint32_t parts = (uint32_t)gpubench_consensus_threads(consensus, header->message_count);
    state->header = header;
    state->messages = messages;
    state->part_count = parts;
    consensus->share = divide_up(divide_up(header->message_count, parts), SHARE_GRAIN) * SHARE_GRAIN;
    run(consensus, tally, true);

    uint32_t paying = divide_up(state->stride, BLOCKS_PER_THREAD * BLOCK_WORDS);
    consensus->merge_parts = smaller(paying, parts);
    gpubench_pool_run(consensus->pool, merge, consensus, consensus->merge_parts);

    size_t overflows = 0;
    for (uint32_t part = 0; part < parts; part++) {
        overflows += state->parts[part].overflow_count;
    }
    run(consensus, resolve, overflows >= OVERFLOWS_FOR_A_FORK);

    write_result(consensus, state, consensus->merge_parts, result);
}

int32_t gpubench_consensus_round(gpubench_consensus *consensus, const gpubench_consensus_header *header,
                                 const gpubench_message *messages, uint64_t *result)
{
    if (consensus == NULL || header == NULL || result == NULL) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    int32_t error = check(consensus, header, messages);
    if (error == GPUBENCH_HOST_OK) {
        decide(consensus, header, messages, result);
    }
    return error;
}

static size_t result_words(const gpubench_consensus *consensus)
{
    return GPUBENCH_RESULT_CERTIFICATE + 2 * (size_t)divide_up(consensus->state.validators, 64);
}

/* One thread's way through the rounds: each that nobody else has taken. */
static void take_rounds(void *argument, uint32_t thread)
{
    gpubench_consensus *consensus = argument;
    consensus_state state = consensus->state;
    consensus_part *part = &consensus->state.parts[thread];
    uint64_t *lane = consensus->lanes + thread * consensus->lane_words;
    state.parts = part;
    state.part_count = 1;
    state.accepted = lane;
    state.equivocators = lane + (size_t)GPUBENCH_MAX_PROPOSALS * state.stride;
    part->overflow = (uint32_t *)(state.equivocators + state.stride);
    for (;;) {
        uint32_t round = atomic_fetch_add_explicit(&consensus->next, 1, memory_order_relaxed);
        if (round >= consensus->count) {
            return;
        }
        state.header = &consensus->headers[round];
        state.messages = consensus->messages[round];
        tally_share(consensus, &state, part, 0, state.header->message_count);
        consensus->kernel->merge(&state, part, 0, divide_up(state.stride, BLOCK_WORDS));
        consensus->kernel->resolve(&state, part);
        write_result(consensus, &state, 1, consensus->results + round * result_words(consensus));
    }
}

int32_t gpubench_consensus_rounds(gpubench_consensus *consensus, uint32_t count,
                                  const gpubench_consensus_header *headers, const gpubench_message *const *messages,
                                  uint64_t *results)
{
    if (consensus == NULL || count > GPUBENCH_MAX_ROUNDS ||
        (count > 0 && (headers == NULL || messages == NULL || results == NULL))) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    uint64_t sum = 0;
    for (uint32_t round = 0; round < count; round++) {
        int32_t error = check(consensus, &headers[round], messages[round]);
        if (error != GPUBENCH_HOST_OK) {
            return error;
        }
        sum += headers[round].message_count;
    }
    if (count == 0) {
        return GPUBENCH_HOST_OK;
    }
    /* The last rounds leave some threads without one, which counts where a round could use them too. */
    uint32_t threads = (uint32_t)gpubench_pool_threads(consensus->pool);
    uint32_t turns = divide_up(count, threads);
    uint64_t in_a_round = (uint64_t)gpubench_consensus_threads(consensus, (uint32_t)(sum / count));
    if (turns * in_a_round > count + count / 8) {
        for (uint32_t round = 0; round < count; round++) {
            decide(consensus, &headers[round], messages[round], results + round * result_words(consensus));
        }
        return GPUBENCH_HOST_OK;
    }
    consensus->headers = headers;
    consensus->messages = messages;
    consensus->results = results;
    consensus->count = count;
    atomic_store_explicit(&consensus->next, 0, memory_order_relaxed);
    gpubench_pool_run(consensus->pool, take_rounds, consensus, smaller(count, threads));
    return GPUBENCH_HOST_OK;
}
