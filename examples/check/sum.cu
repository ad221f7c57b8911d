/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sum of each block's part of an array, twice: sum_right, and sum_wrong, which reads what its neighbours may not have
 * written yet. On a GPU it gives the right answer more often than not. `gpubench check examples/check/sum.cu`
 */
constexpr unsigned THREADS = 256;

__global__ void __launch_bounds__(THREADS) sum_right(const float *in, float *out, int n)
{
    __shared__ float part[THREADS];
    int i = blockIdx.x * THREADS + threadIdx.x;
    part[threadIdx.x] = i < n ? in[i] : 0;
    for (unsigned half = THREADS / 2; half > 0; half /= 2) {
        __syncthreads();
        if (threadIdx.x < half) {
            part[threadIdx.x] += part[threadIdx.x + half];
        }
    }
    if (threadIdx.x == 0) {
        out[blockIdx.x] = part[0];
    }
}

__global__ void __launch_bounds__(THREADS) sum_wrong(const float *in, float *out, int n)
{
    __shared__ float part[THREADS];
    int i = blockIdx.x * THREADS + threadIdx.x;
    part[threadIdx.x] = i < n ? in[i] : 0;
    __syncthreads();
    for (unsigned half = THREADS / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) {
            part[threadIdx.x] += part[threadIdx.x + half]; /* and no barrier before the next round */
        }
    }
    if (threadIdx.x == 0) {
        out[blockIdx.x] = part[0];
    }
}
