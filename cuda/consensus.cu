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
 * S(v) is a 16-bit mask in a word of its own, its ballot, so one atomic OR a message finds first votes, repetitions and
 * equivocators at once, in any order. Tallying takes a thread for each message. What is done with it is the versions'
 * difference; consensus.md has what each of them is expected to take, and why.
 *
 *   split     consensus_tally, consensus_decide. n(v) is counted only from the second message on. The second kernel takes a
 *             lane for each validator, whose votes over 32 lanes are the words of the bitmaps, and clears behind itself.
 *   fused     consensus_round. Both in one grid: the block that ends last decides. Up to FUSED_VALIDATORS validators.
 *   onepass   consensus_onepass, _u2, _u4 (messages that a thread has in flight). No phase over all validators: what the OR
 *             returns says what the message changes, and the block that ends last writes what is there (below).
 *   mailbox   consensus_mailbox. The same by a kernel that stays on the device, whose blocks read rounds over the bus.
 *
 * Why onepass is right in any order. The ORs on a ballot are one after the other, each returns the mask before it, so of the
 * messages of v exactly one finds it empty, the first: it adds w(v) to the weight of its proposal j and sets v's bit in
 * seen[j]. If |S(v)| > 1, exactly one finds {j} and adds another proposal, the second: it subtracts w(v) from the weight of
 * j and sets v's bit among the equivocators. So w(k) is what remains, modulo 2^64 and below 2^40 in the end, in whatever
 * order sums arrive; the certificate is seen[k] without equivocators; accepted are the first less the second ones. For n(v)
 * each message but the first adds 1 to repeats(v), the second one a flag as well, and all get what was there before. The second
 * counts 2 + what was there, which is the first message, itself, and those that had come; of the others count 1 each those
 * that find the flag. That is each message of an equivocator once, and none of anybody else's; duplicates are the rest.
 *
 * A workspace has to be zero before a round, and onepass has two: while one is used all blocks clear the other, at a moment
 * when they wait for messages.
 *
 * With M messages, H of them hashed, V validators, B = ceil(V / 64), K proposals, G blocks; bytes:
 *   all       read 32 M, 16 M (keys), 144 G (headers); write 16 B + 96 (result)
 *   split     read 8 V (ballots, weights), 8 B; write 4 V (cleared), 8 K B (bitmaps)
 *   fused     the same without the bitmaps, which are in shared memory
 *   onepass   read 4 M (weights), 16 B; write 656 B + 256 (cleared: 8 for each validator, and 18 bitmaps)
 *   mailbox   as onepass, of which 32 M + 144 G and 16 B + 96 over the bus, and 16 G for each look into the box
 * Operations, 32-bit integer: for each hashed message 12 SipRounds of 4 additions, 4 exclusive ors and 4 rotations of 64
 * bits, two operations each, or 288, and some 40 around them. Atomics of device memory: an OR for each message that passes,
 * by onepass another for each first vote and two for each other one; 8 and a weight for each proposal for each block, by
 * onepass for each warp; 1 for each block.
 *
 * Launch shape: any multiple of a warp from 64 to MOST_THREADS threads a block, and any number of blocks, which stride. Of
 * itself the engine takes 128 threads, which is one warp for each of a multiprocessor's four schedulers, and a thread for each
 * message: a small round is spread over as many multiprocessors as it can be, since a single warp already keeps a
 * scheduler's integer units busy half of the time. The mailbox's blocks have to be on the device all at once.
 *
 * Memory. The round: a header of 256 bytes {u32 round, phase, M, K; u64 digest[16]}, then M messages of 32 bytes, aligned
 * to 16. `limit` >= M is how many messages may be read; up to there memory holds something, if not messages of this
 * round. The result: 12 + 2 B words of 64 bits as in ConsensusResult. The workspace: 2 (256 + 656 B) + 16 bytes, zero before
 * the first round and before the mailbox is launched; a round leaves it as its own version needs it. V <= 2^20, M < 2^31.
 *
 * A round for `gpubench check`: 200 messages, two proposals; all of validator 0 for proposal 0, so that all but one repeat.
 * gpubench-check: validators=100 total_weight=100 weights=u32[validators]=1 memory=u8[3392]=zero
 * gpubench-check: limit=200 round=u8[6656]=hex:0000000000000000c800000002000000 keys=null result=u64[16]
 * gpubench-check: grid=2 block=128
 * For the mailbox the same round under number 1, and behind it the word that ends the kernel.
 * gpubench-check: kernel=consensus_mailbox box=u64[32]=hex:01000000c80000000100000000000000 last=0 patience=1000000000 grid=1
 */
