// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.Parameter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.SequencedSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a parameter is set to, as written: {@code consensus.validators=1000,2048:65536:x4}. The
 * values are a list, separated by commas, of single values and of ranges. A range goes from its
 * start up to its end, the end included if it is hit: {@code 1024:65536:x4} multiplies by 4 in each
 * step and {@code 0:0.3:+0.1} adds 0.1, in exact decimal arithmetic.
 *
 * @param workload the workload's id; null for every planned workload that has the parameter
 * @param text the values, not yet expanded
 */
public record Setting(@Nullable String workload, String parameter, String text, Place place) {
  /** The most values that one setting may expand to. */
  public static final int VALUES_LIMIT = 10_000;

  private static final String FORM =
      "workload.parameter=values, such as consensus.validators=1000,10000";

  private static final String NUMBER = "-?\\d{1,19}(?:\\.\\d{1,19})?(?:[eE][+-]?\\d{1,2})?";
  private static final Pattern NUMERIC = Pattern.compile(NUMBER);
  private static final Pattern STEP = Pattern.compile("([x+])(" + NUMBER + ")");

  /**
   * Parses the value of a {@code --set} option, without looking at workloads yet.
   *
   * @param option {@code workload.parameter=values} or {@code parameter=values}
   * @throws ConfigException when it has no such form; quotes the option
   */
  public static Setting parse(String option) {
    var place = new Place.OnCommandLine("--set " + option);
    int equals = option.indexOf('=');
    if (equals < 0) {
      throw place.error("missing '='; expected " + FORM);
    }
    String target = option.substring(0, equals).strip();
    int dot = target.lastIndexOf('.');
    String parameter = target.substring(dot + 1);
    if (parameter.isEmpty() || dot == 0) {
      throw place.error("no parameter before '='; expected " + FORM);
    }
    return new Setting(
        dot < 0 ? null : target.substring(0, dot), parameter, option.substring(equals + 1), place);
  }

  /**
   * The values in the order written, each once.
   *
   * @return at least one and at most {@link #VALUES_LIMIT}; each a Long, Double or String
   * @throws ConfigException when a value or range is malformed or out of range, or there are too
   *     many; names the place
   */
  SequencedSet<Object> values(Parameter of) {
    var values = new LinkedHashSet<Object>();
    for (String item : text.split(",", -1)) {
      try {
        if (item.isBlank()) {
          throw new ConfigException("empty value; expected " + of.domain());
        }
        if (item.indexOf(':') >= 0
            && (of instanceof Parameter.Whole || of instanceof Parameter.Decimal)) {
          expand(item.strip(), of, values);
        } else {
          add(item, of, values);
        }
      } catch (ConfigException e) {
        throw place.error(String.valueOf(e.getMessage()), e);
      }
    }
    return values;
  }

  private static void expand(String range, Parameter of, SequencedSet<Object> values) {
    List<String> parts = List.of(range.replace("_", "").split(":", -1));
    Matcher step = STEP.matcher(parts.getLast().strip());
    if (parts.size() != 3 || !step.matches()) {
      throw new ConfigException(
          "'" + range + "' is not a range; expected start:end:xFACTOR or start:end:+STEP");
    }
    BigDecimal start = bound(parts.get(0), of);
    BigDecimal end = bound(parts.get(1), of);
    if (end.compareTo(start) < 0) {
      throw new ConfigException("range '" + range + "' ends before it starts");
    }
    var by = new BigDecimal(step.group(2));
    UnaryOperator<BigDecimal> next;
    if (step.group(1).equals("x")) {
      if (by.compareTo(BigDecimal.ONE) <= 0) {
        throw new ConfigException("range '" + range + "' needs a factor greater than 1");
      }
      if (start.signum() <= 0) {
        throw new ConfigException(
            "range '" + range + "' multiplies, so it needs a start greater than 0");
      }
      next = value -> value.multiply(by, MathContext.DECIMAL128);
    } else {
      if (by.signum() <= 0) {
        throw new ConfigException("range '" + range + "' needs a step greater than 0");
      }
      next = value -> value.add(by);
    }
    int steps = 0; // counted apart: many small steps may give the same value
    for (BigDecimal at = start; at.compareTo(end) <= 0; at = next.apply(at)) {
      if (++steps > VALUES_LIMIT) {
        throw tooMany();
      }
      add(at.signum() == 0 ? "0" : at.stripTrailingZeros().toPlainString(), of, values);
    }
  }

  private static BigDecimal bound(String text, Parameter of) {
    String number = text.strip();
    of.parse(number); // a bound that is no allowed value is an error of its own
    if (!NUMERIC.matcher(number).matches()) {
      throw new ConfigException("'" + number + "' has too many digits for a range");
    }
    return new BigDecimal(number);
  }

  private static void add(String value, Parameter of, SequencedSet<Object> values) {
    values.add(of.parse(value));
    if (values.size() > VALUES_LIMIT) {
      throw tooMany();
    }
  }

  private static ConfigException tooMany() {
    return new ConfigException(String.format(Locale.ROOT, "more than %,d values", VALUES_LIMIT));
  }
}
