// SPDX-License-Identifier: Apache-2.0
/**
 * One experiment for each rule of measuring: what comes out without the rule, and with it. The page
 * {@code MEASURING.md} has their last results.
 */
@NullMarked
package io.gpubench.benchmarks.experiments;

import org.jspecify.annotations.NullMarked;
