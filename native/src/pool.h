/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GPUBENCH_POOL_H
#define GPUBENCH_POOL_H

#include "gpubench_host.h"

typedef void gpubench_task(void *argument, uint32_t part);

/*
 * Runs task(argument, 0) on the calling thread and task(argument, 1 .. parts - 1) on workers, and returns when all are
 * done. What the caller wrote before is visible to the tasks, and what they wrote is visible afterwards.
 * 1 <= parts <= threads of the pool; the pool may be NULL if parts is 1.
 */
void gpubench_pool_run(gpubench_pool *pool, gpubench_task *task, void *argument, uint32_t parts);

#endif
