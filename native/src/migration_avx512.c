/* SPDX-License-Identifier: Apache-2.0 */
/* Copies of pages with AVX-512 F. */
#include <immintrin.h>

#include "migration_kernel.h"

enum { VECTOR_BYTES = 64 };

typedef __m512i vector;

INLINE vector vector_load(const char *from) { return _mm512_loadu_si512(from); }
INLINE void vector_store(char *to, vector value) { _mm512_store_si512(to, value); }
INLINE void vector_stream(char *to, vector value) { _mm512_stream_si512((void *)to, value); }
static void stream_end(void) { _mm_sfence(); }

#define KERNEL migration_avx512
#include "migration_lanes.h"
