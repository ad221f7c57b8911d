/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels of blocks_test.cpp: what the threads of a block can do together, and the blocks of a grid. */
#include "grid_barrier.cuh"

/* The sum of the block by a tree in dynamic shared memory, for any number of threads. */
extern "C" __global__ void tree_sum(const unsigned *in, unsigned *out)
{
    extern __shared__ unsigned partial[];
    unsigned t = threadIdx.x;
    partial[t] = in[blockIdx.x * blockDim.x + t];
    for (unsigned n = blockDim.x; n > 1; n = (n + 1) / 2) {
        __syncthreads();
        unsigned half = (n + 1) / 2;
        if (t + half < n) {
            partial[t] += partial[t + half];
        }
    }
    if (t == 0) {
        out[blockIdx.x] = partial[0];
    }
}

/* The same with a barrier forgotten. */
extern "C" __global__ void tree_sum_without_barrier(const unsigned *in, unsigned *out)
{
    extern __shared__ unsigned partial[];
    unsigned t = threadIdx.x;
    partial[t] = in[blockIdx.x * blockDim.x + t];
    for (unsigned n = blockDim.x; n > 1; n = (n + 1) / 2) {
        unsigned half = (n + 1) / 2;
        if (t + half < n) {
            partial[t] += partial[t + half];
        }
    }
    if (t == 0) {
        out[blockIdx.x] = partial[0];
    }
}

/* Each lane reads what its neighbour wrote, with or without the barrier that this needs. */
extern "C" __global__ void neighbours(unsigned *out, int with_barrier)
{
    __shared__ unsigned values[1024];
    unsigned t = threadIdx.x;
    values[t] = t;
    if (with_barrier) {
        __syncwarp();
    }
    out[t] = values[t ^ 1] + values[t ^ 31];
}

/* The sum of each warp by shuffles, then of the warps; whole warps only. */
extern "C" __global__ void __launch_bounds__(1024) shuffle_sum(const unsigned *in, unsigned *out)
{
    __shared__ unsigned sums[32];
    unsigned t = threadIdx.x;
    unsigned sum = in[blockIdx.x * blockDim.x + t];
    for (int distance = 16; distance > 0; distance /= 2) {
        sum += __shfl_down_sync(0xffffffffu, sum, static_cast<unsigned>(distance));
    }
    if (t % 32 == 0) {
        sums[t / 32] = sum;
    }
    __syncthreads();
    if (t < 32) {
        sum = t < blockDim.x / 32 ? sums[t] : 0;
        for (int distance = 16; distance > 0; distance /= 2) {
            sum += __shfl_xor_sync(0xffffffffu, sum, distance);
        }
        if (t == 0) {
            out[blockIdx.x] = sum;
        }
    }
}

extern "C" __global__ void votes(int *out, unsigned divisor)
{
    unsigned t = threadIdx.x;
    int holds = t % divisor == 0;
    out[3 * t] = __syncthreads_count(holds);
    out[3 * t + 1] = __syncthreads_and(holds);
    out[3 * t + 2] = __syncthreads_or(t == 9999 || (holds && divisor > 1));
}

/* Threads that have ended do not count: the others still meet. */
extern "C" __global__ void early_exit(unsigned *out, unsigned stay)
{
    __shared__ unsigned meetings;
    unsigned t = threadIdx.x;
    if (t == 0) {
        meetings = 0;
    }
    __syncthreads();
    if (t >= stay) {
        return;
    }
    atomicAdd(&meetings, 1u);
    int count = __syncthreads_count(1);
    out[t] = meetings * 10000 + static_cast<unsigned>(count);
}

