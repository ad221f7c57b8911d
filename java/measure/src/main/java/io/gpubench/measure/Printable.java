// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure;

import java.nio.charset.StandardCharsets;

/** Makes what a stranger wrote fit for a terminal and a report. Any thread. */
public final class Printable {
  private static final int BEGINNING = 80;

  private Printable() {}

  /**
   * Decodes UTF-8 as far as it is such. Line feeds and tabs stay, the carriage return of a line's
   * end goes, and other control characters become their pictures, such as ␛.
   */
  public static String text(byte[] bytes, int start, int end) {
    String raw =
        new String(bytes, start, end - start, StandardCharsets.UTF_8).replace("\r\n", "\n");
    var text = new StringBuilder(raw.length());
    raw.chars()
        .forEach(character -> {
          if (character == '\n' || character == '\t') {
            text.append((char) character);
          } else if (character < ' ') {
            text.append((char) (0x2400 + character));
          } else if (character == 0x7F) {
            text.append('␡');
          } else {
            text.append(Character.isISOControl(character) ? '\uFFFD' : (char) character);
          }
        });
    return text.toString();
  }

  /** A text of somebody else's on one line, without what could move a terminal's cursor. */
  public static String line(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return text(bytes, 0, bytes.length).replace('\n', ' ').replace('\t', ' ');
  }

  /**
   * A text that nothing depends on, as one line in which no two letters look alike: other than
   * printable ASCII becomes a question mark.
   *
   * @param most characters, at least 3; a longer text ends in dots
   */
  public static String ascii(String text, int most) {
    String brief = text.length() > most ? text.substring(0, most - 3) + "..." : text;
    return brief.replaceAll("[^ -~]", "?");
  }

  /** The first characters on one line, with … where there are more. */
  public static String beginning(byte[] bytes, int start, int end) {
    int cut = Math.min(end, start + BEGINNING);
    String text = text(bytes, start, cut).replace('\n', '␊').replace('\t', ' ');
    return cut < end ? text + "…" : text;
  }
}
