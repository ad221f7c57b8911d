/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes a C++ compiler for the host understand a CUDA source file; simtcc includes it before the first line.
 *
 * __CUDA_ARCH__ stays undefined, so that a kernel can guard what only a GPU has (inline PTX, ...); GPUBENCH_SIMT is defined.
 * With GPUBENCH_SIMT_SCAN, the words that simtcc looks for are left as they are.
 */
#pragma GCC system_header
#ifndef GPUBENCH_SIMT_H
#define GPUBENCH_SIMT_H

#define GPUBENCH_SIMT 1

#include <assert.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "simt/vector.h"

#include "simt/abi.h"

/* GPUBENCH_SIMT_CHECKED: simtcc --check. What stands in our own headers for the hardware is not to be checked. */
#ifdef GPUBENCH_SIMT_CHECKED
#define GPUBENCH_SIMT_UNCHECKED __attribute__((no_sanitize("thread"), no_sanitize("undefined"), no_sanitize_coverage))
extern "C" __attribute__((visibility("hidden"))) void gpubench_simt_fence(gpubench_simt::Scope scope);
extern "C" __attribute__((visibility("hidden"))) bool gpubench_simt_live;
extern "C" __attribute__((visibility("default"))) void *__real_memcpy(void *, const void *, size_t);
#else
#define GPUBENCH_SIMT_UNCHECKED
#endif

#define __host__
#define __forceinline__ inline __attribute__((always_inline))
#define __grid_constant__
#ifndef GPUBENCH_SIMT_SCAN
/* Exported, but no name of another library ever takes its place. */
#define __device__ __attribute__((visibility("protected")))
#define __global__ __device__ __attribute__((used))
#define __constant__ __device__
#define __managed__ __device__
/* A block runs on one thread of the system, which has the block's shared memory. */
#define __shared__ thread_local
#define __launch_bounds__(...)
#define __maxnreg__(...)
#define __cluster_dims__(...)
#endif

namespace gpubench_simt {

__forceinline__ Thread *self()
{
    return thread_of_stack(reinterpret_cast<uintptr_t>(__builtin_frame_address(0)));
}

#if defined(GPUBENCH_SIMT_CHECKED) && (defined(__x86_64__) || defined(__aarch64__))
/* These are registers: reading one is no access to memory that anybody should check. */
__forceinline__ uint32_t special(const uint32_t &value)
{
    uint32_t loaded;
#if defined(__x86_64__)
    __asm__("movl %1, %0" : "=r"(loaded) : "m"(value));
#else
    __asm__("ldr %w0, %1" : "=r"(loaded) : "m"(value));
#endif
    return loaded;
}

__forceinline__ uint3 triple(const uint32_t (&value)[3])
{
    return {special(value[0]), special(value[1]), special(value[2])};
}
#else
__forceinline__ const uint3 &triple(const uint32_t (&value)[3])
{
    return reinterpret_cast<const uint3 &>(value);
}
#endif

} // namespace gpubench_simt

#ifndef GPUBENCH_SIMT_SCAN
#define threadIdx (::gpubench_simt::triple(::gpubench_simt::self()->index))
#define blockIdx (::gpubench_simt::triple(::gpubench_simt::self()->shape.block_index))
#define blockDim (::gpubench_simt::triple(::gpubench_simt::self()->shape.block_dim))
#define gridDim (::gpubench_simt::triple(::gpubench_simt::self()->shape.grid_dim))
#endif
#define warpSize 32

#include "simt/atomics.h"
#include "simt/bits.h"
#include "simt/memory.h"
#include "simt/warp.h"

#endif
