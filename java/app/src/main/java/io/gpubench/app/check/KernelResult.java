// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import org.jspecify.annotations.Nullable;

/**
 * What became of a kernel. Immutable.
 *
 * @param name as in the source
 * @param file in which it is defined, as the compiler names it
 * @param line counted from 1
 * @param plan of its launches; null if it was skipped
 * @param launches how many there were
 * @param finding null if there is none
 * @param reason why it was skipped; null if it was not
 */
public record KernelResult(
    String name,
    String file,
    int line,
    Verdict verdict,
    @Nullable LaunchPlan plan,
    int launches,
    @Nullable Finding finding,
    @Nullable String reason) {
  /** What is known of it now. */
  public enum Verdict {
    /** Nothing was found. */
    ok,
    /** Something was found. */
    accused,
    /** It was not run. */
    skipped
  }
}
