// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.DuetComparison.LogRatios;
import io.gpubench.measure.result.DuetComparison.Played;
import io.gpubench.measure.result.DuetComparison.Side;
import io.gpubench.measure.result.DuetComparison.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Comparisons that say what a test wants. */
final class Trials {
  private Trials() {}

  /** Of the median alone, by the default rule; NaN is a duet that does not count. */
  static DuetComparison of(double[] first, double... second) {
    return of(TrialRule.DEFAULT.tolerances(), Trial.DECIDED, first, second);
  }

  static DuetComparison of(
      Map<String, Double> tolerances, @Nullable String ended, double[] first, double... second) {
    var played = new ArrayList<Played>();
    for (double[] stage : List.of(first, second)) {
      for (double ratio : stage) {
        boolean counts = !Double.isNaN(ratio);
        played.add(
            new Played(
                played.size() + 1,
                "a",
                "b",
                32,
                counts ? null : "a: Failed: crash",
                counts ? new LogRatios(ratio, 2 * ratio) : null));
      }
    }
    TrialRule rule = TrialRule.DEFAULT;
    return new DuetComparison(
        new Side("engine=host", "x-a-000000000000"),
        new Side("engine=java", "x-b-000000000000"),
        rule.most(),
        0.003,
        played,
        null,
        new Trial(
            rule.alpha(), tolerances, rule.looks(), rule.confirmations(), first.length, ended));
  }

  /** So many values. */
  static double[] values(int count, IntToDoubleFunction value) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = value.applyAsDouble(i);
    }
    return values;
  }

  /** Around a centre, alternately above and below it, none the same. */
  static double[] around(double centre, double width, int count) {
    return values(count, i -> centre + width * (1 + 0.01 * i) * (i % 2 == 0 ? 1 : -1));
  }
}
