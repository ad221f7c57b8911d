// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.Names;
import io.gpubench.measure.result.DuetComparison;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How two sides are compared by duets until it is decided, in two stages; see {@link TwoStage}.
 *
 * @param alpha how often, at most, anything is called changed that is not; in (0, 0.5)
 * @param tolerances from a metric, {@value #MEDIAN} or {@value #P95}, to the relative difference
 *     that does not matter, in (0, 1): 0.05 is 5 %
 * @param looks after how many duets the first stage is looked at, ascending, at least one
 * @param confirmations fresh duets of the second stage, at least 1
 * @param maxTime no duet is begun later than this after the first; null for no such limit
 */
public record TrialRule(
    double alpha,
    SortedMap<String, Double> tolerances,
    List<Integer> looks,
    int confirmations,
    @Nullable Duration maxTime) {
  /** The median of a side's samples in a duet. */
  public static final String MEDIAN = "median";

  /** The 0.95 quantile of a side's samples in a duet. */
  public static final String P95 = "p95";

  /** With fewer samples of a side in a duet, none of them lies beyond that quantile. */
  public static final int FEWEST_FOR_P95 = 20;

  /** What can be judged. */
  public static final List<String> METRICS = List.of(MEDIAN, P95);

  /** A difference of less than this does not matter where nobody says otherwise. */
  public static final double USUAL_TOLERANCE = 0.05;

  /** Medians to 5 %, with an error of 5 % at most for all comparisons together. */
  public static final TrialRule DEFAULT =
      new TrialRule(
          0.05, new TreeMap<>(Map.of(MEDIAN, USUAL_TOLERANCE)), List.of(8, 12, 16), 10, null);

  /**
   * Checks the ranges.
   *
   * @throws ConfigException when a tolerance is out of range, or of no known metric
   */
  public TrialRule {
    tolerances = Collections.unmodifiableSortedMap(new TreeMap<>(tolerances));
    looks = List.copyOf(looks);
    if (!(alpha > 0 && alpha < 0.5) || looks.isEmpty() || confirmations < 1) {
      throw new IllegalArgumentException(
          "alpha %s, looks %s, %d confirmations".formatted(alpha, looks, confirmations));
    }
    for (int i = 0; i < looks.size(); i++) {
      if (looks.get(i) <= (i == 0 ? 0 : looks.get(i - 1))) {
        throw new IllegalArgumentException("looks after " + looks);
      }
    }
    if (tolerances.isEmpty()) {
      throw new ConfigException("--tolerance: expected at least one metric of " + METRICS);
    }
    tolerances.forEach((metric, tolerance) -> {
      if (!METRICS.contains(metric)) {
        throw new ConfigException("--tolerance: " + Names.unknown("metric", metric, METRICS));
      }
      if (!(tolerance > 0 && tolerance < 1)) {
        throw new ConfigException(
            String.format(
                Locale.ROOT,
                "--tolerance: %s=%.3g %%: expected more than 0 and less than 100 %%, as no two"
                    + " measurements agree exactly",
                metric,
                100 * tolerance));
      }
    });
  }

  /** The rule that a stored comparison was made by, without its limit of time. */
  public static TrialRule of(DuetComparison.Trial trial) {
    return new TrialRule(
        trial.alpha(),
        new TreeMap<>(trial.tolerances()),
        trial.looks(),
        trial.confirmations(),
        null);
  }

  /** The same with other tolerances. */
  public TrialRule withTolerances(Map<String, Double> other) {
    return new TrialRule(alpha, new TreeMap<>(other), looks, confirmations, maxTime);
  }

  /** The same with a limit of time. */
  public TrialRule withMaxTime(@Nullable Duration limit) {
    return new TrialRule(alpha, tolerances, looks, confirmations, limit);
  }

  /** Whether it decides as {@link #DEFAULT} does, but for tolerances and the limit of time. */
  public boolean usual() {
    return alpha == DEFAULT.alpha
        && looks.equals(DEFAULT.looks)
        && confirmations == DEFAULT.confirmations;
  }

  /** Duets of the first stage, at least. */
  public int fewest() {
    return looks.getFirst();
  }

  /** Duets of the first stage, at most. */
  public int mostOfFirst() {
    return looks.getLast();
  }

  /** Duets of both stages, at most, where none fails. */
  public int most() {
    return mostOfFirst() + confirmations;
  }
}
