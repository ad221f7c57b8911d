/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

#include "gpubench_host.h"

enum { HUGE_PAGE = 2 << 20 };

/* Whole huge pages, and one more to find an aligned beginning in. */
static uint64_t reserved(uint64_t bytes)
{
    return (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE + HUGE_PAGE;
}

void *gpubench_memory_create(uint64_t bytes)
{
    if (bytes < 1 || bytes > INT64_MAX / 2) {
        return NULL;
    }
    uint64_t size = reserved(bytes);
    char *start = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start == MAP_FAILED) {
        return NULL;
    }
    /* What lies before and behind goes back, so that the rest can be released by its address alone. */
    uint64_t before = (HUGE_PAGE - (uintptr_t)start % HUGE_PAGE) % HUGE_PAGE;
    if (before > 0) {
        munmap(start, before);
    }
    munmap(start + before + size - HUGE_PAGE, HUGE_PAGE - before);
#ifdef MADV_HUGEPAGE
    madvise(start + before, size - HUGE_PAGE, MADV_HUGEPAGE); /* a wish: small pages are right, too */
#endif
    return start + before;
}

void gpubench_memory_destroy(void *memory, uint64_t bytes)
{
    if (memory != NULL) {
        munmap(memory, reserved(bytes) - HUGE_PAGE);
    }
}
