// SPDX-License-Identifier: Apache-2.0
/** Statistics of one record, computed from raw samples alone. Pure functions; nothing here knows where samples come from. */
@NullMarked
package io.gpubench.measure.stats;

import org.jspecify.annotations.NullMarked;
