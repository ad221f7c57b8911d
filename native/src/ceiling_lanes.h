/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ceilings, in terms of vectors that the including file defines:
 *
 *   WORDS    lanes of `words`, vectors of u64, and of `numbers`, vectors of double
 *   SINGLES  lanes of `singles`, vectors of float, and of `units`, vectors of u32
 *   CHAINS   how many of these are in flight at once: enough to hide the latency of a multiply-add in all of its pipes,
 *            and no more than there are registers
 *   words_load, _store, _store_low (the low halves as u32), _stream, _of (all lanes alike), _from (value, value + step,
 *   ...), _add, _xor, _or, _multiply, _right, _total; numbers_load, _store, _stream, _triad; singles_load, _store (as
 *   bits), _of, _fused; units_load, _store, _stream, _of, _add, _multiply_add; stream_end, which orders streamed stores with others
 *
 * and KERNEL, the name of the table. Vectors are aligned. What is left behind the last whole vector goes word by word.
 */
#include <string.h>

enum {
    LINE_WORDS = 8,
    AHEAD_WORDS = 256, /* how far reads are prefetched: 2 KiB, some 50 ns at 40 GB/s */
    BLOCK_WORDS = 256, /* how much is read before it is written: memory turns between the two less often */
    LINE_UNITS = 16,
    AHEAD_UNITS = 1024, /* the same for what takes its time in between: 4 KiB */
    SUMS = 8           /* independent sums, so that additions wait for loads only */
};

INLINE uint64_t whole(uint64_t first, uint64_t end, uint64_t step)
{
    return end - (end - first) % step;
}

INLINE words words_mix(words z)
{
    z = words_multiply(words_xor(z, words_right(z, 30)), words_of(MIX64_FIRST));
    z = words_multiply(words_xor(z, words_right(z, 27)), words_of(MIX64_SECOND));
    return words_xor(z, words_right(z, 31));
}

/* ---- reading -------------------------------------------------------------------------------------------------- */

/* The sum of all words, each of them changed by `flip`. */
INLINE uint64_t sum(const uint64_t *memory, uint64_t first, uint64_t end, uint64_t flip, bool prefetch)
{
    const uint64_t vectors = whole(first, end, SUMS * WORDS);
    words sums[SUMS];
    for (int j = 0; j < SUMS; j++) {
        sums[j] = words_of(0);
    }
    for (uint64_t i = first; i < vectors; i += SUMS * WORDS) {
        if (prefetch) {
            UNROLL for (int j = 0; j < SUMS * WORDS; j += LINE_WORDS) {
                __builtin_prefetch(memory + i + AHEAD_WORDS + j);
            }
        }
        UNROLL for (int j = 0; j < SUMS; j++) {
            words value = words_load(memory + i + (uint64_t)j * WORDS);
            sums[j] = words_add(sums[j], words_xor(value, words_of(flip)));
        }
    }
    for (int j = 1; j < SUMS; j++) {
        sums[0] = words_add(sums[0], sums[j]);
    }
    uint64_t total = words_total(sums[0]);
    for (uint64_t i = vectors; i < end; i++) {
        total += memory[i] ^ flip;
    }
    return total;
}

static uint64_t read_once(const uint64_t *memory, uint64_t first, uint64_t end)
{
    return sum(memory, first, end, 0, true);
}

static uint64_t read_passes(const uint64_t *memory, uint64_t first, uint64_t end, uint64_t passes)
{
    uint64_t total = 0;
    for (uint64_t pass = 0; pass < passes; pass++) {
        total += sum(memory, first, end, mix64(pass + 1), false);
        /* Each pass reads memory anew, whatever the compiler makes of it. */
        __asm__ volatile("" ::: "memory");
    }
    return total;
}

/* ---- writing -------------------------------------------------------------------------------------------------- */

static void copy(const uint64_t *from, uint64_t *to, uint64_t first, uint64_t end, bool stream)
{
    const uint64_t blocks = stream ? whole(first, end, BLOCK_WORDS) : first;
    for (uint64_t i = first; i < blocks; i += BLOCK_WORDS) {
        for (uint64_t j = i; j < i + BLOCK_WORDS; j += LINE_WORDS) {
            __builtin_prefetch(from + j);
        }
        for (uint64_t j = i; j < i + BLOCK_WORDS; j += WORDS) {
            words_stream(to + j, words_load(from + j));
        }
    }
    stream_end();
    const uint64_t vectors = whole(blocks, end, WORDS);
    for (uint64_t i = blocks; i < vectors; i += WORDS) {
        words_store(to + i, words_load(from + i));
    }
    for (uint64_t i = vectors; i < end; i++) {
        to[i] = from[i];
    }
}

static void triad(double *a, const double *b, const double *c, uint64_t first, uint64_t end, bool stream)
{
    const uint64_t vectors = whole(first, end, WORDS);
    for (uint64_t i = first; i < vectors; i += WORDS) {
        numbers value = numbers_triad(numbers_load(b + i), numbers_load(c + i));
        if (stream) {
            numbers_stream(a + i, value);
        } else {
            numbers_store(a + i, value);
        }
    }
    stream_end();
    for (uint64_t i = vectors; i < end; i++) {
        a[i] = b[i] + TRIAD_FACTOR * c[i];
    }
}

/* ---- computing ------------------------------------------------------------------------------------------------ */

enum { GROUP = CHAINS * SINGLES };

