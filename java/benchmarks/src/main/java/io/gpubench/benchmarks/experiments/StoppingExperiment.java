// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import io.gpubench.benchmarks.Shown;
import io.gpubench.measure.stats.MedianPrecision;
import java.util.List;
import java.util.SplittableRandom;

/** Two equal programs, compared again and again until they differ, simulated. */
final class StoppingExperiment implements Experiment {
  private static final int LOOKS = 50;
  private static final int STEP = 40;
  private static final double LEVEL = 100_000;
  private static final double SPREAD = 3_000;
  private static final double Z = 1.96;
  private static final double PRECISE = 0.002;

  @Override
  public String id() {
    return "stopping";
  }

  @Override
  public String question() {
    return "How often are two equal programs found different, depending on when one stops?";
  }

  @Override
  public List<Row> run(Size size) {
    int trials = size.of(20, 500);
    return List.of(
        new Row(
            "as soon as they differ significantly at 5 %, or after 2,000 samples",
            share(trials, Rule.DIFFERENT)),
        new Row(
            "when both medians are known to 0.2 %, or after 2,000 samples",
            share(trials, Rule.PRECISE)),
        new Row("after 2,000 samples", share(trials, Rule.COUNT)));
  }

  private enum Rule {
    DIFFERENT,
    PRECISE,
    COUNT
  }

  private static String share(int trials, Rule rule) {
    var random = new SplittableRandom(1);
    int found = 0;
    for (int trial = 0; trial < trials; trial++) {
      found += differs(random, rule) ? 1 : 0;
    }
    return Shown.percent((double) found / trials);
  }

  private static boolean differs(SplittableRandom random, Rule rule) {
    long[] a = new long[LOOKS * STEP];
    long[] b = new long[LOOKS * STEP];
    var precision = new MedianPrecision(LOOKS * STEP);
    boolean differ = false;
    double sum = 0;
    double squares = 0;
    for (int look = 1; look <= LOOKS; look++) {
      int count = look * STEP;
      for (int i = count - STEP; i < count; i++) {
        a[i] = Math.round(LEVEL + SPREAD * random.nextGaussian());
        b[i] = Math.round(LEVEL + SPREAD * random.nextGaussian());
        sum += a[i] - b[i];
        squares += (double) (a[i] - b[i]) * (a[i] - b[i]);
      }
      double mean = sum / count;
      double error = Math.sqrt((squares / count - mean * mean) / count);
      differ = Math.abs(mean) > Z * error;
      boolean stop =
          switch (rule) {
            case DIFFERENT -> differ;
            case PRECISE ->
                precision.relativeHalfWidth(a, count) <= PRECISE
                    && precision.relativeHalfWidth(b, count) <= PRECISE;
            case COUNT -> false;
          };
      if (stop) {
        return differ;
      }
    }
    return differ;
  }
}
