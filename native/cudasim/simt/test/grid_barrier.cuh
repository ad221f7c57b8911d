/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A barrier of all blocks of a cooperative grid, for GPUs and for the simulated device. `arrived` is a word of device memory
 * that was 0 before the grid's first barrier; each use counts on by the number of blocks.
 */
#ifndef GPUBENCH_TEST_GRID_BARRIER_CUH
#define GPUBENCH_TEST_GRID_BARRIER_CUH

__device__ inline void grid_barrier(unsigned *arrived)
{
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0) {
        unsigned before = atomicAdd(arrived, 1u);
        unsigned all = (before / gridDim.x + 1) * gridDim.x;
        while (*static_cast<volatile unsigned *>(arrived) < all) {
            __nanosleep(20);
        }
        __threadfence();
    }
    __syncthreads();
}

#endif
