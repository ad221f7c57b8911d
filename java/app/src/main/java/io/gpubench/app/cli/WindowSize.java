// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.monitor.Window;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The size of the terminal: by the variables LINES and COLUMNS, else by {@code stty}, else the
 * usual.
 */
record WindowSize(Window window) {
  private static final Window USUAL = new Window(24, 80);
  private static final Pattern SIZE = Pattern.compile("(\\d{1,4}) (\\d{1,4})");

  static WindowSize find(Map<String, String> environment) {
    String told =
        environment.getOrDefault("LINES", "") + " " + environment.getOrDefault("COLUMNS", "");
    return new WindowSize(of(told, of(told.equals(" ") ? asked() : "", USUAL)));
  }

  /** From rows and columns; another where these are none, or too few to show anything. */
  static Window of(String text, Window otherwise) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      return otherwise;
    }
    var window = new Window(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2)));
    return window.rows() >= 3 && window.columns() >= 10 ? window : otherwise;
  }

  private static String asked() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!stty.waitFor(1, TimeUnit.SECONDS)) {
        stty.destroyForcibly();
        return "";
      }
      return new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    } catch (IOException _) {
      return "";
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
