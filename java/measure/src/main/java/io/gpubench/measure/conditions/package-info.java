// SPDX-License-Identifier: Apache-2.0
/**
 * Under which conditions is measured: on which processors, with a lock on the device, after which
 * pause, beside which other processes, at which temperature. Imports {@code plan}, {@code run} and
 * {@code spi} only.
 */
@NullMarked
package io.gpubench.measure.conditions;

import org.jspecify.annotations.NullMarked;
