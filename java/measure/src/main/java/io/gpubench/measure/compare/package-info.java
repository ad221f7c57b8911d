// SPDX-License-Identifier: Apache-2.0
/**
 * Whether one side is faster or slower than another: from what was measured to a verdict. Pure
 * functions of results; nothing here measures. Imports {@code result}, {@code stats} and the errors
 * of the parent package, and knows no engine and no workload.
 */
@NullMarked
package io.gpubench.measure.compare;

import org.jspecify.annotations.NullMarked;
