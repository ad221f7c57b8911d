/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of migration share: words that tell where they belong, and lists of frames. */
#ifndef GPUBENCH_TEST_PAGES_H
#define GPUBENCH_TEST_PAGES_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "gpubench_host.h"

#define POISON UINT64_C(0xdeadbeefdeadbeef)

/* Written out, after the definition of splitmix64. */
static inline uint64_t word(uint64_t key, uint64_t index)
{
    uint64_t z = key + (index + 1) * 0x9e3779b97f4a7c15;
    z ^= z >> 30;
    z *= 0xbf58476d1ce4e5b9;
    z ^= z >> 27;
    z *= 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static inline uint64_t random_below(uint64_t *state, uint64_t bound)
{
    return word(0x5eed, (*state)++) % bound;
}

/* `frames` of a pool in an order, ascending or at random. */
static inline void deal(uint32_t *list, uint32_t frames, int scattered, uint64_t *state)
{
    for (uint32_t i = 0; i < frames; i++) {
        list[i] = i;
    }
    for (uint32_t i = frames; scattered && i > 1; i--) {
        const uint32_t j = (uint32_t)random_below(state, i);
        const uint32_t frame = list[i - 1];
        list[i - 1] = list[j];
        list[j] = frame;
    }
}

/* Fills the page in a frame with the words of page `page` of a key. */
static inline void fill_page(uint64_t *pool, uint64_t page_words, uint32_t frame, uint64_t key, uint64_t page)
{
    for (uint64_t j = 0; j < page_words; j++) {
        pool[frame * page_words + j] = word(key, page * page_words + j);
    }
}

static inline void poison(uint64_t *words, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        words[i] = POISON;
    }
}

#endif
