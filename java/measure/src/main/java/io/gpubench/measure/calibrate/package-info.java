// SPDX-License-Identifier: Apache-2.0
/**
 * How often comparisons by duets are wrong on this machine, and how small a change they find: from
 * gates that were played to rates with their intervals, and where these are kept. Nothing here
 * measures. Imports {@code ceiling}, for what identifies a machine, {@code compare}, {@code
 * result}, {@code stats} and the errors of the parent package.
 */
@NullMarked
package io.gpubench.measure.calibrate;

import org.jspecify.annotations.NullMarked;
