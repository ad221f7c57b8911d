// SPDX-License-Identifier: Apache-2.0
// Kernels for tests, each as small as its purpose allows. Compiled at run time.
#include "probe.cuh"

extern "C" {

__device__ int counter;

// Order matters: two of these do not commute.
__global__ void affine(int *data, int count, int factor, int summand)
{
    int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i < count) {
        data[i] = data[i] * factor + summand;
    }
}

__global__ void arguments(int i, long long l, float f, double d, Triple triple, double *out)
{
    out[0] = i;
    out[1] = static_cast<double>(l);
    out[2] = f;
    out[3] = d;
    out[4] = triple.bytes[0] + 10 * triple.bytes[1] + 100 * triple.bytes[2];
}

// Holds its stream until the host opens the gate.
__global__ void hold(volatile int *gate)
{
    while (*gate == 0) {
        __nanosleep(100);
    }
}

__global__ void count()
{
    atomicAdd(&counter, 1);
}

__global__ void shape(int *out)
{
    if (blockIdx.x + blockIdx.y + blockIdx.z + threadIdx.x + threadIdx.y + threadIdx.z == 0) {
        out[0] = static_cast<int>(gridDim.x);
        out[1] = static_cast<int>(gridDim.y);
        out[2] = static_cast<int>(gridDim.z);
        out[3] = static_cast<int>(blockDim.x);
        out[4] = static_cast<int>(blockDim.y);
        out[5] = static_cast<int>(blockDim.z);
    }
}

// Turns the order of as many numbers as the block has threads, in dynamic shared memory.
__global__ void __launch_bounds__(256) reverse(int *data)
{
    extern __shared__ __align__(16) unsigned char dynamic_shared[];
    int *staged = reinterpret_cast<int *>(dynamic_shared);
    staged[threadIdx.x] = data[threadIdx.x];
    __syncthreads();
    data[threadIdx.x] = staged[blockDim.x - 1 - threadIdx.x];
}

// Ends only if all blocks are there at once.
__global__ void meet(int *arrived)
{
    if (threadIdx.x == 0) {
        atomicAdd(arrived, 1);
        while (*static_cast<volatile int *>(arrived) < static_cast<int>(gridDim.x)) {
            __nanosleep(100);
        }
    }
}

// Two halves of a block at two barriers, which is undefined.
__global__ void diverge()
{
    if (threadIdx.x < 32) {
        __syncthreads();
    } else {
        __syncthreads();
    }
}
}
