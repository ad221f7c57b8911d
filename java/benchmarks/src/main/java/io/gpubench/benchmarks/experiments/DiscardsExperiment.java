// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import io.gpubench.benchmarks.Shown;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** A card that throttles for most of a run and is 30 % slower then, simulated. */
final class DiscardsExperiment implements Experiment {
  private static final int SAMPLES = 10_000;
  private static final double MOST_DISCARDED = 0.5;

  @Override
  public String id() {
    return "discards";
  }

  @Override
  public String question() {
    return "What is left where a card throttles all the time and throttled samples are discarded?";
  }

  @Override
  public List<Row> run(Size size) {
    var random = new SplittableRandom(1);
    boolean[] throttled = new boolean[SAMPLES];
    Arrays.fill(throttled, true);
    long[] nanos = new long[SAMPLES];
    Arrays.setAll(nanos, _ -> Math.round(130_000 * (1 + 0.01 * random.nextGaussian())));
    long[] kept = kept(nanos, throttled);
    double mean = Arrays.stream(kept).sum() / (double) kept.length;
    return List.of(
        new Row(
            "discarded without a bound",
            "%,d samples left, mean %s ns".formatted(kept.length, mean)),
        new Row("discarded at most up to a half, then said and kept", bounded(nanos, throttled)));
  }

  private static long[] kept(long[] nanos, boolean[] throttled) {
    long[] left = new long[nanos.length];
    int count = 0;
    for (int i = 0; i < nanos.length; i++) {
      if (!throttled[i]) {
        left[count++] = nanos[i];
      }
    }
    return Arrays.copyOf(left, count);
  }

  private static String bounded(long[] nanos, boolean[] throttled) {
    long[] kept = kept(nanos, throttled);
    boolean tooMany = nanos.length - kept.length > MOST_DISCARDED * nanos.length;
    return tooMany
        ? "%,d samples, median %s, marked: throttled".formatted(nanos.length, Shown.time(nanos))
        : "%,d samples, median %s".formatted(kept.length, Shown.time(kept));
  }
}
