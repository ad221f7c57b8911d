// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.report.SpeedUp.Point;
import io.gpubench.app.report.SpeedUp.Ratio;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.DuetComparison.LogRatios;
import io.gpubench.measure.result.DuetComparison.Played;
import io.gpubench.measure.result.DuetComparison.Side;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SpeedUpTest {
  /** Of so many threads, a sample of a thousand messages. */
  private static ResultRecord threads(long threads, double nanos) {
    return RunFixture.timed(
        "host", "call", RunFixture.tuned("validators", 1_000L, "threads", threads), 1_000, nanos);
  }

  private static RunDocument run(ResultRecord... records) {
    return RunFixture.document("complete", List.of(records));
  }

  private static List<Point> points(RunDocument run) {
    List<SpeedUp> all = SpeedUp.of(run);
    assertEquals(1, all.size());
    return List.copyOf(all.getFirst().points().values());
  }

  private static void near(
      double value, @Nullable Double lower, @Nullable Double upper, @Nullable Ratio ratio) {
    assertNotNull(ratio);
    assertEquals(value, ratio.value(), 1e-3);
    if (lower == null || upper == null) {
      assertNull(ratio.lower());
      assertNull(ratio.upper());
    } else {
      assertEquals(lower, Objects.requireNonNull(ratio.lower()), 1e-3);
      assertEquals(upper, Objects.requireNonNull(ratio.upper()), 1e-3);
    }
  }

  /** Intervals of one per cent each: the quotient knows two. */
  @Test
  void overTheFewestWithTheOutermostQuotients() {
    List<Point> points = points(run(threads(4, 30_000), threads(1, 100_000), threads(2, 55_000)));
    near(1, null, null, points.get(0).speedUp());
    near(1.818, 1.818 * .99 / 1.01, 1.818 * 1.01 / .99, points.get(1).speedUp());
    near(.909, .909 * .99 / 1.01, .909 * 1.01 / .99, points.get(1).efficiency());
    near(.833, .833 * .99 / 1.01, .833 * 1.01 / .99, points.get(2).efficiency());
  }

  @Test
  void theFewestNeedNotBeOne() {
    near(.5, .49, .51, points(run(threads(8, 100), threads(16, 100))).get(1).efficiency());
  }

  @Test
  void aTableForPeople() {
    assertEquals(
        """

        consensus over threads, host, path call, clock host
        validators=1000
        threads  messages/s  speed-up               efficiency
              1     10.00 M  1.000                  100 %
              2     18.18 M  1.818 (1.782 .. 1.855)  91 % (89 % .. 93 %)
        """
            .replace("speed-up               e", "speed-up                e")
            .replace("1.000                  1", "1.000                   1"),
        SpeedUpText.of(run(threads(1, 100_000), threads(2, 55_000))));
    assertEquals("", SpeedUpText.of(run(threads(1, 100_000))));
    assertEquals("", SpeedUpText.of(run()));
  }

  @Test
  void whatDiffersInMoreIsNotCompared() {
    ResultRecord other =
        RunFixture.timed(
            "host", "call", RunFixture.tuned("validators", 2_000L, "threads", 2L), 2_000, 9);
    ResultRecord engine =
        RunFixture.timed(
            "java", "call", RunFixture.tuned("validators", 1_000L, "threads", 2L), 1_000, 9);
    assertEquals(List.of(), SpeedUp.of(run(threads(1, 9), other, engine)));
  }

  @Test
  void whatFailedOrIsDoubtedIsNotDecided() {
    assertEquals(
        List.of(),
        SpeedUp.of(run(threads(1, 9), RunFixture.result("x", new Outcome.Failed("lost")))));
    ResultRecord doubted = with(threads(2, 9), "b", 2, "throttled for a while", List.of());
    List<Point> points = points(run(threads(1, 9), doubted));
    assertNull(points.get(1).speedUp());
    assertNull(points.get(1).efficiency());
    assertTrue(
        SpeedUpText.of(run(threads(1, 9), doubted)).contains("  not decided  -\n"),
        SpeedUpText.of(run(threads(1, 9), doubted)));
  }

  /** Threads that were not swept but given to the side of a duet; six processes each. */
  @Test
  void theThreadsThatRecordsSayTheyHadByTheirProcesses() {
    RunDocument run = run(side("a", 1, 2e4, .98), side("b", 2, 1e4, 1));
    near(2 * Math.sqrt(.98), 2 * .98, 2.0, points(run).get(1).speedUp());
  }

  /** What disturbed both sides of a duet is not in its ratio. */
  @Test
  void duetsArePaired() {
    RunDocument run = run(side("a", 1, 2e4, .5), side("b", 2, 1e4, 1));
    var played = new ArrayList<Played>();
    for (int number = 1; number <= 8; number++) {
      var ratios = new LogRatios(Math.log(.5) + .001 * (number % 2 == 0 ? 1 : -1), 0);
      played.add(new Played(number, "a", "b", 8, null, ratios));
    }
    var duets =
        new DuetComparison(new Side("A", "a"), new Side("B", "b"), 8, .1, played, null, null);
    near(2, 1.998, 2.002, points(with(run, duets)).get(1).speedUp());
    var turned =
        new DuetComparison(new Side("B", "b"), new Side("A", "a"), 8, .1, played, null, null);
    near(.5, .4995, .5005, points(with(run, turned)).get(1).speedUp());
  }

  @Test
  void curvesForPrograms() {
    var records = new ArrayList<ResultRecord>();
    for (long size : new long[] {10, 100, 1_000}) {
      records.add(
          RunFixture.timed("host", "call", Map.of("validators", size), (double) size, 5.0 * size));
    }
    records.add(threads(1, 100_000));
    records.add(threads(2, 50_000));
    String csv = CurvesCsv.of(RunFixture.document("complete", records));
    List<String> rows = csv.lines().toList();
    assertEquals(
        "run,workload,engine,device,synthetic,path,clock,setting,axis,what,part,from,to,value,lower,upper,unit",
        rows.getFirst());
    assertTrue(
        rows.get(1)
            .contains(
                ",consensus,host,,false,call,host,,validators,timeExponent,all,10.0,1000.0,1.0"),
        csv);
    assertTrue(csv.contains(",validators,rateExponent,all,10.0,1000.0,"), csv);
    assertTrue(csv.contains(",validators,knee,,10.0,1000.0,2.0E8,,,messages/s\n"), csv);
    assertTrue(csv.contains(",validators=1000,threads,speedUp,,2.0,2.0,2.0,"), csv);
    assertTrue(csv.contains(",validators=1000,threads,efficiency,,2.0,2.0,1.0,"), csv);
  }

  private static RunDocument with(RunDocument run, DuetComparison duets) {
    return new RunDocument(
        run.schema(),
        run.id(),
        run.status(),
        run.statusReason(),
        run.pid(),
        run.suite(),
        run.profile(),
        run.startedAt(),
        run.endedAt(),
        run.elapsedSeconds(),
        run.plannedSeconds(),
        run.tool(),
        run.argv(),
        run.engines(),
        run.conditions(),
        run.environment(),
        run.planned(),
        run.records(),
        List.of(duets),
        null);
  }

  /** Six processes, of which every other one is faster by a factor. */
  private static ResultRecord side(String id, long threads, double nanos, double factor) {
    var parts = new ArrayList<ProcessPart>();
    for (int number = 1; number <= 6; number++) {
      double median = nanos * (number % 2 == 0 ? factor : 1);
      ResultRecord one =
          RunFixture.timed("host", "call", Map.of("validators", 1_000L), 1_000, median);
      parts.add(RunFixture.part(number, id, new Outcome.Measured(), 1_000, one.statistics()));
    }
    ResultRecord record =
        RunFixture.timed("host", "call", Map.of("validators", 1_000L), 1_000, nanos);
    return with(record, id, threads, null, parts);
  }

  private static ResultRecord with(
      ResultRecord like,
      String id,
      long threads,
      @Nullable String reason,
      List<ProcessPart> processes) {
    return new ResultRecord(
        id,
        like.workload(),
        like.engine(),
        like.path(),
        like.parameters(),
        like.outcome(),
        reason,
        like.device(),
        like.synthetic(),
        like.clock(),
        like.unit(),
        like.repetitions(),
        like.sampleCount(),
        like.underSampled(),
        like.statistics(),
        like.variation(),
        like.work(),
        like.throughput(),
        like.verification(),
        Map.of("threads", threads),
        like.histogram(),
        processes,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }
}
