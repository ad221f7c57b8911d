// SPDX-License-Identifier: Apache-2.0
/**
 * The figures of gpubench's own speed, each next to its floor or goal: the table {@code
 * Performance} of the README, which {@code java/benchmarks/run Figures} measures and writes.
 */
@NullMarked
package io.gpubench.benchmarks.figures;

import org.jspecify.annotations.NullMarked;
