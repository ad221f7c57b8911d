/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernels of consensus share: the layouts of a round and of its result, and the checks of a message. consensus.cu has
 * the mathematics.
 */
#ifndef GPUBENCH_CONSENSUS_CUH
#define GPUBENCH_CONSENSUS_CUH

#include "warp.cuh"

constexpr u32 MAX_PROPOSALS = 16;
constexpr u32 HEADER_QUADS = 256 / sizeof(uint4);

/* The checks of a message in their order. */
enum Stage { VALIDATOR, ROUND, PHASE, ZERO, PROPOSAL, TAG, STAGES };

struct alignas(16) Header {
    u32 round;
    u32 phase;
    u32 messages;
    u32 proposals;
    u64 digest[MAX_PROPOSALS];
};

/* {validator, round, digest low, high} {phase, zero, tag low, high} */
struct Message {
    uint4 first;
    uint4 second;
};

/* The result's first words; the bitmaps follow. */
struct Decision {
    u32 decided;
    u32 index;
    u64 digest;
    u64 weight;
    u64 accepted;
    u64 failed[STAGES];
    u64 equivocation;
    u64 duplicate;
};

struct Epoch {
    const ulonglong2 *keys; /* null: tags are not checked */
    const u32 *weights;
    u64 total_weight;
    u32 validators;
};

/* Words of 32 bits of a bitmap, even, since the result has words of 64. */
__device__ __forceinline__ u32 bitmap_words(u32 validators)
{
    return (validators + 63) / 64 * 2;
}

__device__ __forceinline__ u32 *certificate_of(u64 *result)
{
    return reinterpret_cast<u32 *>(result) + sizeof(Decision) / sizeof(u32);
}

/* ---- SipHash-2-4 of 24 bytes (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012) */

__device__ __forceinline__ u64 rotate(u64 value, u32 bits)
{
    return value << bits | value >> (64 - bits);
}

__device__ __forceinline__ void sip_round(u64 &v0, u64 &v1, u64 &v2, u64 &v3)
{
    v0 += v1;
    v2 += v3;
    v1 = rotate(v1, 13) ^ v0;
    v3 = rotate(v3, 16) ^ v2;
    v0 = rotate(v0, 32) + v3;
    v2 += v1;
    v1 = rotate(v1, 17) ^ v2;
    v3 = rotate(v3, 21) ^ v0;
    v2 = rotate(v2, 32);
}

__device__ __forceinline__ u64 join(u32 low, u32 high)
{
    return (u64)high << 32 | low;
}

__device__ __forceinline__ u64 expected_tag(const Message &message, ulonglong2 key)
{
    const u64 words[4] = {join(message.first.x, message.first.y), join(message.first.z, message.first.w),
                          join(message.second.x, message.second.y), 24ull << 56};
    u64 v0 = key.x ^ 0x736f6d6570736575ull;
    u64 v1 = key.y ^ 0x646f72616e646f6dull;
    u64 v2 = key.x ^ 0x6c7967656e657261ull;
    u64 v3 = key.y ^ 0x7465646279746573ull;
#pragma unroll
    for (u32 word = 0; word < 4; word++) {
        v3 ^= words[word];
        sip_round(v0, v1, v2, v3);
        sip_round(v0, v1, v2, v3);
        v0 ^= words[word];
    }
    v2 ^= 0xff;
#pragma unroll
    for (u32 round = 0; round < 4; round++) {
        sip_round(v0, v1, v2, v3);
    }
    return v0 ^ v1 ^ v2 ^ v3;
}

/* ---- a message */

__device__ __forceinline__ Message load_message(const uint4 *round, u32 index, u32 limit)
{
    Message message = {};
    if (index < limit) {
        const uint4 *quads = round + HEADER_QUADS + 2 * (size_t)index;
        message.first = __ldg(quads);
        message.second = __ldg(quads + 1);
    }
    return message;
}

/* The lowest proposal that has the message's digest; `proposals` or more if there is none. */
__device__ __forceinline__ u32 find_proposal(const Header &header, const Message &message)
{
    const u64 digest = join(message.first.z, message.first.w);
    u32 found = MAX_PROPOSALS;
#pragma unroll 4
    for (u32 k = header.proposals; k-- > 0;) {
        found = header.digest[k] == digest ? k : found;
    }
    return found;
}

/* ---- the end of a round */

/*
 * Whether all other blocks of the row, which count themselves in `blocks`, have come here before this one. Then what they wrote
 * is visible to all of this block, in memory or from its second-level cache.
 */
__device__ __forceinline__ bool is_last_block(u32 *blocks)
{
    __shared__ bool last;
    __syncthreads();
    if (threadIdx.x == 0) {
#ifdef __CUDA_ARCH__
        u32 before;
        asm volatile("atom.add.acq_rel.gpu.global.u32 %0, [%1], 1;" : "=r"(before) : "l"(blocks) : "memory");
#else
        __threadfence();
        const u32 before = atomicAdd(blocks, 1u);
        __threadfence();
#endif
        last = before == gridDim.x - 1;
    }
    __syncthreads();
    return last;
}

#endif
