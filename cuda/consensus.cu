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
 * gpubench-check: validators=100 total_weight=100 weights=u32[validators]=1 memory=u8[3392]=zero
 * gpubench-check: limit=200 round=u8[6656]=hex:0000000000000000c800000002000000 keys=null result=u64[16]
 * gpubench-check: grid=2 block=128
 * For the mailbox the same round under number 1, and behind it the word that ends the kernel.
 * gpubench-check: kernel=consensus_mailbox box=u64[32]=hex:01000000c80000000100000000000000 last=0 patience=1000000000 grid=1
 */
#include "consensus.cuh"
#include "consensus_rounds.cuh"
#include "mailbox.cuh"

constexpr u32 MOST_THREADS = 512;
constexpr u32 FUSED_VALIDATORS = 4096;
constexpr u32 FUSED_WORDS = FUSED_VALIDATORS / WARP;

/* In a word of ballots: bit k for a vote for proposal k, and this one when there is a count in `repeats`. */
constexpr u32 REPEATED = 1u << 31;
constexpr u32 PROPOSALS = (1u << MAX_PROPOSALS) - 1;

/* In a word of repeats, by onepass: the ballot has two proposals or more. */
constexpr u32 EQUIVOCATES = 1u << 31;

/* Of messages: those that passed a check and all before it, by its stage; and of those that passed all: */
constexpr u32 ACCEPTED = STAGES;
constexpr u32 EQUIVOCATION = STAGES + 1;
constexpr u32 COUNTS = STAGES + 2;

/* What all blocks add to. */
struct Totals {
    u64 weight[MAX_PROPOSALS];
    u32 counts[COUNTS];
    u32 blocks; /* that have added their part */
    u32 unused;
};

constexpr u32 TOTAL_WORDS = sizeof(Totals) / sizeof(u32);

/* Totals, then two words for each validator, then a bitmap for each proposal and one of equivocators. */
struct Workspace {
    static constexpr u32 BITMAPS = MAX_PROPOSALS + 2; /* one is not used: whole quads */

    Totals *totals;
    u32 *ballots;
    u32 *repeats;
    u32 *bitmaps;
    u32 *equivocators;

    __device__ Workspace(void *memory, u32 validators)
        : totals(static_cast<Totals *>(memory)), ballots(static_cast<u32 *>(memory) + 64),
          repeats(ballots + WARP * bitmap_words(validators)), bitmaps(repeats + WARP * bitmap_words(validators)),
          equivocators(bitmaps + MAX_PROPOSALS * bitmap_words(validators))
    {
        static_assert(sizeof(Totals) <= 64 * sizeof(u32), "the totals have 256 bytes");
    }

    static __device__ __forceinline__ u32 quads(u32 validators)
    {
        return (64 + (2 * WARP + BITMAPS) * bitmap_words(validators)) / 4;
    }
};

/* ---- messages into votes */

__device__ __forceinline__ uint4 from_neighbour(uint4 quad)
{
    return {__shfl_xor_sync(ALL_LANES, quad.x, 1), __shfl_xor_sync(ALL_LANES, quad.y, 1),
            __shfl_xor_sync(ALL_LANES, quad.z, 1), __shfl_xor_sync(ALL_LANES, quad.w, 1)};
}

/*
 * A message for each lane, over the bus: its 32 messages are two reads of 512 bytes in a row. Of the first read lanes 2 i and
 * 2 i + 1 hold the halves of message i, of the second those of message 16 + i; each gives one half to the other.
 */
__device__ __forceinline__ Message receive_message(const uint4 *round, u32 first, u32 limit)
{
    const u32 lane = threadIdx.x % WARP;
    const u32 quads = first < limit ? 2 * min(limit - first, WARP) : 0;
    const uint4 *quad = round + HEADER_QUADS + 2 * (size_t)first + lane;
    uint4 low = {0, 0, 0, 0};
    uint4 high = {0, 0, 0, 0};
    if (lane < quads) {
        low = read_from_host(quad);
    }
    if (lane + WARP < quads) {
        high = read_from_host(quad + WARP);
    }
    const bool odd = lane % 2 != 0;
    const uint4 given = from_neighbour(odd ? low : high);
    return {odd ? given : low, odd ? high : given};
}

