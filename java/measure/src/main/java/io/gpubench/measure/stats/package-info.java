// SPDX-License-Identifier: Apache-2.0
/**
 * Statistics of one record, computed from raw samples alone, and over the processes that it rests
 * on, computed from theirs. Pure functions; nothing here knows where samples come from. Imports the
 * JDK, Commons Statistics, HdrHistogram and the errors of the parent package, nothing else of
 * gpubench.
 */
@NullMarked
package io.gpubench.measure.stats;

import org.jspecify.annotations.NullMarked;
