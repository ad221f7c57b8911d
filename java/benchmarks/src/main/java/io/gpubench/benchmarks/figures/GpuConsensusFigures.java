// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

import io.gpubench.benchmarks.Reading;
import io.gpubench.measure.result.ResultRecord;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The quorum certificate on a GPU: what an H200 must show, and its latency on whatever GPU there
 * is. Tags {@code siphash}, a third of the validators faulty.
 */
final class GpuConsensusFigures {
  private static final double GIGA = 1e9;
  private static final double MICRO = 1e3;
  private static final List<String> LATENCY_PATHS = List.of("launch", "graph", "mailbox");

  static final List<Figure> ALL =
      List.of(
          new Figure(
              "h200-consensus-mailbox",
              "H200: `consensus`, 1,000 validators, path `mailbox`, median",
              Goal.atMost(6, "6 us (aim 4.5; floor about 4.3)"),
              bench -> Taken.of(median(GpuFigures.onTheCard(latency(bench, "mailbox", 1_000))))),
          new Figure(
              "h200-consensus-mailbox-p99",
              "the same, p99",
              Goal.atMost(8, "8 us (aim 6)"),
              bench -> {
                ResultRecord record = GpuFigures.onTheCard(latency(bench, "mailbox", 1_000));
                return Taken.of(
                    Reading.of(Objects.requireNonNull(record.statistics()).p99() / MICRO, "us"));
              }),
          new Figure(
              "h200-consensus-10000",
              "H200: `consensus`, 10,000 validators, the best path, p95",
              Goal.atMost(25, "25 us (aim 15; floor 10 to 13)"),
              GpuConsensusFigures::best),
          new Figure(
              "h200-consensus-streamed",
              "H200: `consensus`, 1,000 validators, path `streamed`, messages",
              Goal.atLeast(1.5, "1.5 G/s (aim 1.63; floor 1.7, 32 bytes each over the link)"),
              bench -> Taken.of(rate(bench, "streamed", "host"))),
          new Figure(
              "h200-consensus-resident",
              "H200: `consensus`, 1,000 validators, path `resident`, messages",
              Goal.atLeast(25, "25 G/s (aim 45; floor 64, some 260 operations each)"),
              bench -> Taken.of(rate(bench, "resident", "device"))),
          anyCard("launch", "host"),
          anyCard("graph", "host"),
          anyCard("mailbox", "host"),
          anyCard("launch", "device"),
          anyCard("graph", "device"));

  private GpuConsensusFigures() {}

  /** All sizes and tags that a figure asks for in one run, which is made once. */
  private static ResultRecord record(Bench bench, String path, String clock, int validators) {
    String[] run = {
      "run",
      "consensus",
      "--path",
      path,
      "--clock",
      clock,
      "--set",
      "consensus.validators=1000,10000",
      "--set",
      "consensus.tags=siphash"
    };
    return GpuFigures.record(bench, run, "consensus", Map.of("validators", validators));
  }

  private static ResultRecord latency(Bench bench, String path, int validators) {
    return record(bench, path, "host", validators);
  }

  private static Taken best(Bench bench) {
    ResultRecord best =
        LATENCY_PATHS.stream()
            .map(path -> GpuFigures.onTheCard(latency(bench, path, 10_000)))
            .min(Comparator.comparingDouble(GpuConsensusFigures::p95))
            .orElseThrow();
    return Taken.of(Reading.of(p95(best) / MICRO, "us")).with("by `" + best.path() + "`");
  }

  private static double p95(ResultRecord record) {
    return Objects.requireNonNull(record.statistics()).p95();
  }

  private static Reading rate(Bench bench, String path, String clock) {
    return Records.rate(
        GpuFigures.onTheCard(record(bench, path, clock, 1_000)), GIGA, "G messages/s");
  }

  private static Figure anyCard(String path, String clock) {
    return new Figure(
        "gpu-consensus-" + path + "-" + clock,
        "`consensus` on a GPU, 1,000 validators, path `%s`, clock `%s`".formatted(path, clock),
        Goal.none(""),
        bench -> {
          ResultRecord few = record(bench, path, clock, 1_000);
          ResultRecord many = record(bench, path, clock, 10_000);
          return Taken.of(median(few))
              .with("10,000 validators " + median(many).brief())
              .with(String.valueOf(few.device()));
        });
  }

  private static Reading median(ResultRecord record) {
    return Records.median(record, MICRO, "us");
  }
}