/* A message that has passed all checks, or has not. */
struct Vote {
    bool valid;
    u32 validator;
    u32 proposal;
};

/*
 * This thread's messages, UNROLL of them on their way from the moment that this exists. From the device's memory, or from the
 * host's: then the kernel does not know what its caches hold of it.
 */
template <u32 UNROLL, bool FROM_HOST> class Messages {
    const uint4 *round;
    u32 limit;
    u32 first; /* of the warp */
    Message batch[UNROLL];

    __device__ __forceinline__ void load()
    {
#pragma unroll
        for (u32 i = 0; i < UNROLL; i++) {
            const u32 at = first + i * gridDim.x * blockDim.x;
            batch[i] = FROM_HOST ? receive_message(round, at, limit) : load_message(round, at + slot(), limit);
        }
    }

    static __device__ __forceinline__ u32 slot()
    {
        const u32 lane = threadIdx.x % WARP;
        return FROM_HOST ? lane / 2 + lane % 2 * (WARP / 2) : lane;
    }

  public:
    __device__ __forceinline__ Messages(const uint4 *round, u32 limit)
        : round(round), limit(limit), first(blockIdx.x * blockDim.x + threadIdx.x / WARP * WARP)
    {
        load();
    }

    /* Checks them all, counts for the warp what passes each check, and hands over UNROLL votes at a time. */
    template <class Take>
    __device__ __forceinline__ void each(const Header &header, const Epoch &epoch, u32 (&count)[STAGES], Take take)
    {
        while (first < limit) {
            Vote votes[UNROLL];
            ulonglong2 keys[UNROLL];
#pragma unroll
            for (u32 i = 0; i < UNROLL; i++) {
                const u32 validator = batch[i].first.x;
                const u32 at = first + i * gridDim.x * blockDim.x + slot();
                const bool known = at < header.messages && validator < epoch.validators;
                votes[i] = {known, validator, 0};
                keys[i] = {0, 0};
                if (known && epoch.keys != nullptr) {
                    keys[i] = __ldg(&epoch.keys[validator]); /* on its way while the cheaper checks are made */
                }
            }
#pragma unroll
            for (u32 i = 0; i < UNROLL; i++) {
                bool alive = votes[i].valid;
                count[VALIDATOR] += warp_count(alive);
                alive &= batch[i].first.y == header.round;
                count[ROUND] += warp_count(alive);
                alive &= batch[i].second.x == header.phase;
                count[PHASE] += warp_count(alive);
                alive &= batch[i].second.y == 0;
                count[ZERO] += warp_count(alive);
                votes[i].proposal = find_proposal(header, batch[i]);
                alive &= votes[i].proposal < header.proposals;
                count[PROPOSAL] += warp_count(alive);
                votes[i].valid = alive;
            }
            if (epoch.keys != nullptr) {
#pragma unroll
                for (u32 i = 0; i < UNROLL; i++) {
                    const u64 tag = join(batch[i].second.z, batch[i].second.w);
                    votes[i].valid &= expected_tag(batch[i], keys[i]) == tag;
                }
            }
#pragma unroll
            for (u32 i = 0; i < UNROLL; i++) {
                count[TAG] += warp_count(votes[i].valid);
            }
            take(votes);
            __syncwarp();
            first += UNROLL * gridDim.x * blockDim.x;
            load();
        }
    }
};

/* Fetches the header for the block, and empties what the block will count. They are there behind a barrier. */
template <bool FROM_HOST> __device__ __forceinline__ void prepare(const uint4 *round, Header *header, Totals *own)
{
    constexpr u32 quads = sizeof(Header) / sizeof(uint4);
    static_assert(quads <= WARP && TOTAL_WORDS <= 2 * WARP, "a block of two warps does both");
    if (threadIdx.x < quads) {
        reinterpret_cast<uint4 *>(header)[threadIdx.x] =
            FROM_HOST ? read_from_host(round + threadIdx.x) : __ldg(round + threadIdx.x);
    }
    if (threadIdx.x < TOTAL_WORDS) {
        reinterpret_cast<u32 *>(own)[threadIdx.x] = 0;
    }
}

