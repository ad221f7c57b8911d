// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

import io.gpubench.benchmarks.BootstrapBenchmark;
import io.gpubench.benchmarks.CompareCost;
import io.gpubench.benchmarks.Reading;
import java.util.List;

/** What it costs to say something of samples: intervals and comparisons. */
final class JudgeFigures {
  static final List<Figure> ALL =
      List.of(
          new Figure(
              "bootstrap",
              "a bootstrap interval of the median of 10,000 autocorrelated samples, 1,000 draws in blocks",
              Goal.atMost(50, "50 ms"),
              bench ->
                  Taken.of(
                      JmhResult.of(bench, BootstrapBenchmark.class, "autocorrelated")
                          .time()
                          .times(1e-6, "ms"))),
          new Figure(
              "compare",
              "`./gpubench compare` of two stored runs of 100 records of 1,000 samples, a whole process",
              Goal.atMost(3, "3 s"),
              bench -> Taken.of(compare(bench.java(CompareCost.class)))));

  private JudgeFigures() {}

  private static Reading compare(List<String> lines) {
    return Reading.parse("compare", lines)
        .orElseThrow(() -> new FailedException("no line begins with compare"));
  }
}
