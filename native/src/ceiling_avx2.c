/* SPDX-License-Identifier: Apache-2.0 */
/* The ceilings with AVX2 and FMA. */
#include <immintrin.h>

#include "ceiling_kernel.h"

/* 12 chains and two constants in 16 registers; two pipes with a latency of 4 or 5 cycles need 8 to 10. */
enum { WORDS = 4, SINGLES = 8, CHAINS = 12 };

typedef __m256i words;
typedef __m256d numbers;
typedef __m256 singles;
typedef __m256i units;

INLINE words words_load(const uint64_t *from) { return _mm256_load_si256((const __m256i *)from); }
INLINE void words_store(uint64_t *to, words value) { _mm256_store_si256((__m256i *)to, value); }
INLINE void words_stream(uint64_t *to, words value) { _mm256_stream_si256((__m256i *)to, value); }
INLINE words words_of(uint64_t value) { return _mm256_set1_epi64x((long long)value); }
INLINE words words_add(words a, words b) { return _mm256_add_epi64(a, b); }
INLINE words words_xor(words a, words b) { return _mm256_xor_si256(a, b); }
INLINE words words_or(words a, words b) { return _mm256_or_si256(a, b); }
INLINE words words_right(words value, int bits) { return _mm256_srli_epi64(value, bits); }

INLINE void words_store_low(uint32_t *to, words value)
{
    const __m256i even = _mm256_set_epi32(7, 5, 3, 1, 6, 4, 2, 0);
    _mm_store_si128((__m128i *)to, _mm256_castsi256_si128(_mm256_permutevar8x32_epi32(value, even)));
}

INLINE words words_from(uint64_t value, uint64_t step)
{
    return _mm256_set_epi64x((long long)(value + 3 * step), (long long)(value + 2 * step), (long long)(value + step),
                             (long long)value);
}

/* The low half of a product from products of 32 bits: low * low + 2^32 * (low * high + high * low). */
INLINE words words_multiply(words a, words b)
{
    words low = _mm256_mul_epu32(a, b);
    words cross = _mm256_add_epi64(_mm256_mul_epu32(a, _mm256_srli_epi64(b, 32)),
                                   _mm256_mul_epu32(_mm256_srli_epi64(a, 32), b));
    return _mm256_add_epi64(low, _mm256_slli_epi64(cross, 32));
}

INLINE uint64_t words_total(words value)
{
    __m128i half = _mm_add_epi64(_mm256_castsi256_si128(value), _mm256_extracti128_si256(value, 1));
    return (uint64_t)_mm_cvtsi128_si64(half) + (uint64_t)_mm_extract_epi64(half, 1);
}

INLINE numbers numbers_load(const double *from) { return _mm256_load_pd(from); }
INLINE void numbers_store(double *to, numbers value) { _mm256_store_pd(to, value); }
INLINE void numbers_stream(double *to, numbers value) { _mm256_stream_pd(to, value); }

INLINE numbers numbers_triad(numbers b, numbers c) { return _mm256_fmadd_pd(_mm256_set1_pd(TRIAD_FACTOR), c, b); }

INLINE singles singles_load(const uint32_t *from) { return _mm256_load_ps((const float *)from); }
INLINE void singles_store(uint32_t *to, singles value) { _mm256_store_ps((float *)to, value); }
INLINE singles singles_of(float value) { return _mm256_set1_ps(value); }
INLINE singles singles_fused(singles x, singles factor, singles summand) { return _mm256_fmadd_ps(x, factor, summand); }

INLINE units units_load(const uint32_t *from) { return _mm256_load_si256((const __m256i *)from); }
INLINE void units_store(uint32_t *to, units value) { _mm256_store_si256((__m256i *)to, value); }
INLINE void units_stream(uint32_t *to, units value) { _mm256_stream_si256((__m256i *)to, value); }
INLINE units units_of(uint32_t value) { return _mm256_set1_epi32((int)value); }
INLINE units units_add(units a, units b) { return _mm256_add_epi32(a, b); }

INLINE units units_multiply_add(units x, units factor, units summand)
{
    return _mm256_add_epi32(_mm256_mullo_epi32(x, factor), summand);
}

INLINE void stream_end(void) { _mm_sfence(); }

#define KERNEL ceiling_avx2
#include "ceiling_lanes.h"
