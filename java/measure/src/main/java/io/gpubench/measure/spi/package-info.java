// SPDX-License-Identifier: Apache-2.0
/**
 * The doors that workloads and engines implement: a {@link io.gpubench.measure.spi.Workload} says
 * what is computed, an {@link io.gpubench.measure.spi.Engine} opens a {@link
 * io.gpubench.measure.spi.Session} on what computes it, and the session prepares one {@link
 * io.gpubench.measure.spi.PreparedRun} for each parameter setting. Imports the errors of the parent
 * package, nothing else of gpubench.
 */
@NullMarked
package io.gpubench.measure.spi;

import org.jspecify.annotations.NullMarked;
