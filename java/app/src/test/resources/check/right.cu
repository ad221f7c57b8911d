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

constexpr int TILE = 32, ROWS = 8;

/* For blocks of 32 x 8, as their text tells. */
__global__ void transpose_by_rows(const float *in, float *out, int width, int height)
{
    __shared__ float tile[TILE][TILE + 1];
    int x = blockIdx.x * TILE + threadIdx.x;
    int y = blockIdx.y * TILE + threadIdx.y;
    for (int j = 0; j < TILE; j += ROWS) {
        if (x < width && y + j < height) {
            tile[threadIdx.y + j][threadIdx.x] = in[(y + j) * width + x];
        }
    }
    __syncthreads();
    x = blockIdx.y * TILE + threadIdx.x;
    y = blockIdx.x * TILE + threadIdx.y;
    for (int j = 0; j < TILE; j += ROWS) {
        if (x < height && y + j < width) {
            out[(y + j) * height + x] = tile[threadIdx.x][threadIdx.y + j];
        }
    }
}

__global__ void reversed128(const int *in, int *out, int n)
{
    __shared__ int part[128];
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    part[threadIdx.x] = i < n ? in[i] : 0;
    __syncthreads();
    if (i < n) {
        out[i] = part[127 - threadIdx.x];
    }
}

#define MOST 1024

__global__ void sum1024(const float *in, float *out, int n)
{
    __shared__ float part[MOST];
    int t = threadIdx.x, i = blockIdx.x * MOST + t;
    part[t] = i < n ? in[i] : 0;
    for (int half = MOST / 2; half > 0; half /= 2) {
        __syncthreads();
        if (t < half) {
            part[t] += part[t + half];
        }
    }
    if (t == 0) {
        out[blockIdx.x] = part[0];
    }
}

__global__ void row_sums(const int *row_ptr, const float *values, float *sums, int num_rows)
{
    int row = blockIdx.x * blockDim.x + threadIdx.x;
    if (row < num_rows) {
        float sum = 0;
        for (int i = row_ptr[row]; i < row_ptr[row + 1]; i++) {
            sum += values[i];
        }
        sums[row] = sum;
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