/* Adds a warp's counts to its block's; each lane has the same. */
__device__ __forceinline__ void add_counts(const u32 (&count)[STAGES], Totals *own)
{
    if (threadIdx.x % WARP == 0) {
#pragma unroll
        for (u32 stage = 0; stage < STAGES; stage++) {
            atomicAdd(&own->counts[stage], count[stage]);
        }
    }
}

/* Adds what a block has counted to the totals. Behind a barrier. */
__device__ __forceinline__ void add_totals(const Totals &own, Totals *totals)
{
    const u32 number = threadIdx.x % WARP;
    if (threadIdx.x < WARP) {
        if (number < MAX_PROPOSALS && own.weight[number] != 0) {
            atomicAdd(&totals->weight[number], own.weight[number]);
        }
    } else if (threadIdx.x < 2 * WARP && number < COUNTS && own.counts[number] != 0) {
        atomicAdd(&totals->counts[number], own.counts[number]);
    }
}

/*
 * Whether all other blocks have come here before this one. Then what they wrote is visible to this block, in memory or from
 * its second-level cache.
 */
__device__ __forceinline__ bool is_last_block(Totals *totals)
{
    __shared__ bool last;
    __syncthreads();
    if (threadIdx.x == 0) {
#ifdef __CUDA_ARCH__
        u32 before;
        asm volatile("atom.add.acq_rel.gpu.global.u32 %0, [%1], 1;" : "=r"(before) : "l"(&totals->blocks) : "memory");
#else
        __threadfence();
        const u32 before = atomicAdd(&totals->blocks, 1u);
        __threadfence();
#endif
        last = before == gridDim.x - 1;
    }
    __syncthreads();
    return last;
}

/*
 * Writes the result's first words from the totals, and returns the decided proposal to all threads, or MAX_PROPOSALS. For one
 * block, after all others. Each warp finds out by itself, without a barrier; the first one writes.
 */
__device__ __forceinline__ u32 decide(const Header &header, u64 total_weight, const Totals *totals, u64 *result)
{
    constexpr u32 ACCEPTED_WORD = 3;
    constexpr u32 FAILED_WORD = 4;
    constexpr u32 EQUIVOCATION_WORD = FAILED_WORD + STAGES;
    constexpr u32 DUPLICATE_WORD = EQUIVOCATION_WORD + 1;
    static_assert((DUPLICATE_WORD + 1) * sizeof(u64) == sizeof(Decision), "a lane for each word");

    const u32 lane = threadIdx.x % WARP;
    const u64 weight = lane < header.proposals ? __ldcg(&totals->weight[lane]) : 0;
    const u32 count = lane < COUNTS ? __ldcg(&totals->counts[lane]) : 0;
    /* in one lane at most, since the weights add up to at most W */
    const u32 deciding = __ballot_sync(ALL_LANES, 3 * weight > 2 * total_weight);
    const u32 decided = deciding != 0 ? __ffs(deciding) - 1 : MAX_PROPOSALS;
    if (threadIdx.x < WARP) {
        const u64 decided_weight = __shfl_sync(ALL_LANES, weight, decided);
        const u32 before = __shfl_sync(ALL_LANES, count, lane - FAILED_WORD - 1);
        const u32 passed = __shfl_sync(ALL_LANES, count, lane - FAILED_WORD);
        const u32 valid = __shfl_sync(ALL_LANES, count, TAG);
        const u32 accepted = __shfl_sync(ALL_LANES, count, ACCEPTED);
        const u32 equivocation = __shfl_sync(ALL_LANES, count, EQUIVOCATION);
        u64 word = (lane == FAILED_WORD ? header.messages : before) - passed;
        if (lane < ACCEPTED_WORD) {
            const u64 of_decided[] = {1 | (u64)decided << 32, header.digest[decided % MAX_PROPOSALS], decided_weight};
            word = deciding == 0 ? 0 : lane == 0 ? of_decided[0] : lane == 1 ? of_decided[1] : of_decided[2];
        } else if (lane == ACCEPTED_WORD) {
            word = accepted;
        } else if (lane == EQUIVOCATION_WORD) {
            word = equivocation;
        } else if (lane == DUPLICATE_WORD) {
            word = valid - accepted - equivocation;
        }
        if (lane <= DUPLICATE_WORD) {
            result[lane] = word;
        }
    }
    return decided;
}

