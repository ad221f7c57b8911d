// SPDX-License-Identifier: Apache-2.0
/**
 * What sensors say while samples are taken: a thread that asks them, the series that come of it,
 * the file that keeps these, and what can be concluded: throttled samples, energy, and what the
 * asking itself costs. Knows sensors by {@link io.gpubench.measure.spi.Sensors} only.
 */
@NullMarked
package io.gpubench.measure.telemetry;

import org.jspecify.annotations.NullMarked;
