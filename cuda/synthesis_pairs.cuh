/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the versions of synthesis.match share: how a warp reads its nodes, how it gathers pairs of a node and a pattern that
 * are left to compare, compares them 32 at a time, and counts matches. synthesis_tables.cuh has how pairs are found.
 */
#ifndef GPUBENCH_SYNTHESIS_PAIRS_CUH
#define GPUBENCH_SYNTHESIS_PAIRS_CUH

#include "synthesis.cuh"

/* NodeArrays of a load of 16 bytes, and of a warp's loads that lie side by side. */
constexpr u32 NODES_OF_LOAD = 4;
constexpr u32 CHUNK = NODES_OF_LOAD * WARP;

/* What a node's header is beyond the last node: a kind that no table knows. */
constexpr u32 NOBODY = 15;

/* Pairs that a warp has room for, and how many may be added at once. */
constexpr u32 PUSHED = 512;
constexpr u32 PAIRS = PUSHED + 2 * WARP;

/* In an entry: the pattern's slot, and above it which node of the tiles of some turns. */
constexpr u32 SLOT_BITS = 13;
constexpr u32 SLOT_MASK = (1u << SLOT_BITS) - 1;

/* In a residual, what is to be compared beside the header: bits of its first word, and least arity in its second. */
constexpr u32 HEADER_MASK = (1u << 20) - 1;
constexpr u32 FIRST_LEVEL_SHIFT = 20;
constexpr u32 SECOND_LEVEL_SHIFT = 24;
constexpr u32 LEVEL_SHIFT = 28;
constexpr u32 LEAST_SHIFT = 20;

struct NodeArrays {
    const u8 *kind;
    const u8 *arity;
    const u32 *symbol;
    const u32 *first_child;
    u32 count;
};

/* What is left of each pattern when a table has decided the rest. */
struct Residuals {
    const u32 *start; /* patterns + 1 */
    const u32 *word;  /* two for each */
};

__device__ __forceinline__ u32 header_at(const NodeArrays &nodes, u32 node)
{
    return header_of(__ldg(nodes.kind + node), __ldg(nodes.arity + node), __ldg(nodes.symbol + node));
}

/*
 * The headers and symbols of 4 CHUNKS nodes of each lane: of node tile + CHUNK c + NODES_OF_LOAD lane + i in place NODES_OF_LOAD c + i. Kinds and arities
 * have four bits each, so that two words of four bytes make four bytes of a header with one operation.
 */
template <u32 CHUNKS>
__device__ __forceinline__ void load(const NodeArrays &nodes, u32 tile, u32 (&header)[NODES_OF_LOAD * CHUNKS],
                                     u32 (&symbol_of)[NODES_OF_LOAD * CHUNKS])
{
    const u32 first = tile + threadIdx.x % WARP * NODES_OF_LOAD;
    if (tile + CHUNKS * CHUNK <= nodes.count) {
        const u8 *kind = nodes.kind + first; /* one address for each array, and constant offsets */
        const u8 *arity = nodes.arity + first;
        const u32 *symbol = nodes.symbol + first;
        u32 kinds[CHUNKS];
        u32 arities[CHUNKS];
        uint4 symbols[CHUNKS];
#pragma unroll
        for (u32 c = 0; c < CHUNKS; c++) {
            kinds[c] = __ldg(reinterpret_cast<const u32 *>(kind + c * CHUNK));
            arities[c] = __ldg(reinterpret_cast<const u32 *>(arity + c * CHUNK));
            symbols[c] = __ldg(reinterpret_cast<const uint4 *>(symbol + c * CHUNK));
        }
#pragma unroll
        for (u32 c = 0; c < CHUNKS; c++) {
            const u32 low = kinds[c] | arities[c] << ARITY_SHIFT;
            header[NODES_OF_LOAD * c] = __byte_perm(low, symbols[c].x, 0x6540);
            header[NODES_OF_LOAD * c + 1] = __byte_perm(low, symbols[c].y, 0x6541);
            header[NODES_OF_LOAD * c + 2] = __byte_perm(low, symbols[c].z, 0x6542);
            header[NODES_OF_LOAD * c + 3] = __byte_perm(low, symbols[c].w, 0x6543);
            symbol_of[NODES_OF_LOAD * c] = symbols[c].x;
            symbol_of[NODES_OF_LOAD * c + 1] = symbols[c].y;
            symbol_of[NODES_OF_LOAD * c + 2] = symbols[c].z;
            symbol_of[NODES_OF_LOAD * c + 3] = symbols[c].w;
        }
        return;
    }
#pragma unroll
    for (u32 j = 0; j < NODES_OF_LOAD * CHUNKS; j++) {
        const u32 node = first + j / NODES_OF_LOAD * CHUNK + j % NODES_OF_LOAD;
        header[j] = node < nodes.count ? header_at(nodes, node) : NOBODY;
        symbol_of[j] = header[j] >> SYMBOL_SHIFT;
    }
}

