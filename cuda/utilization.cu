/* SPDX-License-Identifier: Apache-2.0 */
/*
 * utilization: memory and arithmetic of this device, both busy for a while.
 * Oracle: io.gpubench.workloads.utilization.UtilizationOracle, whose answers these kernels give bit for bit.
 *
 * The mathematics, over two arrays of n words of 32 bits, passes of `steps` multiply-adds to and fro, modulo 2^32 but for
 * word(), which is that of words.cuh; keys k and k':
 *
 *   before   words[i] = high half of word(k, i)
 *   pass p   b = (low half of word(k', p) + sums[p]) | 1, sums[0] = 0
 *            for each i: `steps` times x = 0x915F77F5 x + b, from x = from[i]; to[i] = x; sums[p + 1] = sum of to[i]
 *
 *   a pass: read 4 n, write 4 n bytes; n steps operations, a multiply-add being one; so steps / 8 operations a byte
 *
 * The idea. Since b takes the sum of all words that the pass before made, whoever does the steps can begin none before
 * every word has gone through memory. This kernel does every step of every pass, so that bytes and operations are what the
 * formulas say. The mathematics do not force anybody to: steps are lines, and a line after a line is one, which the
 * reference below makes use of. Who answered by that would be found out only where arithmetic binds, by more than its
 * ceiling; so no program of configs/engines runs this workload. A pass is a launch, whose end is the only thing that the
 * next one waits for. In a pass each thread has 4 independent loads of 16 bytes on their way before it uses the first one,
 * all of them with one address and a constant offset, and then 16 independent chains, so that a scheduler finds a multiply-
 * add that waits for nothing. While the warps of a block compute, those of others load and store, so that memory and
 * arithmetic overlap: 40 registers let 6 blocks, 48 warps, share a multiprocessor, 4 where it holds no more threads. What
 * is read or written once in a pass leaves the caches first (.cs). Factor and summand stand in the instruction or in a
 * register that no step writes.
 *
 * The reference is plain where the kernel is clever, and another way altogether: all passes of a word come to
 * scale * x + shift, which each block of utilization_check computes from the keys and the sum of the words at the beginning,
 * made from the keys again by utilization_check_sum. So each word of an answer is compared in one pass over memory.
 *
 * Launch shape: BLOCK threads, any number of blocks. A tile is what a block does between two branches; blocks take tiles
 * with the stride of the grid. Best are several times as many blocks as the device holds at once, up to one for each tile,
 * as for ceiling_copy. Loads on their way, at half the warps, 16 * 4 * 32 bytes for each of 24, are 48 KiB a
 * multiprocessor; memory of 5 TB/s and 0.8 us on 132 multiprocessors needs 31.
 *
 * Memory: arrays are aligned to 16 bytes, n < 2^36, of any number of words. sums has one word more than there are passes, all
 * zero before the first one. One atomic addition of a block to sums[p + 1].
 *
 * For `gpubench check`: sizes that are no multiples of a block or tile.
 * gpubench-check: grid=3 block=256 verdict=u64[8]=zero keys=u64[2]=1..9 sample=u64[80]=zero poison=3 key=1 key0=1 key1=2
 * gpubench-check: kernel=utilization_begin grid=1 block=32
 * gpubench-check: kernel=utilization_fill count=1003 out=u32[1004]
 * gpubench-check: kernel=utilization_pass count=9003 from=u32[9004] to=u32[9004] steps=11 pass=1 sums=u32[3]=zero
 * gpubench-check: kernel=utilization_check_sum count=1003 sum=u32[1]=zero
 * gpubench-check: kernel=utilization_check count=1003 steps=11 passes=2 out=u32[1003] sum=u32[1] picks=u64[64]
 */
#include "words.cuh"

constexpr u32 BLOCK = 256;
constexpr u32 WARPS = BLOCK / WARP;

/* Loads of 16 bytes on their way in a thread, and how many blocks a multiprocessor is to hold at least. */
constexpr u32 DEPTH = 4;
constexpr u32 BLOCKS = 4;

/* Words of a load, and steps of each chain without a branch. */
constexpr u32 LANES = 4;
constexpr u32 STEPS = 8;

constexpr u32 FACTOR = 0x915F77F5u;
constexpr u32 PICKS = 64;
constexpr u64 FIRST_PICK = 1ull << 32;

__device__ __forceinline__ u32 first_of(u64 key, u64 index)
{
    return (u32)(word(key, index) >> 32);
}

__device__ __forceinline__ u32 addend_of(u64 key, u32 pass, u32 sum)
{
    return ((u32)word(key, pass) + sum) | 1;
}

/* All steps of some words, side by side. */
template <u32 COUNT> __device__ __forceinline__ void step_all(u32 (&x)[COUNT], u32 steps, u32 addend)
{
#pragma unroll 1
    for (u32 rest = steps / STEPS; rest > 0; rest--) {
#pragma unroll
        for (u32 step = 0; step < STEPS; step++) {
#pragma unroll
            for (u32 j = 0; j < COUNT; j++) {
                x[j] = x[j] * FACTOR + addend;
            }
        }
    }
#pragma unroll 1
    for (u32 rest = steps % STEPS; rest > 0; rest--) {
#pragma unroll
        for (u32 j = 0; j < COUNT; j++) {
            x[j] = x[j] * FACTOR + addend;
        }
    }
}

