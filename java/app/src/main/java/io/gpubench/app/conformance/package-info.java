// SPDX-License-Identifier: Apache-2.0
/**
 * Tests whether somebody's worker keeps to the protocol of {@code configs/engines/README.md}, step
 * by step, with messages for its author. Imports {@code measure.worker} and {@code measure.spi}, no
 * engine; prints nothing.
 */
@NullMarked
package io.gpubench.app.conformance;

import org.jspecify.annotations.NullMarked;
