/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Consensus for throughput: a launch decides many rounds, and nobody waits for a single one of them. consensus.cu has the
 * kernels.
 *
 * The idea. The ballot of a validator is one word: its low 16 bits are the proposals that it voted for, the others count
 * the messages after the first. Threads count for themselves; a warp adds up once a round. By the variant `block` all
 * that the messages of a round meet in lies in the shared memory of one block, with ballots of 32 bits: no atomic leaves the
 * multiprocessor, no block waits for another, nothing is left behind. By `grid`, for rounds that are too large for that,
 * ballots of 64 bits lie in the device's memory, small enough to stay in the L2 cache, and all blocks take part.
 *
 * Proposals are looked up in a table by the low bits of their digests. Where two of them meet in a slot, the digests of
 * that round are searched for one after the other, which is slower and as right: the lowest index counts.
 *
 * Who wins is known without a sum for each proposal. Let s(b) be the weight of those validators whose proposal has a
 * number with bit b, b < 4. If k has more than two thirds of W, then 3 s(b) > 2 W for each bit of k and 3 s(b) < W for
 * the others: four sums name the only candidate. Its weight is added up while its certificate is made.
 *
 * Three of the four rotations of a SipRound are products with a power of two: of a word times 2^n the high word is what
 * is shifted out, and one operation on three words puts the halves together and takes the exclusive or that follows. That
 * brings 6 of its 24 operations from the integer units to the multipliers, whose only other work is half of the
 * additions: 14 and 10. The factors lie in constant memory, since of known ones the compiler makes shifts.
 */
#ifndef GPUBENCH_CONSENSUS_ROUNDS_CUH
#define GPUBENCH_CONSENSUS_ROUNDS_CUH

#include "consensus.cuh"

constexpr u32 MOST_THREADS_OF_ROUNDS = 1024;

