// SPDX-License-Identifier: Apache-2.0
/** The workload {@code utilization}: memory and arithmetic of a device, both busy for a while. */
@NullMarked
package io.gpubench.workloads.utilization;

import org.jspecify.annotations.NullMarked;
