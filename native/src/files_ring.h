/* SPDX-License-Identifier: Apache-2.0 */
/* What files_ring.c, which sets rings up, and files_ring_move.c share. */
#ifndef GPUBENCH_FILES_RING_H
#define GPUBENCH_FILES_RING_H

#include <sys/syscall.h>

#include "files.h"

#if defined(__linux__) && defined(__has_include)
#if __has_include(<linux/io_uring.h>)
#include <linux/io_uring.h>
#endif
#endif

/* Whether the headers know of io_uring as it is since 5.6. */
#if defined(SYS_io_uring_setup) && defined(IORING_FEAT_RW_CUR_POS)
#define GPUBENCH_HAS_RING 1
#endif

#ifdef GPUBENCH_HAS_RING

/* A pool in memory, registered as buffers first, first + 1, ... of `step` bytes, the last one of fewer. */
typedef struct {
    char *memory;
    uint64_t bytes;
    uint64_t step;
    uint32_t first;
} ring_memory;

/* One piece on its way. */
typedef struct {
    const gpubench_page_batch *batch;
    char *memory;
    uint64_t from; /* bytes in files */
    uint64_t to;
    uint64_t bytes;
    uint64_t done; /* of the present direction */
    uint32_t page;
    int32_t buffer; /* registered, or -1 */
    uint32_t refusals;
    bool writing;
} ring_slot;

/* The next piece of a batch. */
typedef struct {
    uint64_t page;
    uint64_t begin; /* in the page */
    uint64_t most;  /* bytes of a piece */
    const ring_memory *memory;
    int32_t from_file; /* registered, or -1 */
    int32_t to_file;
} ring_cursor;

struct gpubench_ring {
    int descriptor;
    uint32_t depth;
    uint64_t io_bytes;
    uint64_t page_bytes;
    char *staging; /* of the caller, or NULL */
    uint64_t staging_bytes;
    uint64_t slot_bytes; /* of staging, in the present move */
    uint32_t limit;      /* of slots in use, likewise */

    void *submissions; /* the mappings */
    size_t submissions_bytes;
    void *completions;
    size_t completions_bytes;
    struct io_uring_sqe *entries;
    size_t entries_bytes;

    uint32_t *submit_head;
    uint32_t *submit_tail;
    uint32_t *submit_array;
    uint32_t submit_mask;
    uint32_t *complete_head;
    uint32_t *complete_tail;
    struct io_uring_cqe *complete_entries;
    uint32_t complete_mask;

    ring_slot *slots; /* depth */
    uint32_t *idle;   /* a stack of slots */
    uint32_t idle_count;
    uint32_t queued; /* entries that the kernel has not taken */

    uint32_t file_count;
    gpubench_file *files[GPUBENCH_MAX_BATCHES];
    uint32_t memory_count;
    ring_memory memory[GPUBENCH_MAX_BATCHES];

    ring_cursor cursors[GPUBENCH_MAX_BATCHES];
    gpubench_move_failure *failure;
    bool failed;
};

#endif

#endif
