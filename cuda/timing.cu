/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timing: what a measurement puts around the work that it times. Nothing in here is timed itself.
 * Oracle: the constants of this file, in the tests of io.gpubench.engines.cuda; timing_judge is the oracle of others.
 *
 *   timing_hold        holds its stream until the host lets go, so that work which is enqueued meanwhile runs without a
 *                      gap, however slow the host is. It polls a word of mapped memory, 4 bytes over the bus each time.
 *                      When `patience` nanoseconds have passed it gives up and leaves its ticket as a mark: a host that
 *                      waits for the stream before it lets go, or for room in a full queue, does not wait for ever.
 *   timing_spin        lasts `nanos` nanoseconds, which keeps the device busy, and its clocks up.
 *   timing_sweep_out   writes Q quads (16 bytes): what lay in the L2 cache is written back and evicted. Writes 16 Q.
 *   timing_sweep_in    reads them again, so that the lines which stay behind are clean, and no write-back disturbs the
 *                      work that comes next. Reads 16 Q; counts quads that are not what was written, at 8 bytes each
 *                      for the count of a block that finds any.
 *   timing_judge       compares W words (64 bits) of an answer with what is right and writes how many differ: 0, or 1 .. W.
 *                      Reads 16 W, writes 8. The verdict holds another number before, since a kernel that never ran
 *                      has judged nothing.
 *
 * Memory has to exceed the cache to sweep it: 16 Q is twice the L2. The value of quad i is {i low, round, i high, ~round}, so
 * that no two sweeps write the same.
 *
 * Time is %globaltimer, in nanoseconds, in steps of up to a microsecond or so; patience is long enough for that. In case it
 * does not advance a poll counts too: `most_polls` of them are patience enough. In the simulator it is the host's time.
 *
 * Launch shapes: timing_hold and timing_spin are one thread, the rest of the device idle; the sweeps are SWEEP threads in as
 * many blocks as the device holds, each in strides over the whole memory; timing_judge is one block of JUDGE, since
 * answers are short and a block alone needs no atomics. Pointers to quads are aligned to 16, Q < 2^60, W < 2^32.
 *
 * gpubench-check: kernel=timing_hold gate=u32[3]=7 ticket=7 patience=1000000 most_polls=1000 grid=1 block=1
 * gpubench-check: kernel=timing_spin nanos=1000 most_polls=1000 grid=1 block=1
 * gpubench-check: kernel=timing_sweep_out quads=1000 memory=u32[4000] round=1 grid=2 block=256
 * gpubench-check: kernel=timing_sweep_in quads=1000 memory=u32[4000]=zero wrong=u64[1]=zero round=1 grid=2 block=256
 * gpubench-check: kernel=timing_judge answers=u64[2000]=zero answer=1000 right=u64[1000]=zero expected=0 words=1000
 * gpubench-check: kernel=timing_judge verdicts=u64[4] position=3 grid=1 block=256
 */
#include "warp.cuh"

constexpr u32 SWEEP = 256;
constexpr u32 JUDGE = 256;

/* Words of the gate. The host writes the first, the device the others. */
constexpr u32 RELEASED = 0; /* the last ticket that was let go */
constexpr u32 GAVE_UP = 1;  /* the last ticket that was not, in time */
constexpr u32 BEGUN = 2;    /* the last ticket that holds its stream */

constexpr u32 NANOS_BETWEEN_POLLS = 128;

__device__ __forceinline__ u64 nanos_now()
{
#ifdef __CUDA_ARCH__
    u64 nanos;
    asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(nanos));
    return nanos;
#else
    return __globaltimer();
#endif
}

__device__ __forceinline__ uint4 quad_of(u64 index, u32 round)
{
    return make_uint4((u32)index, round, (u32)(index >> 32), ~round);
}

extern "C" __global__ void __launch_bounds__(1)
    timing_hold(volatile u32 *gate, u32 ticket, u64 patience, u64 most_polls)
{
    const u64 begin = nanos_now();
    gate[BEGUN] = ticket;
    for (u64 polls = 0; gate[RELEASED] != ticket; polls++) {
        if (nanos_now() - begin > patience || polls >= most_polls) {
            gate[GAVE_UP] = ticket;
            break;
        }
        __nanosleep(NANOS_BETWEEN_POLLS);
    }
    __threadfence_system();
}

extern "C" __global__ void __launch_bounds__(1) timing_spin(u64 nanos, u64 most_polls)
{
    const u64 begin = nanos_now();
    for (u64 polls = 0; nanos_now() - begin < nanos && polls < most_polls; polls++) {
        __nanosleep(NANOS_BETWEEN_POLLS);
    }
}

extern "C" __global__ void __launch_bounds__(SWEEP) timing_sweep_out(uint4 *memory, u64 quads, u32 round)
{
    const u64 stride = (u64)gridDim.x * SWEEP;
    for (u64 i = (u64)blockIdx.x * SWEEP + threadIdx.x; i < quads; i += stride) {
        memory[i] = quad_of(i, round);
    }
}

extern "C" __global__ void __launch_bounds__(SWEEP)
    timing_sweep_in(const uint4 *memory, u64 quads, u32 round, u64 *wrong)
{
    const u64 stride = (u64)gridDim.x * SWEEP;
    u32 differences = 0;
    for (u64 i = (u64)blockIdx.x * SWEEP + threadIdx.x; i < quads; i += stride) {
        const uint4 found = __ldg(&memory[i]);
        const uint4 written = quad_of(i, round);
        differences += found.x != written.x | found.y != written.y | found.z != written.z | found.w != written.w;
    }
    const u32 sum = warp_sum(differences);
    if (sum != 0 && threadIdx.x % WARP == 0) {
        atomicAdd(wrong, (u64)sum);
    }
}

extern "C" __global__ void __launch_bounds__(JUDGE)
    timing_judge(const u64 *answers, u64 answer, const u64 *right, u64 expected, u32 words, u64 *verdicts, u32 position)
{
    __shared__ u32 sums[JUDGE / WARP];
    u32 differences = 0;
    for (u32 i = threadIdx.x; i < words; i += JUDGE) {
        differences += answers[answer + i] != right[expected + i];
    }
    const u32 sum = warp_sum(differences);
    if (threadIdx.x % WARP == 0) {
        sums[threadIdx.x / WARP] = sum;
    }
    __syncthreads();
    if (threadIdx.x == 0) {
        u64 all = 0;
        for (u32 warp = 0; warp < JUDGE / WARP; warp++) {
            all += sums[warp];
        }
        verdicts[position] = all;
    }
}
