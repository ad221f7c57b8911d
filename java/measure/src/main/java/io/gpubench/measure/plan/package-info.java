// SPDX-License-Identifier: Apache-2.0
/**
 * From configuration files and options to planned runs. Planning is pure: the same input gives the
 * same plan with the same ids. Knows what a run is kept as ({@code result}, {@code seal}), since a
 * plan is kept with it; nothing of who measures when.
 */
@NullMarked
package io.gpubench.measure.plan;

import org.jspecify.annotations.NullMarked;