/*
 * Asks for what a tile has in memory to be brought to the second-level cache: a line of 128 bytes a lane, of symbol and
 * first_child (where many nodes need it) by all lanes, of kind and arity by the first ones.
 */
template <u32 CHUNKS> __device__ __forceinline__ void prefetch(const NodeArrays &nodes, u32 tile, bool children)
{
#ifdef __CUDA_ARCH__
    const u32 lane = threadIdx.x % WARP;
    constexpr u32 LINES = 4 * CHUNKS; /* of symbol, and of first_child */
    if (tile + CHUNKS * CHUNK <= nodes.count) {
        const u32 *words = lane < LINES ? nodes.symbol : nodes.first_child;
        const u8 *bytes = lane < CHUNKS ? nodes.kind : nodes.arity;
        if (lane < (children ? 2 * LINES : LINES)) {
            asm volatile("prefetch.global.L2 [%0];" ::"l"(words + tile + lane % LINES * WARP));
        }
        if (lane < 2 * CHUNKS) {
            asm volatile("prefetch.global.L2 [%0];" ::"l"(bytes + tile + lane % CHUNKS * CHUNK));
        }
    }
#endif
}

/* Which node of a tile is in a lane's place. */
__device__ __forceinline__ u32 local_of(u32 place)
{
    return place / NODES_OF_LOAD * CHUNK + threadIdx.x % WARP * NODES_OF_LOAD + place % NODES_OF_LOAD;
}

/* The sum of a value over the lanes before this one, and over all. */
__device__ __forceinline__ u32 sum_before(u32 value, u32 &total)
{
    const u32 lane = threadIdx.x % WARP;
    u32 sum = value;
#pragma unroll
    for (u32 distance = 1; distance < WARP; distance *= 2) {
        const u32 other = __shfl_up_sync(ALL_LANES, sum, distance);
        sum += lane >= distance ? other : 0;
    }
    total = __shfl_sync(ALL_LANES, sum, WARP - 1);
    return sum - value;
}

/* Whether what a table has not decided is so. The children that a residual looks at are there, as residuals before it, or the
 * table, have found out. */
__device__ __forceinline__ bool agrees(const NodeArrays &nodes, const Residuals &residuals, u32 pattern, u32 node)
{
    u32 at = residuals.start[pattern];
    const u32 end = residuals.start[pattern + 1];
    if (at == end) {
        return true;
    }
    const u32 first = __ldg(nodes.first_child + node);
    for (; at < end; at++) {
        const u32 mask = residuals.word[2 * at];
        const u32 want = residuals.word[2 * at + 1];
        const u32 level = mask >> LEVEL_SHIFT;
        u32 place = level == 0 ? node : first + (mask >> FIRST_LEVEL_SHIFT & 15);
        if (level == 2) {
            place = __ldg(nodes.first_child + place) + (mask >> SECOND_LEVEL_SHIFT & 15);
        }
        const u32 header = header_at(nodes, place);
        if (((header ^ want) & mask & HEADER_MASK) != 0 || (header >> ARITY_SHIFT & 15) < want >> LEAST_SHIFT) {
            return false;
        }
    }
    return true;
}

/*
 * The pairs that a warp has gathered, in shared memory that it alone uses: from the begin those that are left to compare, from
 * the end those that are sure. They may wait for tiles that come later. All lanes call all of it together.
 */
