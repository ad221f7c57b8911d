/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ceiling: what this device can do at all, one kernel for each of its limits.
 * Oracle: io.gpubench.workloads.ceiling.CeilingOracle, whose answers these kernels give bit for bit.
 *
 * The mathematics, with word() and the sums S0, S1 as in words.cuh, n words of 64 bits, keys k and k':
 *
 *   ceiling_read     S0 of in, which holds word(k, i)                                           bytes read 8 n
 *   ceiling_copy     out[i] = in[i]                                                             bytes read 8 n, written 8 n
 *   ceiling_triad    a[i] = b[i] + 3 c[i], exact in doubles: b, c = word(k or k', i) >> 44      bytes read 16 n, written 8 n
 *   ceiling_l2       sum over passes p of in[i] ^ mix64(p + 1)                                  bytes read 8 n passes
 *   ceiling_fp32     x = fma(x, -0x1.fffff8p-1, 2.25) for each chain, `steps` times, from 1 <= x < 2   operations 2 chains steps
 *   ceiling_int32    x = 0x915F77F5 x + b modulo 2^32 likewise, b = word(k', 0) | 1             operations chains steps
 *   ceiling_atomic   cell[2654435761 q mod cells] += word(k, q), q < operations                 operations of atomics
 *
 * The idea. Memory: each thread has several independent loads of 16 bytes on their way before it uses the first one, all
 * of them with one address and a constant offset; what is read or written once is marked to leave the caches first (.cs),
 * but for L2, whose loads only pass by L1 (.cg). Arithmetic: eight independent chains a thread, so that a scheduler finds
 * an instruction that waits for nothing in each cycle, and 32 steps of each between two branches, so that all else is two
 * instructions in a hundred. Factor and summand stand in the instruction or in registers that no step writes. Atomics:
 * nothing is returned, so that a warp goes on at once; making a word takes some 30 instructions, which is meant to be less
 * than the L2 needs for an addition.
 *
 * Each has a reference that is plain where the kernel is clever: ceiling_check_... makes the expectation from the keys,
 * not from the input's memory, element by element, and leaves a Verdict (words.cuh).
 *
 * Launch shape: BLOCK threads, any number of blocks. A tile is what a block does between two branches; blocks take tiles
 * with the stride of the grid. Best are several times as many blocks as the device holds at once, up to one for each tile: a
 * multiprocessor that is further from memory, or shares its way there with more others, then takes fewer of them, and
 * the last ones do not wait for it. All loads in flight, at least 4 * 16 bytes for each of 1,024 threads or more, are
 * 64 KiB a multiprocessor; memory of 5 TB/s and 0.8 us on 132 multiprocessors needs half of that.
 *
 * Memory: arrays are aligned to 16 bytes, n < 2^35, of any number of words; `partial` is zero before the first launch and
 * left zero. cells is a power of two, operations a multiple of it.
 *
 * For `gpubench check`: sizes that are no multiples of a block or tile.
 * gpubench-check: grid=3 block=256 partial=u64[2]=zero verdict=u64[8]=zero keys=u64[2]=1..9 sample=u64[80]=zero poison=3 key=1 key0=1 key1=2
 * gpubench-check: kernel=ceiling_begin grid=1 block=32
 * gpubench-check: kernel=ceiling_fill words=1001 out=u64[words]
 * gpubench-check: kernel=ceiling_fill_doubles words=1001 out=f64[words]
 * gpubench-check: kernel=ceiling_read words=9001 in=u64[9002] out=u64[1]
 * gpubench-check: kernel=ceiling_copy words=9001 in=u64[9002] out=u64[9002]
 * gpubench-check: kernel=ceiling_triad words=9001 a=f64[9002] b=f64[9002] c=f64[9002]
 * gpubench-check: kernel=ceiling_l2 words=9001 passes=3 in=u64[9002] out=u64[1]
 * gpubench-check: kernel=ceiling_fp32 chains=3001 steps=35 out=u32[chains]
 * gpubench-check: kernel=ceiling_int32 chains=3001 steps=35 out=u32[chains]
 * gpubench-check: kernel=ceiling_atomic cells=256 operations=4096 cell=u64[cells]=zero
 * gpubench-check: kernel=ceiling_check_words words=1001 out=u64[words]
 * gpubench-check: kernel=ceiling_check_triad words=1001 a=u64[words]
 * gpubench-check: kernel=ceiling_check_read words=1001 passes=2 out=u64[1]
 * gpubench-check: kernel=ceiling_check_fp32 chains=1001 steps=5 out=u32[chains] picks=u64[64]
 * gpubench-check: kernel=ceiling_check_int32 chains=1001 steps=5 out=u32[chains] picks=u64[64]
 * gpubench-check: kernel=ceiling_check_atomic cells=256 operations=4096 cell=u64[cells]
 */
#include "words.cuh"

constexpr u32 BLOCK = 256;
constexpr u32 WARPS = BLOCK / WARP;

/* Loads on their way in a thread, for each array that is read; and how many blocks a multiprocessor is to hold at least. */
constexpr u32 READ_DEPTH = 8;
constexpr u32 READ_BLOCKS = 4;
constexpr u32 COPY_DEPTH = 4;
constexpr u32 COPY_BLOCKS = 4;
constexpr u32 TRIAD_DEPTH = 4;
constexpr u32 TRIAD_BLOCKS = 4;

/* Chains of a thread, and steps of each without a branch. */
constexpr u32 CHAINS = 8;
constexpr u32 STEPS = 32;

constexpr u32 PICKS = 64;
constexpr u64 CELL_STRIDE = 2654435761ull;

/* What blocks add up, zero between two launches. */
struct Partial {
    u64 sum;
    u32 blocks;
};

/* Writes the sum over all threads of the grid, which takes the block that ends last. */
__device__ __forceinline__ void write_sum(u64 sum, Partial *partial, u64 *out)
{
    __shared__ u64 of_warp[WARPS];
    sum = warp_sum(sum);
    if (threadIdx.x % WARP == 0) {
        of_warp[threadIdx.x / WARP] = sum;
    }
    __syncthreads();
    if (threadIdx.x == 0) {
        u64 of_block = 0;
        for (u32 warp = 0; warp < WARPS; warp++) {
            of_block += of_warp[warp];
        }
        atomicAdd(&partial->sum, of_block);
        __threadfence();
        if (atomicInc(&partial->blocks, gridDim.x - 1) == gridDim.x - 1) {
            __threadfence();
            *out = atomicExch(&partial->sum, 0ull);
        }
    }
}

/* ---- memory */

/* A whole tile: all loads are on their way before the first of them is used. */
template <u32 DEPTH, class Load, class Use> __device__ __forceinline__ void whole_tile(u64 first, Load load, Use use)
{
    decltype(load(first)) part[DEPTH];
#pragma unroll
    for (u32 j = 0; j < DEPTH; j++) {
        part[j] = load(first + j * BLOCK);
    }
#pragma unroll
    for (u32 j = 0; j < DEPTH; j++) {
        use(first + j * BLOCK, part[j]);
    }
}

/* What is left beyond the whole tiles. */
template <class Load, class Use> __device__ __forceinline__ void last_tile(u64 first, u64 pairs, Load load, Use use)
{
#pragma unroll 1
    for (u64 i = first; i < pairs; i += BLOCK) {
        use(i, load(i));
    }
}

/* This block's tiles of an array. The one that is not whole belongs to the block whose turn it is. */
template <u32 DEPTH, class Load, class Use> __device__ __forceinline__ void all_tiles(u64 pairs, Load load, Use use)
{
    constexpr u64 TILE = DEPTH * BLOCK;
    const u64 whole = pairs / TILE;
    u64 tile = blockIdx.x;
#pragma unroll 1
    for (; tile < whole; tile += gridDim.x) {
        whole_tile<DEPTH>(tile * TILE + threadIdx.x, load, use);
    }
    if (tile == whole) {
        last_tile(tile * TILE + threadIdx.x, pairs, load, use);
    }
}

extern "C" __global__ void __launch_bounds__(BLOCK, READ_BLOCKS)
    ceiling_read(const ulonglong2 *in, u64 words, Partial *partial, u64 *out)
{
    u64 sum = 0;
    all_tiles<READ_DEPTH>(
        words / 2, [=](u64 i) { return __ldcs(in + i); },
        [&](u64, const ulonglong2 &pair) { sum += pair.x + pair.y; });
    if (words % 2 != 0 && first_thread() == 0) {
        sum += reinterpret_cast<const u64 *>(in)[words - 1];
    }
    write_sum(sum, partial, out);
}

extern "C" __global__ void __launch_bounds__(BLOCK, COPY_BLOCKS)
    ceiling_copy(const ulonglong2 *in, ulonglong2 *out, u64 words)
{
    all_tiles<COPY_DEPTH>(
        words / 2, [=](u64 i) { return __ldcs(in + i); },
        [=](u64 i, const ulonglong2 &pair) { __stcs(out + i, pair); });
    if (words % 2 != 0 && first_thread() == 0) {
        reinterpret_cast<u64 *>(out)[words - 1] = reinterpret_cast<const u64 *>(in)[words - 1];
    }
}

struct Factors {
    double2 b;
    double2 c;
};

__device__ __forceinline__ double2 triad(const double2 &b, const double2 &c)
{
    return make_double2(__fma_rn(3.0, c.x, b.x), __fma_rn(3.0, c.y, b.y));
}

extern "C" __global__ void __launch_bounds__(BLOCK, TRIAD_BLOCKS)
    ceiling_triad(double2 *a, const double2 *b, const double2 *c, u64 words)
{
    all_tiles<TRIAD_DEPTH>(
        words / 2, [=](u64 i) { return Factors{__ldcs(b + i), __ldcs(c + i)}; },
        [=](u64 i, const Factors &part) { __stcs(a + i, triad(part.b, part.c)); });
    if (words % 2 != 0 && first_thread() == 0) {
        const u64 last = words - 1;
        reinterpret_cast<double *>(a)[last] = __fma_rn(
            3.0, reinterpret_cast<const double *>(c)[last], reinterpret_cast<const double *>(b)[last]);
    }
}

/* A block takes tiles of all passes, one pass after the other, so that the loads of no pass wait for the one before. */
extern "C" __global__ void __launch_bounds__(BLOCK, READ_BLOCKS)
    ceiling_l2(const ulonglong2 *in, u64 words, u64 passes, Partial *partial, u64 *out)
{
    constexpr u64 TILE = READ_DEPTH * BLOCK;
    const u64 pairs = words / 2;
    const u64 whole = pairs / TILE;
    const u64 tiles = (pairs + TILE - 1) / TILE;
    u64 sum = 0;
    if (tiles > 0) {
        u64 pass = blockIdx.x / tiles;
        u64 tile = blockIdx.x % tiles;
        const u64 more_passes = gridDim.x / tiles;
        const u64 more_tiles = gridDim.x % tiles;
#pragma unroll 1
        while (pass < passes) {
            const u64 salt = mix64(pass + 1);
            const auto load = [=](u64 i) { return __ldcg(in + i); };
            const auto use = [&](u64, const ulonglong2 &pair) { sum += (pair.x ^ salt) + (pair.y ^ salt); };
            if (tile < whole) {
                whole_tile<READ_DEPTH>(tile * TILE + threadIdx.x, load, use);
            } else {
                last_tile(tile * TILE + threadIdx.x, pairs, load, use);
            }
            pass += more_passes;
            tile += more_tiles;
            if (tile >= tiles) {
                tile -= tiles;
                pass++;
            }
        }
    }
    if (words % 2 != 0) {
#pragma unroll 1
        for (u64 pass = first_thread(); pass < passes; pass += all_threads()) {
            sum += __ldcg(reinterpret_cast<const u64 *>(in) + words - 1) ^ mix64(pass + 1);
        }
    }
    write_sum(sum, partial, out);
}

/* ---- arithmetic */

struct Fp32 {
    typedef float Value;

    __device__ __forceinline__ explicit Fp32(const u64 *) {}

    __device__ __forceinline__ float start(u64 key, u64 chain) const
    {
        return __uint_as_float(0x3f800000u | (u32)(word(key, chain) >> 41));
    }
    __device__ __forceinline__ float step(float x) const
    {
        return __fmaf_rn(x, -0x1.fffff8p-1f, 2.25f);
    }
    __device__ __forceinline__ u32 bits(float x) const
    {
        return __float_as_uint(x);
    }
};

struct Int32 {
    typedef u32 Value;
    u32 summand;

    __device__ __forceinline__ explicit Int32(const u64 *keys) : summand((u32)word(keys[1], 0) | 1) {}

    __device__ __forceinline__ u32 start(u64 key, u64 chain) const
    {
        return (u32)word(key, chain);
    }
    __device__ __forceinline__ u32 step(u32 x) const
    {
        return x * 0x915F77F5u + summand;
    }
    __device__ __forceinline__ u32 bits(u32 x) const
    {
        return x;
    }
};

template <class Kind>
__device__ __forceinline__ void run_chains(u32 *out, u64 chains, u32 steps, const u64 *keys)
{
    constexpr u64 TILE = CHAINS * BLOCK;
    const Kind kind(keys);
    const u64 key = keys[0];
    for (u64 tile = blockIdx.x * TILE; tile < chains; tile += gridDim.x * TILE) {
        const u64 first = tile + threadIdx.x;
        typename Kind::Value x[CHAINS];
#pragma unroll
        for (u32 j = 0; j < CHAINS; j++) {
            x[j] = kind.start(key, first + j * BLOCK);
        }
        for (u32 rest = steps / STEPS; rest > 0; rest--) {
#pragma unroll
            for (u32 step = 0; step < STEPS; step++) {
#pragma unroll
                for (u32 j = 0; j < CHAINS; j++) {
                    x[j] = kind.step(x[j]);
                }
            }
        }
#pragma unroll 1
        for (u32 rest = steps % STEPS; rest > 0; rest--) {
#pragma unroll
            for (u32 j = 0; j < CHAINS; j++) {
                x[j] = kind.step(x[j]);
            }
        }
#pragma unroll
        for (u32 j = 0; j < CHAINS; j++) {
            if (first + j * BLOCK < chains) {
                out[first + j * BLOCK] = kind.bits(x[j]);
            }
        }
    }
}

extern "C" __global__ void __launch_bounds__(BLOCK) ceiling_fp32(u32 *out, u64 chains, u32 steps, const u64 *keys)
{
    run_chains<Fp32>(out, chains, steps, keys);
}

extern "C" __global__ void __launch_bounds__(BLOCK) ceiling_int32(u32 *out, u64 chains, u32 steps, const u64 *keys)
{
    run_chains<Int32>(out, chains, steps, keys);
}

/* ---- atomics */

extern "C" __global__ void __launch_bounds__(BLOCK)
    ceiling_atomic(u64 *cell, u64 cells, u64 operations, const u64 *keys)
{
    const u64 key = keys[0];
#pragma unroll 4
    for (u64 q = first_thread(); q < operations; q += all_threads()) {
        atomicAdd(&cell[q * CELL_STRIDE & (cells - 1)], word(key, q));
    }
}

/* ---- before a sample */

extern "C" __global__ void __launch_bounds__(WARP) ceiling_begin(Sample *sample, u64 key0, u64 key1, u64 poison)
{
    begin_sample(sample, key0, key1, poison);
}

extern "C" __global__ void __launch_bounds__(BLOCK) ceiling_fill(u64 *out, u64 words, u64 key)
{
    for (u64 i = first_thread(); i < words; i += all_threads()) {
        out[i] = word(key, i);
    }
}

extern "C" __global__ void __launch_bounds__(BLOCK) ceiling_fill_doubles(double *out, u64 words, u64 key)
{
    for (u64 i = first_thread(); i < words; i += all_threads()) {
        out[i] = (double)(word(key, i) >> 44);
    }
}

/* ---- after a sample */

extern "C" __global__ void __launch_bounds__(BLOCK)
    ceiling_check_words(const u64 *out, u64 words, u64 key, Verdict *verdict)
{
    compare(out, words, key, [=](u64 i) { return word(key, i); }, verdict);
}

/* In whole numbers, which the doubles hold: a[i] = b[i] + 3 c[i] < 2^22. */
extern "C" __global__ void __launch_bounds__(BLOCK)
    ceiling_check_triad(const u64 *a, u64 words, u64 key0, u64 key1, Verdict *verdict)
{
    compare(
        a, words, key0,
        [=](u64 i) {
            const u64 sum = (word(key0, i) >> 44) + 3 * (word(key1, i) >> 44);
            return (u64)__double_as_longlong((double)sum);
        },
        verdict);
}

/* The sums of the words of all passes, without salt where there are none, and the one word that was found. */
extern "C" __global__ void __launch_bounds__(BLOCK)
    ceiling_check_read(const u64 *out, u64 words, u64 passes, u64 key, Verdict *verdict)
{
    Verdict found = {key, 0, 0, 0, {0, 0}, {0, 0}};
    for (u64 i = first_thread(); i < words; i += all_threads()) {
        const u64 own = word(key, i);
        u64 sum = passes == 0 ? own : 0;
        for (u64 pass = 0; pass < passes; pass++) {
            sum += own ^ mix64(pass + 1);
        }
        found.expected[0] += sum;
        found.examined++;
    }
    if (first_thread() == 0) {
        found.answer[0] = *out;
    }
    add_to_verdict(found, verdict);
}

/* One chain a thread, a step at a time; and the outputs that stand for all. */
template <class Kind, class Start>
__device__ __forceinline__ void check_chains(const u32 *out, u64 chains, u32 steps, u64 key0, u64 key1, Start start,
                                             u64 *picks, Verdict *verdict)
{
    const u64 keys[2] = {key0, key1};
    const Kind kind(keys);
    compare(
        out, chains, key0,
        [=](u64 chain) {
            typename Kind::Value x = start(word(key0, chain));
            for (u32 step = 0; step < steps; step++) {
                x = kind.step(x);
            }
            return (u64)kind.bits(x);
        },
        verdict);
    for (u64 pick = first_thread(); pick < PICKS; pick += all_threads()) {
        picks[pick] = out[word(key1, pick) % chains];
    }
}

extern "C" __global__ void __launch_bounds__(BLOCK)
    ceiling_check_fp32(const u32 *out, u64 chains, u32 steps, u64 key0, u64 key1, u64 *picks, Verdict *verdict)
{
    check_chains<Fp32>(
        out, chains, steps, key0, key1, [](u64 own) { return 1.0f + (float)(own >> 41) * 0x1p-23f; }, picks, verdict);
}

extern "C" __global__ void __launch_bounds__(BLOCK)
    ceiling_check_int32(const u32 *out, u64 chains, u32 steps, u64 key0, u64 key1, u64 *picks, Verdict *verdict)
{
    check_chains<Int32>(
        out, chains, steps, key0, key1, [](u64 own) { return (u32)own; }, picks, verdict);
}

/* The operations of a cell are those that leave the same remainder, which the stride's inverse modulo `cells` tells. */
extern "C" __global__ void __launch_bounds__(BLOCK)
    ceiling_check_atomic(const u64 *cell, u64 cells, u64 operations, u64 key, Verdict *verdict)
{
    u64 inverse = CELL_STRIDE; /* of an odd number modulo 8; each round of Newton's method doubles the bits */
    for (u32 bits = 3; bits < 64; bits *= 2) {
        inverse *= 2 - CELL_STRIDE * inverse;
    }
    compare(
        cell, cells, key,
        [=](u64 i) {
            u64 sum = 0;
            for (u64 q = i * inverse & (cells - 1); q < operations; q += cells) {
                sum += word(key, q);
            }
            return sum;
        },
        verdict);
}
