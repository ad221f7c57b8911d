/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How often each byte occurs, three times: right, without an atomic, and with one bin too few.
 *
 * What the command line does not say may stand in the file, so that a check in CI has a short one:
 * gpubench-check: n=5000 data=u8[n]=random bins=u32[256]=zero
 * gpubench-check: kernel=histogram_short bins=u32[255]=zero
 */
__global__ void histogram(const unsigned char *data, unsigned *bins, int n)
{
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
        atomicAdd(&bins[data[i]], 1u);
    }
}

__global__ void histogram_plain(const unsigned char *data, unsigned *bins, int n)
{
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
        bins[data[i]]++;
    }
}

__global__ void histogram_short(const unsigned char *data, unsigned *bins, int n)
{
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
        atomicAdd(&bins[data[i]], 1u);
    }
}
