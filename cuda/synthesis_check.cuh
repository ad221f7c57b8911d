/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How an answer of synthesis is compared with what it should be: by two sums for each of its arrays (ArrayChecksum), whose words
 * w[i] are of 32 bits, the last one filled up with zeros.
 *
 *   S0 = sum w[i], S1 = sum mix64(w[i] + (i + 1) GOLDEN)
 *
 * The sums of an array are added to sums[0] and sums[1], and times an odd weight to those of the verdict, where arrays
 * with weights of their own cannot stand in for each other. So do the right sums of this array, which come with its launch.
 *
 * Launch shape: blocks of whole warps of at most CHECK_THREADS threads, any number of them. Not timed.
 */
#ifndef GPUBENCH_SYNTHESIS_CHECK_CUH
#define GPUBENCH_SYNTHESIS_CHECK_CUH

#include "words.cuh"

constexpr u32 CHECK_THREADS = 256;

extern "C" __global__ void __launch_bounds__(WARP) synthesis_begin(Sample *sample, u64 key0, u64 key1, u64 poison)
{
    begin_sample(sample, key0, key1, poison);
}

extern "C" __global__ void __launch_bounds__(CHECK_THREADS)
    synthesis_check(const u32 *in, u64 bytes, u64 weight, u64 key, u64 expected0, u64 expected1, u64 *sums, Verdict *verdict)
{
    Verdict found = {key, 0, 0, 0, {0, 0}, {0, 0}};
    u64 sum = 0;
    u64 mixed = 0;
    const u64 words = (bytes + sizeof(u32) - 1) / sizeof(u32);
    for (u64 i = first_thread(); i < words; i += all_threads()) {
        const u64 rest = bytes - i * sizeof(u32);
        const u32 word = rest < sizeof(u32) ? in[i] & ((1u << 8 * (u32)rest) - 1) : in[i];
        found.examined++;
        sum += word;
        mixed += mix64(word + (i + 1) * GOLDEN);
    }
    found.answer[0] = weight * sum;
    found.answer[1] = weight * mixed;
    if (first_thread() == 0) {
        found.expected[0] = expected0;
        found.expected[1] = expected1;
    }
    add_to_verdict(found, verdict);
    sum = warp_sum(sum);
    mixed = warp_sum(mixed);
    if (threadIdx.x % WARP == 0) {
        atomicAdd(&sums[0], sum);
        atomicAdd(&sums[1], mixed);
    }
}

#endif
