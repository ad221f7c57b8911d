/* SPDX-License-Identifier: Apache-2.0 */
/* The words that inputs are made of: the generator splitmix64 (Steele, Lea and Flood 2014), entered at any place. */
#ifndef GPUBENCH_MIX64_H
#define GPUBENCH_MIX64_H

#include <stdint.h>

#define MIX64_STEP 0x9E3779B97F4A7C15u
#define MIX64_FIRST 0xBF58476D1CE4E5B9u
#define MIX64_SECOND 0x94D049BB133111EBu

/* The finaliser of splitmix64: David Stafford's variant 13. */
static inline uint64_t mix64(uint64_t z)
{
    z = (z ^ z >> 30) * MIX64_FIRST;
    z = (z ^ z >> 27) * MIX64_SECOND;
    return z ^ z >> 31;
}

/* Word `index` of the sequence of a key. */
static inline uint64_t mix64_word(uint64_t key, uint64_t index)
{
    return mix64(key + (index + 1) * MIX64_STEP);
}

#endif
