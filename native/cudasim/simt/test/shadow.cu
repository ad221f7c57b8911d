/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels for the tests of the shadow memory. */
__device__ unsigned table[100];

extern "C" {

/* Block 1 gets from block 0 what that has written once the flag was set. */
__global__ void resident(volatile unsigned *flag, volatile unsigned *answer, unsigned *data, unsigned *out)
{
    if (blockIdx.x == 0) {
        while (*flag == 0) {
            __nanosleep(100);
        }
        *data = 5;
        __threadfence();
        *answer = 1;
    } else {
        *static_cast<volatile unsigned *>(out) = 1;
        while (*answer == 0) {
            __nanosleep(100);
        }
        __threadfence();
        *out = *data;
    }
}

__global__ void read_all(const unsigned *data, unsigned *out, unsigned words)
{
    unsigned sum = 0;
    for (unsigned i = threadIdx.x; i < words; i += blockDim.x) {
        sum += data[i];
    }
    out[threadIdx.x] = sum;
}

__global__ void use_table(unsigned *out)
{
    table[threadIdx.x] = threadIdx.x;
    out[threadIdx.x] = table[threadIdx.x];
}

/* A load that asks memory anew each time. */
__global__ void polls_by_hint(unsigned *flag, unsigned *out)
{
    if (threadIdx.x == 0) {
        while (__ldcv(flag) == 0) {
        }
        out[0] = 1;
    } else {
        *static_cast<volatile unsigned *>(flag) = 1;
    }
}
}
