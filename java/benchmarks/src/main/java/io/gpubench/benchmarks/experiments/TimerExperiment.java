// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import io.gpubench.benchmarks.Shown;
import io.gpubench.measure.result.Doubts;
import io.gpubench.measure.run.Timer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Work that is shorter than two readings of the clock. */
final class TimerExperiment implements Experiment {
  private static final int CALLS = 1_000;

  @Override
  public String id() {
    return "timer";
  }

  @Override
  public String question() {
    return "How long does one multiplication take?";
  }

  @Override
  public List<Row> run(Size size) {
    Timer timer = Timer.measure(Timer.Clock.SYSTEM);
    int samples = size.of(20_000, 200_000);
    long[] nanos = new long[samples];
    long value = samples | 1;
    for (int i = 0; i < samples; i++) {
      long begin = System.nanoTime();
      value = value * value + i;
      nanos[i] = System.nanoTime() - begin;
    }
    for (int i = 0; i < samples / 10; i++) {
      value = multiplied(value);
    }
    long[] batches = new long[samples / CALLS];
    for (int i = 0; i < batches.length; i++) {
      long begin = System.nanoTime();
      value = multiplied(value);
      batches[i] = System.nanoTime() - begin;
    }
    double median = Shown.median(nanos);
    @Nullable String doubt = Doubts.ofTimer(median, timer);
    return List.of(
        new Row("the clock around each", Shown.time(median) + kept(value)),
        new Row(
            "the same, against what the timer resolves",
            doubt == null ? "believed" : "rejected: " + doubt),
        new Row(
            "the clock around 1,000, over 1,000 (clock batch)",
            Shown.time(Shown.median(batches) / CALLS)));
  }

  private static long multiplied(long value) {
    long product = value;
    for (int call = 0; call < CALLS; call++) {
      product = product * product + call;
    }
    return product;
  }

  /** Nothing, but the compiler does not know. */
  private static String kept(long value) {
    return value == 0 ? " " : "";
  }
}
