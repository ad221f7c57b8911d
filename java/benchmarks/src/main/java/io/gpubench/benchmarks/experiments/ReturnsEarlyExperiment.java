// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import io.gpubench.benchmarks.Shown;
import io.gpubench.benchmarks.experiments.Toy.Cheat;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** An engine that hands its work to another thread and returns. */
final class ReturnsEarlyExperiment implements Experiment {
  private static final long PATIENCE_NANOS = 60_000_000;

  @Override
  public String id() {
    return "returns-early";
  }

  @Override
  public String question() {
    return "When does the answer have to be there?";
  }

  @Override
  public List<Row> run(Size size) {
    int samples = size.of(2, 30);
    return List.of(
        new Row("looked at 60 ms after the clock was read", time(samples, PATIENCE_NANOS)),
        new Row("looked at when the clock was read", time(samples, 0)));
  }

  private static String time(int samples, long patience) {
    var engine = new Toy(Cheat.RETURNS_EARLY);
    long[] nanos = new long[samples];
    int good = 0;
    for (int i = 0; i < samples; i++) {
      long[] input = Toy.input(i);
      engine.output = Toy.POISON;
      long begin = System.nanoTime();
      engine.work(input);
      nanos[i] = System.nanoTime() - begin;
      LockSupport.parkNanos(patience);
      good += engine.output == Toy.answer(input) ? 1 : 0;
    }
    return "%d of %d answers right, median %s; the work takes 20 ms"
        .formatted(good, samples, Shown.time(nanos));
  }
}
