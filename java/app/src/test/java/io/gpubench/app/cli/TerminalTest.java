// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {
  private static final Map<String, String> XTERM = Map.of("TERM", "xterm-256color");

  @Test
  void whatIsNoTerminalGetsNeitherBarNorColour() {
    assertEquals(new Terminal(false, false), Terminal.of("", XTERM));
    assertEquals(new Terminal(true, false), Terminal.of("err", XTERM));
    assertEquals(new Terminal(false, true), Terminal.of("out", XTERM));
    assertEquals(new Terminal(true, true), Terminal.of("outerr", XTERM));
  }

  @Test
  void aTerminalThatCannotIsNotAsked() {
    assertEquals(new Terminal(false, false), Terminal.of("outerr", Map.of("TERM", "dumb")));
    assertEquals(new Terminal(false, false), Terminal.of("outerr", Map.of()));
  }

  @Test
  void noColorIsHeard() {
    var environment = Map.of("TERM", "xterm", "NO_COLOR", "1");
    assertEquals(new Terminal(true, false, true), Terminal.of("outerr", environment));
    var empty = Map.of("TERM", "xterm", "NO_COLOR", "");
    assertEquals(
        new Terminal(true, true), Terminal.of("outerr", empty), "empty is as good as unset");
  }
}
