// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import io.gpubench.benchmarks.Shown;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** A program of which one sample in fifty takes five times as long, simulated. */
final class OutliersExperiment implements Experiment {
  private static final int SAMPLES = 100_000;
  private static final int ONE_IN = 50;
  private static final int BATCH = 100;

  @Override
  public String id() {
    return "outliers";
  }

  @Override
  public String question() {
    return "What is the p99 of a program of which one sample in fifty takes 50 us, and the others 10?";
  }

  @Override
  public List<Row> run(Size size) {
    var random = new SplittableRandom(1);
    long[] nanos = new long[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      double level = random.nextInt(ONE_IN) == 0 ? 50_000 : 10_000;
      nanos[i] = Math.round(level * (1 + 0.02 * random.nextGaussian()));
    }
    return List.of(
        new Row("three standard deviations from the mean are removed", shown(removed(nanos))),
        new Row("averages of batches of 100", shown(batches(nanos))),
        new Row("every sample for itself, and none removed", shown(nanos)));
  }

  private static long[] removed(long[] nanos) {
    double mean = Arrays.stream(nanos).average().orElseThrow();
    double deviation =
        Math.sqrt(
            Arrays.stream(nanos).mapToDouble(n -> (n - mean) * (n - mean)).average().orElseThrow());
    return Arrays.stream(nanos).filter(n -> Math.abs(n - mean) <= 3 * deviation).toArray();
  }

  private static long[] batches(long[] nanos) {
    long[] means = new long[nanos.length / BATCH];
    for (int i = 0; i < means.length; i++) {
      means[i] =
          Math.round(Arrays.stream(nanos, i * BATCH, (i + 1) * BATCH).average().orElseThrow());
    }
    return means;
  }

  private static String shown(long[] nanos) {
    return "median %s, p99 %s, max %s"
        .formatted(
            Shown.time(nanos),
            Shown.time(Shown.quantile(nanos, 0.99)),
            Shown.time(Shown.quantile(nanos, 1)));
  }
}