#include "consensus_rounds.cuh"
#include "consensus_tally.cuh"

constexpr u32 MOST_THREADS = 512;
constexpr u32 FUSED_VALIDATORS = 4096;
constexpr u32 FUSED_WORDS = FUSED_VALIDATORS / WARP;

/* In a word of ballots: bit k for a vote for proposal k, and this one when there is a count in `repeats`. */
constexpr u32 REPEATED = 1u << 31;
constexpr u32 PROPOSALS = (1u << MAX_PROPOSALS) - 1;

/* In a word of repeats, by onepass: the ballot has two proposals or more. */
constexpr u32 EQUIVOCATES = 1u << 31;

/* ---- split and fused: ballots into a decision, by a phase over all validators */

/* Marks the votes in ballots and counts repeats. Ends behind a barrier and with sums on their way. */
__device__ __forceinline__ void tally(const uint4 *round, u32 limit, const Epoch &epoch, const Workspace &workspace)
{
    __shared__ Header header;
    __shared__ Totals own;

    Messages<1, false> messages(round, limit);
    const HeaderParts<false> parts(round);
    clear(&own);
    parts.give(&header);
    __syncthreads();
    u32 count[STAGES] = {};
    messages.each(header, epoch, count, [&](const Vote(&votes)[1]) {
        const Vote vote = votes[0];
        if (vote.valid && atomicOr(&workspace.ballots[vote.validator], 1u << vote.proposal) != 0) {
            atomicAdd(&workspace.repeats[vote.validator], 1u);
            atomicOr(&workspace.ballots[vote.validator], REPEATED);
        }
    });
    add_counts(count, &own);
    __syncthreads();
    add_totals(own, workspace.totals);
}

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
        atomicAdd(&workspace.totals->counts[ACCEPTED], accepted);
        atomicAdd(&workspace.totals->counts[EQUIVOCATION], equivocation);
    }
}

/* Writes decision and certificate behind count_votes, and leaves the totals as they were found. For the last block. */
__device__ __forceinline__ void conclude(const Header &header, const Epoch &epoch, Totals *totals, const u32 *bitmaps,
                                         u32 bitmap_stride, u64 *result)
{
    __syncthreads();
    const u32 decided = decide(header, epoch.total_weight, totals, result);
    u32 *certificate = certificate_of(result);
    for (u32 word = threadIdx.x; word < bitmap_words(epoch.validators); word += blockDim.x) {
        certificate[word] = decided < MAX_PROPOSALS ? bitmaps[decided * bitmap_stride + word] : 0;
    }
    __syncthreads();
    if (threadIdx.x < TOTAL_WORDS) {
        reinterpret_cast<u32 *>(totals)[threadIdx.x] = 0;
    }
}

extern "C" __global__ void __launch_bounds__(MOST_THREADS, 1)
    consensus_round(const uint4 *round, u64 *result, const ulonglong2 *keys, const u32 *weights, void *memory,
                    u64 total_weight, u32 validators, u32 limit)
{
    __shared__ u32 bitmaps[MAX_PROPOSALS * FUSED_WORDS];
    const Epoch epoch = {keys, weights, total_weight, validators};
    const Workspace workspace(memory, validators);
    tally(round, limit, epoch, workspace);
    if (is_last_block(&workspace.totals->blocks)) {
        const Header &header = *reinterpret_cast<const Header *>(round);
        u32 *equivocators = certificate_of(result) + bitmap_words(validators);
        count_votes(0, blockDim.x / WARP, header.proposals, epoch, workspace, bitmaps, FUSED_WORDS, equivocators);
        conclude(header, epoch, workspace.totals, bitmaps, FUSED_WORDS, result);
    }
}

