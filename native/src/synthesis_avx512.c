/* SPDX-License-Identifier: Apache-2.0 */
/* Matching, expansion and rewriting with AVX-512 F and BW. */
#include <immintrin.h>

#include "synthesis_kernel.h"

enum { LANES = 16, TEXT = 32, DIGITS_AT_ONCE = 8 };

typedef __m512i lanes;
typedef __m256i text;
typedef __m512i row;

INLINE lanes lanes_load(const uint32_t *from) { return _mm512_loadu_si512(from); }
INLINE void lanes_store(uint32_t *to, lanes value) { _mm512_storeu_si512(to, value); }
INLINE lanes lanes_of(uint32_t value) { return _mm512_set1_epi32((int)value); }
INLINE lanes lanes_and(lanes a, lanes b) { return _mm512_and_si512(a, b); }
INLINE lanes lanes_subtract(lanes a, lanes b) { return _mm512_sub_epi32(a, b); }
INLINE lanes lanes_least(lanes a, lanes b) { return _mm512_min_epu32(a, b); }
INLINE lanes lanes_gather(const uint32_t *base, lanes indices) { return _mm512_i32gather_epi32(indices, base, 4); }
INLINE uint32_t lanes_mask(lanes value) { return _mm512_test_epi32_mask(value, value); }
INLINE uint32_t lanes_equal(lanes a, lanes b) { return _mm512_cmpeq_epi32_mask(a, b); }
INLINE lanes lanes_pack(uint32_t mask, lanes value) { return _mm512_maskz_compress_epi32((__mmask16)mask, value); }
INLINE row row_load(const uint32_t *from) { return _mm512_load_si512(from); }

INLINE lanes lanes_from(uint32_t value)
{
    return _mm512_add_epi32(lanes_of(value), _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
}

/* Only the lowest 4 bits of an index count. */
INLINE lanes lanes_digit(row table, lanes value, int shift)
{
    return _mm512_permutexvar_epi32(shift == 0 ? value : _mm512_srli_epi32(value, (unsigned)shift), table);
}

INLINE lanes lanes_evens(const uint64_t *pairs)
{
    const lanes lower = _mm512_set_epi32(30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
    return _mm512_permutex2var_epi32(_mm512_loadu_si512(pairs), lower, _mm512_loadu_si512(pairs + 8));
}

INLINE lanes lanes_odds(const uint64_t *pairs)
{
    const lanes upper = _mm512_set_epi32(31, 29, 27, 25, 23, 21, 19, 17, 15, 13, 11, 9, 7, 5, 3, 1);
    return _mm512_permutex2var_epi32(_mm512_loadu_si512(pairs), upper, _mm512_loadu_si512(pairs + 8));
}

INLINE lanes lanes_bytes(const uint8_t *from) { return _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)from)); }
INLINE lanes lanes_and3(lanes a, lanes b, lanes c) { return _mm512_ternarylogic_epi32(a, b, c, 0x80); }

INLINE lanes lanes_header(lanes kinds, lanes arities, lanes symbols)
{
    return _mm512_ternarylogic_epi32(kinds, _mm512_slli_epi32(arities, 4), _mm512_slli_epi32(symbols, 8), 0xFE);
}

INLINE uint64_t keys_equal(const uint16_t *keys, uint32_t want, uint32_t mask)
{
    const __m512i wants = _mm512_set1_epi16((short)want);
    const __m512i masks = _mm512_set1_epi16((short)mask);
    const __m512i low = _mm512_xor_si512(_mm512_loadu_si512(keys), wants);
    const __m512i high = _mm512_xor_si512(_mm512_loadu_si512(keys + 32), wants);
    return _mm512_testn_epi16_mask(low, masks) | (uint64_t)_mm512_testn_epi16_mask(high, masks) << 32;
}

INLINE text text_load(const uint8_t *from) { return _mm256_loadu_si256((const __m256i *)from); }
INLINE void text_store(uint8_t *to, text value) { _mm256_storeu_si256((__m256i *)to, value); }

/* Each byte twice, the highest first; of the first copy the upper digit, of the second the lower one. */
INLINE void digits_store(uint64_t *to, const uint32_t *symbols)
{
    const __m512i twice = _mm512_broadcast_i32x4(_mm_set_epi8(8, 8, 9, 9, 10, 10, 11, 11, 0, 0, 1, 1, 2, 2, 3, 3));
    const __m512i characters = _mm512_broadcast_i32x4(
        _mm_set_epi8('f', 'e', 'd', 'c', 'b', 'a', '9', '8', '7', '6', '5', '4', '3', '2', '1', '0'));
    const __m512i bytes =
        _mm512_shuffle_epi8(_mm512_cvtepu32_epi64(_mm256_loadu_si256((const __m256i *)symbols)), twice);
    const __m512i digits = _mm512_or_si512(_mm512_and_si512(_mm512_srli_epi16(bytes, 4), _mm512_set1_epi16(0x000F)),
                                           _mm512_and_si512(bytes, _mm512_set1_epi16(0x0F00)));
    _mm512_storeu_si512(to, _mm512_shuffle_epi8(characters, digits));
}

INLINE void line_stream(void *to, const void *from) { _mm512_stream_si512(to, _mm512_loadu_si512(from)); }
INLINE void stream_end(void) { _mm_sfence(); }

#define KERNEL synthesis_avx512
#include "synthesis_lanes.h"
