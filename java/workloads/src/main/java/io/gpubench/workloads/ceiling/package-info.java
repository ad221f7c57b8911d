// SPDX-License-Identifier: Apache-2.0
/**
 * The workloads {@code ceiling.*}: what this machine can do at all, by which the throughput of
 * everything else is judged.
 */
@NullMarked
package io.gpubench.workloads.ceiling;

import org.jspecify.annotations.NullMarked;
