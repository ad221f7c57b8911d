/* SPDX-License-Identifier: Apache-2.0 */
/* Matching, expansion and rewriting with AVX2 and BMI2. */
#include <immintrin.h>

#include "synthesis_kernel.h"

enum { LANES = 8, TEXT = 32, DIGITS_AT_ONCE = 4 };

typedef __m256i lanes;
typedef __m256i text;
typedef struct {
    __m256i low, high;
} row;

INLINE lanes lanes_load(const uint32_t *from) { return _mm256_loadu_si256((const __m256i *)from); }
INLINE void lanes_store(uint32_t *to, lanes value) { _mm256_storeu_si256((__m256i *)to, value); }
INLINE lanes lanes_of(uint32_t value) { return _mm256_set1_epi32((int)value); }
INLINE lanes lanes_and(lanes a, lanes b) { return _mm256_and_si256(a, b); }
INLINE lanes lanes_subtract(lanes a, lanes b) { return _mm256_sub_epi32(a, b); }
INLINE lanes lanes_least(lanes a, lanes b) { return _mm256_min_epu32(a, b); }

INLINE lanes lanes_from(uint32_t value)
{
    return _mm256_add_epi32(lanes_of(value), _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0));
}

INLINE lanes lanes_gather(const uint32_t *base, lanes indices)
{
    return _mm256_i32gather_epi32((const int *)base, indices, 4);
}

INLINE uint32_t lanes_equal(lanes a, lanes b)
{
    return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpeq_epi32(a, b)));
}

INLINE uint32_t lanes_mask(lanes value) { return lanes_equal(value, _mm256_setzero_si256()) ^ 0xFF; }

/* A byte for each lane that is taken, its number, from all numbers. */
INLINE lanes lanes_pack(uint32_t mask, lanes value)
{
    const uint64_t taken = _pdep_u64(mask, 0x0101010101010101) * 0xFF;
    const uint64_t numbers = _pext_u64(0x0706050403020100, taken);
    return _mm256_permutevar8x32_epi32(value, _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long)numbers)));
}

INLINE lanes lanes_evens(const uint64_t *pairs)
{
    const __m256 low = _mm256_loadu_ps((const float *)pairs);
    const __m256 high = _mm256_loadu_ps((const float *)(pairs + 4));
    return _mm256_permute4x64_epi64(_mm256_castps_si256(_mm256_shuffle_ps(low, high, 0x88)), 0xD8);
}

INLINE lanes lanes_odds(const uint64_t *pairs)
{
    const __m256 low = _mm256_loadu_ps((const float *)pairs);
    const __m256 high = _mm256_loadu_ps((const float *)(pairs + 4));
    return _mm256_permute4x64_epi64(_mm256_castps_si256(_mm256_shuffle_ps(low, high, 0xDD)), 0xD8);
}

INLINE lanes lanes_bytes(const uint8_t *from) { return _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)from)); }
INLINE lanes lanes_and3(lanes a, lanes b, lanes c) { return _mm256_and_si256(_mm256_and_si256(a, b), c); }

INLINE lanes lanes_header(lanes kinds, lanes arities, lanes symbols)
{
    return _mm256_or_si256(_mm256_or_si256(kinds, _mm256_slli_epi32(arities, 4)), _mm256_slli_epi32(symbols, 8));
}

INLINE row row_load(const uint32_t *from) { return (row){lanes_load(from), lanes_load(from + 8)}; }

/* The three lower bits choose in both halves, the highest one between them. */
INLINE lanes lanes_digit(row table, lanes value, int shift)
{
    const lanes index = shift == 0 ? value : _mm256_srli_epi32(value, shift);
    const __m256 low = _mm256_castsi256_ps(_mm256_permutevar8x32_epi32(table.low, index));
    const __m256 high = _mm256_castsi256_ps(_mm256_permutevar8x32_epi32(table.high, index));
    return _mm256_castps_si256(_mm256_blendv_ps(low, high, _mm256_castsi256_ps(_mm256_slli_epi32(value, 28 - shift))));
}

INLINE uint64_t keys_equal(const uint16_t *keys, uint32_t want, uint32_t mask)
{
    const __m256i wants = _mm256_set1_epi16((short)want);
    const __m256i masks = _mm256_set1_epi16((short)mask);
    uint64_t equal = 0;
    UNROLL for (int i = 0; i < 64; i += 32) {
        const __m256i a = _mm256_loadu_si256((const __m256i *)(keys + i));
        const __m256i b = _mm256_loadu_si256((const __m256i *)(keys + i + 16));
        const __m256i x = _mm256_cmpeq_epi16(_mm256_and_si256(a, masks), wants);
        const __m256i y = _mm256_cmpeq_epi16(_mm256_and_si256(b, masks), wants);
        const __m256i bytes = _mm256_permute4x64_epi64(_mm256_packs_epi16(x, y), 0xD8);
        equal |= (uint64_t)(uint32_t)_mm256_movemask_epi8(bytes) << i;
    }
    return equal;
}

INLINE text text_load(const uint8_t *from) { return _mm256_loadu_si256((const __m256i *)from); }
INLINE void text_store(uint8_t *to, text value) { _mm256_storeu_si256((__m256i *)to, value); }

/* Each byte twice, the highest first; of the first copy the upper digit, of the second the lower one. */
INLINE void digits_store(uint64_t *to, const uint32_t *symbols)
{
    const __m256i twice = _mm256_broadcastsi128_si256(_mm_set_epi8(8, 8, 9, 9, 10, 10, 11, 11, 0, 0, 1, 1, 2, 2, 3, 3));
    const __m256i characters = _mm256_broadcastsi128_si256(
        _mm_set_epi8('f', 'e', 'd', 'c', 'b', 'a', '9', '8', '7', '6', '5', '4', '3', '2', '1', '0'));
    const __m256i bytes =
        _mm256_shuffle_epi8(_mm256_cvtepu32_epi64(_mm_loadu_si128((const __m128i *)symbols)), twice);
    const __m256i digits = _mm256_or_si256(_mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi16(0x000F)),
                                           _mm256_and_si256(bytes, _mm256_set1_epi16(0x0F00)));
    _mm256_storeu_si256((__m256i *)to, _mm256_shuffle_epi8(characters, digits));
}

INLINE void line_stream(void *to, const void *from)
{
    const __m256i low = _mm256_loadu_si256((const __m256i *)from);
    const __m256i high = _mm256_loadu_si256((const __m256i *)from + 1);
    _mm256_stream_si256((__m256i *)to, low);
    _mm256_stream_si256((__m256i *)to + 1, high);
}

INLINE void stream_end(void) { _mm_sfence(); }

#define KERNEL synthesis_avx2
#include "synthesis_lanes.h"
