// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import io.gpubench.benchmarks.Shown;
import io.gpubench.benchmarks.experiments.Toy.Cheat;
import io.gpubench.measure.result.Doubts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An engine that has all the answers before the clock is read, and all of them are right. */
final class BoundsExperiment implements Experiment {
  /** A generous processor: 6 GHz, six scalar units and four vector units of eight lanes. */
  private static final double MOST_PER_SECOND = 6e9 * (6 + 4 * 8);

  /**
   * Two shifts, two exclusive ors and a multiplication, twice; one more of each, and an addition.
   */
  private static final double OPERATIONS = 10.0 * Toy.WORDS;

  @Override
  public String id() {
    return "bounds";
  }

  @Override
  public String question() {
    return "What if every answer is right, since it was computed beforehand?";
  }

  @Override
  public List<Row> run(Size size) {
    int samples = size.of(2_000, 20_000);
    return List.of(
        new Row("answers are checked", time(samples)),
        new Row("answers are checked, and the time against what hardware can do", said(samples)));
  }

  private static String said(int samples) {
    @Nullable String doubt =
        Doubts.ofWork(Math.max(1, Shown.median(nanos(samples))), OPERATIONS, MOST_PER_SECOND);
    return doubt == null ? "believed" : "rejected: " + doubt;
  }

  private static String time(int samples) {
    return "all right, median " + Shown.time(nanos(samples));
  }

  private static long[] nanos(int samples) {
    var engine = new Toy(Cheat.REMEMBERS);
    long[] input = Toy.input(1);
    engine.work(input);
    long right = Toy.answer(input);
    long[] nanos = new long[samples];
    for (int i = 0; i < samples; i++) {
      engine.output = Toy.POISON;
      long begin = System.nanoTime();
      engine.work(input);
      nanos[i] = System.nanoTime() - begin;
      if (engine.output != right) {
        throw new IllegalStateException("it has forgotten");
      }
    }
    return nanos;
  }
}