/* What the chains `first` .. first + GROUP - 1 begin with: bits of the words of a key. */
INLINE void starts_of(uint32_t *starts, uint64_t key, uint64_t first, bool as_singles)
{
    const words step = words_of(WORDS * MIX64_STEP);
    words state = words_from(key + (first + 1) * MIX64_STEP, MIX64_STEP);
    UNROLL for (int i = 0; i < GROUP; i += WORDS) {
        words word = words_mix(state);
        /* 23 random bits below the exponent of 1 are 1 + bits * 2^-23. */
        words_store_low(starts + i, as_singles ? words_or(words_right(word, 41), words_of(BITS_OF_ONE)) : word);
        state = words_add(state, step);
    }
}

INLINE void fp32_group(uint32_t *ends, uint64_t key, uint64_t first, uint64_t steps)
{
    _Alignas(64) uint32_t starts[GROUP];
    starts_of(starts, key, first, true);
    const singles factor = singles_of(FP32_FACTOR);
    const singles summand = singles_of(FP32_SUMMAND);
    singles x[CHAINS];
    UNROLL for (int j = 0; j < CHAINS; j++) {
        x[j] = singles_load(starts + j * SINGLES);
    }
    for (uint64_t step = 0; step < steps; step++) {
        UNROLL for (int j = 0; j < CHAINS; j++) {
            x[j] = singles_fused(x[j], factor, summand);
        }
    }
    UNROLL for (int j = 0; j < CHAINS; j++) {
        singles_store(ends + j * SINGLES, x[j]);
    }
}

INLINE void int32_group(uint32_t *ends, uint64_t key, uint64_t first, uint64_t steps, uint32_t addend)
{
    _Alignas(64) uint32_t starts[GROUP];
    starts_of(starts, key, first, false);
    const units factor = units_of(INT32_FACTOR);
    const units summand = units_of(addend);
    units x[CHAINS];
    UNROLL for (int j = 0; j < CHAINS; j++) {
        x[j] = units_load(starts + j * SINGLES);
    }
    for (uint64_t step = 0; step < steps; step++) {
        UNROLL for (int j = 0; j < CHAINS; j++) {
            x[j] = units_multiply_add(x[j], factor, summand);
        }
    }
    UNROLL for (int j = 0; j < CHAINS; j++) {
        units_store(ends + j * SINGLES, x[j]);
    }
}

/* The last chains, which fill no group, are computed in one that goes elsewhere. */
static void fp32(uint32_t *ends, uint64_t first, uint64_t end, uint64_t key, uint64_t steps)
{
    const uint64_t groups = whole(first, end, GROUP);
    for (uint64_t i = first; i < groups; i += GROUP) {
        fp32_group(ends + i, key, i, steps);
    }
    if (groups < end) {
        _Alignas(64) uint32_t rest[GROUP];
        fp32_group(rest, key, groups, steps);
        memcpy(ends + groups, rest, (end - groups) * sizeof *rest);
    }
}

static void int32(uint32_t *ends, uint64_t first, uint64_t end, uint64_t key, uint64_t steps, uint32_t addend)
{
    const uint64_t groups = whole(first, end, GROUP);
    for (uint64_t i = first; i < groups; i += GROUP) {
        int32_group(ends + i, key, i, steps, addend);
    }
    if (groups < end) {
        _Alignas(64) uint32_t rest[GROUP];
        int32_group(rest, key, groups, steps, addend);
        memcpy(ends + groups, rest, (end - groups) * sizeof *rest);
    }
}

/* ---- both at once ---------------------------------------------------------------------------------------------- */

INLINE uint32_t units_total(units value)
{
    _Alignas(64) uint32_t lanes[SINGLES];
    units_store(lanes, value);
    uint32_t total = 0;
    for (int i = 0; i < SINGLES; i++) {
        total += lanes[i];
    }
    return total;
}

/* A group is loaded, stepped and stored while the ones behind it are on their way. Returns the sum of what is stored. */
static uint32_t pass(const uint32_t *from, uint32_t *to, uint64_t first, uint64_t end, uint64_t steps, uint32_t addend,
                     bool stream)
{
    const uint64_t groups = whole(first, end, GROUP);
    const units factor = units_of(INT32_FACTOR);
    const units summand = units_of(addend);
    units sum = units_of(0);
    for (uint64_t i = first; i < groups; i += GROUP) {
        UNROLL for (int j = 0; j < GROUP; j += LINE_UNITS) {
            __builtin_prefetch(from + i + AHEAD_UNITS + j);
        }
        units x[CHAINS];
        UNROLL for (int j = 0; j < CHAINS; j++) {
            x[j] = units_load(from + i + (uint64_t)j * SINGLES);
        }
        for (uint64_t step = 0; step < steps; step++) {
            UNROLL for (int j = 0; j < CHAINS; j++) {
                x[j] = units_multiply_add(x[j], factor, summand);
            }
        }
        UNROLL for (int j = 0; j < CHAINS; j++) {
            if (stream) {
                units_stream(to + i + (uint64_t)j * SINGLES, x[j]);
            } else {
                units_store(to + i + (uint64_t)j * SINGLES, x[j]);
            }
            sum = units_add(sum, x[j]);
        }
    }
    stream_end();
    uint32_t total = units_total(sum);
    for (uint64_t i = groups; i < end; i++) {
        uint32_t x = from[i];
        for (uint64_t step = 0; step < steps; step++) {
            x = x * INT32_FACTOR + addend;
        }
        to[i] = x;
        total += x;
    }
    return total;
}

const ceiling_kernel KERNEL = {
    .group = GROUP,
    .read = read_once,
    .copy = copy,
    .triad = triad,
    .passes = read_passes,
    .fp32 = fp32,
    .int32 = int32,
    .pass = pass,
};
