// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

import io.gpubench.benchmarks.Reading;
import io.gpubench.benchmarks.VerifyCost;
import io.gpubench.benchmarks.WorkerCost;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What whole processes take: commands, workers, and what goes between them. */
final class ProcessFigures {
  private static final int STARTS = 15;
  private static final Goal SECOND = Goal.atMost(1.0, "1.0 s");
  private static final double MEBI = 1 << 20;

  static final List<Figure> ALL =
      List.of(
          new Figure(
              "start-help",
              "`./gpubench --help`, a whole process",
              Goal.atMost(0.25, "0.25 s"),
              bench -> Taken.of(Reading.of(starts(bench)[0], "s"))),
          new Figure(
              "start-list",
              "`./gpubench list engines`, a whole process",
              Goal.atMost(0.5, "0.5 s"),
              bench -> Taken.of(Reading.of(starts(bench)[1], "s"))),
          new Figure(
              "worker-host",
              "the start of a worker with `host`, until its engine is open",
              SECOND,
              bench -> start(bench, "host")),
          new Figure("worker-java", "the same with `java`", SECOND, bench -> start(bench, "java")),
          new Figure(
              "worker-prepare",
              "preparing `consensus` in a fresh worker with `host`, 10,000 validators, with the"
                  + " oracle's answers",
              Goal.none(""),
              bench ->
                  Taken.of(
                      Records.ofProcesses(
                          workers(bench, "host"), ProcessPart::prepareSeconds, "s"))),
          new Figure(
              "worker-protocol",
              "what the worker protocol adds to a request for 1,000 samples of 100 us",
              Goal.atMost(1, "1 %"),
              bench ->
                  Taken.of(line(bench.java(WorkerCost.class), "share of the request"))
                      .with(line(bench.java(WorkerCost.class), "request").brief())
                      .with(
                          "a round trip alone "
                              + line(bench.java(WorkerCost.class), "round trip alone").brief())),
          new Figure(
              "verify",
              "`./gpubench verify`, 1,000 runs of 1,000 samples, with a heap of 64 MiB",
              Goal.atMost(20, "20 s"),
              bench -> Taken.of(line(bench.java(VerifyCost.class, "1000", "1"), "all"))),
          new Figure("bundle", "the bundle", Goal.atMost(40, "40 MiB"), ProcessFigures::bundle));

  private ProcessFigures() {}

  private static double[][] starts(Bench bench) {
    return bench.seconds(
        STARTS, List.of(bench.launcher("--help"), bench.launcher("list", "engines")));
  }

  private static Taken start(Bench bench, String engine) {
    return Taken.of(Records.ofProcesses(workers(bench, engine), ProcessPart::startSeconds, "s"));
  }

  private static ResultRecord workers(Bench bench, String engine) {
    return Records.record(
        bench.run(
            "run",
            "consensus",
            "--engine",
            engine,
            "--set",
            "consensus.validators=10000",
            "--set",
            "consensus.tags=siphash",
            "--samples",
            "1000",
            "--repetitions",
            "12"),
        "consensus",
        Map.of());
  }

  private static Reading line(List<String> lines, String name) {
    return Reading.parse(name, lines)
        .orElseThrow(() -> new FailedException("no line begins with " + name));
  }

  private static Taken bundle(Bench bench) {
    Path archive = bench.scratch("bundle.tar.xz");
    bench.lines(Map.of(), bench.launcher("bundle", "--output", archive.toString()));
    try {
      return Taken.of(Reading.of(Files.size(archive) / MEBI, "MiB"));
    } catch (IOException e) {
      throw new FailedException("the bundle cannot be read", e);
    }
  }
}
