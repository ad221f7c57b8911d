// SPDX-License-Identifier: Apache-2.0
/**
 * Whether stored evidence is what was measured: a {@code Verifier} compares a run directory with
 * its seal, derives every value anew from the samples (the {@code *Check} classes) and doubts what
 * contradicts the plan, the clock or the hardware (the {@code *Doubts} classes: pure functions from
 * what was read to findings, each with a margin that no honest run reaches). Reads only, and needs
 * no engine and no device. Imports {@code seal}, {@code result}, {@code ceiling}, {@code stats},
 * {@code run}, {@code plan} and {@code spi}, and nothing imports it but the app.
 */
@NullMarked
package io.gpubench.measure.verify;

import org.jspecify.annotations.NullMarked;