/* Takes COUNT loads of 16 bytes, BLOCK apart, from one array to the other; returns the sum of what is stored. */
template <u32 COUNT>
__device__ __forceinline__ u32 take(const uint4 *from, uint4 *to, u64 first, u32 steps, u32 addend)
{
    u32 x[COUNT * LANES];
    u32 sum = 0;
#pragma unroll
    for (u32 j = 0; j < COUNT; j++) {
        const uint4 loaded = __ldcs(from + first + j * BLOCK);
        x[LANES * j] = loaded.x;
        x[LANES * j + 1] = loaded.y;
        x[LANES * j + 2] = loaded.z;
        x[LANES * j + 3] = loaded.w;
    }
    step_all(x, steps, addend);
#pragma unroll
    for (u32 j = 0; j < COUNT; j++) {
        const uint4 made = make_uint4(x[LANES * j], x[LANES * j + 1], x[LANES * j + 2], x[LANES * j + 3]);
        __stcs(to + first + j * BLOCK, made);
        sum += made.x + made.y;
        sum += made.z + made.w;
    }
    return sum;
}

/* Adds up what the threads of a block have. */
__device__ __forceinline__ void add_sum(u32 sum, u32 *total)
{
    __shared__ u32 of_warp[WARPS];
    sum = warp_sum(sum);
    if (threadIdx.x % WARP == 0) {
        of_warp[threadIdx.x / WARP] = sum;
    }
    __syncthreads();
    if (threadIdx.x == 0) {
        u32 of_block = 0;
        for (u32 warp = 0; warp < WARPS; warp++) {
            of_block += of_warp[warp];
        }
        atomicAdd(total, of_block);
    }
}

extern "C" __global__ void __launch_bounds__(BLOCK, BLOCKS)
    utilization_pass(const uint4 *from, uint4 *to, u64 count, u32 steps, u32 pass, const u64 *keys, u32 *sums)
{
    constexpr u64 TILE = DEPTH * BLOCK;
    const u64 loads = count / LANES;
    const u64 whole = loads / TILE;
    const u32 addend = addend_of(keys[1], pass, sums[pass]);
    u32 sum = 0;
    u64 tile = blockIdx.x;
#pragma unroll 1
    for (; tile < whole; tile += gridDim.x) {
        sum += take<DEPTH>(from, to, tile * TILE + threadIdx.x, steps, addend);
    }
    if (tile == whole) { /* what is left belongs to the block whose turn it is */
#pragma unroll 1
        for (u64 i = tile * TILE + threadIdx.x; i < loads; i += BLOCK) {
            sum += take<1>(from, to, i, steps, addend);
        }
        if (threadIdx.x < count % LANES) {
            u32 x[1] = {reinterpret_cast<const u32 *>(from)[LANES * loads + threadIdx.x]};
            step_all(x, steps, addend);
            reinterpret_cast<u32 *>(to)[LANES * loads + threadIdx.x] = x[0];
            sum += x[0];
        }
    }
    add_sum(sum, sums + pass + 1);
}

/* ---- before a sample */

extern "C" __global__ void __launch_bounds__(WARP) utilization_begin(Sample *sample, u64 key0, u64 key1, u64 poison)
{
    begin_sample(sample, key0, key1, poison);
}

extern "C" __global__ void __launch_bounds__(BLOCK) utilization_fill(u32 *out, u64 count, u64 key)
{
    for (u64 i = first_thread(); i < count; i += all_threads()) {
        out[i] = first_of(key, i);
    }
}

/* ---- after a sample */

extern "C" __global__ void __launch_bounds__(BLOCK) utilization_check_sum(u64 count, u64 key0, u32 *sum)
{
    u32 found = 0;
    for (u64 i = first_thread(); i < count; i += all_threads()) {
        found += first_of(key0, i);
    }
    found = warp_sum(found);
    if (threadIdx.x % WARP == 0) {
        atomicAdd(sum, found);
    }
}

/* Every word, by what all passes come to; and the words that stand for all. */
extern "C" __global__ void __launch_bounds__(BLOCK)
    utilization_check(const u32 *out, u64 count, u32 steps, u32 passes, u64 key0, u64 key1, const u32 *sum, u64 *picks,
                      Verdict *verdict)
{
    __shared__ u32 scale;
    __shared__ u32 shift;
    if (threadIdx.x == 0) {
        u32 power = 1;  /* FACTOR^steps */
        u32 series = 0; /* 1 + FACTOR + ... + FACTOR^(steps - 1) */
        for (u32 step = 0; step < steps; step++) {
            series = FACTOR * series + 1;
            power *= FACTOR;
        }
        u32 all = *sum;
        scale = 1;
        shift = 0;
        for (u32 pass = 0; pass < passes; pass++) {
            const u32 added = series * addend_of(key1, pass, pass == 0 ? 0 : all);
            scale *= power;
            shift = power * shift + added;
            all = power * all + (u32)count * added;
        }
    }
    __syncthreads();
    const u32 times = scale;
    const u32 plus = shift;
    compare(
        out, count, key0, [=](u64 i) { return (u64)(times * first_of(key0, i) + plus); }, verdict);
    for (u64 pick = first_thread(); pick < PICKS; pick += all_threads()) {
        picks[pick] = out[word(key1, FIRST_PICK + pick) % count];
    }
}
