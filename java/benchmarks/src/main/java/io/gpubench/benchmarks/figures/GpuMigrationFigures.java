// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

import io.gpubench.benchmarks.Reading;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.stats.QuantileInterval;
import io.gpubench.measure.stats.Statistics;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Pages that are moved to and from a GPU: what an H200 must show, by the best of its paths. */
final class GpuMigrationFigures {
  private static final double GIGA = 1e9;
  private static final double MICRO = 1e3;
  private static final long PAGE = 2L << 20;
  private static final String[] SUITE = {"run", "--suite", "migration-cuda"};
  private static final List<String> PATHS = List.of("copies", "batched", "kernel", "staging");

  static final List<Figure> ALL =
      List.of(
          new Figure(
              "h200-migration-small",
              "H200: `migration`, 1,024 scattered pages of 4 KiB, pinned to device, p95, host clock",
              Goal.atMost(200, "200 us (aim 110; floor 76)"),
              bench -> p95(bench, "pinned", "device", 4096, 1024)),
          new Figure(
              "h200-migration-page-h2d",
              "the same, a page of 2 MiB, pinned to device",
              Goal.atMost(70, "70 us (aim 55; floor 38 + 8)"),
              bench -> p95(bench, "pinned", "device", PAGE, 1)),
          new Figure(
              "h200-migration-page-d2h",
              "the same, device to pinned",
              Goal.atMost(70, "70 us (aim 55; floor 38 + 8)"),
              bench -> p95(bench, "device", "pinned", PAGE, 1)),
          new Figure(
              "h200-migration-h2d",
              "the same, 64 MiB in pages of 2 MiB, pinned to device, share of `ceiling.h2d`",
              Goal.atLeast(0.95, "0.95 (aim 0.98)"),
              bench -> share(bench, "pinned", "device", 32, "one", "ceiling.h2d")),
          new Figure(
              "h200-migration-d2h",
              "the same, device to pinned, share of `ceiling.d2h`",
              Goal.atLeast(0.95, "0.95 (aim 0.98)"),
              bench -> share(bench, "device", "pinned", 32, "one", "ceiling.d2h")),
          new Figure(
              "h200-migration-both",
              "the same, 256 MiB each way at once, share of `ceiling.bidir`",
              Goal.atLeast(0.9, "0.9 (aim 0.97)"),
              bench -> share(bench, "pinned", "device", 128, "both", "ceiling.bidir")));

  private GpuMigrationFigures() {}

  private static Taken p95(Bench bench, String from, String to, long pageBytes, long pages) {
    ResultRecord best =
        measured(bench, from, to, pageBytes, pages, "one")
            .min(Comparator.comparingDouble(record -> times(record).p95()))
            .orElseThrow();
    QuantileInterval interval = times(best).intervals().p95();
    Reading reading =
        interval.lower() == null || interval.upper() == null
            ? Reading.of(times(best).p95(), "ns")
            : new Reading(times(best).p95(), interval.lower(), interval.upper(), 0, "ns");
    return Taken.of(reading.times(1 / MICRO, "us"))
        .with("path `" + best.path() + "`")
        .with("median " + Records.median(best, MICRO, "us").brief());
  }

  /** Of a ceiling that the same command measures on the same card, some minutes apart. */
  private static Taken share(
      Bench bench, String from, String to, long pages, String ways, String ceiling) {
    ResultRecord best =
        measured(bench, from, to, PAGE, pages, ways)
            .min(Comparator.comparingDouble(record -> times(record).median()))
            .orElseThrow();
    ResultRecord link = GpuFigures.record(bench, GpuFigures.CEILINGS, ceiling, Map.of());
    double most = Objects.requireNonNull(link.throughput(), "throughput").median();
    return Taken.of(Records.rate(best, most, ""))
        .with("path `" + best.path() + "`")
        .with(Records.rate(best, GIGA, "GB/s").brief())
        .with("ceiling " + Records.rate(link, GIGA, "GB/s").brief());
  }

  private static Statistics times(ResultRecord record) {
    return Objects.requireNonNull(record.statistics(), "statistics");
  }

  /** The records of all paths that could. */
  private static Stream<ResultRecord> measured(
      Bench bench, String from, String to, long pageBytes, long pages, String ways) {
    Map<String, ?> values =
        Map.of("from", from, "to", to, "pageBytes", pageBytes, "pages", pages, "ways", ways);
    List<ResultRecord> found =
        GpuFigures.records(bench, SUITE, "migration", values).stream()
            .filter(record -> PATHS.contains(record.path()))
            .map(GpuFigures::onTheCard)
            .toList();
    if (found.isEmpty()) {
      throw new FailedException("no path moved pages from %s to %s".formatted(from, to));
    }
    return found.stream();
  }
}
