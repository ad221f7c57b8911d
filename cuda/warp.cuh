/* SPDX-License-Identifier: Apache-2.0 */
/* What all kernels share: short names of types, and reductions over the 32 lanes of a full warp. */
#ifndef GPUBENCH_WARP_CUH
#define GPUBENCH_WARP_CUH

typedef unsigned int u32;
typedef unsigned long long u64;

constexpr u32 WARP = 32;
constexpr u32 ALL_LANES = 0xffffffffu;

/* The sum of a value over all lanes, modulo 2^32; every lane gets it. */
__device__ __forceinline__ u32 warp_sum(u32 value)
{
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ < 800
    for (u32 distance = WARP / 2; distance > 0; distance /= 2) {
        value += __shfl_xor_sync(ALL_LANES, value, distance);
    }
    return value;
#else
    return __reduce_add_sync(ALL_LANES, value);
#endif
}

/* The same modulo 2^64. */
__device__ __forceinline__ u64 warp_sum(u64 value)
{
#pragma unroll
    for (u32 distance = WARP / 2; distance > 0; distance /= 2) {
        value += __shfl_xor_sync(ALL_LANES, value, distance);
    }
    return value;
}

/* In how many lanes the condition holds; every lane gets it. */
__device__ __forceinline__ u32 warp_count(bool condition)
{
    return __popc(__ballot_sync(ALL_LANES, condition));
}

#endif
