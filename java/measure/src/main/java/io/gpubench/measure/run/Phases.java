// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import io.gpubench.measure.run.Onlooker.Mark;
import io.gpubench.measure.run.Onlooker.Subject;

/**
 * Marks the phases of a measurement for whoever looks on. That is one for the whole process, as
 * profilers are, and nobody unless somebody says so. Phases begin and end outside of every timed
 * window: where nobody looks on, each costs a few nanoseconds per batch of samples.
 *
 * @param subject what the phases are about
 */
public record Phases(Subject subject) {
  private static volatile Onlooker onlooker = Onlooker.NONE;

  /** Who looks on in this process from now on, in place of who did. */
  public static void shown(Onlooker to) {
    onlooker = to;
  }

  /** A phase begins; the caller closes the mark on this thread. */
  public Mark begin(Phase phase) {
    return onlooker.begin(phase, subject);
  }
}
