// SPDX-License-Identifier: Apache-2.0
/**
 * The sample loop: warm up, measure, verify every sample, stop. Nothing inside the timed window
 * allocates, logs or looks anything up. Imports {@code spi} and {@code stats}; knows neither plans
 * nor records.
 */
@NullMarked
package io.gpubench.measure.run;

import org.jspecify.annotations.NullMarked;