/* Halves of a warp go their own ways, in loops of different length, and meet again from different branches. */
extern "C" __global__ void branches(unsigned *out)
{
    __shared__ unsigned turn[32];
    unsigned lane = threadIdx.x;
    unsigned value = lane;
    turn[lane] = 0;
    __syncwarp();
    if (lane % 2 == 0) {
        for (int i = 0; i < 5; i++) {
            value += __shfl_sync(0x55555555u, value, 30);
        }
        turn[lane] = value;
        __syncwarp();
    } else {
        for (int i = 0; i < 3; i++) {
            value = __shfl_sync(0xaaaaaaaau, value, static_cast<int>(lane + 2));
        }
        unsigned peers = __match_any_sync(0xaaaaaaaau, lane % 8);
        value += __shfl_sync(peers, value, __ffs(static_cast<int>(peers)) - 1) << 8;
        turn[lane] = value;
        __syncwarp();
    }
    out[lane] = turn[lane ^ 1];
}

/* A lane waits for another one that is in no hurry. */
extern "C" __global__ void polls(unsigned *out)
{
    __shared__ volatile unsigned flag;
    unsigned t = threadIdx.x;
    if (t == 0) {
        flag = 0;
    }
    __syncthreads();
    if (t == 5) {
        while (flag == 0) {
            __nanosleep(10);
        }
        out[0] = flag;
    } else if (t == 40) {
        for (int i = 0; i < 10; i++) {
            __nanosleep(10);
        }
        flag = 123;
    }
    __syncthreads();
    out[1 + t] = flag;
}

/* A warp polls with collectives while the one that it waits for has not had its turn yet. */
extern "C" __global__ void polls_together(unsigned *out)
{
    __shared__ volatile unsigned flag;
    unsigned t = threadIdx.x;
    if (t == 0) {
        flag = 0;
    }
    __syncthreads();
    if (t < 32) {
        while (!__any_sync(0xffffffffu, flag != 0)) {
        }
        out[t] = flag;
    } else if (t == 63) {
        __nanosleep(10);
        flag = 321;
    }
}

extern "C" __global__ void poison(unsigned *out, unsigned words)
{
    extern __shared__ unsigned char bytes[];
    __shared__ unsigned fixed[100];
    auto *dynamic = reinterpret_cast<unsigned *>(bytes);
    unsigned strange = 0;
    for (unsigned i = threadIdx.x; i < words; i += blockDim.x) {
        strange += dynamic[i] != 0xccccccccu;
        dynamic[i] = i;
    }
    for (unsigned i = threadIdx.x; i < 100; i += blockDim.x) {
        strange += fixed[i] != 0xccccccccu;
        fixed[i] = i;
    }
    atomicAdd(out, strange);
    __syncthreads();
    if (threadIdx.x == 0) {
        atomicAdd(out + 1, words == 0 ? fixed[99] : dynamic[words - 1] + fixed[99]);
    }
}

/* Every block adds to what all blocks have made of the round before. */
extern "C" __global__ void rounds(unsigned *values, unsigned *arrived, unsigned count)
{
    for (unsigned round = 0; round < count; round++) {
        if (threadIdx.x == 1) {
            unsigned left = (blockIdx.x + gridDim.x - 1) % gridDim.x;
            values[(round + 1) * gridDim.x + blockIdx.x] =
                values[round * gridDim.x + blockIdx.x] + values[round * gridDim.x + left];
        }
        grid_barrier(arrived);
    }
}

extern "C" __global__ void until_told(const volatile unsigned *told, unsigned *out)
{
    while (*told == 0) {
        __nanosleep(100);
    }
    atomicAdd(out, *told);
}

extern "C" __global__ void forever(volatile unsigned *started, int how)
{
    *started = 1;
    for (;;) {
        switch (how) {
        case 0:
            __nanosleep(1000);
            break;
        case 1:
            __syncthreads();
            break;
        default:
            __syncwarp();
        }
    }
}

/* Most of the stack that a kernel may use, and a library function that needs some. */
extern "C" __global__ void deep(unsigned *out)
{
    volatile unsigned local[7000];
    for (unsigned i = 0; i < 7000; i++) {
        local[i] = i * threadIdx.x;
    }
    __syncthreads();
    if (threadIdx.x == 1) {
        printf("%s", "");
        printf("%.0s%.0f\n", "", 1.0);
    }
    unsigned sum = 0;
    for (unsigned i = 0; i < 7000; i++) {
        sum += local[i];
    }
    out[threadIdx.x] = sum;
}
