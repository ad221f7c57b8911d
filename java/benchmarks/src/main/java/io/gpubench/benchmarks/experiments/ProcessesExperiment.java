// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import io.gpubench.benchmarks.Shown;
import io.gpubench.measure.stats.SignedRankInterval;
import io.gpubench.measure.stats.Statistics;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** The same program in six processes. */
final class ProcessesExperiment implements Experiment {
  private static final int FIRST_PROCESSES = 6;

  @Override
  public String id() {
    return "processes";
  }

  @Override
  public String question() {
    return "Does the interval of one process hold what the next one finds?";
  }

  @Override
  public List<Row> run(Size size) {
    int processes = size.of(2, 2 * FIRST_PROCESSES);
    int samples = size.of(300, 20_000);
    double[] medians = new double[processes];
    double[] lower = new double[processes];
    double[] upper = new double[processes];
    for (int i = 0; i < processes; i++) {
      long[] nanos = ChildProcess.durations(samples);
      Statistics statistics =
          Statistics.of(Arrays.copyOfRange(nanos, nanos.length / 2, nanos.length));
      medians[i] = statistics.median();
      lower[i] = Objects.requireNonNullElse(statistics.intervals().median().lower(), 0.0);
      upper[i] = Objects.requireNonNullElse(statistics.intervals().median().upper(), 1e18);
    }
    int held = 0;
    for (int i = 0; i < processes; i++) {
      for (int j = 0; j < processes; j++) {
        held += i != j && lower[i] <= medians[j] && medians[j] <= upper[i] ? 1 : 0;
      }
    }
    int half = Math.min(FIRST_PROCESSES, processes);
    SignedRankInterval over = SignedRankInterval.geometric(Arrays.copyOf(medians, half), 0.95);
    int others = 0;
    for (int i = half; i < processes; i++) {
      others +=
          over.lower() != null
                  && over.upper() != null
                  && over.lower() <= medians[i]
                  && medians[i] <= over.upper()
              ? 1
              : 0;
    }
    double[] sorted = medians.clone();
    Arrays.sort(sorted);
    return List.of(
        new Row(
            "medians of the processes",
            "%s .. %s".formatted(Shown.time(sorted[0]), Shown.time(sorted[processes - 1]))),
        new Row(
            "the interval of one process",
            "holds the median of another in %d of %d cases"
                .formatted(held, processes * (processes - 1))),
        new Row(
            "the interval over the first six",
            "holds %d of %d more medians".formatted(others, processes - half)));
  }
}
