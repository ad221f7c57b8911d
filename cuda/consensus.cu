/* SPDX-License-Identifier: Apache-2.0 */
/*
 * consensus: one node's aggregation of the votes of one round into a quorum certificate.
 * Oracle: io.gpubench.workloads.consensus.ConsensusOracle, whose answer these kernels give bit for bit.
 *
 * The mathematics. A message fails at the first of: unknown validator, wrong round, wrong phase, zero field, unknown
 * proposal, wrong tag. Of the rest, let S(v) be the set of proposals that validator v voted for and n(v) how many such
 * messages it sent. |S| = 1: one message is accepted, n - 1 are duplicates. |S| > 1: all n are equivocation. w(k) is the
 * sum of the weights of those with S = {k}; k is decided when 3 w(k) > 2 W; the certificate is {v : S(v) = {k}}.
 *
 * The idea. S(v) is a 16-bit mask in a word of its own, so one atomic OR a message finds first votes, repetitions and
 * equivocators at once, in any order. n(v) is counted only from the second message on. Tallying takes a thread for each
 * message, deciding a lane for each validator, whose ballots over 32 lanes are the words of the bitmaps.
 *
 *   consensus_round    both in one grid: the block that ends last decides. Up to FUSED_VALIDATORS validators.
 *   consensus_tally    the first half alone,
 *   consensus_decide   and the second, in as many blocks as there are words.
 *
 * With M messages, H of them hashed, V validators, B = ceil(V / 64), K proposals:
 *   bytes read      32 M + 16 M (keys) + 8 V (ballots, weights) + 144 for each block
 *   bytes written   16 B + 96 (result), 4 V (ballots, cleared for the next round), 8 K B (bitmaps; in shared memory when
 *                   fused)
 *   operations      32-bit integer, per hashed message: 12 SipRounds of 4 additions, 4 exclusive ors and 4 rotations of
 *                   64 bits, two operations each, or 288, and some 40 around them; an atomic OR for each that passes.
 *
 * Launch shape: BLOCK threads, which is one warp for each of a multiprocessor's four schedulers: a small round is spread
 * over as many multiprocessors as it can be, since a single warp already keeps a scheduler's integer units busy half of
 * the time. The grid is ceil(M / BLOCK), or fewer blocks that stride; each block at least needs one warp.
 *
 * Memory. The round: a header of 256 bytes {u32 round, phase, M, K; u64 digest[16]}, then M messages of 32 bytes, aligned
 * to 16. `limit` >= M is how many messages may be read; up to there memory holds something, if not messages of this
 * round. The result: 12 + 2 B words of 64 bits as in ConsensusResult. The workspace: workspace_bytes(V), zero before the
 * first round; each round leaves it zero. V <= 2^20 and M < 2^32 - BLOCK * gridDim.x.
 *
 * A round for `gpubench check`: 200 messages, two proposals; all of validator 0 for proposal 0, so that all but one repeat.
 * gpubench-check: validators=100 total_weight=100 weights=u32[validators]=1 memory=u8[1536]=zero
 * gpubench-check: limit=200 round=u8[6656]=hex:0000000000000000c800000002000000 keys=null result=u64[16]
 * gpubench-check: grid=2 block=128
 */
#include "consensus.cuh"

constexpr u32 BLOCK = 128;
constexpr u32 WARPS = BLOCK / WARP;
constexpr u32 FUSED_VALIDATORS = 4096;
constexpr u32 FUSED_WORDS = FUSED_VALIDATORS / WARP;

/* In a word of ballots: bit k for a vote for proposal k, and this one when there is a count in `repeats`. */
constexpr u32 REPEATED = 1u << 31;
constexpr u32 PROPOSALS = (1u << MAX_PROPOSALS) - 1;

/* What all blocks add to. */
struct Totals {
    u64 weight[MAX_PROPOSALS];
    u32 survivors[STAGES]; /* messages that passed this check and all before it */
    u32 accepted;
    u32 equivocation;
    u32 blocks; /* that have added their part */
};

/* Totals, then two words for each validator, then (unless fused) a bitmap for each proposal. */
struct Workspace {
    Totals *totals;
    u32 *ballots;
    u32 *repeats;
    u32 *bitmaps;

    __device__ Workspace(void *memory, u32 validators)
        : totals(static_cast<Totals *>(memory)), ballots(static_cast<u32 *>(memory) + 64),
          repeats(ballots + WARP * bitmap_words(validators)), bitmaps(repeats + WARP * bitmap_words(validators))
    {
        static_assert(sizeof(Totals) <= 64 * sizeof(u32), "the totals have 256 bytes");
    }
};

/* ---- the first half: messages into ballots */

