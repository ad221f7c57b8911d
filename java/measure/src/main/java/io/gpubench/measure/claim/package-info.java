// SPDX-License-Identifier: Apache-2.0
/**
 * Claims about performance, and what stored evidence says of them. Pure but for the reading of a
 * file: knows plans, results and statistics; measures nothing.
 */
@NullMarked
package io.gpubench.measure.claim;

import org.jspecify.annotations.NullMarked;
