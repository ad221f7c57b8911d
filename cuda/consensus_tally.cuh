/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the versions of consensus that take one round at a time, by all blocks of a grid, have in common: messages into votes,
 * what blocks count and add up, who is the last of them, and the decision. consensus.cu has the mathematics.
 */
#ifndef GPUBENCH_CONSENSUS_TALLY_CUH
#define GPUBENCH_CONSENSUS_TALLY_CUH

#include "consensus.cuh"
#include "mailbox.cuh"

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
 * 2 i + 1 get the halves of message i, of the second those of message 16 + i. Nothing here waits for them.
 */
__device__ __forceinline__ Message ask_for_halves(const uint4 *round, u32 first, u32 limit)
{
    const u32 lane = threadIdx.x % WARP;
    const u32 quads = first < limit ? 2 * min(limit - first, WARP) : 0;
    const uint4 *quad = round + HEADER_QUADS + 2 * (size_t)first + lane;
    Message halves = {};
    if (lane < quads) {
        halves.first = read_from_host(quad);
    }
    if (lane + WARP < quads) {
        halves.second = read_from_host(quad + WARP);
    }
    return halves;
}

/* Of two halves each lane gives one to its neighbour, and has a message. */
__device__ __forceinline__ Message exchange_halves(const Message &halves)
{
    const bool odd = threadIdx.x % 2 != 0;
    const uint4 given = from_neighbour(odd ? halves.first : halves.second);
    return {odd ? given : halves.first, odd ? halves.second : given};
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
    Message batch[UNROLL]; /* from the host: halves, until they are used */

    __device__ __forceinline__ void load()
    {
#pragma unroll
        for (u32 i = 0; i < UNROLL; i++) {
            const u32 at = first + i * gridDim.x * blockDim.x;
            batch[i] = FROM_HOST ? ask_for_halves(round, at, limit) : load_message(round, at + slot(), limit);
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
                if (FROM_HOST) {
                    batch[i] = exchange_halves(batch[i]);
                }
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
            if (first < limit) {
                load();
            }
        }
    }
};

/* The block's header, of which each of the first threads asks for a part, and gives it to all. It is there behind a barrier. */
template <bool FROM_HOST> class HeaderParts {
    static constexpr u32 QUADS = sizeof(Header) / sizeof(uint4);
    static_assert(QUADS <= WARP, "a warp does it");
    uint4 part;

  public:
    __device__ __forceinline__ explicit HeaderParts(const uint4 *round) : part({0, 0, 0, 0})
    {
        if (threadIdx.x < QUADS) {
            part = FROM_HOST ? read_from_host(round + threadIdx.x) : __ldg(round + threadIdx.x);
        }
    }

    __device__ __forceinline__ void give(Header *header) const
    {
        if (threadIdx.x < QUADS) {
            reinterpret_cast<uint4 *>(header)[threadIdx.x] = part;
        }
    }
};

/* Empties what the block will count, for all behind a barrier. */
__device__ __forceinline__ void clear(Totals *own)
{
    static_assert(TOTAL_WORDS <= 2 * WARP, "a block of two warps does it");
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

#endif
