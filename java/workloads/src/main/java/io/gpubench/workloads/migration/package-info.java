// SPDX-License-Identifier: Apache-2.0
/**
 * The workload {@code migration}: pages that move between tiers of memory. The tiers, the pools of
 * their page frames, and what the pages hold. Imports the rooms {@code random}, {@code words} and
 * {@code ceiling}.
 */
@NullMarked
package io.gpubench.workloads.migration;

import org.jspecify.annotations.NullMarked;
