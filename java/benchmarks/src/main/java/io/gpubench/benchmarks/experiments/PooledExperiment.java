// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import io.gpubench.benchmarks.Shown;
import io.gpubench.measure.stats.SignedRankInterval;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Two equal programs whose processes differ by 2 % and whose samples differ by 3 %, simulated. */
final class PooledExperiment implements Experiment {
  private static final int PROCESSES = 8;
  private static final int SAMPLES = 200;
  private static final double BETWEEN = 0.02;
  private static final double WITHIN = 0.03;

  /** The normal distribution's bound for 5 %, two-sided. */
  private static final double Z = 1.96;

  @Override
  public String id() {
    return "pooled";
  }

  @Override
  public String question() {
    return "How often is one of two equal programs found faster, at 5 %?";
  }

  @Override
  public List<Row> run(Size size) {
    int trials = size.of(50, 2_000);
    int pooled = 0;
    int byProcess = 0;
    var random = new SplittableRandom(1);
    for (int trial = 0; trial < trials; trial++) {
      double[][] a = program(random);
      double[][] b = program(random);
      pooled += mannWhitney(flat(a), flat(b)) ? 1 : 0;
      byProcess += signedRank(a, b) ? 1 : 0;
    }
    return List.of(
        new Row("all samples in one pot, Mann-Whitney", Shown.percent((double) pooled / trials)),
        new Row(
            "medians of 8 pairs of processes, signed rank",
            Shown.percent((double) byProcess / trials)));
  }

  private static double[][] program(SplittableRandom random) {
    double[][] samples = new double[PROCESSES][SAMPLES];
    for (double[] process : samples) {
      double level = 1 + BETWEEN * random.nextGaussian();
      Arrays.setAll(process, _ -> level * (1 + WITHIN * random.nextGaussian()));
    }
    return samples;
  }

  private static double[] flat(double[][] processes) {
    return Arrays.stream(processes).flatMapToDouble(Arrays::stream).toArray();
  }

  /** Whether the sum of ranks is farther from its mean than chance explains. */
  private static boolean mannWhitney(double[] a, double[] b) {
    double[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    Integer[] order = IntStream.range(0, all.length).boxed().toArray(Integer[]::new);
    Arrays.sort(order, (i, j) -> Double.compare(all[i], all[j]));
    double ranks = 0;
    for (int rank = 0; rank < order.length; rank++) {
      ranks += order[rank] < a.length ? rank + 1 : 0;
    }
    double n = a.length;
    double m = b.length;
    double mean = n * (n + m + 1) / 2;
    double deviation = Math.sqrt(n * m * (n + m + 1) / 12);
    return Math.abs(ranks - mean) > Z * deviation;
  }

  private static boolean signedRank(double[][] a, double[][] b) {
    double[] ratios = new double[PROCESSES];
    Arrays.setAll(ratios, i -> Math.log(median(b[i]) / median(a[i])));
    SignedRankInterval interval = SignedRankInterval.of(ratios, 0.95);
    return interval.lower() != null
        && interval.upper() != null
        && (interval.lower() > 0 || interval.upper() < 0);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
