/* SPDX-License-Identifier: Apache-2.0 */
/*
 * migration: pages that move between the page frames of two pools, in the device's memory or in the host's.
 * Oracle: io.gpubench.workloads.migration.MigrationBatch.
 *
 * The mathematics. A pool is an array of frames of W words of 64 bits; batch page i lies in frame f[i] of one pool and goes to
 * frame t[i] of another, frames of one list being different from each other. With word() and the sums as in words.cuh, key k:
 *
 *   migration_fill    pool[f[i] W + j] = word(k, i W + j),  i < pages, j < W              bytes written 8 W pages
 *   migration_move    target[t[i] W + j] = source[f[i] W + j], for one or two batches     bytes read and written 8 W pages each
 *   migration_check   a Verdict of pool[f[i] W + j] against word(k, i W + j), S0 and S1 over i W + j, whatever f is, and of the
 *                     GUARD_WORDS words behind the pool, which count as examined and are in no sum
 *
 * The idea of migration_move. What takes the time is the link, so that all that is needed are accesses that it carries well,
 * and enough of them: 16 bytes a lane, 512 consecutive bytes a warp, DEPTH of these under way in each warp before the first is
 * waited for, which is a stripe. Stripes of all pages are numbered through; each block takes a run of them, so that large
 * pages are shared by all blocks, and of small ones a block has several. The block reads the part of both lists that its run
 * needs at once, side by side in each lane, before anything else: that is one trip over the link for all pages of a block,
 * and it is the same for all blocks. Two batches, one each way, are one launch: even blocks move one, odd blocks the other.
 * Pages of an odd number of words are moved by 8 bytes. What is read or written once is marked to leave the caches first (.cs).
 *
 * Launch shape: any number of blocks, at least one for each way, of whole warps, at most MOST_THREADS. How many, and what follows from it: migration.md.
 *
 * Memory: pools are aligned to 16 bytes, pages of up to 2^30 bytes, of which a batch has less than 2^32 stripes.
 *
 * gpubench-check: grid=3 block=64 key=7 verdict=u64[8]=zero sample=u64[80]=zero poison=3 key0=1 key1=2 guard=u64[8]
 * gpubench-check: pages=5 words=515 frames=u32[pages]=0..
 * gpubench-check: source0Frames=u32[pages]=1.. target0Frames=u32[pages]=0.. source1Frames=u32[pages]=0.. target1Frames=u32[pages]=1..
 * gpubench-check: kernel=migration_begin grid=1 block=32
 * gpubench-check: kernel=migration_prepare words=1001 pool=u64[words]
 * gpubench-check: kernel=migration_fill pool=u64[2575]
 * gpubench-check: kernel=migration_check pool=u64[2575]
 * gpubench-check: kernel=migration_move ways=2 source0=u64[3090] target0=u64[3090] source1=u64[3090] target1=u64[3090]
 */
#include "words.cuh"

constexpr u32 BLOCK = 256;

/* Of migration_move: threads of a block at most, accesses of a lane under way, and pages of which a block knows the frames. */
constexpr u32 MOST_THREADS = 1024;
constexpr u32 DEPTH = 4;
constexpr u32 LISTED = 256;

/* What lies behind a pool: words of a key that no batch has. */
constexpr u32 GUARD_WORDS = 8;
constexpr u64 GUARD_KEY = 0x6A09E667F3BCC908ull;

/* A batch on its way. */
struct Move {
    const u64 *source;
    u64 *target;
    const u32 *source_frames;
    const u32 *target_frames;
};

/* ---- what is timed */

/* All accesses of a stripe are under way before the first is used, also where the page ends within it. */
template <class Part>
__device__ __forceinline__ void move_stripe(const Part *source, Part *target, u32 parts, u32 lane)
{
    Part part[DEPTH];
    if (parts >= DEPTH * WARP) {
#pragma unroll
        for (u32 j = 0; j < DEPTH; j++) {
            part[j] = __ldcs(source + lane + j * WARP);
        }
#pragma unroll
        for (u32 j = 0; j < DEPTH; j++) {
            __stcs(target + lane + j * WARP, part[j]);
        }
    } else {
#pragma unroll
        for (u32 j = 0; j < DEPTH; j++) {
            if (lane + j * WARP < parts) {
                part[j] = __ldcs(source + lane + j * WARP);
            }
        }
#pragma unroll
        for (u32 j = 0; j < DEPTH; j++) {
            if (lane + j * WARP < parts) {
                __stcs(target + lane + j * WARP, part[j]);
            }
        }
    }
}

