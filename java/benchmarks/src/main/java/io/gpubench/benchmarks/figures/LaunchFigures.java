// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

import io.gpubench.benchmarks.Reading;
import io.gpubench.measure.result.ResultRecord;
import java.util.List;
import java.util.Map;

/** The floor under every latency on the processors. */
final class LaunchFigures {
  static final List<Figure> ALL =
      List.of(
          new Figure(
              "launch-empty",
              "`launch.empty` on `host`: an empty task of 2 threads",
              Goal.none(""),
              bench -> time(bench, "launch.empty")),
          new Figure(
              "launch-mailbox",
              "`launch.mailbox` on `host`: a token to a waiting thread and its answer",
              Goal.none(""),
              bench -> time(bench, "launch.mailbox")),
          new Figure(
              "launch-copy",
              "`launch.copy` on `host`: 8 bytes",
              Goal.none(""),
              bench -> time(bench, "launch.copy")),
          new Figure(
              "launch-ffm",
              "`launch.ffm` on `host`: a C function that only counts, called from Java, over the"
                  + " same loop in C",
              Goal.none("on a GPU, where a launch costs microseconds: 1.02"),
              bench -> {
                ResultRecord record = record(bench, "launch.ffm");
                return Taken.of(Records.paired(record).times(1, "times"))
                    .with(Records.timePerUnit(record, 1, "ns").brief() + " a call");
              }));

  private LaunchFigures() {}

  private static Taken time(Bench bench, String workload) {
    Reading time = Records.timePerUnit(record(bench, workload), 1, "ns");
    return Taken.of(time);
  }

  private static ResultRecord record(Bench bench, String workload) {
    return Records.record(
        bench.run(
            "run",
            "launch.empty",
            "launch.mailbox",
            "launch.copy",
            "launch.ffm",
            "--engine",
            "host",
            "--samples",
            "2000",
            "--set",
            "launch.empty.work=none",
            "--set",
            "launch.copy.bytes=8",
            "--set",
            "launch.copy.direction=h2d",
            "--set",
            "launch.ffm.calls=1000"),
        workload,
        Map.of());
  }
}
