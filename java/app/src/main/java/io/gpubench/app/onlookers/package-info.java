// SPDX-License-Identifier: Apache-2.0
/**
 * Who looks on while a process measures: Java's flight recorder, and a profiler by its NVTX ranges.
 * Knows the phases of {@code measure.run} and the ids of {@code measure.plan}.
 */
@NullMarked
package io.gpubench.app.onlookers;

import org.jspecify.annotations.NullMarked;
