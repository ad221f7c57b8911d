// SPDX-License-Identifier: Apache-2.0
/** Runs a plan, a measurer for each repetition: prepare, sample, judge plausibility, record. */
@NullMarked
package io.gpubench.measure.suite;

import org.jspecify.annotations.NullMarked;
