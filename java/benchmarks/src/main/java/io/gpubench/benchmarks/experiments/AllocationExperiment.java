// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import io.gpubench.benchmarks.Shown;
import java.util.List;

/** The same work with and without garbage in the timed window. */
final class AllocationExperiment implements Experiment {
  private static final int GARBAGE_BYTES = 64 << 10;

  private volatile byte[] kept = {};

  @Override
  public String id() {
    return "allocation";
  }

  @Override
  public String question() {
    return "What does it cost to allocate 64 KiB in the timed window?";
  }

  @Override
  public List<Row> run(Size size) {
    int samples = size.of(500, 100_000);
    time(samples / 5, true);
    time(samples / 5, false);
    return List.of(
        new Row("with new byte[65536]", shown(time(samples, true))),
        new Row("without", shown(time(samples, false))));
  }

  private long[] time(int samples, boolean allocates) {
    long[] input = Toy.input(1);
    long[] nanos = new long[samples];
    long sum = 0;
    for (int i = 0; i < samples; i++) {
      long begin = System.nanoTime();
      if (allocates) {
        kept = new byte[GARBAGE_BYTES];
      }
      sum += Toy.answer(input);
      nanos[i] = System.nanoTime() - begin;
    }
    nanos[0] += sum == 0 ? 1 : 0; // the compiler does not know the sum
    return nanos;
  }

  private static String shown(long[] nanos) {
    return "median %s, p99 %s, p99.9 %s, max %s"
        .formatted(
            Shown.time(nanos),
            Shown.time(Shown.quantile(nanos, 0.99)),
            Shown.time(Shown.quantile(nanos, 0.999)),
            Shown.time(Shown.quantile(nanos, 1)));
  }
}
