// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import io.gpubench.benchmarks.Shown;
import java.util.Arrays;
import java.util.List;

/** A program from its first sample on. */
final class WarmUpExperiment implements Experiment {
  private static final int FIRST = 50;

  @Override
  public String id() {
    return "warm-up";
  }

  @Override
  public String question() {
    return "How long do 1,000 look-ups in a hash table take, in a fresh process?";
  }

  @Override
  public List<Row> run(Size size) {
    int samples = size.of(200, 20_000);
    long[] nanos = ChildProcess.durations(samples);
    return List.of(
        new Row("the first 50 samples", Shown.time(Arrays.copyOf(nanos, FIRST))),
        new Row(
            "the last 50 of %,d".formatted(samples),
            Shown.time(Arrays.copyOfRange(nanos, nanos.length - FIRST, nanos.length))));
  }
}
