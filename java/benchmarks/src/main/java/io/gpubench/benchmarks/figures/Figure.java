// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

/**
 * A row of the table.
 *
 * @param name one word, or a few with dashes
 * @param what is measured, as the table shows it; also by what a row is known again in a page
 * @param goal what it has to reach
 * @param how it is measured
 */
record Figure(String name, String what, Goal goal, How how) {
  /** Measures a figure. */
  interface How {
    /**
     * Takes it.
     *
     * @throws LackingException when it cannot be measured on this machine
     * @throws FailedException when it could not be measured, and should have been
     */
    Taken take(Bench bench);
  }
}
