/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies of pieces of pages, in terms of vectors that the including file defines:
 *
 *   VECTOR_BYTES   of `vector`
 *   vector_load    from any address; vector_store and vector_stream, to a multiple of VECTOR_BYTES
 *   stream_end     orders streamed stores with others
 *
 * and KERNEL, the name of the table.
 */
#include <string.h>

enum {
    LINE_BYTES = 64,
    /* How much is read before it is written: memory turns between the two less often. */
    STRIDE_BYTES = 1024,
    RUN_BYTES = 2048 /* where the hardware knows what comes next */
};

/* Has lines on their way to the cache next to the core (2) or to the core's first one (3). */
#define FETCH(at, bytes, locality)                                \
    UNROLL for (int line = 0; line < (bytes); line += LINE_BYTES) \
    {                                                             \
        __builtin_prefetch((at) + line, 0, locality);             \
    }

INLINE void stream_stride(const char *from, char *to, int bytes)
{
    UNROLL for (int i = 0; i < bytes; i += VECTOR_BYTES) {
        vector_stream(to + i, vector_load(from + i));
    }
}

INLINE void copy_words(const char *from, char *to, uint64_t bytes)
{
    for (uint64_t i = 0; i < bytes; i += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, from + i, sizeof word);
        memcpy(to + i, &word, sizeof word);
    }
}

/* Words until `to` is aligned; returns their bytes. */
INLINE uint64_t copy_head(const char *from, char *to, uint64_t bytes)
{
    uint64_t head = (VECTOR_BYTES - (uintptr_t)to % VECTOR_BYTES) % VECTOR_BYTES;
    head = head < bytes ? head : bytes;
    copy_words(from, to, head);
    return head;
}

static void copy(const char *from, char *to, uint64_t bytes)
{
    uint64_t done = copy_head(from, to, bytes);
    for (; bytes - done >= VECTOR_BYTES; done += VECTOR_BYTES) {
        vector_store(to + done, vector_load(from + done));
    }
    copy_words(from + done, to + done, bytes - done);
}

static void stream(const char *from, char *to, uint64_t bytes, migration_ahead ahead)
{
    uint64_t done = copy_head(from, to, bytes);
    if (ahead.soon == NULL) {
        for (; bytes - done >= RUN_BYTES; done += RUN_BYTES) {
            FETCH(from + done + RUN_BYTES, RUN_BYTES, 3);
            stream_stride(from + done, to + done, RUN_BYTES);
        }
    } else {
        __builtin_prefetch(ahead.later_from, 0, 2);
        __builtin_prefetch(ahead.later_to, 0, 2);
        for (; bytes - done >= STRIDE_BYTES; done += STRIDE_BYTES) {
            FETCH(ahead.soon + done, STRIDE_BYTES, 2);
            FETCH(from + done, STRIDE_BYTES, 3);
            stream_stride(from + done, to + done, STRIDE_BYTES);
        }
    }
    for (; bytes - done >= VECTOR_BYTES; done += VECTOR_BYTES) {
        vector_stream(to + done, vector_load(from + done));
    }
    copy_words(from + done, to + done, bytes - done);
}

const migration_kernel KERNEL = {.copy = copy, .stream = stream, .stream_end = stream_end};
