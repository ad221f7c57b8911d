/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the SIMD levels of the ceilings share; ceiling_memory.c and ceiling_compute.c explain them. Each level compiles the
 * functions of ceiling_lanes.h with its own instructions.
 */
#ifndef GPUBENCH_CEILING_KERNEL_H
#define GPUBENCH_CEILING_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gpubench_host.h"
#include "mix64.h"

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 16")

/*
 * The chain of ceiling.fp32, x = x * factor + summand, and the factor of ceiling.int32. x goes to and fro between 1 .. 2 and
 * 0.25 .. 1.25, where a sum keeps more bits than the product has: one that is rounded before the addition shows.
 */
#define FP32_FACTOR -0x1.fffff8p-1f
#define FP32_SUMMAND 2.25f
#define INT32_FACTOR 0x915F77F5u

/* The bits of 1.0f. */
#define BITS_OF_ONE 0x3f800000u

/* The factor of ceiling.triad. */
#define TRIAD_FACTOR 3.0

/* One SIMD level. Each function works on the elements first .. end - 1 of arrays that are aligned to 64 bytes; first is a
 * multiple of 64 or, of chains, of the group. `stream` has stores go past the caches. */
typedef struct {
    uint32_t group; /* chains that are computed at once; parts of chains begin at multiples of it */
    uint64_t (*read)(const uint64_t *words, uint64_t first, uint64_t end);
    void (*copy)(const uint64_t *from, uint64_t *to, uint64_t first, uint64_t end, bool stream);
    void (*triad)(double *a, const double *b, const double *c, uint64_t first, uint64_t end, bool stream);
    uint64_t (*passes)(const uint64_t *words, uint64_t first, uint64_t end, uint64_t passes);
    void (*fp32)(uint32_t *ends, uint64_t first, uint64_t end, uint64_t key, uint64_t steps);
    void (*int32)(uint32_t *ends, uint64_t first, uint64_t end, uint64_t key, uint64_t steps, uint32_t addend);
    uint32_t (*pass)(const uint32_t *from, uint32_t *to, uint64_t first, uint64_t end, uint64_t steps, uint32_t addend,
                     bool stream); /* of utilization.c */
} ceiling_kernel;

extern const ceiling_kernel ceiling_scalar;
extern const ceiling_kernel ceiling_avx2;
extern const ceiling_kernel ceiling_avx512;

/* That of a level, or NULL where this processor does not have it. */
const ceiling_kernel *gpubench_ceiling_kernel(int32_t simd_level);

/* Whether an array of so many elements can be worked on: it is there, aligned to 64 bytes, and within the limits. */
bool gpubench_ceiling_array(const void *array, uint64_t count);

/* How `count` elements are divided: so many parts of `share` elements, the last one perhaps of fewer. */
typedef struct {
    uint64_t share;
    uint32_t parts; /* 0 .. threads of the pool; 0 without elements */
} ceiling_division;

/* Shares are multiples of `grain`. The same count and pool give the same division, so that memory is first touched by the
 * thread that uses it. */
ceiling_division gpubench_ceiling_divide(const gpubench_pool *pool, uint64_t count, uint64_t grain);

#endif
