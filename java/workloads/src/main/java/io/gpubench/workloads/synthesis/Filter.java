// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

/**
 * Which pairs of a node and a pattern a matcher looks at one by one, and so how many comparisons it
 * executes: all others are decided many at a time, by a table. A pair does not count where the
 * table has told all there is to tell.
 */
public enum Filter {
  /** All pairs. */
  NONE,
  /** Those whose kind and symbol are as the root of the pattern asks. */
  KIND_SYMBOL,
  /** Those whose kind, symbol and arity are, of patterns that ask for a child. */
  ROOT,
  /**
   * Of these, where there are enough children and the kinds of the first four are as the pattern
   * asks; of patterns that ask for more than that.
   */
  CHILDREN
}
