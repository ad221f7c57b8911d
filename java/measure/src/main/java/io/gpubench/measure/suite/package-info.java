// SPDX-License-Identifier: Apache-2.0
/**
 * Runs a plan, a measurer for each repetition: prepare, sample, judge plausibility, record. Imports
 * all that measuring needs; not {@code duet}, {@code ceiling} or {@code verify}, which come after.
 */
@NullMarked
package io.gpubench.measure.suite;

import org.jspecify.annotations.NullMarked;
