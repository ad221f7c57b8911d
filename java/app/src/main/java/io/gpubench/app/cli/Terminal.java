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
 */
record Terminal(boolean progressBar, boolean colour) {
  static Terminal detect() {
    return of(System.getProperty("gpubench.terminal", ""), System.getenv());
  }

  static Terminal of(String connected, Map<String, String> environment) {
    boolean capable = !environment.getOrDefault("TERM", "dumb").equals("dumb");
    boolean plain = !environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new Terminal(
        capable && connected.contains("err"), capable && connected.contains("out") && !plain);
  }
}
