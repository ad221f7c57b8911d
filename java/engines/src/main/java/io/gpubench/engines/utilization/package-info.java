// SPDX-License-Identifier: Apache-2.0
/**
 * What engines on the processors share when they run the workload {@code utilization}: an engine
 * brings {@link io.gpubench.engines.utilization.UtilizationKernels}. Imports no engine.
 */
@NullMarked
package io.gpubench.engines.utilization;

import org.jspecify.annotations.NullMarked;
