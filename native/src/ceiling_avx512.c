/* SPDX-License-Identifier: Apache-2.0 */
/* The ceilings with AVX-512 F and DQ, which multiplies words of 64 bits. */
#include <immintrin.h>

#include "ceiling_kernel.h"

/* 16 chains of 32 registers: the products of int32 have a latency of up to 10 cycles in one pipe, and their sums follow. */
enum { WORDS = 8, SINGLES = 16, CHAINS = 16 };

typedef __m512i words;
typedef __m512d numbers;
typedef __m512 singles;
typedef __m512i units;

INLINE words words_load(const uint64_t *from) { return _mm512_load_si512(from); }
INLINE void words_store(uint64_t *to, words value) { _mm512_store_si512(to, value); }
INLINE void words_stream(uint64_t *to, words value) { _mm512_stream_si512((void *)to, value); }
INLINE words words_of(uint64_t value) { return _mm512_set1_epi64((long long)value); }
INLINE words words_add(words a, words b) { return _mm512_add_epi64(a, b); }
INLINE words words_xor(words a, words b) { return _mm512_xor_si512(a, b); }
INLINE words words_or(words a, words b) { return _mm512_or_si512(a, b); }
INLINE words words_multiply(words a, words b) { return _mm512_mullo_epi64(a, b); }
INLINE words words_right(words value, int bits) { return _mm512_srli_epi64(value, (unsigned)bits); }

/* Not by the compiler's reduction, whose last addition is signed. */
INLINE uint64_t words_total(words value)
{
    __m256i half = _mm256_add_epi64(_mm512_castsi512_si256(value), _mm512_extracti64x4_epi64(value, 1));
    __m128i quarter = _mm_add_epi64(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
    return (uint64_t)_mm_cvtsi128_si64(quarter) + (uint64_t)_mm_extract_epi64(quarter, 1);
}

INLINE void words_store_low(uint32_t *to, words value)
{
    _mm256_store_si256((__m256i *)to, _mm512_cvtepi64_epi32(value));
}

INLINE words words_from(uint64_t value, uint64_t step)
{
    const words lane = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
    return words_add(words_of(value), words_multiply(lane, words_of(step)));
}

INLINE numbers numbers_load(const double *from) { return _mm512_load_pd(from); }
INLINE void numbers_store(double *to, numbers value) { _mm512_store_pd(to, value); }
INLINE void numbers_stream(double *to, numbers value) { _mm512_stream_pd(to, value); }
INLINE numbers numbers_triad(numbers b, numbers c) { return _mm512_fmadd_pd(_mm512_set1_pd(TRIAD_FACTOR), c, b); }

INLINE singles singles_load(const uint32_t *from) { return _mm512_load_ps(from); }
INLINE void singles_store(uint32_t *to, singles value) { _mm512_store_ps(to, value); }
INLINE singles singles_of(float value) { return _mm512_set1_ps(value); }
INLINE singles singles_fused(singles x, singles factor, singles summand) { return _mm512_fmadd_ps(x, factor, summand); }

INLINE units units_load(const uint32_t *from) { return _mm512_load_si512(from); }
INLINE void units_store(uint32_t *to, units value) { _mm512_store_si512(to, value); }
INLINE void units_stream(uint32_t *to, units value) { _mm512_stream_si512((void *)to, value); }
INLINE units units_of(uint32_t value) { return _mm512_set1_epi32((int)value); }
INLINE units units_add(units a, units b) { return _mm512_add_epi32(a, b); }

INLINE units units_multiply_add(units x, units factor, units summand)
{
    return _mm512_add_epi32(_mm512_mullo_epi32(x, factor), summand);
}

INLINE void stream_end(void) { _mm_sfence(); }

#define KERNEL ceiling_avx512
#include "ceiling_lanes.h"
