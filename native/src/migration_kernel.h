/* SPDX-License-Identifier: Apache-2.0 */
/* What the SIMD levels of migration share; migration.c explains them. */
#ifndef GPUBENCH_MIGRATION_KERNEL_H
#define GPUBENCH_MIGRATION_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gpubench_host.h"

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 64")

/* Pages are copied in blocks of this size, of which the last one of a page may be smaller. */
#define BLOCK_BYTES ((uint64_t)4096)

/* Where blocks lie that come later, or any memory that may be read. They are only prefetched. */
typedef struct {
    const char *soon; /* a whole block to read; NULL where it is part of a run that the hardware follows by itself */
    const char *later_from; /* of these the translation of the address */
    const char *later_to;
} migration_ahead;

/*
 * One SIMD level. Both copy a block of a multiple of 8 bytes between addresses that are. Streamed stores go past the caches; they are
 * visible to others after stream_end.
 */
typedef struct {
    void (*copy)(const char *from, char *to, uint64_t bytes);
    void (*stream)(const char *from, char *to, uint64_t bytes, migration_ahead ahead);
    void (*stream_end)(void);
} migration_kernel;

extern const migration_kernel migration_scalar;
extern const migration_kernel migration_avx2;
extern const migration_kernel migration_avx512;

#endif