/* ---- split and fused: ballots into a decision, by a phase over all validators */

/* Marks the votes in ballots and counts repeats. Ends behind a barrier and with sums on their way. */
__device__ __forceinline__ void tally(const uint4 *round, u32 limit, const Epoch &epoch, const Workspace &workspace)
{
    __shared__ Header header;
    __shared__ Totals own;

    Messages<1, false> messages(round, limit);
    prepare<false>(round, &header, &own);
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
    if (is_last_block(workspace.totals)) {
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
    if (is_last_block(workspace.totals)) {
        conclude(header, epoch, workspace.totals, workspace.bitmaps, words, result);
    }
}

/* ---- onepass: each message adds what it changes */

/*
 * Adds the values of those lanes that have one to the weights of their proposals, of which lane k keeps that of proposal k. A
 * step for each proposal among them. |value| <= 2^20, so that 32 of them keep their sign.
 */
__device__ __forceinline__ void add_by_proposal(bool has, u32 proposal, u32 value, u64 &weight)
{
    const u32 lane = threadIdx.x % WARP;
    u32 left = __ballot_sync(ALL_LANES, has);
    while (left != 0) {
        const u32 k = __shfl_sync(ALL_LANES, proposal, __ffs(left) - 1);
        const bool same = has && proposal == k;
        const u32 sum = warp_sum(same ? value : 0);
        if (lane == k) {
            weight += (u64)(long long)(int)sum;
        }
        left &= ~__ballot_sync(ALL_LANES, same);
    }
}

/* Marks the votes and adds to the totals; meanwhile empties the workspace of the round before. */
template <u32 UNROLL, bool FROM_HOST>
__device__ __forceinline__ void tally_at_once(const uint4 *round, u32 limit, const Epoch &epoch, const Workspace &workspace,
                                              uint4 *stale, Header *header, Totals *own)
{
    Messages<UNROLL, FROM_HOST> messages(round, limit);
    prepare<FROM_HOST>(round, header, own);
    const u32 quads = Workspace::quads(epoch.validators);
    for (u32 i = blockIdx.x * blockDim.x + threadIdx.x; i < quads; i += gridDim.x * blockDim.x) {
        stale[i] = {0, 0, 0, 0};
    }
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
            if (first) {
                atomicOr(&workspace.bitmaps[proposal * words + word], bit);
            } else if (votes[i].valid) {
                u32 *repeats = &workspace.repeats[votes[i].validator];
                const u32 earlier = atomicAdd(repeats, second ? EQUIVOCATES + 1 : 1);
                equivocation += second ? earlier + 2 : earlier / EQUIVOCATES;
                if (second) {
                    atomicOr(&workspace.equivocators[word], bit);
                }
            }
            accepted += warp_count(first) - warp_count(second);
            add_by_proposal(first, proposal, own_weight[i], weight);
            add_by_proposal(second, __ffs(before[i]) - 1, -own_weight[i], weight);
        }
    });

    const u32 lane = threadIdx.x % WARP;
    equivocation = warp_sum(equivocation);
    add_counts(count, own);
    if (lane == 0) {
        atomicAdd(&own->counts[ACCEPTED], accepted);
        atomicAdd(&own->counts[EQUIVOCATION], equivocation);
    }
    if (lane < MAX_PROPOSALS && weight != 0) {
        atomicAdd(&own->weight[lane], weight);
    }
    __syncthreads();
    add_totals(*own, workspace.totals);
}