namespace rounds {

constexpr u32 SLOTS = 1024;
constexpr u32 CANDIDATE_BITS = 4;

/* In a ballot: what each message after the first adds. So in 32 bits there are fewer than 2^16 messages, in 64 any number. */
constexpr u32 ONE_REPEAT = 1u << MAX_PROPOSALS;

/* Sums of weights are at most 2^40: they are added up as so many low bits, and the rest. */
constexpr u32 LOW_BITS = 20;

/* What the threads of a block add up for a round. Of weights there are five sums: for each bit of a candidate, and its own. */
enum Count {
    SURVIVORS,
    ACCEPTED = STAGES,
    EQUIVOCATION,
    LOW,
    HIGH = LOW + CANDIDATE_BITS + 1,
    COUNTS = HIGH + CANDIDATE_BITS + 1
};

struct alignas(16) Proposal {
    u64 digest;
    u32 vote; /* its bit in a ballot, or 0 */
};

/* What a block has of its round in shared memory, besides the ballots. */
struct Desk {
    uint4 header;                          /* round, phase, messages, number of proposals */
    Proposal proposals[MAX_PROPOSALS + 2]; /* the last two are what has no vote, see no_proposal */
    unsigned char slots[SLOTS];            /* by the low bits of a digest: which of the proposals */
    bool crowded;                          /* two proposals would have the same slot */
    u32 counts[COUNTS];
};

/* What the blocks of a round have added up in the device's memory; its ballots follow. Zero before it, and left zero. */
struct alignas(256) Standing {
    u64 counts[COUNTS];
    u32 blocks; /* that are done */
};

/* The threads that share the work of a round. */
struct Team {
    u32 own; /* this one's number */
    u32 size;
};

template <class Word> __device__ __forceinline__ u64 weight_in(const Word (&counts)[COUNTS], u32 which)
{
    return counts[LOW + which] + ((u64)counts[HIGH + which] << LOW_BITS);
}

/* ---- SipHash for both kinds of units */

static __constant__ u32 power_13 = 1u << 13;
static __constant__ u32 power_16 = 1u << 16;
static __constant__ u32 power_17 = 1u << 17;

/* a * b in 64 bits, as one instruction */
__device__ __forceinline__ u64 product(u32 a, u32 b)
{
#ifdef __CUDA_ARCH__
    u64 both;
    asm("mul.wide.u32 %0, %1, %2;" : "=l"(both) : "r"(a), "r"(b));
    return both;
#else
    return (u64)a * b;
#endif
}

/* rotate(value, n) ^ other, where `power` is 2^n, n < 32 */
__device__ __forceinline__ u64 rotate_by_product(u64 value, u32 power, u64 other)
{
    const u64 low = product((u32)value, power);
    const u64 high = product((u32)(value >> 32), power);
    return join(((u32)low | (u32)(high >> 32)) ^ (u32)other, ((u32)high | (u32)(low >> 32)) ^ (u32)(other >> 32));
}

__device__ __forceinline__ void sip_round_by_products(u64 &v0, u64 &v1, u64 &v2, u64 &v3)
{
    v0 += v1;
    v2 += v3;
    v1 = rotate_by_product(v1, power_13, v0);
    v3 = rotate_by_product(v3, power_16, v2);
    v0 = rotate(v0, 32) + v3;
    v2 += v1;
    v1 = rotate_by_product(v1, power_17, v2);
    v3 = rotate(v3, 21) ^ v0; /* which takes the next word of the message along */
    v2 = rotate(v2, 32);
}

/* As expected_tag. */
__device__ __forceinline__ u64 tag_by_products(const Message &message, ulonglong2 key)
{
    const u64 words[4] = {join(message.first.x, message.first.y), join(message.first.z, message.first.w),
                          join(message.second.x, message.second.y), 24ull << 56};
    u64 v0 = key.x ^ 0x736f6d6570736575ull;
    u64 v1 = key.y ^ 0x646f72616e646f6dull;
    u64 v2 = key.x ^ 0x6c7967656e657261ull;
    u64 v3 = key.y ^ 0x7465646279746573ull;
#pragma unroll
    for (u32 word = 0; word < 4; word++) {
        v3 ^= words[word];
        sip_round_by_products(v0, v1, v2, v3);
        sip_round_by_products(v0, v1, v2, v3);
        v0 ^= words[word];
    }
    v2 ^= 0xff;
#pragma unroll
    for (u32 round = 0; round < 4; round++) {
        sip_round_by_products(v0, v1, v2, v3);
    }
    return v0 ^ v1 ^ v2 ^ v3;
}

/* ---- the phases of a round */

/* The last but one of the proposals has an odd digest, the last an even one: for each digest the one that it cannot be. */
__device__ __forceinline__ u32 no_proposal(u32 digest)
{
    return MAX_PROPOSALS + digest % 2;
}

/* Header and proposals, by the first warp; counts are cleared. Ends without a barrier. */
__device__ __forceinline__ void open_round(const uint4 *round, Desk &desk)
{
    if (threadIdx.x >= WARP) {
        return;
    }
    const u32 lane = threadIdx.x;
    const uint4 header = __ldg(round);
    const bool proposed = lane < header.w;
    const u64 digest = proposed ? __ldg(&reinterpret_cast<const Header *>(round)->digest[lane]) : 0;
    constexpr u32 none = MAX_PROPOSALS * 0x01010101u + 0x01000100u; /* no_proposal of each of four slots */
#pragma unroll 1
    for (u32 i = lane; i < SLOTS / sizeof(uint4); i += WARP) {
        reinterpret_cast<uint4 *>(desk.slots)[i] = make_uint4(none, none, none, none);
    }
    __syncwarp();
    const u32 slot = proposed ? (u32)digest % SLOTS : SLOTS + lane;
    const u32 sharing = __match_any_sync(ALL_LANES, slot);
    const bool crowded = __any_sync(ALL_LANES, sharing != 1u << lane);
    if (proposed) {
        desk.proposals[lane] = {digest, 1u << lane};
        if ((sharing & ((1u << lane) - 1)) == 0) { /* of those that share it one, which is not looked at */
            desk.slots[slot] = lane;
        }
    }
    if (lane < 2) {
        desk.proposals[MAX_PROPOSALS + lane] = {1 - lane, 0};
    }
    if (lane < COUNTS) {
        desk.counts[lane] = 0;
    }
    if (lane == 0) {
        desk.header = header;
        desk.crowded = crowded;
    }
}

/* Which of the proposals a digest is: the first that has it. If none has it, one that neither has it nor a vote. */
__device__ __forceinline__ u32 look_up(const Desk &desk, u32 proposals, bool crowded, u64 digest)
{
    if (!crowded) {
        return desk.slots[(u32)digest % SLOTS];
    }
    for (u32 k = 0; k < proposals; k++) {
        if (desk.proposals[k].digest == digest) {
            return k;
        }
    }
    return no_proposal((u32)digest);
}

/* count += condition, as one instruction */
__device__ __forceinline__ void count_if(u32 &count, bool condition)
{
#ifdef __CUDA_ARCH__
    asm("{ .reg .pred p; setp.ne.u32 p, %1, 0; @p add.u32 %0, %0, 1; }" : "+r"(count) : "r"((u32)condition));
#else
    count += condition;
#endif
}

/* Adds counts of each thread to the block's. For full warps. */
template <u32 N> __device__ __forceinline__ void add_counts(Desk &desk, u32 first, const u32 (&counts)[N])
{
    const u32 lane = threadIdx.x % WARP;
    u32 own = 0;
#pragma unroll
    for (u32 i = 0; i < N; i++) {
        const u32 sum = warp_sum(counts[i]);
        own = lane == i ? sum : own;
    }
    if (lane < N) {
        atomicAdd(&desk.counts[first + lane], own);
    }
}

/* Messages into ballots. Ends without a barrier. */
template <u32 IN_FLIGHT, bool TAGS, class Ballot>
__device__ __forceinline__ void poll(const uint4 *round, const Epoch &epoch, Team team, Ballot *ballots, Desk &desk)
{
    const u32 own_round = desk.header.x;
    const u32 own_phase = desk.header.y;
    const u32 messages = desk.header.z;
    const u32 proposals = desk.header.w;
    const bool crowded = desk.crowded;
    const uint4 *quads = round + HEADER_QUADS + 2 * team.own;
    u32 survivors[STAGES] = {};
#pragma unroll 1
    for (u32 index = team.own; index < messages; index += IN_FLIGHT * team.size) {
        Message message[IN_FLIGHT];
#pragma unroll
        for (u32 i = 0; i < IN_FLIGHT; i++) {
            message[i].first.x = ~0u; /* beyond the last message: nobody's */
            if (i == 0 || index + i * team.size < messages) {
                message[i].first = __ldg(quads);
                message[i].second = __ldg(quads + 1);
            }
            quads += 2 * team.size;
        }
#pragma unroll
        for (u32 i = 0; i < IN_FLIGHT; i++) {
            const uint4 first = message[i].first;
            const uint4 second = message[i].second;
            const u32 validator = first.x;
            ulonglong2 key = {0, 0};
            if (TAGS) {
                key = __ldg(&epoch.keys[min(validator, epoch.validators - 1)]);
            }
            const u64 digest = join(first.z, first.w);
            const Proposal proposal = desk.proposals[look_up(desk, proposals, crowded, digest)];
            bool alive = validator < epoch.validators;
            count_if(survivors[VALIDATOR], alive);
            alive &= first.y == own_round;
            count_if(survivors[ROUND], alive);
            alive &= second.x == own_phase;
            count_if(survivors[PHASE], alive);
            alive &= second.y == 0;
            count_if(survivors[ZERO], alive);
            alive &= proposal.digest == digest;
            count_if(survivors[PROPOSAL], alive);
            if (TAGS) {
                alive &= tag_by_products(message[i], key) == join(second.z, second.w);
            }
            count_if(survivors[TAG], alive);
            if (alive && atomicOr(&ballots[validator], (Ballot)proposal.vote) != 0) {
                atomicAdd(&ballots[validator], (Ballot)ONE_REPEAT);
            }
        }
    }
    __syncwarp();
    add_counts(desk, SURVIVORS, survivors);
}

__device__ __forceinline__ bool equivocates(u32 votes)
{
    return (votes & (votes - 1)) != 0;
}

__device__ __forceinline__ u32 weight_of(const Epoch &epoch, u32 validator)
{
    return __ldg(&epoch.weights[min(validator, epoch.validators - 1)]);
}

/* Adds sums of weights to the block's. For full warps. */
template <u32 N> __device__ __forceinline__ void add_weights(Desk &desk, u32 first, const u32 (&weights)[N])
{
    u32 low[N];
    u32 high[N];
#pragma unroll
    for (u32 i = 0; i < N; i++) {
        low[i] = weights[i] % (1u << LOW_BITS);
        high[i] = weights[i] >> LOW_BITS;
    }
    add_counts(desk, LOW + first, low);
    add_counts(desk, HIGH + first, high);
}

/* What is accepted, what is equivocation, and the weights that name the candidate. Ends without a barrier. */
template <class Ballot>
__device__ __forceinline__ void survey(const Epoch &epoch, Team team, const Ballot *ballots, Desk &desk)
{
    u32 weights[CANDIDATE_BITS] = {}; /* each thread has so few validators that 32 bits suffice */
    u32 counts[] = {0, 0};            /* accepted, equivocation */
#pragma unroll 1
    for (u32 validator = team.own; validator < bitmap_words(epoch.validators) * WARP; validator += team.size) {
        const Ballot ballot = ballots[validator];
        const u32 votes = (u32)ballot % ONE_REPEAT;
        const u32 weight = weight_of(epoch, validator);
        const u32 accepted = equivocates(votes) ? 0 : votes;
        count_if(counts[0], accepted != 0);
        counts[1] += accepted != votes ? 1 + (u32)(ballot / ONE_REPEAT) : 0;
        weights[0] += accepted & 0xaaaa ? weight : 0; /* of the proposals 1, 3, 5 .. 15 */
        weights[1] += accepted & 0xcccc ? weight : 0;
        weights[2] += accepted & 0xf0f0 ? weight : 0;
        weights[3] += accepted & 0xff00 ? weight : 0;
    }
    __syncwarp();
    add_counts(desk, ACCEPTED, counts);
    add_weights(desk, 0, weights);
}

/* The only proposal that may have more than two thirds. */
template <class Word> __device__ __forceinline__ u32 candidate_of(const Epoch &epoch, const Word (&counts)[COUNTS])
{
    u32 candidate = 0;
#pragma unroll
    for (u32 bit = 0; bit < CANDIDATE_BITS; bit++) {
        candidate |= (u32)(3 * weight_in(counts, bit) > 2 * epoch.total_weight) << bit;
    }
    return candidate;
}

/* Both bitmaps, and the candidate's weight. Ends without a barrier. */
template <bool CLEAR, class Ballot>
__device__ __forceinline__ void certify(const Epoch &epoch, Team team, u32 candidate, Ballot *ballots,
                                        u32 *certificate, Desk &desk)
{
    const u32 lane = threadIdx.x % WARP;
    const u32 words = bitmap_words(epoch.validators);
    u32 *bitmap = certificate + (lane == 0 ? 0 : words);
    u32 weight[] = {0};
#pragma unroll 1
    for (u32 validator = team.own; validator < words * WARP; validator += team.size) {
        const u32 votes = (u32)ballots[validator] % ONE_REPEAT;
        if (CLEAR) {
            ballots[validator] = 0;
        }
        const u32 own_weight = weight_of(epoch, validator);
        const bool certifies = votes == 1u << candidate;
        const u32 certifying = __ballot_sync(ALL_LANES, certifies);
        const u32 equivocating = __ballot_sync(ALL_LANES, equivocates(votes));
        if (lane < 2) {
            bitmap[validator / WARP] = lane == 0 ? certifying : equivocating;
        }
        weight[0] += certifies ? own_weight : 0;
    }
    __syncwarp();
    add_weights(desk, CANDIDATE_BITS, weight);
}

/* The first words of the result; without a decision there is no certificate. By one block. */
template <class Word>
__device__ __forceinline__ void conclude(const uint4 *round, const Epoch &epoch, u32 candidate,
                                         const Word (&counts)[COUNTS], u64 *result)
{
    const u64 weight = weight_in(counts, CANDIDATE_BITS);
    const bool decided = 3 * weight > 2 * epoch.total_weight;
    if (!decided) {
#pragma unroll 1
        for (u32 word = threadIdx.x; word < bitmap_words(epoch.validators); word += blockDim.x) {
            certificate_of(result)[word] = 0;
        }
    }
    if (threadIdx.x == 0) {
        const Header *header = reinterpret_cast<const Header *>(round);
        Decision *decision = reinterpret_cast<Decision *>(result);
        decision->decided = decided;
        decision->index = decided ? candidate : 0;
        decision->digest = decided ? __ldg(&header->digest[candidate]) : 0;
        decision->weight = decided ? weight : 0;
        u64 before = __ldg(&header->messages);
#pragma unroll
        for (u32 stage = 0; stage < STAGES; stage++) {
            const u64 survivors = counts[SURVIVORS + stage];
            decision->failed[stage] = before - survivors;
            before = survivors;
        }
        const u64 accepted = counts[ACCEPTED];
        const u64 equivocation = counts[EQUIVOCATION];
        decision->accepted = accepted;
        decision->equivocation = equivocation;
        decision->duplicate = before - accepted - equivocation;
    }
}

/* ---- where rounds and results lie */

__device__ __forceinline__ const uint4 *round_of(const uint4 *chunk, u32 at)
{
    return chunk + __ldg(&reinterpret_cast<const u32 *>(chunk)[at]);
}

__device__ __forceinline__ u64 *result_of(u64 *results, u32 at, u32 validators)
{
    return results + at * (u64)(sizeof(Decision) / sizeof(u64) + bitmap_words(validators));
}

/* ---- a round by a block */

/* The rounds of a chunk that are this block's, one after the other. */
template <u32 IN_FLIGHT>
__device__ __forceinline__ void decide_by_blocks(const uint4 *chunk, u32 count, u64 *results, const Epoch &epoch)
{
    extern __shared__ uint4 quads_of_ballots[];
    __shared__ Desk desk;
    const Team team = {threadIdx.x, blockDim.x};
    u32 *ballots = reinterpret_cast<u32 *>(quads_of_ballots);
#pragma unroll 1
    for (u32 at = blockIdx.x; at < count; at += gridDim.x) {
        const uint4 *round = round_of(chunk, at);
        u64 *result = result_of(results, at, epoch.validators);
        __syncthreads(); /* nobody needs the round before any more */
#pragma unroll 1
        for (u32 i = team.own; i < bitmap_words(epoch.validators) * WARP / 4; i += team.size) {
            quads_of_ballots[i] = make_uint4(0, 0, 0, 0);
        }
        open_round(round, desk);
        __syncthreads();
        if (epoch.keys != nullptr) {
            poll<IN_FLIGHT, true>(round, epoch, team, ballots, desk);
        } else {
            poll<IN_FLIGHT, false>(round, epoch, team, ballots, desk);
        }
        __syncthreads();
        survey(epoch, team, ballots, desk);
        __syncthreads();
        const u32 candidate = candidate_of(epoch, desk.counts);
        certify<false>(epoch, team, candidate, ballots, certificate_of(result), desk);
        __syncthreads();
        conclude(round, epoch, candidate, desk.counts, result);
    }
}

/* ---- a round by all blocks of a row of the grid, in three launches */

__device__ __forceinline__ Team team_of_grid()
{
    return {blockIdx.x * blockDim.x + threadIdx.x, gridDim.x * blockDim.x};
}

/* Of the rounds under way, the one of this block's row. */
__device__ __forceinline__ Standing *standing_of(Standing *standings, u32 validators)
{
    const u64 bytes = sizeof(Standing) + sizeof(u64) * WARP * bitmap_words(validators);
    return reinterpret_cast<Standing *>(reinterpret_cast<char *>(standings) + blockIdx.y * bytes);
}

__device__ __forceinline__ u64 *ballots_of(Standing *standing)
{
    return reinterpret_cast<u64 *>(standing + 1);
}

__device__ __forceinline__ void clear_counts(Desk &desk)
{
    if (threadIdx.x < COUNTS) {
        desk.counts[threadIdx.x] = 0;
    }
    __syncthreads();
}

/* What the block has counted goes to the round. */
__device__ __forceinline__ void publish(const Desk &desk, Standing *standing)
{
    __syncthreads();
    if (threadIdx.x < COUNTS && desk.counts[threadIdx.x] != 0) {
        atomicAdd(&standing->counts[threadIdx.x], (u64)desk.counts[threadIdx.x]);
    }
}

template <u32 IN_FLIGHT>
__device__ __forceinline__ void poll_by_grid(const uint4 *round, const Epoch &epoch, Standing *standing)
{
    __shared__ Desk desk;
    open_round(round, desk);
    __syncthreads();
    if (epoch.keys != nullptr) {
        poll<IN_FLIGHT, true>(round, epoch, team_of_grid(), ballots_of(standing), desk);
    } else {
        poll<IN_FLIGHT, false>(round, epoch, team_of_grid(), ballots_of(standing), desk);
    }
    publish(desk, standing);
}

__device__ __forceinline__ void survey_by_grid(const Epoch &epoch, Standing *standing)
{
    __shared__ Desk desk;
    clear_counts(desk);
    survey(epoch, team_of_grid(), ballots_of(standing), desk);
    publish(desk, standing);
}

__device__ __forceinline__ void certify_by_grid(const uint4 *round, const Epoch &epoch, Standing *standing, u64 *result)
{
    __shared__ Desk desk;
    clear_counts(desk);
    const u32 candidate = candidate_of(epoch, standing->counts);
    certify<true>(epoch, team_of_grid(), candidate, ballots_of(standing), certificate_of(result), desk);
    publish(desk, standing);
    if (!is_last_block(&standing->blocks)) {
        return;
    }
    conclude(round, epoch, candidate, standing->counts, result);
    __syncthreads();
    if (threadIdx.x < COUNTS) {
        standing->counts[threadIdx.x] = 0;
    }
    if (threadIdx.x == 0) {
        standing->blocks = 0;
    }
}

} // namespace rounds

#endif
