/* SPDX-License-Identifier: Apache-2.0 */
/*
 * saxpy: y[i] = a x[i] + y[i]                                              bytes read 8 n, written 4 n
 * Oracle: example.saxpy.Saxpy. Blocks of 256 threads, each with four neighbouring elements, so that a load is 16 bytes.
 *
 * gpubench-check: kernel=saxpy grid=3 block=256 n=2051 a=3 x=f32[n] y=f32[n]
 */
extern "C" __global__ void saxpy(long long n, float a, const float *__restrict__ x, float *__restrict__ y)
{
    const long long i = 4 * ((long long)blockIdx.x * blockDim.x + threadIdx.x);
    if (i + 4 <= n) {
        const float4 p = *reinterpret_cast<const float4 *>(x + i);
        float4 q = *reinterpret_cast<const float4 *>(y + i);
        q.x += a * p.x;
        q.y += a * p.y;
        q.z += a * p.z;
        q.w += a * p.w;
        *reinterpret_cast<float4 *>(y + i) = q;
    } else {
        for (long long j = i; j < n; j++) {
            y[j] = a * x[j] + y[j];
        }
    }
}
