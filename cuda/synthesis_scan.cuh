/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exclusive sums over the tiles of one launch, by decoupled look-back (Merrill and Garland, "Single-pass Parallel Prefix Scan
 * with Decoupled Look-back", 2016), and searches by a warp.
 *
 * Each tile says its own sum first, and then what all tiles up to it come to. A tile looks at the 32 before it at once, adds
 * their own sums until it finds one that knows all before, else goes on with the 32 before those. Blocks take tiles by a
 * ticket, so a tile never waits for one that no block has begun.
 *
 * A status is one word of 64 bits: the number of the launch in 22 bits, which of both sums it is in 2, the sum in the low 40.
 * So nothing has to be cleared: what an earlier launch left has another number. Tickets begin anew by themselves, since the
 * last one wraps around, and whoever draws it counts the launch. Zero once, before the first launch; after 4,194,303 launches
 * numbers repeat, which is harmless as long as all tiles are overwritten by each.
 */
#ifndef GPUBENCH_SYNTHESIS_SCAN_CUH
#define GPUBENCH_SYNTHESIS_SCAN_CUH

#include "synthesis.cuh"

/* What a scan needs between launches; behind it a status for each tile. */
struct ScanState {
    u32 ticket;
    u32 launches;
    u32 unused[2];
};

constexpr u32 SUM_BITS = 40;
constexpr u64 SUM_MASK = (1ull << SUM_BITS) - 1;
constexpr u32 OWN_SUM = 1;
constexpr u32 WHOLE_SUM = 2;
constexpr u32 LAUNCH_MASK = (1u << 22) - 1;

__device__ __forceinline__ u64 status_of(u32 launch, u32 which, u64 sum)
{
    return (u64)(launch << 2 | which) << SUM_BITS | sum;
}

/* The inclusive sum over each LANES lanes of a full warp. */
template <u32 LANES = WARP, class Number> __device__ __forceinline__ Number warp_scan(Number value)
{
    const u32 lane = threadIdx.x % LANES;
#pragma unroll
    for (u32 distance = 1; distance < LANES; distance *= 2) {
        const Number before = __shfl_up_sync(ALL_LANES, value, distance, LANES);
        value += lane >= distance ? before : 0;
    }
    return value;
}

/* What a tile of this launch has, as its first thread gets it. */
struct Ticket {
    u32 tile;
    u32 launch;
};

/* One for each block of the grid, which has as many as there are tiles. For one thread of a block. */
__device__ __forceinline__ Ticket take_ticket(ScanState *state)
{
    Ticket ticket;
    ticket.launch = (*(volatile u32 *)&state->launches + 1) & LAUNCH_MASK;
    __threadfence();
    ticket.tile = atomicInc(&state->ticket, gridDim.x - 1);
    if (ticket.tile == gridDim.x - 1) { /* all blocks have read the number */
        __threadfence();
        *(volatile u32 *)&state->launches = ticket.launch;
    }
    return ticket;
}

/* The sum of all tiles before this one. For a full warp; all lanes get it. */
__device__ __forceinline__ u64 look_back(volatile u64 *statuses, const Ticket &ticket, u64 own)
{
    const u32 lane = threadIdx.x % WARP;
    if (ticket.tile == 0) {
        if (lane == 0) {
            statuses[0] = status_of(ticket.launch, WHOLE_SUM, own);
        }
        return 0;
    }
    if (lane == 0) {
        statuses[ticket.tile] = status_of(ticket.launch, OWN_SUM, own);
    }
    u64 before = 0;
    u32 end = ticket.tile; /* tiles from here on are summed up */
    while (end > 0) {
        /* lane 0 has the nearest one; beyond the first tile there is nothing, which is whole */
        const bool there = lane < end;
        u64 status = status_of(ticket.launch, WHOLE_SUM, 0);
        u32 which = WHOLE_SUM;
        if (there) {
            status = statuses[end - 1 - lane];
            which = (u32)(status >> SUM_BITS) & 3;
            which = (u32)(status >> (SUM_BITS + 2)) == ticket.launch ? which : 0;
        }
        const u32 whole = __ballot_sync(ALL_LANES, which == WHOLE_SUM);
        const u32 unknown = __ballot_sync(ALL_LANES, which == 0);
        /* up to and with the first that is whole */
        const u32 used = whole == 0 ? ALL_LANES : (whole & (0u - whole)) * 2 - 1;
        if ((unknown & used) != 0) {
            __nanosleep(100);
            continue;
        }
        before += warp_sum(used >> lane & 1 ? status & SUM_MASK : (u64)0);
        end = whole != 0 || end < WARP ? 0 : end - WARP;
    }
    if (lane == 0) {
        statuses[ticket.tile] = status_of(ticket.launch, WHOLE_SUM, before + own);
    }
    return before;
}

/*
 * How many of `count` ascending numbers are below a bound, at most `count`. For a full warp, which looks at 32 places at once;
 * all lanes get it.
 */
template <class Number, class At> __device__ __forceinline__ Number warp_below(Number count, At below)
{
    const u32 lane = threadIdx.x % WARP;
    Number first = 0; /* so many are */
    while (count > 0) {
        const Number step = (count + WARP - 1) / WARP;
        const Number place = (lane + 1) * step - 1;
        const u32 are = __popc(__ballot_sync(ALL_LANES, place < count && below(first + place)));
        const Number skipped = are * step;
        first += skipped;
        count = count - skipped < step - 1 ? count - skipped : step - 1;
    }
    return first;
}

#endif
