// SPDX-License-Identifier: Apache-2.0
/**
 * Results and listings as text for people and for programs. Pure: knows records, plans and what
 * {@code check} found; no engine and no workload, and prints nothing.
 */
@NullMarked
package io.gpubench.app.report;

import org.jspecify.annotations.NullMarked;
