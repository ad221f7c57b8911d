// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import io.gpubench.measure.stats.ShapiroWilk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.commons.statistics.descriptive.Median;
import org.jspecify.annotations.Nullable;

/**
 * What speaks for and against a recorded sample of processes: one side, one metric. Everything is
 * about the logarithms of what the processes said, since noise multiplies; nothing here is removed
 * or corrected. No value is ever NaN or infinite; null where so few processes say nothing.
 *
 * @param processes how many there are, the units of the comparison
 * @param fewestSamples of the process that has the fewest
 * @param samples of all processes
 * @param effectiveSampleSize as how many independent samples they count inside their processes;
 *     null where a process does not say
 * @param effectiveProcesses as how many independent processes they count: fewer where neighbours in
 *     time resemble each other more than by chance; null for fewer than {@value #FEWEST_IN_A_ROW}
 * @param spread sample standard deviation of the logarithms: 0.05 is about 5 %; null for one
 * @param normalityP of Shapiro and Wilk's test: small where they are not normal; null for fewer
 *     than three or equal ones. The verdict does not rest on it
 * @param outliers the numbers, from 1 in the order of time, of processes farther than 3 x 1.4826
 *     MAD from the median; none for fewer than {@value #FEWEST_FOR_OUTLIERS}
 * @param driftWithin how far times went from the first to the last third of a process, the median
 *     over the processes; null where none says
 * @param driftAcross how far processes went from the first to the last third of the side; null for
 *     fewer than {@value #FEWEST_FOR_DRIFT}
 * @param processesNeeded about as many of each side would decide at the spreads of both; null where
 *     it is not known
 */
public record Health(
    int processes,
    long fewestSamples,
    long samples,
    @Nullable Double effectiveSampleSize,
    @Nullable Double effectiveProcesses,
    @Nullable Double spread,
    @Nullable Double normalityW,
    @Nullable Double normalityP,
    List<Integer> outliers,
    @Nullable Double driftWithin,
    @Nullable Double driftAcross,
    @Nullable Integer processesNeeded) {
  private static final int FEWEST_IN_A_ROW = 8;
  private static final int FEWEST_FOR_OUTLIERS = 5;
  private static final int FEWEST_FOR_DRIFT = 6;
  private static final Median MEDIAN = Median.withDefaults().withCopy(true);
  private static final double MAD_RULE = 3 * 1.4826;

  /** Below it, normality is doubted. */
  public static final double DOUBTED = 0.05;

  public Health {
    outliers = List.copyOf(outliers);
  }

  /** Whether there are as many processes as it takes; false where that is not known. */
  public boolean largeEnough() {
    return processesNeeded != null && processes >= processesNeeded;
  }

  /**
   * The health of a side.
   *
   * @param nanos what each process said, in the order of time, at least one
   * @param needed processes of each side; null where that is not known
   */
  public static Health of(RecordedCase side, double[] nanos, @Nullable Integer needed) {
    double[] logs = Arrays.stream(nanos).map(Math::log).toArray();
    ShapiroWilk normality = ShapiroWilk.of(logs);
    List<RecordedProcess> processes = side.processes();
    boolean told =
        processes.stream().map(RecordedProcess::effectiveSampleSize).allMatch(Objects::nonNull);
    double[] drifts =
        processes.stream()
            .map(RecordedProcess::drift)
            .filter(Objects::nonNull)
            .mapToDouble(Double::doubleValue)
            .toArray();
    return new Health(
        logs.length,
        processes.stream().mapToLong(RecordedProcess::samples).min().orElse(0),
        processes.stream().mapToLong(RecordedProcess::samples).sum(),
        told
            ? (Double)
                processes.stream()
                    .map(RecordedProcess::effectiveSampleSize)
                    .filter(Objects::nonNull)
                    .mapToDouble(Double::doubleValue)
                    .sum()
            : null,
        effective(logs),
        spread(logs),
        normality == null ? null : (Double) normality.w(),
        normality == null ? null : (Double) normality.p(),
        outliers(logs),
        drifts.length == 0 ? null : (Double) MEDIAN.evaluate(drifts),
        drift(logs),
        needed);
  }

  /** Sample standard deviation; null for one value. */
  static @Nullable Double spread(double[] values) {
    if (values.length < 2) {
      return null;
    }
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    return Math.sqrt(squares / (values.length - 1));
  }

  /**
   * n (1 - r) / (1 + r) for a first-order autocorrelation r, where r is more than chance explains.
   */
  private static @Nullable Double effective(double[] values) {
    int n = values.length;
    if (n < FEWEST_IN_A_ROW) {
      return null;
    }
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = 0;
    double products = 0;
    for (int i = 0; i < n; i++) {
      squares += (values[i] - mean) * (values[i] - mean);
      products += i == 0 ? 0 : (values[i - 1] - mean) * (values[i] - mean);
    }
    double correlation = squares == 0 ? 0 : products / squares;
    return correlation <= 2 / Math.sqrt(n)
        ? (double) n
        : Math.max(1, n * (1 - correlation) / (1 + correlation));
  }

  private static List<Integer> outliers(double[] values) {
    var outliers = new ArrayList<Integer>();
    if (values.length < FEWEST_FOR_OUTLIERS) {
      return outliers;
    }
    double median = MEDIAN.evaluate(values);
    double mad =
        MEDIAN.evaluate(Arrays.stream(values).map(value -> Math.abs(value - median)).toArray());
    for (int i = 0; i < values.length; i++) {
      if (Math.abs(values[i] - median) > MAD_RULE * mad) {
        outliers.add(i + 1);
      }
    }
    return outliers;
  }

  private static @Nullable Double drift(double[] values) {
    if (values.length < FEWEST_FOR_DRIFT) {
      return null;
    }
    int third = values.length / 3;
    double first = MEDIAN.evaluate(Arrays.copyOf(values, third));
    double last = MEDIAN.evaluate(Arrays.copyOfRange(values, values.length - third, values.length));
    return Math.exp(last - first) - 1;
  }
}