/* Adds the block's messages to ballots, repeats and totals. Ends without a barrier. */
__device__ __forceinline__ void tally(const uint4 *round, u32 limit, const Epoch &epoch, const Workspace &workspace)
{
    __shared__ Header header;
    __shared__ u32 survivors[STAGES];

    const u32 lane = threadIdx.x % WARP;
    const u32 stride = gridDim.x * BLOCK;
    u32 index = blockIdx.x * BLOCK + threadIdx.x;
    Message next = load_message(round, index, limit); /* on its way while the header is */

    if (threadIdx.x < sizeof(Header) / sizeof(uint4)) {
        reinterpret_cast<uint4 *>(&header)[threadIdx.x] = __ldg(round + threadIdx.x);
    } else if (threadIdx.x >= WARP && threadIdx.x < WARP + STAGES) {
        survivors[threadIdx.x - WARP] = 0;
    }
    __syncthreads();

    u32 count[STAGES] = {};
    for (; index - lane < limit; index += stride) {
        const Message message = next;
        next = load_message(round, index + stride, limit);

        const u32 validator = message.first.x;
        bool alive = index < header.messages & validator < epoch.validators;
        ulonglong2 key = {0, 0};
        if (alive && epoch.keys != nullptr) {
            key = __ldg(&epoch.keys[validator]); /* on its way while the cheaper checks are made */
        }
        count[VALIDATOR] += warp_count(alive);
        alive &= message.first.y == header.round;
        count[ROUND] += warp_count(alive);
        alive &= message.second.x == header.phase;
        count[PHASE] += warp_count(alive);
        alive &= message.second.y == 0;
        count[ZERO] += warp_count(alive);
        const u32 proposal = find_proposal(header, message);
        alive &= proposal < header.proposals;
        count[PROPOSAL] += warp_count(alive);
        if (alive && epoch.keys != nullptr) {
            alive = expected_tag(message, key) == join(message.second.z, message.second.w);
        }
        count[TAG] += warp_count(alive);

        if (alive && atomicOr(&workspace.ballots[validator], 1u << proposal) != 0) {
            atomicAdd(&workspace.repeats[validator], 1u);
            atomicOr(&workspace.ballots[validator], REPEATED);
        }
        __syncwarp();
    }

    if (lane == 0) {
#pragma unroll
        for (u32 stage = 0; stage < STAGES; stage++) {
            atomicAdd(&survivors[stage], count[stage]);
        }
    }
    __syncthreads();
    if (threadIdx.x < STAGES) {
        atomicAdd(&workspace.totals->survivors[threadIdx.x], survivors[threadIdx.x]);
    }
}

/* ---- the second half: ballots into a decision */

/*
 * Counts the words from `first` on that are this block's: their bits for each proposal go to `bitmaps`, those of
 * equivocators to the result, sums to the totals; ballots and repeats are cleared. Ends without a barrier.
 */
__device__ __forceinline__ void count_votes(u32 first, u32 stride, u32 proposals, const Epoch &epoch,
                                            const Workspace &workspace, u32 *bitmaps, u32 bitmap_stride,
                                            u32 *equivocators)
{
    const u32 lane = threadIdx.x % WARP;
    const u32 words = bitmap_words(epoch.validators);
    u64 weight = 0; /* of proposal `lane` */
    u32 accepted = 0;
    u32 equivocation = 0;

    for (u32 word = first + threadIdx.x / WARP; word < words; word += stride) {
        const u32 validator = word * WARP + lane;
        const bool known = validator < epoch.validators;
        const u32 ballot = known ? __ldcg(&workspace.ballots[validator]) : 0;
        const u32 own_weight = known ? __ldg(&epoch.weights[validator]) : 0;
        const u32 votes = ballot & PROPOSALS;
        const bool equivocates = (votes & (votes - 1)) != 0;

        if (ballot != 0) {
            workspace.ballots[validator] = 0;
        }
        u32 messages = equivocates;
        if (ballot & REPEATED) {
            messages += equivocates ? __ldcg(&workspace.repeats[validator]) : 0;
            workspace.repeats[validator] = 0;
        }
        const u32 equivocating = __ballot_sync(ALL_LANES, equivocates);
        if (lane == 0) {
            equivocators[word] = equivocating;
        }
        if (equivocating != 0) {
            equivocation += warp_sum(messages);
        }
        for (u32 k = 0; k < proposals; k++) {
            const bool accepts = votes == 1u << k;
            const u32 bits = __ballot_sync(ALL_LANES, accepts);
            const u32 sum = warp_sum(accepts ? own_weight : 0); /* at most 2^25 */
            accepted += __popc(bits);
            if (lane == k) {
                weight += sum;
                bitmaps[k * bitmap_stride + word] = bits;
            }
        }
    }

    if (lane < proposals && weight != 0) {
        atomicAdd(&workspace.totals->weight[lane], weight);
    }
    if (lane == 0) {
        atomicAdd(&workspace.totals->accepted, accepted);
        atomicAdd(&workspace.totals->equivocation, equivocation);
    }
}

