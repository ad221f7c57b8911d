// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

import io.gpubench.benchmarks.Reading;
import io.gpubench.benchmarks.SensorCost;
import io.gpubench.benchmarks.SensorSweepBenchmark;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import java.util.List;

/** What it costs to ask a device's sensors. */
final class SensorFigures {
  private static final double MICRO = 1e3;
  private static final String SUM = "sum ";

  static final List<Figure> ALL =
      List.of(
          new Figure(
              "sensor-sweep",
              "one sample of all sensors of NVML, our own part: the simulated device refuses each",
              Goal.none("20 calls such as the one above"),
              bench -> Taken.of(JmhResult.of(bench, SensorSweepBenchmark.class, "sweep").time())),
          new Figure(
              "sensor-garbage",
              "what it allocates",
              Goal.atMost(0.5, "0 bytes (0.5, for what JMH itself does)"),
              bench ->
                  Taken.of(
                      JmhResult.of(bench, SensorSweepBenchmark.class, "sweep")
                          .allocatedBytes())),
          new Figure(
              "gpu-sensor-sweep",
              "one sample of all sensors of a GPU that are asked at each poll, 20 ms after the last",
              Goal.atMost(100, "100 us"),
              SensorFigures::polled),
          effect("telemetry-host", "host", "consensus", "1,000 validators, all threads"),
          effect("telemetry-java", "java", "consensus", "1,000 validators, all threads"),
          effect("gpu-telemetry", "cuda", "launch.empty", "on a GPU, launch and wait"));

  private SensorFigures() {}

  /** Runs with and without telemetry, interleaved sample by sample. */
  private static Figure effect(String id, String engine, String workload, String of) {
    boolean gpu = engine.equals("cuda");
    return new Figure(
        id,
        "`%s` on `%s`, %s: time with telemetry over time without, as a duet"
            .formatted(workload, engine, of),
        Goal.atMost(1.01, "1.01"),
        bench -> {
          String side = "engine=" + engine + (gpu ? ",device=" + bench.device() : "");
          RunDocument run =
              bench.run(
                  "duet",
                  side + ",telemetry=off",
                  side,
                  workload,
                  "--set",
                  gpu ? "launch.empty.work=none" : "consensus.validators=1000",
                  "--duets",
                  "12",
                  "--samples",
                  "20000");
          ResultRecord off = run.records().getFirst();
          if (gpu && off.synthetic()) {
            throw new LackingException("a simulated device says nothing of a GPU");
          }
          return Taken.of(Records.duet(run, off)).with(Records.median(off, MICRO, "us").brief());
        });
  }

  private static Taken polled(Bench bench) {
    List<String> lines = bench.java(SensorCost.class, bench.device());
    double[] sums =
        lines.stream()
            .filter(line -> line.startsWith(SUM))
            .mapToDouble(line -> Double.parseDouble(line.substring(SUM.length())) / MICRO)
            .toArray();
    if (sums.length == 0) {
      throw new FailedException("no sums");
    }
    long read =
        lines.stream()
            .filter(line -> !line.startsWith(SUM) && line.split(" ", -1)[3].isEmpty())
            .count();
    if (read == 0) {
      throw new LackingException("NVML tells nothing of the device");
    }
    return Taken.of(Reading.of(sums, "us")).with(read + " sensors have a reading");
  }
}
