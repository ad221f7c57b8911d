// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import io.gpubench.benchmarks.Shown;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Samples after a pause, in which a processor sleeps and caches are taken by others. */
final class PauseExperiment implements Experiment {
  private static final long PAUSE_NANOS = 20_000_000;
  private static final int AFTER = 20;

  @Override
  public String id() {
    return "pause";
  }

  @Override
  public String question() {
    return "How long does the first sample after a pause of 20 ms take?";
  }

  @Override
  public List<Row> run(Size size) {
    int pauses = size.of(3, 100);
    long[] first = new long[pauses];
    long[] later = new long[pauses * AFTER];
    long[] input = Toy.input(1);
    long right = Toy.answer(input);
    for (int i = 0; i < 20_000 / (size == Size.TINY ? 100 : 1); i++) {
      Toy.answer(input);
    }
    for (int pause = 0; pause < pauses; pause++) {
      LockSupport.parkNanos(PAUSE_NANOS);
      first[pause] = time(input, right);
      for (int i = 0; i < AFTER; i++) {
        later[pause * AFTER + i] = time(input, right);
      }
    }
    return List.of(
        new Row("the first after the pause", shown(first)),
        new Row("the twenty after it", shown(later)));
  }

  private static long time(long[] input, long right) {
    long begin = System.nanoTime();
    long found = Toy.answer(input);
    long nanos = System.nanoTime() - begin;
    if (found != right) {
      throw new IllegalStateException("wrong answer");
    }
    return nanos;
  }

  private static String shown(long[] nanos) {
    return "median %s, p95 %s"
        .formatted(Shown.time(nanos), Shown.time(Shown.quantile(nanos, 0.95)));
  }
}
