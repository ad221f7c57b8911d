// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks;

import io.gpubench.measure.stats.OrderStatisticRanks;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number that was measured several times, as benchmarks print it and read what another has
 * printed: {@code 3.492 ns (3.470 .. 3.520)}.
 *
 * @param median of all
 * @param lower the lower bound of the median's 95 % interval, or the least of so few numbers that
 *     none exists
 * @param upper the upper bound, or the greatest
 * @param few how many numbers {@code lower} and {@code upper} span; 0 where they are an interval
 * @param unit may be empty, for a ratio
 */
public record Reading(double median, double lower, double upper, int few, String unit) {
  private static final Pattern LINE =
      Pattern.compile(
          "(?<name>.+?) {2,}(?<median>\\S+)(?: (?<unit>[^(]+?))?"
              + "(?: \\((?<lower>\\S+) \\.\\. (?<upper>\\S+?)(?:, all (?<few>\\d+))?\\))?");

  /** One number, of which no spread is known. */
  public static Reading of(double value, String unit) {
    return new Reading(value, value, value, 1, unit);
  }

  /**
   * The median of several numbers.
   *
   * @param values at least one; left as they are
   */
  public static Reading of(double[] values, String unit) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int count = sorted.length;
    double median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
    OrderStatisticRanks ranks = OrderStatisticRanks.of(count, 0.5, 0.95);
    return ranks.lower() == null || ranks.upper() == null
        ? new Reading(median, sorted[0], sorted[count - 1], count, unit)
        : new Reading(median, sorted[ranks.lower() - 1], sorted[ranks.upper() - 1], 0, unit);
  }

  /** In another unit. */
  public Reading times(double factor, String other) {
    return new Reading(median * factor, lower * factor, upper * factor, few, other);
  }

  /** A number over this one: a rate of a time, or the other way round. */
  public Reading under(double numerator, String other) {
    return new Reading(numerator / median, numerator / upper, numerator / lower, few, other);
  }

  /** The line that {@link #parse} reads. */
  public String line(String name) {
    return String.format(Locale.ROOT, "%-44s  %s", name, this);
  }

  /** The reading in the line of that name, among those that a benchmark has printed. */
  public static Optional<Reading> parse(String name, Iterable<String> lines) {
    for (String line : lines) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches() && matcher.group("name").equals(name)) {
        return Optional.of(parsed(matcher));
      }
    }
    return Optional.empty();
  }

  private static Reading parsed(Matcher line) {
    double median = number(line.group("median"));
    String unit = line.group("unit") == null ? "" : line.group("unit");
    String few = line.group("few");
    return line.group("lower") == null
        ? of(median, unit)
        : new Reading(
            median,
            number(line.group("lower")),
            number(line.group("upper")),
            few == null ? 0 : Integer.parseInt(few),
            unit);
  }

  private static double number(String text) {
    return Double.parseDouble(text.replace(",", ""));
  }

  /** With its unit and its spread. */
  @Override
  public String toString() {
    String number = unit.isEmpty() ? shown(median) : shown(median) + " " + unit;
    return few == 1
        ? number
        : number
            + " ("
            + shown(lower)
            + " .. "
            + shown(upper)
            + (few == 0 ? "" : ", all " + few)
            + ")";
  }

  /** With three digits and its unit, alone. */
  public String brief() {
    return unit.isEmpty() ? Shown.number(median) : Shown.number(median) + " " + unit;
  }

  /** Four digits, so that nothing is lost that a table shows. */
  private static String shown(double value) {
    if (value == 0) {
      return "0";
    }
    double size = Math.abs(value);
    int decimals = size < 10 ? 3 : size < 100 ? 2 : size < 1000 ? 1 : 0;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