extern "C" __global__ void __launch_bounds__(MOST_THREADS, 1)
    consensus_tally(const uint4 *round, const ulonglong2 *keys, const u32 *weights, void *memory, u32 validators,
                    u32 limit)
{
    const Epoch epoch = {keys, weights, 0, validators};
    tally(round, limit, epoch, Workspace(memory, validators));
}

extern "C" __global__ void __launch_bounds__(MOST_THREADS, 1)
    consensus_decide(const uint4 *round, u64 *result, const u32 *weights, void *memory, u64 total_weight,
                     u32 validators)
{
    const Epoch epoch = {nullptr, weights, total_weight, validators};
    const Workspace workspace(memory, validators);
    const u32 words = bitmap_words(validators);
    const u32 warps = blockDim.x / WARP;
    const Header &header = *reinterpret_cast<const Header *>(round);
    count_votes(blockIdx.x * warps, gridDim.x * warps, header.proposals, epoch, workspace, workspace.bitmaps, words,
                certificate_of(result) + words);
    if (is_last_block(&workspace.totals->blocks)) {
        conclude(header, epoch, workspace.totals, workspace.bitmaps, words, result);
    }
}

/* ---- onepass: each message adds what it changes */

/*
 * Adds each lane's value to the weight of its proposal; lane k keeps that of proposal k. No sum waits for another, and none is
 * asked for by the votes. |value| <= 2^20, so that 32 of them keep their sign.
 */
__device__ __forceinline__ void add_by_proposal(u32 proposals, u32 proposal, u32 value, u64 &weight)
{
    constexpr u32 AT_ONCE = 4;
    const u32 lane = threadIdx.x % WARP;
    u32 own = 0;
    for (u32 first = 0; first < proposals; first += AT_ONCE) {
#pragma unroll
        for (u32 i = 0; i < AT_ONCE; i++) {
            const u32 sum = warp_sum(proposal == first + i ? value : 0);
            own = lane == first + i ? sum : own;
        }
    }
    weight += (u64)(long long)(int)own;
}

/*
 * Marks the votes and adds to the totals, each warp for itself; meanwhile empties the workspace of the round before. Ends with
 * sums on their way.
 */
