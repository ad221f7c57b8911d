// SPDX-License-Identifier: Apache-2.0
/**
 * Records of what was measured and the store that keeps them: a run directory survives a kill at
 * any moment.
 */
@NullMarked
package io.gpubench.measure.result;

import org.jspecify.annotations.NullMarked;