/* The run of stripes of one of `blocks` blocks. A part is what a lane moves with one access. */
template <class Part>
__device__ __forceinline__ void move_run(const Move &move, u32 pages, u64 words, u32 block, u32 blocks)
{
    __shared__ u32 from[LISTED];
    __shared__ u32 to[LISTED];
    constexpr u32 STRIPE = DEPTH * WARP;
    const u32 parts = (u32)(words * sizeof(u64) / sizeof(Part));
    const u32 stripes = (parts + STRIPE - 1) / STRIPE;
    const u32 each = pages * stripes / blocks;
    const u32 more = pages * stripes % blocks; /* so many blocks have one more */
    const u32 first = block * each + (block < more ? block : more);
    const u32 last = first + each + (block < more ? 1 : 0);
    const u32 lane = threadIdx.x % WARP;
    u32 end;
    for (u32 begin = first; begin < last; begin = end) {
        const u32 page0 = begin / stripes;
        const u64 full = (u64)(page0 + LISTED) * stripes;
        end = full < last ? (u32)full : last;
        const u32 listed = (end - 1) / stripes + 1 - page0;
        __syncthreads(); /* until the lists before are done with */
        for (u32 i = threadIdx.x; i < listed; i += blockDim.x) {
            const u32 source = move.source_frames[page0 + i];
            const u32 target = move.target_frames[page0 + i];
            from[i] = source;
            to[i] = target;
        }
        __syncthreads();
        for (u32 stripe = begin + threadIdx.x / WARP; stripe < end; stripe += blockDim.x / WARP) {
            const u32 page = stripe / stripes;
            const u32 part = (stripe - page * stripes) * STRIPE;
            move_stripe(reinterpret_cast<const Part *>(move.source + from[page - page0] * words) + part,
                        reinterpret_cast<Part *>(move.target + to[page - page0] * words) + part, parts - part, lane);
        }
    }
}

extern "C" __global__ void __launch_bounds__(MOST_THREADS)
    migration_move(u32 ways, u32 pages, u64 words, const u64 *source0, u64 *target0, const u32 *source0Frames,
                   const u32 *target0Frames, const u64 *source1, u64 *target1, const u32 *source1Frames,
                   const u32 *target1Frames)
{
    const bool both = ways == 2;
    const bool back = both && blockIdx.x % 2 == 1;
    const Move move = back ? Move{source1, target1, source1Frames, target1Frames}
                           : Move{source0, target0, source0Frames, target0Frames};
    const u32 block = both ? blockIdx.x / 2 : blockIdx.x;
    const u32 blocks = both ? (gridDim.x + (back ? 0 : 1)) / 2 : gridDim.x;
    if (words % 2 == 0) {
        move_run<ulonglong2>(move, pages, words, block, blocks);
    } else {
        move_run<u64>(move, pages, words, block, blocks);
    }
}

/* ---- before a sample */

extern "C" __global__ void __launch_bounds__(WARP) migration_begin(Sample *sample, u64 key0, u64 key1, u64 poison)
{
    begin_sample(sample, key0, key1, poison);
}

extern "C" __global__ void __launch_bounds__(BLOCK)
    migration_fill(u64 *pool, const u32 *frames, u32 pages, u64 words, u64 key)
{
    for (u64 i = first_thread(); i < pages * words; i += all_threads()) {
        const u64 page = i / words;
        pool[frames[page] * words + (i - page * words)] = word(key, i);
    }
}

/* Once, when the pool is made: all its words, and what lies behind it. */
extern "C" __global__ void __launch_bounds__(BLOCK) migration_prepare(u64 *pool, u64 words, u64 *guard)
{
    for (u64 i = first_thread(); i < words; i += all_threads()) {
        pool[i] = 0;
    }
    if (first_thread() < GUARD_WORDS) {
        guard[first_thread()] = word(GUARD_KEY, first_thread());
    }
}

/* ---- after a sample */

/* Deliberately simple: a word at a time, in the batch's order. */
extern "C" __global__ void __launch_bounds__(BLOCK)
    migration_check(const u64 *pool, const u64 *guard, const u32 *frames, u32 pages, u64 words, u64 key, Verdict *verdict)
{
    const u64 all = pages * words;
    Verdict found = {key, 0, 0, 0, {0, 0}, {0, 0}};
    for (u64 i = first_thread(); i < all + GUARD_WORDS; i += all_threads()) {
        const u64 page = i / words;
        const bool behind = i >= all;
        const u64 expected = behind ? word(GUARD_KEY, i - all) : word(key, i);
        const u64 answer = behind ? guard[i - all] : pool[frames[page] * words + (i - page * words)];
        found.examined++;
        if (answer != expected) {
            found.wrong++;
            found.first = found.first > ~i ? found.first : ~i;
        }
        if (!behind) {
            found.answer[0] += answer;
            found.answer[1] += (2 * i + 1) * answer;
            found.expected[0] += expected;
            found.expected[1] += (2 * i + 1) * expected;
        }
    }
    add_to_verdict(found, verdict);
}
