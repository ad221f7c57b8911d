// SPDX-License-Identifier: Apache-2.0
/**
 * Records of what was measured and the store that keeps them: a run directory survives a kill at
 * any moment. Imports {@code seal}, {@code stats}, {@code run} and {@code spi}; knows no
 * configuration file and nobody who measures.
 */
@NullMarked
package io.gpubench.measure.result;

import org.jspecify.annotations.NullMarked;
