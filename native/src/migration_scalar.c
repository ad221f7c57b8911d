/* SPDX-License-Identifier: Apache-2.0 */
/* Copies of pages in portable C, where the library's own copy knows the machine best; nothing goes past the caches. */
#include <string.h>

#include "migration_kernel.h"

static void copy(const char *from, char *to, uint64_t bytes)
{
    memcpy(to, from, bytes);
}

static void stream(const char *from, char *to, uint64_t bytes, migration_ahead ahead)
{
    __builtin_prefetch(ahead.later_from);
    __builtin_prefetch(ahead.later_to);
    memcpy(to, from, bytes);
}

static void stream_end(void) {}

const migration_kernel migration_scalar = {.copy = copy, .stream = stream, .stream_end = stream_end};
