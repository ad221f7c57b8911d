/* SPDX-License-Identifier: Apache-2.0 */
/* The C side of a comparison: what a call of many arguments costs from C and from Java. */
#include "gpubench_host.h"

#include <stddef.h>

int32_t gpubench_launch_shape(void *function, uint32_t grid_x, uint32_t grid_y, uint32_t grid_z, uint32_t block_x,
                              uint32_t block_y, uint32_t block_z, uint32_t shared_bytes, void *stream,
                              void **parameters, void **extra)
{
    (void)function;
    (void)shared_bytes;
    (void)stream;
    (void)parameters;
    (void)extra;
    return (int32_t)(grid_x + grid_y + grid_z + block_x + block_y + block_z);
}

int32_t gpubench_launch_shapes(void *function, int64_t calls, void *stream, void **parameters)
{
    /* Read anew for each call, so that no call is inlined or left out. */
    int32_t (*volatile launch)(void *, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, void *,
                               void **, void **) = gpubench_launch_shape;
    uint32_t sum = 0;
    for (int64_t call = 0; call < calls; call++) {
        sum += (uint32_t)launch(function, 132, 1, 1, 128, 1, 1, 0, stream, parameters, NULL);
    }
    return (int32_t)sum;
}