template <u32 UNROLL, bool FROM_HOST>
__device__ __forceinline__ void tally_at_once(const uint4 *round, u32 limit, const Epoch &epoch, const Workspace &workspace,
                                              uint4 *stale, Header *header)
{
    Messages<UNROLL, FROM_HOST> messages(round, limit);
    const HeaderParts<FROM_HOST> parts(round);
    const u32 quads = Workspace::quads(epoch.validators);
    for (u32 i = blockIdx.x * blockDim.x + threadIdx.x; i < quads; i += gridDim.x * blockDim.x) {
        stale[i] = {0, 0, 0, 0};
    }
    __syncwarp(); /* keeps the compiler from waiting for what was asked for before it clears */
    parts.give(header);
    __syncthreads();

    const u32 words = bitmap_words(epoch.validators);
    u32 count[STAGES] = {};
    u32 accepted = 0;     /* of the warp */
    u32 equivocation = 0; /* of the lane */
    u64 weight = 0;       /* of proposal `lane`, of the warp */
    messages.each(*header, epoch, count, [&](const Vote(&votes)[UNROLL]) {
        u32 before[UNROLL];
        u32 own_weight[UNROLL];
#pragma unroll
        for (u32 i = 0; i < UNROLL; i++) {
            before[i] = 0;
            own_weight[i] = 0;
            if (votes[i].valid) {
                before[i] = atomicOr(&workspace.ballots[votes[i].validator], 1u << votes[i].proposal);
                own_weight[i] = __ldg(&epoch.weights[votes[i].validator]);
            }
        }
#pragma unroll
        for (u32 i = 0; i < UNROLL; i++) {
            const u32 proposal = votes[i].proposal;
            const u32 word = votes[i].validator / WARP;
            const u32 bit = 1u << votes[i].validator % WARP;
            const bool first = votes[i].valid && before[i] == 0;
            const bool second = before[i] != 0 && (before[i] & (before[i] - 1)) == 0 && before[i] != 1u << proposal;
            u32 earlier = 0;
            if (first) {
                atomicOr(&workspace.bitmaps[proposal * words + word], bit);
            } else if (votes[i].valid) {
                earlier = atomicAdd(&workspace.repeats[votes[i].validator], second ? EQUIVOCATES + 1 : 1);
                if (second) {
                    atomicOr(&workspace.equivocators[word], bit);
                }
            }
            accepted += warp_count(first) - warp_count(second);
            const u32 changed = first ? own_weight[i] : second ? 0 - own_weight[i] : 0;
            add_by_proposal(header->proposals, first ? proposal : __ffs(before[i]) - 1, changed, weight);
            equivocation += second ? earlier + 2 : earlier / EQUIVOCATES;
        }
    });

    const u32 lane = threadIdx.x % WARP;
    u32 own_count = lane == ACCEPTED ? accepted : 0; /* of what is number `lane`, of the warp */
#pragma unroll
    for (u32 stage = 0; stage < STAGES; stage++) {
        own_count = lane == stage ? count[stage] : own_count;
    }
    if (lane < MAX_PROPOSALS && weight != 0) {
        atomicAdd(&workspace.totals->weight[lane], weight);
    }
    equivocation = warp_sum(equivocation);
    own_count = lane == EQUIVOCATION ? equivocation : own_count;
    if (lane < COUNTS && own_count != 0) {
        atomicAdd(&workspace.totals->counts[lane], own_count);
    }
}

/* Writes the result, 64 validators a thread, from the second warp on: the first one has the decision. For the last block. */
__device__ __forceinline__ void write_result(const Header &header, const Epoch &epoch, const Workspace &workspace, u64 *result)
{
    const u32 words = bitmap_words(epoch.validators) / 2;
    const u64 *equivocators = reinterpret_cast<const u64 *>(workspace.equivocators);
    const u32 decided = decide(header, epoch.total_weight, workspace.totals, result);
    const u64 *seen = reinterpret_cast<const u64 *>(workspace.bitmaps) + (size_t)(decided % MAX_PROPOSALS) * words;
    u64 *certificate = result + sizeof(Decision) / sizeof(u64);
    for (u32 word = (threadIdx.x + blockDim.x - WARP) % blockDim.x; word < words; word += blockDim.x) {
        const u64 equivocating = __ldcg(&equivocators[word]);
        const u64 voted = __ldcg(&seen[word]);
        certificate[word] = decided < MAX_PROPOSALS ? voted & ~equivocating : 0;
        certificate[words + word] = equivocating;
    }
}

/* Two workspaces, and which of them the next round uses. */
struct Turns {
    uint4 *memory;
    u32 quads;

    __device__ Turns(void *memory, u32 validators) : memory(static_cast<uint4 *>(memory)), quads(Workspace::quads(validators))
    {
    }

    __device__ __forceinline__ uint4 *workspace(u32 turn) const
    {
        return memory + turn % 2 * quads;
    }

    __device__ __forceinline__ u32 *next() const
    {
        return reinterpret_cast<u32 *>(memory + 2 * quads);
    }
};

template <u32 UNROLL>
__device__ __forceinline__ void onepass(const uint4 *round, u64 *result, const Epoch &epoch, void *memory, u32 limit)
{
    __shared__ Header header;
    const Turns turns(memory, epoch.validators);
    const u32 turn = *turns.next();
    const Workspace workspace(turns.workspace(turn), epoch.validators);
    tally_at_once<UNROLL, false>(round, limit, epoch, workspace, turns.workspace(turn + 1), &header);
    if (is_last_block(&workspace.totals->blocks)) {
        write_result(header, epoch, workspace, result);
        if (threadIdx.x == 0) {
            *turns.next() = turn + 1;
        }
    }
}

