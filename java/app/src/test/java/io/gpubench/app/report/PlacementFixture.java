// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.measure.result.CeilingShare;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.stats.QuantileInterval;
import io.gpubench.measure.stats.Statistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A record of a migration that nobody measured, as it is made step by step. */
final class PlacementFixture {
  private final Map<String, Object> parameters = new LinkedHashMap<>();
  private final Map<String, Object> configuration = new LinkedHashMap<>();
  private final String path;
  private Outcome outcome = new Outcome.Measured();
  private @Nullable Statistics statistics;
  private @Nullable CeilingShare ceiling;
  private boolean onDevice;
  private boolean underSampled;
  private @Nullable Integer pieces;
  private int processes = 6;

  private PlacementFixture(String path) {
    this.path = path;
  }

  /** From pinned to pageable memory, 4 KiB pages. */
  static PlacementFixture by(String path, long pages) {
    var fixture = new PlacementFixture(path);
    fixture.set("from", "pinned").set("to", "pageable").set("pageBytes", 4096L);
    return fixture
        .set("pages", pages)
        .set("order", "scattered")
        .set("ways", "one")
        .set("sync", "none")
        .set("seed", 1L);
  }

  PlacementFixture set(String name, Object value) {
    parameters.put(name, value);
    return this;
  }

  PlacementFixture found(String name, Object value) {
    configuration.put(name, value);
    return this;
  }

  /** Took so many microseconds at the median, known to 2 %, and twice as many at p95. */
  PlacementFixture took(double micros) {
    return took(micros, 0.98 * micros, 1.02 * micros);
  }

  PlacementFixture took(double micros, @Nullable Double lower, @Nullable Double upper) {
    double nanos = 1e3 * micros;
    var median = interval(lower, upper, 1e3);
    var p95 = interval(lower, upper, 2e3);
    var none = interval(null, null, 1);
    var flagged = new Statistics.Flagged(0, nanos, nanos, null);
    statistics =
        new Statistics(
            nanos,
            nanos,
            2 * nanos,
            3 * nanos,
            4 * nanos,
            (long) nanos,
            (long) (5 * nanos),
            nanos,
            null,
            0,
            null,
            null,
            null,
            1,
            new Statistics.Intervals(median, p95, none, none),
            new Statistics.Outliers(flagged, flagged));
    return this;
  }

  private static QuantileInterval interval(
      @Nullable Double lower, @Nullable Double upper, double scale) {
    return new QuantileInterval(
        lower == null ? null : (Double) (scale * lower),
        upper == null ? null : (Double) (scale * upper),
        0.95,
        lower == null || upper == null ? null : 0.95);
  }

  PlacementFixture ended(Outcome how) {
    outcome = how;
    return this;
  }

  /** On a simulated device. */
  PlacementFixture onDevice() {
    onDevice = true;
    return this;
  }

  PlacementFixture underSampled() {
    underSampled = true;
    return this;
  }

  PlacementFixture processes(int count) {
    processes = count;
    return this;
  }

  PlacementFixture pieces(int count) {
    pieces = count;
    return this;
  }

  PlacementFixture share(String of, double share) {
    ceiling =
        new CeilingShare(
            "ceiling", of, "processors", "bytes/s", 1e10, 1, share, null, null, null, null);
    return this;
  }

  private String id() {
    var text = new StringBuilder("migration-" + path);
    parameters.values().forEach(value -> text.append('-').append(value));
    return text.toString().replace('/', '_');
  }

  private List<ProcessPart> parts() {
    return IntStream.rangeClosed(1, processes)
        .mapToObj(number -> RunFixture.part(number, "migration", outcome, 1_000, statistics))
        .toList();
  }

  ResultRecord record() {
    boolean both = "both".equals(parameters.get("ways"));
    double bytes =
        (both ? 2.0 : 1.0)
            * ((Number) parameters.get("pages")).longValue()
            * ((Number) parameters.get("pageBytes")).longValue();
    Statistics times = statistics;
    double median = times == null ? 0 : times.median() / (pieces == null ? 1 : pieces);
    return new ResultRecord(
        id(),
        "migration",
        onDevice ? "cuda" : "host",
        path,
        parameters,
        outcome.word(),
        outcome.reasonText(),
        onDevice ? "Simulated CUDA device" : null,
        onDevice,
        pieces == null ? "host" : "batch",
        "ns",
        6,
        times == null ? 0 : 6_000,
        underSampled,
        times,
        null,
        new ResultRecord.WorkPart("bytes", bytes, 2 * bytes, 0),
        times == null
            ? null
            : new ResultRecord.Throughput("bytes/s", 1e9 * bytes / median, null, null),
        Map.of(),
        configuration,
        null,
        parts(),
        null,
        pieces,
        null,
        null,
        underSampled ? "10 of 100 samples" : null,
        ceiling,
        null,
        null);
  }
}
