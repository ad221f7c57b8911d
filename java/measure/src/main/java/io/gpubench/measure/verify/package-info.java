// SPDX-License-Identifier: Apache-2.0
/**
 * Doubts about stored runs: what in them contradicts itself, the plan, or what hardware and clocks
 * can do. Every rule is a pure function from what was read to findings, and has a margin that no
 * honest run reaches.
 */
@NullMarked
package io.gpubench.measure.verify;

import org.jspecify.annotations.NullMarked;
