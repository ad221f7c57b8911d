/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels that take their process with them, or do not end. */

__global__ void endless(volatile int *out)
{
    while (out[0] >= 0) {
    }
}

__device__ int deep(volatile int *memory, int n)
{
    volatile int local[64];
    local[n % 64] = n;
    return n == 0 ? local[0] : deep(memory, n - 1) + local[n % 64];
}

/* gpubench-check: kernel=recursive depth=100000 */
__global__ void recursive(int *out, int depth)
{
    out[blockIdx.x * blockDim.x + threadIdx.x] = deep(out, depth);
}

__global__ void quits(int *out)
{
    _Exit(3);
}
