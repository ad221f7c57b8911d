// SPDX-License-Identifier: Apache-2.0
/**
 * Processes that measure: {@link io.gpubench.measure.worker.WorkerProcess} is the operating
 * system's side of one, a child with pipes and its end. Imports the JDK and this module's errors.
 */
@NullMarked
package io.gpubench.measure.worker;

import org.jspecify.annotations.NullMarked;
