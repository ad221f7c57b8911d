// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.measure.Printable;

/**
 * What was judged of one thing, for reports that others read: JUnit XML and Markdown. Each text is
 * one line; what could end a line or move a cursor is made harmless.
 *
 * @param group what the thing belongs to, such as a workload or a file of claims
 * @param name of the thing in its group, such as {@code validators=1000 median}
 * @param verdict in the words of the command, such as {@code Changed, 8.2 % slower}
 * @param detail why, and what is to be said with it; may be empty
 */
public record JudgedCase(String group, String name, State state, String verdict, String detail) {
  public JudgedCase {
    group = Printable.line(group);
    name = Printable.line(name);
    verdict = Printable.line(verdict);
    detail = Printable.line(detail);
  }

  /** What follows from a verdict. */
  public enum State {
    /** It may go on. */
    PASSED,
    /** It may not. */
    FAILED,
    /** Nobody can tell. */
    OPEN
  }

  /** The same where nothing may stay open. */
  public JudgedCase decided() {
    return state == State.OPEN ? new JudgedCase(group, name, State.FAILED, verdict, detail) : this;
  }
}
