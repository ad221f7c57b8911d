/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels that are wrong, each once. "accused: X" and "other: X" mark the lines that the report of X must name. */
#include "misuse.cuh"

#define FULL 0xffffffffu

extern "C" __global__ void divergent_barrier(int *out)
{
    if (threadIdx.x < 40) {
        *out = 1;
        __syncthreads(); // other: divergent_barrier
    } else {
        *out = 2;
        __syncthreads(); // accused: divergent_barrier
    }
}

/* One round less than the others, who find the next barrier instead. */
extern "C" __global__ void uneven_loop(unsigned *out)
{
    for (unsigned i = 0; i < 5 + (threadIdx.x != 7); i++) {
        __syncthreads(); // accused: uneven_loop
        atomicAdd(out, 1u);
    }
    __syncthreads(); // other: uneven_loop
}

extern "C" __global__ void barrier_in_branch(unsigned *out)
{
    unsigned sum = threadIdx.x;
    if (threadIdx.x % 2 == 0) {
        sum += __shfl_xor_sync(FULL, sum, 2); // accused: barrier_in_branch
    } else {
        __syncthreads(); // other: barrier_in_branch
    }
    out[threadIdx.x] = sum;
}

extern "C" __global__ void not_in_mask(unsigned *out)
{
    out[threadIdx.x] = __ballot_sync(0x0000ffffu, threadIdx.x % 2 == 0); // accused: not_in_mask
}

extern "C" __global__ void gone_before(unsigned *out)
{
    if (threadIdx.x == 13) {
        return;
    }
    __syncthreads();
    out[threadIdx.x] = __any_sync(FULL, out[threadIdx.x] != 0); // accused: gone_before
}

extern "C" __global__ void goes_later(unsigned *out)
{
    if (threadIdx.x == 31) {
        for (int i = 0; i < 20; i++) {
            __nanosleep(10);
        }
        return;
    }
    out[threadIdx.x] = __shfl_sync(FULL, threadIdx.x, 0); // accused: goes_later
}

extern "C" __global__ void no_such_lane(unsigned *out)
{
    if (threadIdx.x >= 32) {
        out[threadIdx.x] = __match_any_sync(FULL, threadIdx.x); // accused: no_such_lane
    }
}

extern "C" __global__ void other_collective(int *out)
{
    if (threadIdx.x < 16) {
        out[threadIdx.x] = __all_sync(FULL, 1); // other: other_collective
    } else {
        out[threadIdx.x] = __any_sync(FULL, 1); // accused: other_collective
    }
}

extern "C" __global__ void same_collective_elsewhere(unsigned *out)
{
    if (threadIdx.x < 16) {
        out[threadIdx.x] = __shfl_down_sync(FULL, threadIdx.x, 1); // other: same_collective_elsewhere
    } else {
        out[threadIdx.x] = __shfl_down_sync(FULL, threadIdx.x, 1); // accused: same_collective_elsewhere
    }
}

extern "C" __global__ void other_mask(unsigned *out)
{
    unsigned mask = threadIdx.x < 8 ? 0xffu : 0xfffu;
    if (threadIdx.x < 12) {
        mask = threadIdx.x == 7 ? 0xfffu : mask;
        out[threadIdx.x] = __shfl_sync(mask, threadIdx.x, 0); // accused: other_mask
    }
}

/* No two lanes wait for each other, but three do in a circle. */
extern "C" __global__ void circle(unsigned *out)
{
    unsigned lane = threadIdx.x;
    if (lane < 3) {
        out[lane] = __shfl_sync(1u << lane | 1u << (lane + 1) % 3, lane, 0); // accused: circle
    }
}

extern "C" __global__ void syncwarp_and_barrier(unsigned *out)
{
    if (threadIdx.x == 3) {
        __syncwarp(); // accused: syncwarp_and_barrier
    }
    __syncthreads(); // other: syncwarp_and_barrier
    out[threadIdx.x] = 1;
}

extern "C" __global__ void trapped(const unsigned *in)
{
    if (in[threadIdx.x + blockDim.x * threadIdx.y] == 42) {
        __trap(); // accused: trapped
    }
}

extern "C" __global__ void asserted(int limit)
{
    int number = static_cast<int>(blockIdx.x);
    assert(number < limit); // accused: asserted
}

extern "C" __global__ void in_header(const int *in)
{
    check_even(in[threadIdx.x]);
}

/* One block is wrong, the others wait for it. */
extern "C" __global__ void alone(volatile unsigned *word)
{
    if (blockIdx.x == 2) {
        if (threadIdx.x == 0) {
            __syncwarp(); // accused: alone
        }
    } else {
        while (*word == 0) {
            __nanosleep(50);
        }
    }
}
