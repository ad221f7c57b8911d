/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch: the smallest pieces of work, by which latencies are judged. launch.empty hands a task to all threads and waits
 * for them, launch.copy copies some bytes, and launch.ffm submits work in a loop: once from here, through function
 * pointers, as C does with a library, and once from Java. mailbox.c has launch.mailbox.
 */
#include <string.h>

#include "gpubench_host.h"
#include "pool.h"

typedef struct {
    uint64_t *place; /* of part 0 */
    uint64_t row_words;
    uint64_t token;
} touch_work;

static void do_nothing(void *argument, uint32_t part)
{
    (void)argument;
    (void)part;
}

static void touch(void *argument, uint32_t part)
{
    const touch_work *work = argument;
    work->place[part * work->row_words] = work->token;
}

void gpubench_launch_empty(gpubench_pool *pool)
{
    gpubench_pool_run(pool, do_nothing, NULL, (uint32_t)gpubench_pool_threads(pool));
}

void gpubench_launch_touch(gpubench_pool *pool, uint64_t *rows, uint64_t row_words, uint64_t index, uint64_t token)
{
    touch_work work = {rows + index, row_words, token};
    gpubench_pool_run(pool, touch, &work, (uint32_t)gpubench_pool_threads(pool));
}

void gpubench_launch_copy(const void *from, uint64_t from_byte, void *to, uint64_t to_byte, uint64_t bytes)
{
    memcpy((char *)to + to_byte, (const char *)from + from_byte, bytes);
}

int32_t gpubench_submit_loop(gpubench_launch_function *launch, gpubench_synchronize_function *synchronize,
                             void *function, uint32_t grid_x, uint32_t grid_y, uint32_t grid_z, uint32_t block_x,
                             uint32_t block_y, uint32_t block_z, uint32_t shared_bytes, void *stream,
                             void **parameters, int64_t calls)
{
    if (launch == NULL || synchronize == NULL || calls < 0) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    for (int64_t call = 0; call < calls; call++) {
        int32_t code = launch(function, grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes, stream,
                              parameters, NULL);
        if (code != 0) {
            return code;
        }
    }
    return synchronize(stream);
}

int32_t gpubench_launch_shape(void *function, uint32_t grid_x, uint32_t grid_y, uint32_t grid_z, uint32_t block_x,
                              uint32_t block_y, uint32_t block_z, uint32_t shared_bytes, void *stream,
                              void **parameters, void **extra)
{
    (void)grid_x;
    (void)grid_y;
    (void)grid_z;
    (void)block_x;
    (void)block_y;
    (void)block_z;
    (void)shared_bytes;
    (void)stream;
    (void)parameters;
    (void)extra;
    ++*(uint64_t *)function;
    return 0;
}

int32_t gpubench_synchronize_shape(void *stream)
{
    ++*(uint64_t *)stream;
    return 0;
}
