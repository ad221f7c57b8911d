// SPDX-License-Identifier: Apache-2.0
/**
 * What this machine can do at all: ceilings that were measured once and are kept, when they no
 * longer hold, and which share of them a result reaches. Knows records and their seals, no plan, no
 * engine and no workload.
 */
@NullMarked
package io.gpubench.measure.ceiling;

import org.jspecify.annotations.NullMarked;
