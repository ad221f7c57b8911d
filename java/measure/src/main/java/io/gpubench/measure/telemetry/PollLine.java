// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.telemetry;

import java.util.regex.Pattern;

/**
 * A poll as a line of text: when it began, how long it took, both in nanoseconds, then a cell for
 * each sensor, separated by commas: a decimal number, the word of a gap, or nothing where the
 * sensor was not asked. Numbers are written so that they are read back bit for bit.
 */
public final class PollLine {
  /** What gaps are called: a letter, then letters and dashes. */
  private static final Pattern WORD = Pattern.compile("[a-z][a-z-]{0,39}");

  private static final double MOST_EXACT = 1e15;
  private static final Pattern NUMBER =
      Pattern.compile("-?\\d{1,19}(?:\\.\\d{1,20})?(?:E-?\\d{1,3})?");

  private PollLine() {}

  /** A poll in a line, without the line feed. */
  public static String text(Polls polls, int poll) {
    var line = new StringBuilder(16 * (polls.sensors() + 2));
    line.append(polls.atNanos(poll)).append(',').append(polls.tookNanos(poll));
    for (int sensor = 0; sensor < polls.sensors(); sensor++) {
      line.append(',');
      double value = polls.value(poll, sensor);
      String gap = polls.gap(poll, sensor);
      if (gap != null) {
        line.append(gap);
      } else if (!Double.isNaN(value)) {
        append(line, value);
      }
    }
    return line.toString();
  }

  private static void append(StringBuilder line, double value) {
    if (value == Math.rint(value) && Math.abs(value) < MOST_EXACT) {
      line.append((long) value);
    } else {
      line.append(value);
    }
  }

  /**
   * Appends the poll of a line.
   *
   * @param polls as many cells as the line has
   * @throws IllegalArgumentException when it is no such line; the message says what is wrong
   */
  public static void read(String line, Polls polls) {
    String[] parts = line.split(",", -1);
    if (parts.length != polls.sensors() + 2) {
      throw new IllegalArgumentException(
          "it has %d cells, expected %d".formatted(parts.length, polls.sensors() + 2));
    }
    long at = nanos(parts[0]);
    if (polls.count() > 0 && at < polls.atNanos(polls.count() - 1)) {
      throw new IllegalArgumentException("it began before the one before it");
    }
    long took = nanos(parts[1]);
    if (took < 0) {
      throw new IllegalArgumentException("it took " + took + " ns");
    }
    polls.begin(at);
    polls.took(took);
    for (int sensor = 0; sensor < polls.sensors(); sensor++) {
      String cell = parts[sensor + 2];
      if (NUMBER.matcher(cell).matches()) {
        double value = Double.parseDouble(cell);
        if (Double.isInfinite(value)) {
          throw new IllegalArgumentException("'" + cell + "' is no reading");
        }
        polls.set(sensor, value, null);
      } else if (WORD.matcher(cell).matches()) {
        polls.set(sensor, Double.NaN, cell);
      } else if (!cell.isEmpty()) {
        throw new IllegalArgumentException(
            "'%s' is neither a number nor the word of a gap".formatted(brief(cell)));
      }
    }
  }

  private static long nanos(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + brief(text) + "' is no time in nanoseconds", e);
    }
  }

  private static String brief(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", "?");
    return plain.length() <= 40 ? plain : plain.substring(0, 40) + "…";
  }
}
