// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.gate.GateCase.Outcome;
import io.gpubench.app.gate.Judgeable.Barred;
import io.gpubench.app.report.RunFixture;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.DuetComparison.LogRatios;
import io.gpubench.measure.result.DuetComparison.Played;
import io.gpubench.measure.result.DuetComparison.Trial;
import io.gpubench.measure.result.Outcome.Failed;
import io.gpubench.measure.result.Outcome.Incorrect;
import io.gpubench.measure.result.Outcome.Measured;
import io.gpubench.measure.result.Outcome.Rejected;
import io.gpubench.measure.result.Outcome.Skipped;
import io.gpubench.measure.result.RunDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What follows from a run of duets, of which A is the baseline. */
class LiveCasesTest {
  private static final io.gpubench.measure.result.Outcome MEASURED = new Measured();

  /** Duets around a value, which differ by a little. */
  private static DuetComparison duets(double logRatio, int first, int second) {
    return duets(logRatio, first, second, Trial.DECIDED);
  }

  private static DuetComparison duets(double logRatio, int first, int second, String ended) {
    var played = new ArrayList<Played>();
    for (int i = 0; i < first + second; i++) {
      double value = logRatio + 0.001 * (i % 5 - 2);
      played.add(new Played(i + 1, "A", "B", 10, null, new LogRatios(value, value)));
    }
    return new DuetComparison(
        new DuetComparison.Side("old", "a"),
        new DuetComparison.Side("new", "b"),
        26,
        0.003,
        played,
        null,
        new Trial(0.05, Map.of("median", 0.05), List.of(8, 12, 16), 10, first, ended));
  }

  private static RunDocument run(
      io.gpubench.measure.result.Outcome a,
      io.gpubench.measure.result.Outcome b,
      List<DuetComparison> duets) {
    RunDocument like =
        RunFixture.document(
            RunDocument.COMPLETE, List.of(RunFixture.result("a", a), RunFixture.result("b", b)));
    return new RunDocument(
        like.schema(),
        like.id(),
        like.status(),
        like.statusReason(),
        like.pid(),
        like.suite(),
        like.profile(),
        like.startedAt(),
        like.endedAt(),
        like.elapsedSeconds(),
        like.plannedSeconds(),
        like.tool(),
        like.argv(),
        like.engines(),
        like.conditions(),
        like.environment(),
        like.planned(),
        like.records(),
        duets,
        null);
  }

  private static GateCase only(RunDocument run) {
    List<GateCase> cases = LiveCases.of(run, List.of());
    assertEquals(1, cases.size(), cases.toString());
    return cases.getFirst();
  }

  @Test
  void onlyWhatBecameSlowerIsBad() {
    GateCase same = only(run(MEASURED, MEASURED, List.of(duets(0, 8, 0))));
    assertEquals(Outcome.PASSED, same.outcome());
    assertEquals("Same", same.verdict());
    assertFalse(same.improved());
    GateCase slower = only(run(MEASURED, MEASURED, List.of(duets(0.1, 8, 10))));
    assertEquals(Outcome.REGRESSED, slower.outcome());
    assertEquals("Changed", slower.verdict());
    assertEquals(1.105, slower.ratio(), 0.002);
    GateCase faster = only(run(MEASURED, MEASURED, List.of(duets(-0.1, 8, 10))));
    assertEquals(Outcome.PASSED, faster.outcome());
    assertTrue(faster.improved());
  }

  @Test
  void whatIsNotConfirmedIsOpen() {
    GateCase open = only(run(MEASURED, MEASURED, List.of(duets(0.1, 8, 3))));
    assertEquals(Outcome.OPEN, open.outcome());
    assertTrue(open.reason().startsWith("suspect, and 3 of 10 fresh duets count"), open.reason());
  }

  /** Of what is measured at all, only the answers and failures of the new side speak against it. */
  @ParameterizedTest
  @CsvSource({
    "measured, incorrect, INCORRECT",
    "incorrect, incorrect, INCORRECT",
    "failed, incorrect, INCORRECT",
    "measured, failed, FAILED",
    "failed, failed, FAILED",
    "measured, rejected, OPEN",
    "incorrect, measured, OPEN",
    "failed, measured, OPEN",
    "rejected, measured, OPEN",
  })
  void whatIsBrokenIsNotCompared(String a, String b, Outcome expected) {
    GateCase broken = only(run(outcome(a), outcome(b), List.of(duets(0, 3, 0, Trial.FAILED))));
    assertEquals(expected, broken.outcome());
    assertEquals(null, broken.metric());
    assertTrue(broken.reason().contains("why"), broken.reason());
  }

  /** Another duet has taken the place of the one in which something failed. */
  @ParameterizedTest
  @CsvSource({"measured, failed", "failed, measured", "skipped, failed", "measured, rejected"})
  void whatWasDecidedStandsWhateverFailedOnTheWay(String a, String b) {
    GateCase slower = only(run(outcome(a), outcome(b), List.of(duets(0.1, 8, 10))));
    assertEquals(Outcome.REGRESSED, slower.outcome());
    GateCase wrong = only(run(outcome(a), outcome("incorrect"), List.of(duets(0.1, 8, 10))));
    assertEquals(Outcome.INCORRECT, wrong.outcome());
  }

  private static io.gpubench.measure.result.Outcome outcome(String word) {
    return switch (word) {
      case "incorrect" -> new Incorrect("why");
      case "failed" -> new Failed("why");
      case "rejected" -> new Rejected("why");
      case "skipped" -> new Skipped("why");
      default -> MEASURED;
    };
  }

  @Test
  void whatWasNotReachedIsOpen() {
    assertEquals(Outcome.OPEN, only(run(MEASURED, MEASURED, List.of())).outcome());
  }

  @Test
  void aMetricThatIsBarredIsReportedWithItsReason() {
    List<GateCase> cases =
        LiveCases.of(
            run(MEASURED, MEASURED, List.of(duets(0, 8, 0))),
            List.of(new Barred("consensus", "host", "p95", 0.1, "it varies by 30 %")));
    assertEquals(2, cases.size());
    assertEquals(Outcome.PASSED, cases.getFirst().outcome());
    assertEquals("p95", cases.getLast().metric());
    assertEquals("it varies by 30 %", cases.getLast().reason());
    assertEquals(Outcome.OPEN, cases.getLast().outcome());
  }
}
