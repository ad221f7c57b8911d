/* SPDX-License-Identifier: Apache-2.0 */
/* Copies of pages with AVX. */
#include <immintrin.h>

#include "migration_kernel.h"

enum { VECTOR_BYTES = 32 };

typedef __m256i vector;

INLINE vector vector_load(const char *from) { return _mm256_loadu_si256((const void *)from); }
INLINE void vector_store(char *to, vector value) { _mm256_store_si256((void *)to, value); }
INLINE void vector_stream(char *to, vector value) { _mm256_stream_si256((void *)to, value); }
static void stream_end(void) { _mm_sfence(); }

#define KERNEL migration_avx2
#include "migration_lanes.h"