/* Writes the result, 64 validators a thread. For the last block. */
__device__ __forceinline__ void write_result(const Header &header, const Epoch &epoch, const Workspace &workspace, u64 *result)
{
    const u32 words = bitmap_words(epoch.validators) / 2;
    const u64 *equivocators = reinterpret_cast<const u64 *>(workspace.equivocators);
    const u32 decided = decide(header, epoch.total_weight, workspace.totals, result);
    const u64 *seen = reinterpret_cast<const u64 *>(workspace.bitmaps) + (size_t)(decided % MAX_PROPOSALS) * words;
    u64 *certificate = result + sizeof(Decision) / sizeof(u64);
    for (u32 word = threadIdx.x; word < words; word += blockDim.x) {
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
    __shared__ Totals own;
    const Turns turns(memory, epoch.validators);
    const u32 turn = *turns.next();
    const Workspace workspace(turns.workspace(turn), epoch.validators);
    tally_at_once<UNROLL, false>(round, limit, epoch, workspace, turns.workspace(turn + 1), &header, &own);
    if (is_last_block(workspace.totals)) {
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

/* A token holds the number of a round in its lower half, and how many messages it has in the upper. */
extern "C" __global__ void __launch_bounds__(MOST_THREADS, 1)
    consensus_mailbox(Mailbox *box, const uint4 *round, u64 *result, const ulonglong2 *keys, const u32 *weights, void *memory,
                      u64 total_weight, u32 validators, u64 last, u64 patience)
{
    __shared__ Header header;
    __shared__ Totals own;
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
        }
        __syncthreads();
        if (state != RUNNING) {
            break;
        }
        const u32 messages = token >> 32;
        const Workspace workspace(turns.workspace(turn), validators);
        tally_at_once<1, true>(round, messages, epoch, workspace, turns.workspace(turn + 1), &header, &own);
        if (is_last_block(workspace.totals)) {
            write_result(header, epoch, workspace, result);
            __syncthreads();
            if (threadIdx.x == 0) {
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
 *   consensus_rounds_block_I     variant block: a block decides a round, then the one gridDim.x further on. I messages of
 *                                each thread are on their way at once.
 *   consensus_rounds_poll_I      variant grid: all messages of gridDim.y rounds, from `first` on, but below `count`,
 *   consensus_rounds_survey      all their validators, which names the candidates,
 *   consensus_rounds_certify     and once more, for certificates and decisions.
 *
 *   bytes read      for each round 32 M + 260 (messages, header, start), 16 for each key, 8 V (weights, twice)
 *   bytes written   96 + 16 B; in the L2 cache 8 V for the ballots of the variant grid, read twice and cleared
 *   operations      288 of 32 bits for each message that is hashed, and some 60 around them; 70 for each 32 validators
 *   shared memory   256 B for the ballots, 1.5 KiB for the rest; the variant grid has only the latter
 *
 * Launch shape: block: as many blocks as rounds, of which a multiprocessor takes the next when it is done with one, or
 * fewer, which stride. Blocks are 1 .. 32 whole warps, several on a multiprocessor, so that some compute while others
 * wait for memory or at a barrier. grid: rows of blocks, a row a round; in survey and certify a thread has fewer than 2^12
 * validators. Limits: block: ballots within shared memory (V <= 57,000 or so on sm_90) and M < 2^16; both: a chunk below
 * 64 GiB. `standings`: for each row 256 bytes and 8 for each bit of a bitmap, zero before, and left zero.
 *
 * gpubench-check: kernel=consensus_rounds_block_1 chunks=u8[6912]=hex:10000000 chunk_quads=0 which=null count=1
 */
#define CONSENSUS_ROUNDS(unroll)                                                                                       \
    extern "C" __global__ void __launch_bounds__(MOST_THREADS_OF_ROUNDS) consensus_rounds_block_##unroll(              \
        const uint4 *chunks, u64 chunk_quads, const u32 *which, u32 count, u64 *results, const ulonglong2 *keys,       \
        const u32 *weights, u64 total_weight, u32 validators)                                                          \
    {                                                                                                                  \
        const uint4 *chunk = chunks + (which == nullptr ? 0 : *which * chunk_quads);                                   \
        rounds::decide_by_blocks<unroll>(chunk, count, results, {keys, weights, total_weight, validators});            \
    }                                                                                                                  \
                                                                                                                       \
    extern "C" __global__ void __launch_bounds__(MOST_THREADS_OF_ROUNDS) consensus_rounds_poll_##unroll(               \
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

CONSENSUS_ROUNDS(1)
CONSENSUS_ROUNDS(2)

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