template <u32 CHUNKS, bool ORDERED, class Emit> struct PairQueue {
    static constexpr u32 TILE = CHUNKS * CHUNK;
    static constexpr u32 MOST_TURNS = (1u << (32 - SLOT_BITS)) / TILE;

    u32 *entries; /* PAIRS */
    const NodeArrays &nodes;
    const Residuals &residuals;
    const u32 *order; /* which pattern has a slot, if not that of its number */
    Emit &emit;
    u32 first;  /* node of turn 0 */
    u32 stride; /* nodes from turn to turn */
    u32 turn;
    u32 waiting;
    u32 sure_waiting;

    __device__ __forceinline__ u32 node_of(u32 entry) const
    {
        const u32 place = entry >> SLOT_BITS;
        return first + place / TILE * stride + place % TILE;
    }

    __device__ __forceinline__ u32 pattern_of(u32 entry) const
    {
        const u32 slot = entry & SLOT_MASK;
        return ORDERED ? __ldg(order + slot) : slot;
    }

    /* An entry but for the bit of its pattern. */
    __device__ __forceinline__ u32 entry_of(u32 first_slot, u32 local) const
    {
        return first_slot + ((turn * TILE + local) << SLOT_BITS);
    }

    /* Takes 32 at a time, the youngest first; of the last ones fewer only where all are asked for. */
    __device__ __forceinline__ void drain(bool all)
    {
        const u32 lane = threadIdx.x % WARP;
        const u32 least = all ? 1 : WARP;
        __syncwarp();
#pragma unroll 1
        while (waiting >= least) {
            const u32 some = min(waiting, WARP);
            waiting -= some;
            if (lane < some) {
                const u32 entry = entries[waiting + lane];
                const u32 pattern = pattern_of(entry);
                const u32 node = node_of(entry);
                if (agrees(nodes, residuals, pattern, node)) {
                    emit(pattern, node);
                }
            }
        }
#pragma unroll 1
        while (sure_waiting >= least) {
            const u32 some = min(sure_waiting, WARP);
            sure_waiting -= some;
            if (lane < some) {
                const u32 entry = entries[PAIRS - 1 - sure_waiting - lane];
                emit(pattern_of(entry), node_of(entry));
            }
        }
        __syncwarp();
    }

    /* Ends a turn; those that wait for others to be 32 wait on, unless it is the last. */
    __device__ __forceinline__ void end_turn(bool last)
    {
        turn++;
        const bool all = last || turn == MOST_TURNS;
        drain(all);
        if (all) {
            first += turn * stride;
            turn = 0;
        }
    }

    /* The same for words of many bits: each lane's lie side by side. */
    __device__ __forceinline__ void push_many(u32 word, u32 sure, u32 first_slot, u32 local)
    {
        const u32 entry = entry_of(first_slot, local) - 1;
        for (u32 half = 0; half < 2; half++) {
            const u32 of_half = half ? 0xFFFF0000u : 0xFFFFu;
            u32 rest = word & of_half & ~sure;
            u32 rest_sure = word & of_half & sure;
            u32 total; /* those that are sure in the upper half */
            const u32 before = sum_before(__popc(rest) | __popc(rest_sure) << 16, total);
            if (waiting + sure_waiting + (total & 0xFFFF) + (total >> 16) > PAIRS) {
                drain(false);
            }
            u32 *next = entries + waiting + (before & 0xFFFF);
#pragma unroll 1
            for (; rest != 0; rest &= rest - 1) {
                *next++ = entry + __ffs(rest);
            }
            next = entries + PAIRS - 1 - sure_waiting - (before >> 16);
#pragma unroll 1
            for (; rest_sure != 0; rest_sure &= rest_sure - 1) {
                *next-- = entry + __ffs(rest_sure);
            }
            waiting += total & 0xFFFF;
            sure_waiting += total >> 16;
            if (__all_sync(ALL_LANES, word >> 16 == 0)) {
                return;
            }
        }
    }

    /* Adds a pair for each bit of each lane's word: one bit of each lane at a time where they have few. */
    __device__ __forceinline__ void push(u32 word, u32 sure, u32 first_slot, u32 local)
    {
        constexpr u32 FEW = 3;
        if (__any_sync(ALL_LANES, __popc(word) > FEW)) {
            push_many(word, sure, first_slot, local);
            return;
        }
        const u32 entry = entry_of(first_slot, local) - 1;
        const u32 before = (1u << threadIdx.x % WARP) - 1;
#pragma unroll 1
        for (;;) {
            const u32 having = __ballot_sync(ALL_LANES, word != 0);
            if (having == 0) {
                return;
            }
            if (waiting + sure_waiting > PAIRS - WARP) {
                drain(false);
            }
            const u32 rest = word & (word - 1);
            const bool certain = ((word ^ rest) & sure) != 0;
            const u32 with_sure = __ballot_sync(ALL_LANES, certain);
            const u32 others = having ^ with_sure;
            if (word != 0) {
                const u32 at = certain ? PAIRS - 1 - sure_waiting - __popc(with_sure & before)
                                       : waiting + __popc(others & before);
                entries[at] = entry + __ffs(word);
            }
            word = rest;
            waiting += __popc(others);
            sure_waiting += __popc(with_sure);
        }
    }

    /*
     * Adds a pair for each bit of the words of a lane's places: all at once if they fit, else the bits of one pattern after
     * the other, of which there are no more than PUSHED.
     */
    template <u32 PLACES> __device__ __forceinline__ void push(const u32 (&word)[PLACES], u32 first_slot)
    {
        static_assert(PLACES * WARP <= PUSHED, "the bits of one pattern");
        u32 chosen = ~0u;
        do {
            u32 bits = 0;
#pragma unroll
            for (u32 j = 0; j < PLACES; j++) {
                bits += __popc(word[j] & chosen);
            }
            u32 total;
            const u32 before = sum_before(bits, total);
            if (total > PUSHED) {
                chosen = 1;
                continue;
            }
            if (waiting + total > PAIRS) {
                drain(false);
            }
            u32 *next = entries + waiting + before;
            u32 entry_of_first = entry_of(first_slot, local_of(0));
            asm volatile("" : "+r"(entry_of_first)); /* or there are registers for each place's */
#pragma unroll
            for (u32 j = 0; j < PLACES; j++) {
                const u32 entry = entry_of_first + ((local_of(j) - local_of(0)) << SLOT_BITS);
                for (u32 rest = word[j] & chosen; rest != 0; rest &= rest - 1) {
                    *next++ = entry + __ffs(rest) - 1;
                }
            }
            waiting += total;
            chosen = chosen == ~0u ? 0 : chosen << 1; /* none behind the last pattern, or where all were chosen */
        } while (chosen != 0);
    }
};

