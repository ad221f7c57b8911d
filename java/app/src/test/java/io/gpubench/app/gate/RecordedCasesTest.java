// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.gate.GateCase.Outcome;
import io.gpubench.app.gate.RecordedCases.Fresh;
import io.gpubench.app.report.RunFixture;
import io.gpubench.measure.compare.RecordedCase;
import io.gpubench.measure.compare.RecordedComparison;
import io.gpubench.measure.compare.RecordedProcess;
import io.gpubench.measure.compare.RecordedSide;
import io.gpubench.measure.result.Outcome.Incorrect;
import io.gpubench.measure.result.Outcome.Measured;
import io.gpubench.measure.result.RunDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What follows from fresh runs against a recorded baseline. */
class RecordedCasesTest {
  private static final RunDocument RUN =
      RunFixture.document(RunDocument.COMPLETE, List.of(RunFixture.result("r", new Measured())));

  private static RecordedSide side(double nanos, String unfit) {
    var processes = new ArrayList<RecordedProcess>();
    for (int i = 0; i < 10; i++) {
      double median = nanos * (1 + 0.002 * (i % 5 - 2) + 0.0001 * i);
      processes.add(new RecordedProcess(Map.of("median", median), 400, null, null));
    }
    return new RecordedSide(
        "side",
        "gpubench.run/2",
        Map.of(),
        Map.of(),
        List.of(
            new RecordedCase(
                "consensus",
                Map.of("validators", "4"),
                Map.of("engine", "host"),
                Map.of(),
                null,
                unfit.isEmpty() ? processes : List.of(),
                unfit.isEmpty() ? null : unfit,
                List.of())),
        List.of());
  }

  private static Fresh fresh(double nanos) {
    return new Fresh(
        RUN, RecordedComparison.of(side(1000, ""), side(nanos, ""), 0.05, Map.of("median", 0.05)));
  }

  private static GateCase only(Fresh first, @Nullable Fresh second, @Nullable String noSecond) {
    List<GateCase> cases =
        RecordedCases.of(first, second, noSecond, Map.of("median", 0.05), List.of());
    assertEquals(1, cases.size(), cases.toString());
    return cases.getFirst();
  }

  @Test
  void theSamePasses() {
    Fresh same = fresh(1005);
    assertFalse(RecordedCases.suspect(same.comparison()));
    GateCase passed = only(same, null, null);
    assertEquals(Outcome.PASSED, passed.outcome());
    assertEquals("consensus validators=4", passed.configuration());
  }

  @Test
  void fasterPassesWithoutASecondRun() {
    Fresh faster = fresh(800);
    assertFalse(RecordedCases.suspect(faster.comparison()));
    GateCase passed = only(faster, null, null);
    assertEquals(Outcome.PASSED, passed.outcome());
    assertTrue(passed.improved());
  }

  @Test
  void slowerFailsWhereASecondRunConfirmsIt() {
    Fresh slower = fresh(1200);
    assertTrue(RecordedCases.suspect(slower.comparison()));
    GateCase failed = only(slower, fresh(1210), null);
    assertEquals(Outcome.REGRESSED, failed.outcome());
    assertTrue(failed.how().endsWith("; a second fresh run says so too"), failed.how());
    GateCase passed = only(slower, fresh(1001), null);
    assertEquals(Outcome.PASSED, passed.outcome());
    assertEquals("Same", passed.verdict());
    assertEquals(Outcome.OPEN, only(slower, fresh(800), null).outcome());
    GateCase late = only(slower, null, "the time was up");
    assertEquals(Outcome.OPEN, late.outcome());
    assertEquals("slower in one fresh run, and the time was up", late.reason());
  }

  @Test
  void whatCannotBeComparedIsOpen() {
    var unfit =
        new Fresh(
            RUN,
            RecordedComparison.of(
                side(1000, ""), side(1000, "all samples were lost"), 0.05, Map.of("median", 0.05)));
    assertEquals(Outcome.OPEN, only(unfit, null, null).outcome());
  }

  /** Nothing is left out without a word. */
  @Test
  void whatWasAskedForAndIsNotJudgedIsOpen() {
    Map<String, Double> asked = Map.of("median", 0.05, "p95", 0.1);
    List<GateCase> few = RecordedCases.of(fresh(1000), null, null, asked, List.of());
    assertEquals(2, few.size());
    assertEquals("its processes have too few samples for a p95", few.getLast().reason());
    var why = new Judgeable.Barred("consensus", "host", "p95", 0.1, "too noisy");
    GateCase open = RecordedCases.of(fresh(1000), null, null, asked, List.of(why)).getLast();
    assertEquals(Outcome.OPEN, open.outcome());
    assertEquals("too noisy", open.reason());
  }

  @Test
  void aRunJudgesP95OfAllOrNone() {
    var subjects =
        List.of(new Judgeable.Subject("calm", "host"), new Judgeable.Subject("noisy", "host"));
    Map<String, Double> asked = Map.of("median", 0.05, "p95", 0.1);
    Judgeable all = Judgeable.of(asked, subjects, (_, _, _) -> null);
    assertEquals(asked, all.tolerances());
    Judgeable none =
        Judgeable.of(
            asked, subjects, (workload, _, _) -> workload.equals("noisy") ? "too noisy" : null);
    assertEquals(Map.of("median", 0.05), none.tolerances());
    assertEquals(
        List.of("a run judges p95 of all or none: too noisy", "too noisy"),
        none.barred().stream().map(Judgeable.Barred::reason).toList());
  }

  @Test
  void nothingRestsOnAFreshRunThatIsUnderSampled() {
    RunDocument thin =
        RunFixture.document(RunDocument.COMPLETE, List.of(RunFixture.result("r", new Measured())));
    assertTrue(thin.records().getFirst().underSampled());
    RecordedSide like = like(thin);
    List<GateCase> cases =
        RecordedCases.of(
            new Fresh(thin, RecordedComparison.of(like, like, 0.05, Map.of("median", 0.05))),
            null,
            null,
            Map.of("median", 0.05),
            List.of());
    assertEquals(Outcome.OPEN, cases.getFirst().outcome());
    assertTrue(cases.getFirst().reason().startsWith("under-sampled"), cases.toString());
  }

  /** A side with the configuration of the only record of a run. */
  private static RecordedSide like(RunDocument run) {
    var texts = new LinkedHashMap<String, String>();
    run.records()
        .getFirst()
        .parameters()
        .forEach((name, value) -> texts.put(name, String.valueOf(value)));
    RecordedSide like = side(1000, "");
    RecordedCase one = like.cases().getFirst();
    return new RecordedSide(
        "side",
        like.format(),
        Map.of(),
        Map.of(),
        List.of(
            new RecordedCase(
                run.records().getFirst().workload(),
                texts,
                one.settings(),
                Map.of(),
                null,
                one.processes(),
                null,
                List.of())),
        List.of());
  }

  @Test
  void aWrongAnswerOutweighsTheTimes() {
    RunDocument wrong =
        RunFixture.document(
            RunDocument.COMPLETE, List.of(RunFixture.result("r", new Incorrect("5 for 4"))));
    RecordedSide same = like(wrong);
    GateCase bad =
        only(
            new Fresh(wrong, RecordedComparison.of(same, same, 0.05, Map.of("median", 0.05))),
            null,
            null);
    assertEquals(Outcome.INCORRECT, bad.outcome());
    assertEquals("5 for 4", bad.reason());
  }
}
