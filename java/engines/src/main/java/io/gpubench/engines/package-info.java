// SPDX-License-Identifier: Apache-2.0
/**
 * Who does the work: one package per engine, and one per workload for what all engines share when
 * they adapt it. The shared packages import {@code measure} and {@code workloads} only.
 */
@NullMarked
package io.gpubench.engines;

import org.jspecify.annotations.NullMarked;
