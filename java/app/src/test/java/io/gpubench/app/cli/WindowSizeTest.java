// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.monitor.Window;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowSizeTest {
  private static final Window USUAL = new Window(24, 80);

  @Test
  void variablesAreHeard() {
    assertEquals(
        new Window(50, 132), WindowSize.find(Map.of("LINES", "50", "COLUMNS", "132")).window());
  }

  @Test
  void withoutThemThereIsASizeAllTheSame() {
    assertTrue(WindowSize.find(Map.of()).window().rows() >= 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "50", "50 ", "x 80", "0 0", "2 80", "24 9", "99999 80"})
  void whatIsNoSizeIsTheUsual(String text) {
    assertEquals(USUAL, WindowSize.of(text, USUAL));
  }
}