#define GPUBENCH_ONEPASS(name, unroll)                                                                                         \
    extern "C" __global__ void __launch_bounds__(MOST_THREADS, 1)                                                                 \
        name(const uint4 *round, u64 *result, const ulonglong2 *keys, const u32 *weights, void *memory, u64 total_weight,      \
             u32 validators, u32 limit)                                                                                        \
    {                                                                                                                          \
        onepass<unroll>(round, result, {keys, weights, total_weight, validators}, memory, limit);                              \
    }

GPUBENCH_ONEPASS(consensus_onepass, 1)
GPUBENCH_ONEPASS(consensus_onepass_u2, 2)
GPUBENCH_ONEPASS(consensus_onepass_u4, 4)

/* ---- mailbox: onepass by a kernel that stays, on rounds in the host's memory */

/*
 * A block that sees the token of a round comes after all that the rounds before did, since the host has written it after their
 * answers. The simulated device does not see what the host does, so there the blocks tell each other, too.
 */
__device__ __forceinline__ void end_round(volatile u32 *order, u32 turn)
{
#ifndef __CUDA_ARCH__
    __threadfence();
    *order = turn + 1;
#endif
}

__device__ __forceinline__ void begin_round(const volatile u32 *order, u32 turn)
{
#ifndef __CUDA_ARCH__
    while (*order != turn) {
        __nanosleep(20);
    }
    __threadfence();
#endif
}

/* A token holds the number of a round in its lower half, and how many messages it has in the upper. */
extern "C" __global__ void __launch_bounds__(MOST_THREADS, 1)
    consensus_mailbox(Mailbox *box, const uint4 *round, u64 *result, const ulonglong2 *keys, const u32 *weights, void *memory,
                      u64 total_weight, u32 validators, u64 last, u64 patience)
{
    __shared__ Header header;
    __shared__ u64 token;
    __shared__ State state;
    const Epoch epoch = {keys, weights, total_weight, validators};
    const Turns turns(memory, validators);
    volatile u64 *shown = &box->state;
    if (threadIdx.x == 0) {
        token = last;
        if (blockIdx.x == 0) {
            *shown = RUNNING;
        }
    }
    for (u32 turn = 0;; turn++) {
        if (threadIdx.x == 0) {
            u64 found = token;
            state = await_token(box, &found, patience);
            token = found;
            if (state == RUNNING) {
                begin_round(turns.next(), turn);
            }
        }
        __syncthreads();
        if (state != RUNNING) {
            break;
        }
        const u32 messages = token >> 32;
        const Workspace workspace(turns.workspace(turn), validators);
        tally_at_once<1, true>(round, messages, epoch, workspace, turns.workspace(turn + 1), &header);
        if (is_last_block(&workspace.totals->blocks)) {
            write_result(header, epoch, workspace, result);
            __syncthreads();
            if (threadIdx.x == 0) {
                end_round(turns.next(), turn);
                tell_host(&box->answer, token);
            }
        }
    }
    if (threadIdx.x == 0) {
        *shown = state;
    }
}

