// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

import io.gpubench.benchmarks.LaunchCallBenchmark;
import io.gpubench.benchmarks.Reading;
import io.gpubench.benchmarks.SampleLoopBenchmark;
import java.util.List;

/** What JMH measures: what the sample loop and a call from Java cost. */
final class LoopFigures {
  /** Each sample is kept, in arrays that are allocated before the first one. */
  private static final double KEPT_BYTES = 16;

  static final List<Figure> ALL =
      List.of(
          new Figure(
              "sample-loop",
              "the sample loop, per sample",
              Goal.atMost(100, "100 ns"),
              bench ->
                  Taken.of(time(bench, SampleLoopBenchmark.class, "loop"))
                      .with(
                          "two readings of the clock alone "
                              + time(bench, SampleLoopBenchmark.class, "clock").brief())),
          new Figure(
              "sample-garbage",
              "what the sample loop allocates for a sample beyond the 16 bytes that are kept of it",
              Goal.atMost(0.5, "0 bytes (0.5, since arrays have headers)"),
              LoopFigures::garbage),
          new Figure(
              "launch-call",
              "the call that launches a kernel (11 arguments), from Java",
              Goal.none("from C, next to it"),
              bench ->
                  Taken.of(time(bench, LaunchCallBenchmark.class, "java"))
                      .with("from C " + time(bench, LaunchCallBenchmark.class, "c").brief())));

  private LoopFigures() {}

  private static Reading time(Bench bench, Class<?> benchmark, String method) {
    return JmhResult.of(bench, benchmark, method).time();
  }

  private static Taken garbage(Bench bench) {
    double[] bytes = JmhResult.of(bench, SampleLoopBenchmark.class, "loop").allocated();
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] -= KEPT_BYTES;
    }
    return Taken.of(Reading.of(bytes, "bytes"));
  }
}
