/* SPDX-License-Identifier: Apache-2.0 */
#include "gpubench_host.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "results are defined as little-endian words");

int32_t gpubench_host_abi(void)
{
    return GPUBENCH_HOST_ABI;
}

int32_t gpubench_host_simd_best(void)
{
#if defined(__x86_64__)
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !__builtin_cpu_supports("bmi") ||
        !__builtin_cpu_supports("bmi2") || !__builtin_cpu_supports("popcnt")) {
        return GPUBENCH_SIMD_SCALAR;
    }
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl")) {
        return GPUBENCH_SIMD_AVX512;
    }
    return GPUBENCH_SIMD_AVX2;
#else
    return GPUBENCH_SIMD_SCALAR;
#endif
}
