// SPDX-License-Identifier: Apache-2.0
/**
 * Where engines run: each repetition in a worker process of its own, or all in this process. Knows
 * how to start our own workers and those that {@code configs/engines} names.
 */
@NullMarked
package io.gpubench.app.workers;

import org.jspecify.annotations.NullMarked;
