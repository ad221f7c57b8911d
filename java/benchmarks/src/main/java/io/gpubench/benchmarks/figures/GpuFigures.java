// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

import io.gpubench.benchmarks.Reading;
import io.gpubench.measure.result.ResultRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What an H200 must show that it can do at all. */
final class GpuFigures {
  private static final double TERA = 1e12;
  private static final double GIGA = 1e9;
  private static final double MICRO = 1e3;
  private static final String CARD = "H200";
  static final String[] CEILINGS = {"run", "--suite", "ceilings-cuda"};
  private static final String[] LAUNCHES = {"run", "--suite", "launch-cuda"};
  private static final Goal COPIES = Goal.atLeast(50, "50 GB/s");

  static final List<Figure> ALL =
      List.of(
          h200("copy", "bytes read and written", Goal.atLeast(4.3, "4.3 TB/s"), TERA, "TB/s"),
          h200("read", "bytes read", Goal.atLeast(4.4, "4.4 TB/s"), TERA, "TB/s"),
          h200(
              "fp32",
              "multiply-adds as two",
              Goal.atLeast(60.2, "60.2 TFLOP/s, 90 % of 66.9"),
              TERA,
              "TFLOP/s"),
          h200("int32", "operations", Goal.atLeast(15.0, "15.0 T/s, 90 % of 16.7"), TERA, "T/s"),
          h200("h2d", "page-locked", COPIES, GIGA, "GB/s"),
          h200("d2h", "page-locked", COPIES, GIGA, "GB/s"),
          new Figure(
              "h200-launch",
              "H200: `launch.empty`, launch and wait, host clock",
              Goal.atMost(8, "8 us"),
              bench ->
                  launch(bench, "launch.empty", Map.of("work", "none"), GpuFigures::microseconds)),
          new Figure(
              "h200-mailbox",
              "H200: `launch.mailbox`, a token to a resident kernel and its answer",
              Goal.atMost(3, "3 us"),
              bench -> launch(bench, "launch.mailbox", Map.of(), GpuFigures::microseconds)),
          new Figure(
              "h200-ffm",
              "H200: `launch.ffm`, 1,000 launches and a wait from Java over the same in C",
              Goal.atMost(1.02, "1.02"),
              bench -> launch(bench, "launch.ffm", Map.of(), Records::paired)));

  private GpuFigures() {}

  private static Figure h200(String ceiling, String of, Goal goal, double scale, String unit) {
    return new Figure(
        "h200-" + ceiling,
        "H200: `ceiling.%s`, %s".formatted(ceiling, of),
        goal,
        bench ->
            Taken.of(
                Records.rate(
                    onTheCard(record(bench, CEILINGS, "ceiling." + ceiling, Map.of())),
                    scale,
                    unit)));
  }

  private static Taken launch(
      Bench bench,
      String workload,
      Map<String, ?> values,
      Function<ResultRecord, Reading> reading) {
    return Taken.of(reading.apply(onTheCard(record(bench, LAUNCHES, workload, values))));
  }

  private static Reading microseconds(ResultRecord record) {
    return Records.timePerUnit(record, MICRO, "us");
  }

  /** A record of the device, which is none that is simulated. */
  static ResultRecord record(Bench bench, String[] run, String workload, Map<String, ?> values) {
    var command = new ArrayList<>(List.of(run));
    command.addAll(List.of("--device", bench.device()));
    ResultRecord record =
        Records.record(bench.run(command.toArray(String[]::new)), workload, values);
    if (record.synthetic()) {
      throw new LackingException("a simulated device says nothing of a GPU");
    }
    return record;
  }

  /** All records of the device with these values that were measured. */
  static List<ResultRecord> records(
      Bench bench, String[] run, String workload, Map<String, ?> values) {
    var command = new ArrayList<>(List.of(run));
    command.addAll(List.of("--device", bench.device()));
    List<ResultRecord> records =
        Records.measured(bench.run(command.toArray(String[]::new)), workload, values);
    if (records.stream().anyMatch(ResultRecord::synthetic)) {
      throw new LackingException("a simulated device says nothing of a GPU");
    }
    return records;
  }

  /**
   * The goals are for one card.
   *
   * @throws LackingException when it is another
   */
  static ResultRecord onTheCard(ResultRecord record) {
    String device = String.valueOf(record.device());
    if (!device.contains(CARD)) {
      throw new LackingException("the device is a " + device);
    }
    return record;
  }
}
