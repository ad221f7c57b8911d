// SPDX-License-Identifier: Apache-2.0
/**
 * The gate: this gpubench against another version of it, or against what was measured before. Knows
 * how to have things measured, where baselines are kept, and what follows from verdicts.
 */
@NullMarked
package io.gpubench.app.gate;

import org.jspecify.annotations.NullMarked;
