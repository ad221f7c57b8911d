// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import java.util.Map;

/**
 * What stdout and stderr are connected to. Java cannot tell the two apart, so the launcher says it
 * in the system property {@code gpubench.terminal}, which contains {@code out}, {@code err}, both
 * or neither.
 *
 * @param progressBar whether stderr can show a line that is drawn again and again
 * @param colour whether stdout may be coloured
 * @param redraw whether stdout can show lines that are drawn again and again
 */
record Terminal(boolean progressBar, boolean colour, boolean redraw) {
  /** One that can be drawn on where it can be coloured. */
  Terminal(boolean progressBar, boolean colour) {
    this(progressBar, colour, colour);
  }

  static Terminal detect() {
    return of(System.getProperty("gpubench.terminal", ""), System.getenv());
  }

  static Terminal of(String connected, Map<String, String> environment) {
    boolean capable = !environment.getOrDefault("TERM", "dumb").equals("dumb");
    boolean plain = !environment.getOrDefault("NO_COLOR", "").isEmpty();
    boolean out = capable && connected.contains("out");
    return new Terminal(capable && connected.contains("err"), out && !plain, out);
  }
}
