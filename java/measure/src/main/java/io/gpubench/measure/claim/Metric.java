// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.claim;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.Names;
import io.gpubench.measure.stats.Statistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a claim is about: of each process one number.
 *
 * @param kind which number
 * @param amount of a throughput what is counted, such as {@code comparisons}; null for others
 */
public record Metric(Kind kind, @Nullable String amount) {
  private static final String THROUGHPUT = "throughput.";
  private static final String AMOUNT = "[a-z][A-Za-z0-9]{0,31}";

  /** What is to be counted is part of the name, so it is known by its workload only. */
  private static final String THROUGHPUT_FORM = THROUGHPUT + "UNIT";

  /** The numbers that there are. */
  public enum Kind {
    MEDIAN("latency.median", Dimension.TIME, 2),
    P95("latency.p95", Dimension.TIME, 20),
    P99("latency.p99", Dimension.TIME, 100),
    P999("latency.p999", Dimension.TIME, 1_000),
    MEAN("latency.mean", Dimension.TIME, 2),
    /** Of what is counted, in a second, at the median time of a sample. */
    THROUGHPUT("throughput", Dimension.RATE, 2),
    /** The share of time in which the device was busy, by its own sensor, while it measured. */
    TIME_BUSY("utilization.timeBusy", Dimension.SHARE, 2),
    /** How near the median time comes to what the hardware can do at all. */
    CEILING_SHARE("ceilingShare", Dimension.SHARE, 2);

    private final String word;
    private final Dimension dimension;
    private final int reach;

    Kind(String word, Dimension dimension, int reach) {
      this.word = word;
      this.dimension = dimension;
      this.reach = reach;
    }

    /** In what it is measured. */
    public Dimension dimension() {
      return dimension;
    }

    /**
     * The fewest values in a process that reach beyond the quantile, ceil(1 / (1 - q)); with fewer
     * there is nothing to say of it.
     */
    public int reach() {
      return reach;
    }

    /** Of the times of a process, in nanoseconds; only where it is of times. */
    double nanos(Statistics times) {
      return switch (this) {
        case MEDIAN, THROUGHPUT, CEILING_SHARE -> times.median();
        case P95 -> times.p95();
        case P99 -> times.p99();
        case P999 -> times.p999();
        case MEAN -> times.mean();
        case TIME_BUSY -> throw new IllegalStateException(word + " is not of times");
      };
    }
  }

  /**
   * The metric of that name.
   *
   * @throws ConfigException when there is none; one line with the nearest that there is
   */
  public static Metric parse(String text) {
    if (text.startsWith(THROUGHPUT)) {
      String amount = text.substring(THROUGHPUT.length());
      if (!amount.matches(AMOUNT)) {
        throw new ConfigException(
            "'"
                + text
                + "' does not say what is counted; expected throughput and a unit of work,"
                + " such as throughput.messages");
      }
      return new Metric(Kind.THROUGHPUT, amount);
    }
    for (Kind kind : Kind.values()) {
      if (kind != Kind.THROUGHPUT && kind.word.equals(text)) {
        return new Metric(kind, null);
      }
    }
    List<String> known = new ArrayList<>(Arrays.stream(Kind.values()).map(k -> k.word).toList());
    known.replaceAll(word -> word.equals(Kind.THROUGHPUT.word) ? THROUGHPUT_FORM : word);
    throw new ConfigException(Names.unknown("metric", text, known));
  }

  /** As it is written in a file of claims. */
  public String word() {
    return amount == null ? kind.word : THROUGHPUT + amount;
  }

  /** Whether more of it is better. */
  public boolean moreIsBetter() {
    return kind.dimension != Dimension.TIME;
  }
}
