// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Processes whose durations vary by known amounts, between and within. */
final class Processes {
  static final double MEDIAN = 1_000_000;

  private Processes() {}

  /** The statistics of each process: log-normal durations around log-normal medians. */
  static List<Statistics> draw(
      Random random, int processes, int samples, double between, double within) {
    return Stream.generate(() -> MEDIAN * Math.exp(between * random.nextGaussian()))
        .limit(processes)
        .map(median ->
            Statistics.of(
                LongStream.generate(
                        () -> Math.round(median * Math.exp(within * random.nextGaussian())))
                    .limit(samples)
                    .toArray()))
        .toList();
  }
}
