/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The vector types of CUDA and dim3: NVIDIA's own where they are on the include path, since other headers of theirs need
 * them. Those that have parameters named like threadIdx must come before the macros of these names.
 */
#pragma GCC system_header
#ifndef GPUBENCH_SIMT_VECTOR_H
#define GPUBENCH_SIMT_VECTOR_H

#if __has_include(<cuda_runtime.h>) && __has_include(<device_launch_parameters.h>)
#include <cuda_runtime.h>

#include <device_launch_parameters.h>
#else

#define GPUBENCH_SIMT_VECTOR(type, name, align1, align2, align3, align4)                                               \
    struct alignas(align1) name##1 {                                                                                   \
        type x;                                                                                                        \
    };                                                                                                                 \
    struct alignas(align2) name##2 {                                                                                   \
        type x, y;                                                                                                     \
    };                                                                                                                 \
    struct alignas(align3) name##3 {                                                                                   \
        type x, y, z;                                                                                                  \
    };                                                                                                                 \
    struct alignas(align4) name##4 {                                                                                   \
        type x, y, z, w;                                                                                               \
    };                                                                                                                 \
    static inline name##1 make_##name##1(type x) { return {x}; }                                                       \
    static inline name##2 make_##name##2(type x, type y) { return {x, y}; }                                            \
    static inline name##3 make_##name##3(type x, type y, type z) { return {x, y, z}; }                                 \
    static inline name##4 make_##name##4(type x, type y, type z, type w) { return {x, y, z, w}; }

GPUBENCH_SIMT_VECTOR(signed char, char, 1, 2, 1, 4)
GPUBENCH_SIMT_VECTOR(unsigned char, uchar, 1, 2, 1, 4)
GPUBENCH_SIMT_VECTOR(short, short, 2, 4, 2, 8)
GPUBENCH_SIMT_VECTOR(unsigned short, ushort, 2, 4, 2, 8)
GPUBENCH_SIMT_VECTOR(int, int, 4, 8, 4, 16)
GPUBENCH_SIMT_VECTOR(unsigned int, uint, 4, 8, 4, 16)
GPUBENCH_SIMT_VECTOR(long, long, sizeof(long), 2 * sizeof(long), sizeof(long), 16)
GPUBENCH_SIMT_VECTOR(unsigned long, ulong, sizeof(long), 2 * sizeof(long), sizeof(long), 16)
GPUBENCH_SIMT_VECTOR(long long, longlong, 8, 16, 8, 16)
GPUBENCH_SIMT_VECTOR(unsigned long long, ulonglong, 8, 16, 8, 16)
GPUBENCH_SIMT_VECTOR(float, float, 4, 8, 4, 16)
GPUBENCH_SIMT_VECTOR(double, double, 8, 16, 8, 16)
#undef GPUBENCH_SIMT_VECTOR

struct dim3 {
    unsigned int x, y, z;
    constexpr dim3(unsigned int vx = 1, unsigned int vy = 1, unsigned int vz = 1) : x(vx), y(vy), z(vz) {}
    constexpr dim3(uint3 v) : x(v.x), y(v.y), z(v.z) {}
    constexpr operator uint3() const { return uint3{x, y, z}; }
};

#endif

/* NVIDIA's headers define some of these for a host compiler. From here on they mean what the simulated device makes of them. */
#undef __global__
#undef __device__
#undef __host__
#undef __constant__
#undef __shared__
#undef __managed__
#undef __launch_bounds__
#undef __maxnreg__
#undef __grid_constant__
#undef __cluster_dims__
#undef __forceinline__
#undef __noinline__ /* libstdc++ writes __attribute__((__noinline__)) */
#ifndef __align__
#define __align__(bytes) __attribute__((aligned(bytes)))
#endif

#endif
