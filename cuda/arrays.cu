/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arrays: what comes before and after the kernels of an array workload, which plugins bring.
 * Oracle: io.gpubench.workloads.arrays.ArraySpec for what is filled in, ArrayChecksum for the sums.
 *
 * The mathematics, with word() as in words.cuh:
 *
 *   arrays_fill_...  a[i] = word(key, i) >> shift, as a float, a double, or the low bits       bytes written 4 n or 8 n
 *   arrays_check     S0 = sum w[i], S1 = sum mix64(w[i] + (i + first + 1) GOLDEN), 32-bit w     bytes read 4 n
 *
 * The answer may be several arrays: `first` words of it come before the one that is summed up. The right sums are added by
 * the launch for the first array; equal sums say that the answer is right.
 *
 * Launch shape: BLOCK threads, any number of blocks, which stride over the elements: neither is timed.
 *
 * gpubench-check: grid=3 block=256 key=7 verdict=u64[8]=zero sample=u64[80]=zero poison=3
 * gpubench-check: kernel=arrays_begin grid=1 block=32
 * gpubench-check: kernel=arrays_fill_fp32 count=1001 shift=44 out=f32[count]
 * gpubench-check: kernel=arrays_fill_fp64 count=1001 shift=44 out=f64[count]
 * gpubench-check: kernel=arrays_fill_int32 count=1001 shift=32 out=u32[count]
 * gpubench-check: kernel=arrays_fill_int64 count=1001 shift=0 out=u64[count]
 * gpubench-check: kernel=arrays_check words=1001 first=5 expected0=1 expected1=2 in=u32[words]
 */
#include "words.cuh"

template <class Element> __device__ __forceinline__ void fill(Element *out, u64 count, u64 key, u32 shift)
{
    for (u64 i = first_thread(); i < count; i += all_threads()) {
        out[i] = (Element)(word(key, i) >> shift);
    }
}

extern "C" __global__ void arrays_begin(Sample *sample, u64 key0, u64 key1, u64 poison)
{
    begin_sample(sample, key0, key1, poison);
}

extern "C" __global__ void arrays_fill_fp32(float *out, u64 count, u64 key, u32 shift)
{
    fill(out, count, key, shift);
}

extern "C" __global__ void arrays_fill_fp64(double *out, u64 count, u64 key, u32 shift)
{
    fill(out, count, key, shift);
}

extern "C" __global__ void arrays_fill_int32(u32 *out, u64 count, u64 key, u32 shift)
{
    fill(out, count, key, shift);
}

extern "C" __global__ void arrays_fill_int64(u64 *out, u64 count, u64 key, u32 shift)
{
    fill(out, count, key, shift);
}

extern "C" __global__ void arrays_check(const u32 *in, u64 words, u64 first, u64 key, u64 expected0, u64 expected1,
                                        Verdict *verdict)
{
    Verdict found = {key, 0, 0, 0, {0, 0}, {0, 0}};
    for (u64 i = first_thread(); i < words; i += all_threads()) {
        found.examined++;
        found.answer[0] += in[i];
        found.answer[1] += mix64(in[i] + (i + first + 1) * GOLDEN);
    }
    if (first_thread() == 0 && first == 0) {
        found.expected[0] = expected0;
        found.expected[1] = expected1;
    }
    add_to_verdict(found, verdict);
}
