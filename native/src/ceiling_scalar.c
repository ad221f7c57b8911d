/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ceilings in portable C. Without stores that go past the caches: how to ask for them is not portable. fmaf fuses
 * always, in software where the processor cannot.
 */
#include <math.h>
#include <string.h>

#include "ceiling_kernel.h"

enum { WORDS = 1, SINGLES = 1, CHAINS = 8 };

typedef uint64_t words;
typedef double numbers;
typedef float singles;
typedef uint32_t units;

INLINE words words_load(const uint64_t *from) { return *from; }
INLINE void words_store(uint64_t *to, words value) { *to = value; }
INLINE void words_store_low(uint32_t *to, words value) { *to = (uint32_t)value; }
INLINE void words_stream(uint64_t *to, words value) { *to = value; }
INLINE words words_of(uint64_t value) { return value; }
INLINE words words_add(words a, words b) { return a + b; }
INLINE words words_xor(words a, words b) { return a ^ b; }
INLINE words words_or(words a, words b) { return a | b; }
INLINE words words_multiply(words a, words b) { return a * b; }
INLINE words words_right(words value, int bits) { return value >> bits; }
INLINE uint64_t words_total(words value) { return value; }

INLINE words words_from(uint64_t value, uint64_t step)
{
    (void)step;
    return value;
}

INLINE numbers numbers_load(const double *from) { return *from; }
INLINE void numbers_store(double *to, numbers value) { *to = value; }
INLINE void numbers_stream(double *to, numbers value) { *to = value; }
INLINE numbers numbers_triad(numbers b, numbers c) { return b + TRIAD_FACTOR * c; }

INLINE singles singles_load(const uint32_t *from)
{
    singles value;
    memcpy(&value, from, sizeof value);
    return value;
}

INLINE void singles_store(uint32_t *to, singles value) { memcpy(to, &value, sizeof value); }
INLINE singles singles_of(float value) { return value; }
INLINE singles singles_fused(singles x, singles factor, singles summand) { return fmaf(x, factor, summand); }

INLINE units units_load(const uint32_t *from) { return *from; }
INLINE void units_store(uint32_t *to, units value) { *to = value; }
INLINE void units_stream(uint32_t *to, units value) { *to = value; }
INLINE units units_of(uint32_t value) { return value; }
INLINE units units_add(units a, units b) { return a + b; }
INLINE units units_multiply_add(units x, units factor, units summand) { return x * factor + summand; }

INLINE void stream_end(void) {}

#define KERNEL ceiling_scalar
#include "ceiling_lanes.h"
