// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import static io.gpubench.measure.compare.Trials.around;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.DuetComparison.Trial;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TwoStageTest {
  private static final double T = Math.log(1.05);

  private static Judged judge(DuetComparison comparison) {
    List<Judged> judged = TwoStage.judge(List.of(comparison));
    assertEquals(1, judged.size());
    return judged.getFirst();
  }

  @Test
  void isTheSameWhereTheIntervalLiesWithinTheTolerance() {
    Judged judged = judge(Trials.of(around(0, 0.01, 8)));
    assertEquals(new Verdict.Same(), judged.verdict());
    assertEquals("after 8 duets", judged.how());
    assertEquals(8, judged.duets());
  }

  @Test
  void aDifferenceThatDoesNotMatterIsTheSameHoweverSure() {
    assertEquals(new Verdict.Same(), judge(Trials.of(around(0.03, 0.002, 8))).verdict());
  }

  @Test
  void aSuspectIsConfirmedByFreshDuets() {
    Judged judged = judge(Trials.of(around(0.10, 0.02, 8), around(0.10, 0.02, 10)));
    Verdict.Changed changed = assertInstanceOf(Verdict.Changed.class, judged.verdict());
    assertTrue(changed.slower());
    assertEquals(Math.exp(0.10), changed.ratio(), 0.003);
    assertEquals("suspect after 8 duets, 10 fresh duets: p = 0.00098", judged.how());
    assertEquals(18, judged.duets());
    assertTrue(judged.regressed());
  }

  @Test
  void whatIsFasterHasChangedTooAndHasNotRegressed() {
    Judged judged = judge(Trials.of(around(-0.10, 0.02, 8), around(-0.10, 0.02, 10)));
    assertTrue(judged.verdict() instanceof Verdict.Changed changed && !changed.slower());
    assertTrue(!judged.regressed());
  }

  @Test
  void freshDuetsInTheOtherDirectionConfirmNothing() {
    Judged judged = judge(Trials.of(around(0.10, 0.02, 8), around(-0.10, 0.02, 10)));
    assertTrue(judged.open());
  }

  @Test
  void aSuspicionThatFreshDuetsExcludeIsTheSame() {
    Judged judged = judge(Trials.of(around(0.10, 0.02, 8), around(0, 0.01, 10)));
    assertEquals(new Verdict.Same(), judged.verdict());
  }

  @Test
  void aDifferenceBelowTheToleranceIsNotCalledChanged() {
    Judged judged = judge(Trials.of(around(0.044, 0.004, 8), around(0.044, 0.018, 10)));
    assertEquals(new Verdict.Same(), judge(Trials.of(around(0.044, 0.003, 8))).verdict());
    assertTrue(!(judged.verdict() instanceof Verdict.Changed), judged.toString());
  }

  @Test
  void sureButPerhapsWithoutMatterIsInconclusive() {
    double[] first = around(0.047, 0.03, 8);
    Judged judged = judge(Trials.of(first, around(0.046, 0.012, 10)));
    assertEquals(
        new Verdict.Inconclusive("there is a difference, and perhaps one that does not matter"),
        judged.verdict());
  }

  @Test
  void whatScattersTooMuchSaysHowManyDuetsItTakes() {
    Judged judged = judge(Trials.of(around(0, 0.20, 16)));
    assertEquals(
        new Verdict.Inconclusive("the duets differ too much from each other"), judged.verdict());
    double spread = Objects.requireNonNull(judged.spread());
    assertEquals(
        Math.ceil(11 * Math.pow(spread / T, 2)), Objects.requireNonNull(judged.duetsNeeded()), 0.5);
  }

  @Test
  void tooFewDuetsAreNoLook() {
    DuetComparison cut =
        Trials.of(
            Map.of("median", 0.05), Trial.TIME, new double[] {0.5, 0.6, Double.NaN, 0.5, 0.6, 0.5});
    assertEquals(
        new Verdict.Inconclusive("5 of 8 duets count, as the time was up; fewer say nothing"),
        judge(cut).verdict());
    assertNull(TwoStage.irregularity(cut));
  }

  @Test
  void aSuspectWithoutAllFreshDuetsIsNotJudged() {
    DuetComparison cut =
        Trials.of(Map.of("median", 0.05), Trial.TIME, around(0.10, 0.02, 8), around(0.10, 0.02, 9));
    assertEquals(
        new Verdict.Inconclusive("suspect, and 9 of 10 fresh duets count, as the time was up"),
        judge(cut).verdict());
    assertNull(TwoStage.irregularity(cut));
  }

  @Test
  void nothingAtAllIsInconclusive() {
    Judged judged = judge(Trials.of(Map.of("median", 0.05), null, new double[0]));
    assertTrue(judged.open());
    assertNull(judged.ratio());
    assertNull(judged.duetsNeeded());
  }

  @Test
  void equalTimesAreTheSame() {
    Judged judged = judge(Trials.of(new double[8]));
    assertEquals(new Verdict.Same(), judged.verdict());
    assertEquals(1.0, judged.ratio());
  }

  @Test
  void eachMetricHasItsToleranceAndItsFirstDecisionStands() {
    // p95 is twice the median here
    List<Judged> judged =
        TwoStage.judge(
            List.of(
                Trials.of(
                    Map.of("median", 0.05, "p95", 0.20),
                    Trial.DECIDED,
                    around(0.08, 0.01, 8),
                    around(0.08, 0.01, 10))));
    assertEquals(List.of("median", "p95"), judged.stream().map(Judged::metric).toList());
    assertInstanceOf(Verdict.Changed.class, judged.get(0).verdict());
    assertEquals(new Verdict.Same(), judged.get(1).verdict());
    assertEquals("after 8 duets", judged.get(1).how());
  }

  @Test
  void holmIsOverAllThatIsSuspectAndNothingElse() {
    // one-sided p of the second stage: 9 of 10 in the direction, the other one of rank 4
    double[] nine = {0.12, 0.13, 0.14, -0.115, 0.15, 0.16, 0.17, 0.105, 0.108, 0.11};
    DuetComparison suspect = Trials.of(around(0.12, 0.01, 8), nine);
    DuetComparison same = Trials.of(around(0, 0.01, 8));
    double alone = p(judge(suspect));
    assertTrue(alone < 0.01);
    var family = new ArrayList<DuetComparison>();
    family.add(suspect);
    family.addAll(Collections.nCopies(40, same));
    assertEquals(alone, p(TwoStage.judge(family).getFirst()), 1e-12);
    List<Judged> many = TwoStage.judge(Collections.nCopies(10, suspect));
    assertEquals(10 * alone, p(many.getFirst()), 0.06 * 10 * alone);
    assertTrue(many.stream().allMatch(one -> one.verdict() instanceof Verdict.Inconclusive));
  }

  private static double p(Judged judged) {
    return Double.parseDouble(judged.how().replaceFirst(".*p = ", ""));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.05, 0.30})
  void sidesThatChangeRolesHaveTheOppositeVerdict(double tolerance) {
    for (double centre : new double[] {0, 0.03, 0.1, 0.4}) {
      double[] first = around(centre, 0.015, 16);
      double[] second = around(centre, 0.015, 10);
      Verdict one = TwoStage.decide(TrialRule.DEFAULT, tolerance, first, second);
      Verdict other =
          TwoStage.decide(TrialRule.DEFAULT, tolerance, negated(first), negated(second));
      assertEquals(one.word(), other.word());
      if (one instanceof Verdict.Changed a && other instanceof Verdict.Changed b) {
        assertEquals(1, a.ratio() * b.ratio(), 1e-12);
      }
    }
  }

  private static double[] negated(double[] values) {
    return Trials.values(values.length, i -> -values[i]);
  }

  static Stream<Arguments> irregular() {
    double nan = Double.NaN;
    return Stream.of(
        Arguments.of(
            Trials.of(around(0, 0.01, 12)),
            "its first stage was decided after 8 duets, and went on to 12"),
        Arguments.of(
            Trials.of(around(0, 0.20, 12)), "its first stage ended after 12 duets, undecided"),
        Arguments.of(
            Trials.of(around(0, 0.20, 17)),
            "its first stage was decided after 16 duets, and went on to 17"),
        Arguments.of(
            Trials.of(around(0, 0.01, 8), 0.1),
            "its second stage has 1 duets that count of 1, and 0 were to be"),
        Arguments.of(
            Trials.of(around(0, 0.01, 8), nan),
            "its second stage has 0 duets that count of 1, and 0 were to be"),
        Arguments.of(
            Trials.of(around(0.1, 0.01, 8)),
            "its second stage has 0 duets that count of 0, and 10 were to be"),
        Arguments.of(
            Trials.of(around(0.1, 0.01, 8), around(0.1, 0.01, 11)),
            "its second stage has 11 duets that count of 11, and 10 were to be"),
        Arguments.of(
            Trials.of(around(0, 0.01, 8)).withFirstStage(9),
            "9 of its 8 duets are said to be of the first stage"),
        Arguments.of(
            Trials.of(around(0, 0.01, 8)).withFirstStage(-1),
            "-1 of its 8 duets are said to be of the first stage"));
  }

  @ParameterizedTest
  @MethodSource("irregular")
  void aCourseThatIsNotThatOfTheRuleIsFound(DuetComparison comparison, String wrong) {
    assertEquals(wrong, TwoStage.irregularity(comparison));
  }

  @Test
  void aComparisonWithoutARuleIsPassedOver() {
    DuetComparison with = Trials.of(around(0, 0.01, 8));
    var without =
        new DuetComparison(with.a(), with.b(), 8, with.sliceSeconds(), with.played(), null, null);
    assertEquals(List.of(), TwoStage.judge(List.of(without)));
  }
}
