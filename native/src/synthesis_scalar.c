/* SPDX-License-Identifier: Apache-2.0 */
/* Matching, expansion and rewriting in portable C. */
#include "synthesis_kernel.h"

enum { LANES = 1, TEXT = 16, DIGITS_AT_ONCE = 1 };

typedef uint32_t lanes;
typedef const uint32_t *row;
typedef struct {
    uint64_t halves[2];
} text;

INLINE lanes lanes_load(const uint32_t *from) { return *from; }
INLINE void lanes_store(uint32_t *to, lanes value) { *to = value; }
INLINE lanes lanes_of(uint32_t value) { return value; }
INLINE lanes lanes_from(uint32_t value) { return value; }
INLINE lanes lanes_and(lanes a, lanes b) { return a & b; }
INLINE lanes lanes_subtract(lanes a, lanes b) { return a - b; }
INLINE lanes lanes_least(lanes a, lanes b) { return a < b ? a : b; }
INLINE lanes lanes_gather(const uint32_t *base, lanes indices) { return base[indices]; }
INLINE uint32_t lanes_mask(lanes value) { return value != 0; }
INLINE uint32_t lanes_equal(lanes a, lanes b) { return a == b; }
INLINE row row_load(const uint32_t *from) { return from; }
INLINE lanes lanes_digit(row table, lanes value, int shift) { return table[value >> shift & 15]; }

INLINE lanes lanes_evens(const uint64_t *pairs) { return (uint32_t)*pairs; }
INLINE lanes lanes_odds(const uint64_t *pairs) { return (uint32_t)(*pairs >> 32); }
INLINE lanes lanes_bytes(const uint8_t *from) { return *from; }
INLINE lanes lanes_and3(lanes a, lanes b, lanes c) { return a & b & c; }

INLINE lanes lanes_header(lanes kinds, lanes arities, lanes symbols)
{
    return kinds | arities << 4 | symbols << 8;
}

INLINE lanes lanes_pack(uint32_t mask, lanes value)
{
    (void)mask;
    return value;
}

INLINE uint64_t keys_equal(const uint16_t *keys, uint32_t want, uint32_t mask)
{
    uint64_t equal = 0;
    for (int i = 0; i < 64; i++) {
        equal |= (uint64_t)(((keys[i] ^ want) & mask) == 0) << i;
    }
    return equal;
}

INLINE text text_load(const uint8_t *from)
{
    text value;
    memcpy(&value, from, sizeof value);
    return value;
}

INLINE void text_store(uint8_t *to, text value) { memcpy(to, &value, sizeof value); }

/* Spreads the digits, the highest to the lowest byte, and adds to each what makes it a character. */
INLINE void digits_store(uint64_t *to, const uint32_t *symbols)
{
    uint64_t x = *symbols;
    x = (x & 0xFFFF0000) << 16 | (x & 0xFFFF);
    x = (x & 0x0000FF000000FF00) << 8 | (x & 0x000000FF000000FF);
    x = (x & 0x00F000F000F000F0) << 4 | (x & 0x000F000F000F000F);
    x = __builtin_bswap64(x);
    const uint64_t letters = (x + 0x0606060606060606) >> 4 & 0x0101010101010101;
    *to = x + 0x3030303030303030 + letters * ('a' - '0' - 10);
}

INLINE void line_stream(void *to, const void *from) { memcpy(to, from, LINE); }
INLINE void stream_end(void) {}

#define KERNEL synthesis_scalar
#include "synthesis_lanes.h"