/* ---- what is done with a match */

/* Counts of a block by pattern, in shared memory, and sums in two halves. */
struct Tally {
    u32 *count;
    u32 *low;
    u32 *high;
};

__device__ __forceinline__ Tally tally_at(u32 *shared, u32 patterns)
{
    return {shared, shared + patterns, shared + 2 * patterns};
}

/* Adds a match: of the three additions only the one of the low halves has to be waited for, for its carry. */
__device__ __forceinline__ void tally(const Tally &of, u32 pattern, u32 node)
{
    const u64 mixed = mix64(node);
    const u32 low = (u32)mixed;
    const u32 before = atomicAdd(of.low + pattern, low);
    atomicAdd(of.count + pattern, 1u);
    atomicAdd(of.high + pattern, (u32)(mixed >> 32) + (before + low < low ? 1 : 0));
}

struct CountMatch {
    Tally of;
    __device__ __forceinline__ void operator()(u32 pattern, u32 node) const
    {
        tally(of, pattern, node);
    }
};

/* The same, and counts those of a segment by themselves. */
struct SurveyMatch {
    Tally of;
    u32 *segment;
    __device__ __forceinline__ void operator()(u32 pattern, u32 node) const
    {
        tally(of, pattern, node);
        atomicAdd(segment + pattern, 1u);
    }
};

/* Writes the node of a match to the next place of its pattern and segment. */
struct ScatterMatch {
    u32 *segment; /* by pattern, how many are there */
    const u64 *place;
    u64 stride;
    u32 *list;
    __device__ __forceinline__ void operator()(u32 pattern, u32 node) const
    {
        list[place[pattern * stride] + atomicAdd(segment + pattern, 1u)] = node;
    }
};

/*
 * Adds what a block has to the totals of all blocks; the one that ends last writes them out and leaves zeros. `found` has 2 P
 * words and one that counts blocks. All threads of all blocks.
 */
__device__ __forceinline__ void publish(const Tally &of, u32 patterns, u64 *found, u64 *out)
{
    __shared__ bool last;
    __syncthreads();
    for (u32 p = threadIdx.x; p < patterns; p += blockDim.x) {
        const u32 count = of.count[p];
        if (count != 0) {
            atomicAdd(found + 2 * p, (u64)count);
            atomicAdd(found + 2 * p + 1, (u64)of.high[p] << 32 | of.low[p]);
        }
    }
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0) {
        last = atomicAdd(found + 2 * patterns, 1ull) == gridDim.x - 1;
    }
    __syncthreads();
    if (last) {
        __threadfence();
        for (u32 i = threadIdx.x; i < 2 * patterns; i += blockDim.x) {
            out[i] = __ldcg(found + i);
            found[i] = 0;
        }
        if (threadIdx.x == 0) {
            found[2 * patterns] = 0;
        }
    }
}

#endif
