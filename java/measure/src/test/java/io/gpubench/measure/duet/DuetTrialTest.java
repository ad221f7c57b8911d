// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.duet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.compare.Judged;
import io.gpubench.measure.compare.TrialRule;
import io.gpubench.measure.compare.TwoStage;
import io.gpubench.measure.compare.Verdict;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.DuetComparison.Trial;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class DuetTrialTest extends DuetFixture {
  @Test
  void aTrialOfEqualSidesEndsAtItsFirstLook() {
    timeOfB = duet -> 100_000 + 100 * (duet % 3);
    RunDocument run = run(8, TrialRule.DEFAULT);
    DuetComparison comparison = comparison(run);
    assertEquals(8, comparison.played().size());
    assertEquals(26, comparison.planned());
    assertEquals("decided", trial(run).ended());
    assertEquals(8, trial(run).firstStage());
    assertEquals("Same", TwoStage.judge(List.of(comparison)).getFirst().verdict().word());
    assertNull(TwoStage.irregularity(comparison));
    for (ResultRecord record : run.records()) {
      assertEquals(8, record.processes().size());
      assertEquals(8, record.repetitions());
    }
  }

  @Test
  void aTrialConfirmsWhatIsSuspectByFreshDuets() {
    RunDocument run = run(8, TrialRule.DEFAULT);
    DuetComparison comparison = comparison(run);
    assertEquals(18, comparison.played().size());
    assertEquals(8, trial(run).firstStage());
    assertEquals("decided", trial(run).ended());
    Judged judged = TwoStage.judge(List.of(comparison)).getFirst();
    assertEquals(new Verdict.Changed(1.5).word(), judged.verdict().word());
    assertTrue(judged.regressed());
    assertEquals(1.5, Objects.requireNonNull(judged.ratio()), 1e-9);
    assertNull(TwoStage.irregularity(comparison));
    assertEquals(18, record(run, A).processes().size());
  }

  @Test
  void aTrialReplacesDuetsThatFail() {
    timeOfB = _ -> 100_000;
    failing = duet -> duet == 3;
    RunDocument run = run(8, TrialRule.DEFAULT);
    assertEquals(9, comparison(run).played().size());
    assertEquals(9, trial(run).firstStage());
    assertEquals(8, Objects.requireNonNull(comparison(run).summary()).duets());
    assertNull(TwoStage.irregularity(comparison(run)));
  }

  @Test
  void aTrialIsGivenUpWhereDuetsKeepFailing() {
    failing = duet -> duet % 2 == 0;
    timeOfB = duet -> duet % 4 == 1 ? 50_000 : 300_000;
    RunDocument run = run(8, TrialRule.DEFAULT);
    assertEquals("failed", trial(run).ended());
    assertEquals(2 * DuetRunner.MOST_FAILURES_OF_TRIAL, comparison(run).played().size());
    assertNull(TwoStage.irregularity(comparison(run)));
    assertEquals("complete", run.status());
  }

  @Test
  void aTrialThatHasReplacedDuetsIsGivenUpAsWell() {
    failing = duet -> (duet % 4 == 1 && duet <= 17) || duet > 20;
    DuetComparison late = comparison(run(8, TrialRule.DEFAULT));
    assertEquals("failed", Objects.requireNonNull(late.trial()).ended());
    assertEquals(23, late.played().size());
    assertNull(TwoStage.irregularity(late));
  }

  @Test
  void aWrongAnswerBehindAllThatWasPlannedEndsATrialToo() {
    failing = duet -> duet % 3 == 0 && duet <= 21;
    wrong = duet -> duet > 20;
    DuetComparison comparison = comparison(run(8, TrialRule.DEFAULT));
    assertEquals("failed", trialOf(comparison).ended());
  }

  @Test
  void aTrialThatDiffersFromDuetToDuetEndsAtItsLastLook() {
    timeOfB = duet -> duet % 2 == 0 ? 50_000 : 200_000;
    RunDocument run = run(8, TrialRule.DEFAULT);
    assertEquals(16, comparison(run).played().size());
    Judged judged = TwoStage.judge(List.of(comparison(run))).getFirst();
    assertEquals(
        new Verdict.Inconclusive("the duets differ too much from each other"), judged.verdict());
    assertTrue(Objects.requireNonNull(judged.duetsNeeded()) > 1_000);
    assertNull(TwoStage.irregularity(comparison(run)));
  }

  @Test
  void aTrialBeginsNoDuetThatWouldNotEndInTime() {
    RunDocument run = run(8, TrialRule.DEFAULT.withMaxTime(Duration.ofNanos(1)));
    assertEquals(1, comparison(run).played().size());
    assertEquals("time", trial(run).ended());
    assertEquals(
        new Verdict.Inconclusive("1 of 8 duets count, as the time was up; fewer say nothing"),
        TwoStage.judge(List.of(comparison(run))).getFirst().verdict());
    assertNull(TwoStage.irregularity(comparison(run)));
    assertEquals("complete", run.status());
  }

  @Test
  void aTrialThatIsInterruptedIsNotDecided() {
    cancelledIn = 4;
    RunDocument run = run(8, TrialRule.DEFAULT);
    assertNull(trial(run).ended());
    assertEquals(4, comparison(run).played().size());
    assertTrue(TwoStage.judge(List.of(comparison(run))).getFirst().open());
  }

  private static Trial trialOf(DuetComparison comparison) {
    return Objects.requireNonNull(comparison.trial());
  }

  private static Trial trial(RunDocument run) {
    return Objects.requireNonNull(comparison(run).trial());
  }
}
