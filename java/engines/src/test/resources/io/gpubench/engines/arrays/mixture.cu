/* SPDX-License-Identifier: Apache-2.0 */
/* What io.gpubench.engines.arrays.Mixture computes, in two kernels; a thread for each item. */
extern "C" __global__ void mixture_total(long long n, const long long *a, long long *t)
{
    const long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) {
        t[i] += a[i];
    }
}

extern "C" __global__ void mixture_rest(long long n, const float *b, const int *c, double *d, int *e)
{
    const long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) {
        d[i] = b[i] / 2.0;
        e[2 * i] = c[i];
        e[2 * i + 1] = ~c[i];
    }
}
