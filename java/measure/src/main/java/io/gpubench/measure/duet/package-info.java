// SPDX-License-Identifier: Apache-2.0
/**
 * Compares two configurations by duets: two live processes that measure in turn, a few milliseconds
 * each, so that whatever the machine does meanwhile happens to both. Imports {@code suite}, whose
 * repetitions it plays against each other; {@code suite} knows nothing of it.
 */
@NullMarked
package io.gpubench.measure.duet;

import org.jspecify.annotations.NullMarked;
