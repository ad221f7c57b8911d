/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words that inputs are made of, and how an output is compared with what it should be. All arithmetic modulo 2^64.
 *
 *   word(key, i) = mix64(key + (i + 1) GOLDEN),  i from 0
 *   sums of w    = {sum w[i], sum (2 i + 1) w[i]}
 *
 * mix64 is the finaliser of splitmix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014;
 * Stafford's variant 13 of it). Its oracle is io.gpubench.workloads.words.Words.
 */
#ifndef GPUBENCH_WORDS_CUH
#define GPUBENCH_WORDS_CUH

#include "warp.cuh"

constexpr u64 GOLDEN = 0x9E3779B97F4A7C15ull;

__device__ __forceinline__ u64 mix64(u64 z)
{
    z ^= z >> 30;
    z *= 0xBF58476D1CE4E5B9ull;
    z ^= z >> 27;
    z *= 0x94D049BB133111EBull;
    return z ^ z >> 31;
}

__device__ __forceinline__ u64 word(u64 key, u64 index)
{
    return mix64(key + (index + 1) * GOLDEN);
}

/* What a comparison leaves behind, zero before it. Whoever reads it sees by the key and the count that it took place. */
struct Verdict {
    u64 key;         /* that the expectation was made from */
    u64 examined;    /* how many words were compared */
    u64 wrong;       /* how many of them differ */
    u64 first;       /* the lowest index of these, with all bits inverted; 0 if there is none */
    u64 answer[2];   /* the sums of what was found */
    u64 expected[2]; /* the sums of what should have been found */
};

constexpr u32 VERDICT_WORDS = sizeof(Verdict) / sizeof(u64);

__device__ __forceinline__ u64 first_thread()
{
    return (u64)blockIdx.x * blockDim.x + threadIdx.x;
}

__device__ __forceinline__ u64 all_threads()
{
    return (u64)gridDim.x * blockDim.x;
}

/* Adds what the threads of a full warp have found to the verdict. */
__device__ __forceinline__ void add_to_verdict(const Verdict &found, Verdict *verdict)
{
    const u64 examined = warp_sum(found.examined);
    const u64 wrong = warp_sum(found.wrong);
    const u64 answer0 = warp_sum(found.answer[0]);
    const u64 answer1 = warp_sum(found.answer[1]);
    const u64 expected0 = warp_sum(found.expected[0]);
    const u64 expected1 = warp_sum(found.expected[1]);
    if (found.wrong != 0) {
        atomicMax(&verdict->first, found.first);
    }
    if (threadIdx.x % WARP == 0) {
        atomicAdd(&verdict->examined, examined);
        atomicAdd(&verdict->wrong, wrong);
        atomicAdd(&verdict->answer[0], answer0);
        atomicAdd(&verdict->answer[1], answer1);
        atomicAdd(&verdict->expected[0], expected0);
        atomicAdd(&verdict->expected[1], expected1);
    }
    if (first_thread() == 0) {
        verdict->key = found.key;
    }
}

/*
 * Compares `count` elements of an output with expect(index), one after the other. Deliberately simple: nothing of how the
 * output was computed is used here. Blocks of whole warps, any number of them.
 */
template <class Element, class Expect>
__device__ __forceinline__ void compare(const Element *out, u64 count, u64 key, Expect expect, Verdict *verdict)
{
    Verdict found = {key, 0, 0, 0, {0, 0}, {0, 0}};
    for (u64 i = first_thread(); i < count; i += all_threads()) {
        const u64 expected = expect(i);
        const u64 answer = out[i];
        found.examined++;
        if (answer != expected) {
            found.wrong++;
            found.first = found.first > ~i ? found.first : ~i;
        }
        found.answer[0] += answer;
        found.answer[1] += (2 * i + 1) * answer;
        found.expected[0] += expected;
        found.expected[1] += (2 * i + 1) * expected;
    }
    add_to_verdict(found, verdict);
}

/* The few words that a sample needs besides its arrays. */
struct Sample {
    u64 keys[2];
    u64 partial[2]; /* what blocks add up; zero, and left zero */
    u64 answer;     /* of a sample whose answer is one word */
    u64 unused[3];
    Verdict verdict;
    u64 shown[64]; /* words of an answer that stand for all */
};

/* Before a sample: its keys, an empty verdict, and poison for the words of its answer. For one warp. */
__device__ __forceinline__ void begin_sample(Sample *sample, u64 key0, u64 key1, u64 poison)
{
    if (threadIdx.x < VERDICT_WORDS) {
        reinterpret_cast<u64 *>(&sample->verdict)[threadIdx.x] = 0;
    }
    for (u32 i = threadIdx.x; i < sizeof sample->shown / sizeof(u64); i += WARP) {
        sample->shown[i] = poison;
    }
    if (threadIdx.x == 0) {
        sample->keys[0] = key0;
        sample->keys[1] = key1;
        sample->answer = poison;
    }
}

#endif
