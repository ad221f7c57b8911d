/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels of the usual kinds, in which there is nothing to be found with the arguments that are made up. */
#include "half.cuh"

namespace simple {

__global__ void saxpy(float a, const float *__restrict__ x, float *__restrict__ y, unsigned long n)
{
    unsigned long i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) {
        y[i] += a * x[i];
    }
}

} // namespace simple

__global__ void transpose(const float *in, float *out, int width, int height)
{
    __shared__ float tile[16][17];
    int x = blockIdx.x * 16 + threadIdx.x;
    int y = blockIdx.y * 16 + threadIdx.y;
    if (x < width && y < height) {
        tile[threadIdx.y][threadIdx.x] = in[y * width + x];
    }
    __syncthreads();
    x = blockIdx.y * 16 + threadIdx.x;
    y = blockIdx.x * 16 + threadIdx.y;
    if (x < height && y < width) {
        out[y * height + x] = tile[threadIdx.x][threadIdx.y];
    }
}

__global__ void gather(const int *index, const double *from, double *to, int n)
{
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += blockDim.x * gridDim.x) {
        to[i] = from[index[i]];
    }
}

extern __shared__ unsigned counts[];

__global__ void histogram(const unsigned char *data, unsigned *bins, size_t n)
{
    for (unsigned i = threadIdx.x; i < 256; i += blockDim.x) {
        counts[i] = 0;
    }
    __syncthreads();
    for (size_t i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += blockDim.x * gridDim.x) {
        atomicAdd(&counts[data[i]], 1u);
    }
    __syncthreads();
    for (unsigned i = threadIdx.x; i < 256; i += blockDim.x) {
        atomicAdd(&bins[i], counts[i]);
    }
}

__global__ void warp_sums(const float4 *in, float *out, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    float sum = i < n ? halved(in[i].x) + in[i].w : 0;
    for (int distance = 16; distance > 0; distance /= 2) {
        sum += __shfl_down_sync(0xffffffffu, sum, distance);
    }
    if (threadIdx.x % 32 == 0 && i < n) {
        out[i / 32] = sum;
    }
}

template <typename T> __global__ void scale(T *values, T factor)
{
    values[threadIdx.x] *= factor;
}

/* gpubench-check: kernel=skipped skip */
__global__ void skipped(int *out)
{
    out[1 << 30] = 1;
}
