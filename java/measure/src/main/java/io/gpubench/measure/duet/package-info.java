// SPDX-License-Identifier: Apache-2.0
/**
 * Compares two configurations by duets: two live processes that measure in turn, a few milliseconds
 * each, so that whatever the machine does meanwhile happens to both.
 */
@NullMarked
package io.gpubench.measure.duet;

import org.jspecify.annotations.NullMarked;