/* ---- many rounds in one launch, see consensus_rounds.cuh
 *
 * A chunk, aligned to 256: {u32 start[count]}, padded to a multiple of 256 bytes, then rounds as above, each of which
 * begins `start` times 16 bytes behind the beginning of the chunk. One copy brings all that a launch reads. The chunk that
 * is worked on is the one whose number `which` points to, or the first if it is null. Results lie one behind the other.
 *
 *   consensus_rounds_block     variant block: a block decides a round, then the one gridDim.x further on.
 *   consensus_rounds_poll      variant grid: all messages of gridDim.y rounds, from `first` on, but below `count`,
 *   consensus_rounds_survey    all their validators, which names the candidates,
 *   consensus_rounds_certify   and once more, for certificates and decisions.
 *   ..._u2                     each thread has two messages on their way at once.
 *
 *   bytes read      for each round 32 M + 260 (messages, header, start), 16 for each key, 8 V (weights, twice)
 *   bytes written   96 + 16 B; in the L2 cache 8 V for the ballots of the variant grid, read twice and cleared
 *   operations      288 of 32 bits for each message that is hashed, and some 90 around them; 57 for each 32 validators
 *   shared memory   256 B for the ballots, 1.5 KiB for the rest; the variant grid has only the latter
 *
 * Launch shape: block: as many blocks as rounds, of which a multiprocessor takes the next when it is done with one, or
 * fewer, which stride. Blocks are 1 .. 32 whole warps, several on a multiprocessor, so that some compute while others
 * wait for memory or at a barrier. grid: rows of blocks, a row a round; in survey and certify a thread has fewer than 2^12
 * validators. Limits: block: ballots within shared memory (V <= 57,000 or so on sm_90) and M < 2^16; both: a chunk below
 * 64 GiB. `standings`: for each row 256 bytes and 8 for each bit of a bitmap, zero before, and left zero.
 *
 * The same round for `gpubench check`, in a chunk of one, whose table is the round's first word:
 * gpubench-check: chunks=u8[6656]=hex:0000000000000000c800000002000000 chunk_quads=0 which=null first=0 count=1
 * gpubench-check: results=u64[16] standings=u8[1280]=zero
 */
#define CONSENSUS_ROUNDS(suffix, unroll)                                                                               \
    extern "C" __global__ void __launch_bounds__(MOST_THREADS_OF_ROUNDS) consensus_rounds_block##suffix(               \
        const uint4 *chunks, u64 chunk_quads, const u32 *which, u32 count, u64 *results, const ulonglong2 *keys,       \
        const u32 *weights, u64 total_weight, u32 validators)                                                          \
    {                                                                                                                  \
        const uint4 *chunk = chunks + (which == nullptr ? 0 : *which * chunk_quads);                                   \
        rounds::decide_by_blocks<unroll>(chunk, count, results, {keys, weights, total_weight, validators});            \
    }                                                                                                                  \
                                                                                                                       \
    extern "C" __global__ void __launch_bounds__(MOST_THREADS_OF_ROUNDS) consensus_rounds_poll##suffix(                \
        const uint4 *chunks, u64 chunk_quads, const u32 *which, u32 first, u32 count, rounds::Standing *standings,     \
        const ulonglong2 *keys, u32 validators)                                                                        \
    {                                                                                                                  \
        const u32 at = first + blockIdx.y;                                                                             \
        if (at < count) {                                                                                              \
            const uint4 *chunk = chunks + (which == nullptr ? 0 : *which * chunk_quads);                               \
            rounds::poll_by_grid<unroll>(rounds::round_of(chunk, at), {keys, nullptr, 0, validators},                  \
                                         rounds::standing_of(standings, validators));                                  \
        }                                                                                                              \
    }

CONSENSUS_ROUNDS(, 1)
CONSENSUS_ROUNDS(_u2, 2)

extern "C" __global__ void __launch_bounds__(MOST_THREADS_OF_ROUNDS)
    consensus_rounds_survey(rounds::Standing *standings, const u32 *weights, u32 validators)
{
    rounds::survey_by_grid({nullptr, weights, 0, validators}, rounds::standing_of(standings, validators));
}

extern "C" __global__ void __launch_bounds__(MOST_THREADS_OF_ROUNDS)
    consensus_rounds_certify(const uint4 *chunks, u64 chunk_quads, const u32 *which, u32 first, u32 count,
                             rounds::Standing *standings, u64 *results, const u32 *weights, u64 total_weight,
                             u32 validators)
{
    const u32 at = first + blockIdx.y;
    if (at < count) {
        const uint4 *chunk = chunks + (which == nullptr ? 0 : *which * chunk_quads);
        rounds::certify_by_grid(rounds::round_of(chunk, at), {nullptr, weights, total_weight, validators},
                                rounds::standing_of(standings, validators), rounds::result_of(results, at, validators));
    }
}
