/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels that are wrong, each once; the line that is accused says of what. */

__global__ void overrun(float *out, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i <= n) {
        out[i] = 1; // expect: out of bounds
    }
}

__global__ void lost_updates(const unsigned char *data, unsigned *bins, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) {
        bins[data[i]]++; // expect: race
    }
}

__global__ void neighbours(const int *in, int *out, int n)
{
    __shared__ int part[256];
    int i = blockIdx.x * 256 + threadIdx.x;
    part[threadIdx.x] = 0;
    __syncthreads();
    part[threadIdx.x] = i < n ? in[i] : 0; // expect: race
    if (i < n) {
        out[i] = part[255 - threadIdx.x]; // expect: race
    }
}

__global__ void never_written(float *out)
{
    __shared__ float part[256];
    if (threadIdx.x != 5) {
        part[threadIdx.x] = 1;
    }
    __syncthreads();
    out[blockIdx.x * blockDim.x + threadIdx.x] = part[threadIdx.x]; // expect: uninitialised read
}

__global__ void crooked(char *bytes, float *out)
{
    out[threadIdx.x] = *reinterpret_cast<float *>(bytes + 4 * threadIdx.x + 2); // expect: misaligned
}

__global__ void divergent(float *out)
{
    if (threadIdx.x < 40) {
        __syncthreads(); // expect: divergent barrier
    } else {
        out[threadIdx.x] = 1;
        __syncthreads(); // expect: divergent barrier
    }
}

/* gpubench-check: kernel=not_filled data=f32[256]=uninitialised */
__global__ void not_filled(const float *data, float *out)
{
    out[blockIdx.x * blockDim.x + threadIdx.x] = data[threadIdx.x]; // expect: uninitialised read
}

__global__ void refused(int n)
{
    assert(threadIdx.x < n - 995); // expect: assertion failed
}

__global__ void exchanged(const float *in, float *out, int width, int height)
{
    int x = blockIdx.x * blockDim.x + threadIdx.x;
    int y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < width && y < height) {
        out[x * width + y] = in[y * width + x]; // expect: out of bounds
    }
}

__global__ void one_bin_too_many(const int *values, unsigned *bins, int n, int nbins)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) {
        atomicAdd(&bins[values[i] % nbins + 1], 1u); // expect: out of bounds
    }
}