/* Whether all other blocks have come here before this one. Then what they wrote is visible to this block. */
__device__ __forceinline__ bool is_last_block(Totals *totals)
{
    __shared__ bool last;
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0) {
        last = atomicAdd(&totals->blocks, 1u) == gridDim.x - 1;
    }
    __syncthreads();
    __threadfence();
    return last;
}

/*
 * Writes the decision and its certificate from the totals, which it clears. For one block, after all others; what its
 * own threads have just counted is there behind the first barrier.
 */
__device__ __forceinline__ void decide(const uint4 *round, const Epoch &epoch, Totals *totals, const u32 *bitmaps,
                                       u32 bitmap_stride, Decision *decision, u32 *certificate)
{
    __shared__ u32 decided;
    const Header *header = reinterpret_cast<const Header *>(round);
    const u32 proposals = __ldg(&header->proposals);
    if (threadIdx.x == 0) {
        decided = MAX_PROPOSALS;
    }
    __syncthreads();
    u64 weight = 0;
    bool decides = false;
    if (threadIdx.x < MAX_PROPOSALS) {
        weight = __ldcg(&totals->weight[threadIdx.x]);
        decides = threadIdx.x < proposals && 3 * weight > 2 * epoch.total_weight;
        totals->weight[threadIdx.x] = 0;
    }
    if (decides) {
        decided = threadIdx.x; /* for one thread at most, since the weights add up to at most W */
        decision->decided = 1;
        decision->index = threadIdx.x;
        decision->digest = __ldg(&header->digest[threadIdx.x]);
        decision->weight = weight;
    }
    __syncthreads();

    if (threadIdx.x == 0) {
        if (decided == MAX_PROPOSALS) {
            decision->decided = 0;
            decision->index = 0;
            decision->digest = 0;
            decision->weight = 0;
        }
        const u32 accepted = __ldcg(&totals->accepted);
        const u32 equivocation = __ldcg(&totals->equivocation);
        u32 before = __ldg(&header->messages);
        for (u32 stage = 0; stage < STAGES; stage++) {
            const u32 survivors = __ldcg(&totals->survivors[stage]);
            totals->survivors[stage] = 0;
            decision->failed[stage] = before - survivors;
            before = survivors;
        }
        decision->accepted = accepted;
        decision->equivocation = equivocation;
        decision->duplicate = before - accepted - equivocation;
        totals->accepted = 0;
        totals->equivocation = 0;
        totals->blocks = 0;
    }
    for (u32 word = threadIdx.x; word < bitmap_words(epoch.validators); word += BLOCK) {
        certificate[word] = decided < MAX_PROPOSALS ? bitmaps[decided * bitmap_stride + word] : 0;
    }
}

/* ---- kernels */

extern "C" __global__ void __launch_bounds__(BLOCK)
    consensus_round(const uint4 *round, u64 *result, const ulonglong2 *keys, const u32 *weights, void *memory,
                    u64 total_weight, u32 validators, u32 limit)
{
    __shared__ u32 bitmaps[MAX_PROPOSALS * FUSED_WORDS];
    const Epoch epoch = {keys, weights, total_weight, validators};
    const Workspace workspace(memory, validators);
    tally(round, limit, epoch, workspace);
    if (is_last_block(workspace.totals)) {
        u32 *certificate = certificate_of(result);
        const u32 proposals = __ldg(&reinterpret_cast<const Header *>(round)->proposals);
        count_votes(0, WARPS, proposals, epoch, workspace, bitmaps, FUSED_WORDS,
                    certificate + bitmap_words(validators));
        decide(round, epoch, workspace.totals, bitmaps, FUSED_WORDS, reinterpret_cast<Decision *>(result), certificate);
    }
}

extern "C" __global__ void __launch_bounds__(BLOCK)
    consensus_tally(const uint4 *round, const ulonglong2 *keys, const u32 *weights, void *memory, u32 validators,
                    u32 limit)
{
    const Epoch epoch = {keys, weights, 0, validators};
    tally(round, limit, epoch, Workspace(memory, validators));
}

extern "C" __global__ void __launch_bounds__(BLOCK)
    consensus_decide(const uint4 *round, u64 *result, const u32 *weights, void *memory, u64 total_weight,
                     u32 validators)
{
    const Epoch epoch = {nullptr, weights, total_weight, validators};
    const Workspace workspace(memory, validators);
    u32 *certificate = certificate_of(result);
    const u32 words = bitmap_words(validators);
    const u32 proposals = __ldg(&reinterpret_cast<const Header *>(round)->proposals);
    count_votes(blockIdx.x * WARPS, gridDim.x * WARPS, proposals, epoch, workspace, workspace.bitmaps, words,
                certificate + words);
    if (is_last_block(workspace.totals)) {
        decide(round, epoch, workspace.totals, workspace.bitmaps, words, reinterpret_cast<Decision *>(result),
               certificate);
    }
}
