/* SPDX-License-Identifier: Apache-2.0 */
/* What files.c, files_calls.c and files_ring.c share. */
#ifndef GPUBENCH_FILES_H
#define GPUBENCH_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "gpubench_host.h"

/* What staging memory is aligned to, and the pages that are staged in it: enough for any device. */
#define STAGING_ALIGNMENT ((uint64_t)4096)

struct gpubench_file {
    int descriptor;
    int32_t access;
    uint64_t granularity;
    uint64_t memory_alignment;
    uint64_t bytes; /* allocated and initialised */
};

static inline uint64_t round_up(uint64_t number, uint64_t step)
{
    return (number + step - 1) / step * step;
}

/* Whether pages of such a size can be moved at all. */
static inline bool is_page_size(uint64_t page_bytes)
{
    return page_bytes >= 8 && page_bytes <= GPUBENCH_MAX_PAGE_BYTES && page_bytes % 8 == 0;
}

/*
 * Whether the batches can be moved as gpubench_files_move demands: a file at one end at least, all frames within their file,
 * page size and addresses as files want them.
 */
typedef struct {
    uint64_t pages;       /* of all batches */
    uint64_t granularity; /* the largest of all files, at least 1 */
    bool staged;          /* some go from file to file */
} files_demand;

bool gpubench_files_check(uint32_t count, const gpubench_page_batch *batches, uint64_t page_bytes, files_demand *demand);

#endif
