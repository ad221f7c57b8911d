// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import io.gpubench.benchmarks.Shown;
import io.gpubench.measure.stats.OrderStatisticRanks;
import io.gpubench.measure.stats.QuantileInterval;
import io.gpubench.measure.stats.Statistics;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Samples of which each is like the one before, simulated: an autocorrelation of 0.9. */
final class EffectiveSizeExperiment implements Experiment {
  private static final double LEVEL = 100_000;
  private static final double SPREAD = 5_000;
  private static final double LIKENESS = 0.9;
  private static final int SAMPLES = 2_000;

  @Override
  public String id() {
    return "effective-size";
  }

  @Override
  public String question() {
    return "How often does a 95 % interval hold the median where each sample is like the one before?";
  }

  @Override
  public List<Row> run(Size size) {
    int trials = size.of(30, 1_000);
    var random = new SplittableRandom(1);
    OrderStatisticRanks ranks = OrderStatisticRanks.of(SAMPLES, 0.5, 0.95);
    int independent = 0;
    int effective = 0;
    double sizes = 0;
    for (int trial = 0; trial < trials; trial++) {
      long[] nanos = new long[SAMPLES];
      double state = random.nextGaussian();
      for (int i = 0; i < SAMPLES; i++) {
        nanos[i] = Math.round(LEVEL + SPREAD * state);
        state = LIKENESS * state + Math.sqrt(1 - LIKENESS * LIKENESS) * random.nextGaussian();
      }
      Statistics statistics = Statistics.of(nanos);
      QuantileInterval interval = statistics.intervals().median();
      effective += holds(interval.lower(), interval.upper()) ? 1 : 0;
      sizes += statistics.effectiveSampleSize() / trials;
      Arrays.sort(nanos);
      independent +=
          ranks.lower() != null
                  && ranks.upper() != null
                  && holds((double) nanos[ranks.lower() - 1], (double) nanos[ranks.upper() - 1])
              ? 1
              : 0;
    }
    return List.of(
        new Row(
            "as if all 2,000 samples were independent",
            "in %s of %,d cases".formatted(Shown.percent((double) independent / trials), trials)),
        new Row(
            "at the effective sample size, here %s on average".formatted(Shown.number(sizes)),
            "in %s of %,d cases".formatted(Shown.percent((double) effective / trials), trials)));
  }

  private static boolean holds(Double lower, Double upper) {
    return lower != null && upper != null && lower <= LEVEL && LEVEL <= upper;
  }
}
