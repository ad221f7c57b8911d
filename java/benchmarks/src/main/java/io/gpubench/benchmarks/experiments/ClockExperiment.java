// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import io.gpubench.benchmarks.Shown;
import io.gpubench.measure.run.ClockWatch;
import io.gpubench.measure.run.Timer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A clock at half speed, as a library that is loaded first gives it to a whole process. */
final class ClockExperiment implements Experiment {
  @Override
  public String id() {
    return "clock";
  }

  @Override
  public String question() {
    return "Who notices a clock that goes at half the speed?";
  }

  @Override
  public List<Row> run(Size size) {
    long begin = System.nanoTime();
    Timer.Clock half = () -> begin + (System.nanoTime() - begin) / 2;
    var watchOfHalf = new ClockWatch(half);
    var watch = new ClockWatch(Timer.Clock.SYSTEM);
    long[] input = Toy.input(1);
    int samples = 0;
    long halfNanos = -half.nanos();
    long nanos = -System.nanoTime();
    while (System.nanoTime() - begin < size.of(200, 500) * 1_000_000L) {
      Toy.answer(input);
      samples++;
    }
    nanos += System.nanoTime();
    halfNanos += half.nanos();
    return List.of(
        new Row("the clock alone", Shown.time((double) halfNanos / samples) + " a sample"),
        new Row("the clock, and the system's uptime beside it", said(watchOfHalf.doubt())),
        new Row(
            "the right clock, and the uptime beside it",
            "%s: %s a sample"
                .formatted(said(watch.doubt()), Shown.time((double) nanos / samples))));
  }

  private static String said(@Nullable String doubt) {
    return doubt == null ? "nothing to say" : "rejected: " + doubt;
  }
}
