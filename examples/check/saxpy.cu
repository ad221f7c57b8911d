/* SPDX-License-Identifier: Apache-2.0 */
/* y = a x + y: nothing to be found here. `gpubench check examples/check/saxpy.cu` */
#include <cstdio>

__global__ void saxpy(int n, float a, const float *x, float *y)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) {
        y[i] = a * x[i] + y[i];
    }
}

/* Functions for the host are compiled, but not run. */
int main()
{
    const int n = 1 << 20;
    float *x, *y;
    cudaMallocManaged(&x, n * sizeof *x);
    cudaMallocManaged(&y, n * sizeof *y);
    for (int i = 0; i < n; i++) {
        x[i] = 1;
        y[i] = 2;
    }
    saxpy<<<(n + 255) / 256, 256>>>(n, 3, x, y);
    cudaDeviceSynchronize();
    std::printf("%g\n", y[0]);
    return 0;
}
