// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import static io.gpubench.measure.compare.Recordings.ALPHA;
import static io.gpubench.measure.compare.Recordings.FIVE_PERCENT;
import static io.gpubench.measure.compare.Recordings.judged;
import static io.gpubench.measure.compare.Recordings.noise;
import static io.gpubench.measure.compare.Recordings.one;
import static io.gpubench.measure.compare.Recordings.side;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.compare.Difference.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordedComparisonTest {
  /** Alternating around a centre. */
  private static double[] around(double centre, int count, double spread) {
    return DoubleStream.iterate(0, i -> i + 1)
        .limit(count)
        .map(i -> centre * (1 + spread * (i % 2 == 0 ? 1 : -1)))
        .toArray();
  }

  private static String reason(ComparedMetric metric) {
    assertTrue(metric.open(), metric.toString());
    return String.valueOf(metric.verdict().reason());
  }

  @Test
  void aClearDifferenceIsChangedWithDirectionAndSize() {
    ComparedMetric slower = judged(around(1000, 8, 0.01), around(1200, 8, 0.01));
    assertTrue(slower.regressed());
    assertEquals(1.2, slower.ratio(), 0.03);
    assertEquals(1, slower.cliffsDelta());
    assertEquals(slower.p(), slower.adjustedP());
    assertTrue(slower.lower() > 1.1 && slower.upper() < 1.3);
    ComparedMetric faster = judged(around(1000, 8, 0.01), around(800, 8, 0.01));
    assertTrue(faster.verdict() instanceof Verdict.Changed changed && !changed.slower());
    assertEquals(-1, faster.cliffsDelta());
  }

  @Test
  void aDifferenceThatDoesNotMatterIsTheSame() {
    ComparedMetric metric = judged(around(1000, 10, 0.004), around(1020, 10, 0.004));
    assertTrue(metric.p() < 0.001, "it is real: " + metric);
    assertEquals(new Verdict.Same(), metric.verdict());
    assertEquals(new Verdict.Same(), judged(around(7, 4, 0), around(7, 4, 0)).verdict());
  }

  @Test
  void aSpreadThatHidesItIsInconclusiveAndSaysHowManyWouldTell() {
    var random = new SplittableRandom(1);
    ComparedMetric metric = judged(noise(random, 6, 1000, 0.2), noise(random, 6, 1000, 0.2));
    assertTrue(
        reason(metric)
            .matches(
                "6 processes each spread by \\S+ % and \\S+ %; about \\d+ of each side would tell"),
        reason(metric));
    assertTrue(metric.healthA().processesNeeded() > 100, metric.toString());
    assertTrue(!metric.healthA().largeEnough());
  }

  @Test
  void aDifferenceAtTheEdgeOfWhatMattersIsInconclusive() {
    double[] spread = DoubleStream.iterate(-0.03, x -> x + 0.006).limit(11).toArray();
    ComparedMetric metric =
        judged(
            DoubleStream.of(spread).map(x -> 1000 * (1 + x)).toArray(),
            DoubleStream.of(spread).map(x -> 1045 * (1 + x)).toArray());
    assertTrue(metric.adjustedP() <= 0.05, metric.toString());
    assertTrue(
        reason(metric).startsWith("they differ, but whether by 5 % or more is not clear from 11"));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 'one process each can never show a change; 4 each can'",
    "3, 3, '3 processes each can never show a change; 4 each can'",
    "2, 5, '2 and 5 processes can never show a change; 4 each can'"
  })
  void tooFewProcessesCanNeverShowAChange(int a, int b, String why) {
    assertEquals(why, reason(judged(around(1000, a, 0.001), around(9000, b, 0.001))));
    if (a > 1) {
      // but that there is none they can, where the interval exists
      ComparedMetric same = judged(around(1000, a, 0.001), around(1000, b, 0.001));
      assertEquals(same.lower() == null, same.open());
    }
  }

  @Test
  void aTieMakesNoChangeOfWhatCanShowNone() {
    // no three against four can be rarer than .0571, whatever a normal distribution says of ties
    ComparedMetric metric =
        judged(new double[] {1000, 1000, 1010}, new double[] {2000, 2010, 2020, 2030});
    assertTrue(reason(metric).startsWith("3 and 4 processes can never show a change"));
  }

  @Test
  void nothingRestsOnWhatIsDoubted() {
    RecordedCase good = one("w", around(1000, 8, 0.01));
    RecordedCase slow = one("w", around(2000, 8, 0.01));
    var doubted =
        new RecordedCase(
            "w",
            slow.parameters(),
            slow.settings(),
            slow.machine(),
            null,
            slow.processes(),
            null,
            "throttled: hw-slowdown",
            List.of());
    assertEquals(
        "B is throttled: hw-slowdown",
        reason(
            judged(
                RecordedComparison.of(side("a", good), side("b", doubted), ALPHA, FIVE_PERCENT))));
  }

  @Test
  void manyComparisonsTogetherNeedMoreProcesses() {
    var a = new ArrayList<RecordedCase>();
    var b = new ArrayList<RecordedCase>();
    for (int i = 0; i < 10; i++) {
      Map<String, String> parameters = Map.of("n", "" + i);
      a.add(one("w", parameters, around(1000, 4, 0.01)));
      b.add(one("w", parameters, around(i == 0 ? 2000 : 1000, 4, 0.01)));
    }
    RecordedComparison comparison =
        RecordedComparison.of(
            side("a", a.toArray(RecordedCase[]::new)),
            side("b", b.toArray(RecordedCase[]::new)),
            ALPHA,
            FIVE_PERCENT);
    ComparedMetric first = comparison.judged().findFirst().orElseThrow();
    assertTrue(first.p() < 0.05 && first.adjustedP() > 0.05, first.toString());
    assertEquals(
        "4 processes each can never show a change in one of 10 comparisons; 6 each can",
        reason(first));
    assertEquals(
        9, comparison.judged().filter(one -> one.verdict() instanceof Verdict.Same).count());
  }

  @Test
  void nothingIsCalledChangedThatIsNotMoreOftenThanAlpha() {
    var random = new SplittableRandom(7);
    int families = 300;
    int wrong = 0;
    for (int family = 0; family < families; family++) {
      var a = new ArrayList<RecordedCase>();
      var b = new ArrayList<RecordedCase>();
      for (int i = 0; i < 5; i++) {
        a.add(one("w", Map.of("n", "" + i), noise(random, 8, 1000, 0.1)));
        b.add(one("w", Map.of("n", "" + i), noise(random, 8, 1000, 0.1)));
      }
      RecordedComparison comparison =
          RecordedComparison.of(
              side("a", a.toArray(RecordedCase[]::new)),
              side("b", b.toArray(RecordedCase[]::new)),
              ALPHA,
              FIVE_PERCENT);
      wrong +=
          comparison.judged().anyMatch(one -> one.verdict() instanceof Verdict.Changed) ? 1 : 0;
    }
    // 15 are expected at most; 27 would come of it once in a thousand
    assertTrue(wrong <= 27, wrong + " of " + families);
  }

  @Test
  void onlyWhatHasAToleranceIsJudged() {
    RecordedComparison comparison =
        RecordedComparison.of(
            side("a", one("w", around(1000, 8, 0.01))),
            side("b", one("w", around(1200, 8, 0.01))),
            ALPHA,
            Map.of("median", 0.05, "p95", 0.1));
    List<ComparedMetric> metrics = comparison.pairs().getFirst().metrics();
    assertEquals(
        List.of("median", "p95", "p99"), metrics.stream().map(ComparedMetric::metric).toList());
    assertTrue(metrics.get(0).regressed() && metrics.get(1).regressed());
    assertNull(metrics.get(2).verdict());
    assertNull(metrics.get(2).adjustedP());
    assertEquals(0.1, metrics.get(1).tolerance());
  }

  @Test
  void aRecordThatIsUnfitIsInconclusiveAndNotLeftOut() {
    RecordedCase good = one("w", around(1000, 8, 0.01));
    var bad =
        new RecordedCase(
            "w",
            good.parameters(),
            good.settings(),
            good.machine(),
            null,
            List.of(),
            "Failed: the device is lost",
            List.of());
    RecordedComparison comparison =
        RecordedComparison.of(side("a", good), side("b", bad), ALPHA, FIVE_PERCENT);
    assertEquals("B: Failed: the device is lost", comparison.pairs().getFirst().unfit());
    assertEquals(0, comparison.judged().count());
  }

  @Test
  void aMeanIsComparedWhereThereIsNoMedian() {
    var means = new ArrayList<RecordedProcess>();
    for (double mean : around(1000, 8, 0.01)) {
      means.add(new RecordedProcess(Map.of("mean", mean), 5, null, null));
    }
    var one = new RecordedCase("w", Map.of(), Map.of(), Map.of(), null, means, null, List.of());
    ComparedMetric metric =
        judged(RecordedComparison.of(side("a", one), side("b", one), ALPHA, FIVE_PERCENT));
    assertEquals("mean", metric.metric());
    assertEquals(new Verdict.Same(), metric.verdict());
    RecordedComparison mixed =
        RecordedComparison.of(
            side("a", one),
            side(
                "b",
                new RecordedCase(
                    "w",
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    null,
                    one("w", 1, 2).processes(),
                    null,
                    List.of())),
            ALPHA,
            FIVE_PERCENT);
    assertTrue(String.valueOf(mixed.pairs().getFirst().unfit()).contains("no metric in common"));
  }

  @Test
  void configurationsAreMatchedByWhatTheyAreNotByTheirOrder() {
    RecordedCase four = one("w", Map.of("n", "4"), 1, 2);
    RecordedCase five = one("w", Map.of("n", "5"), 1, 2);
    RecordedCase six = one("w", Map.of("n", "6"), 1, 2);
    RecordedComparison comparison =
        RecordedComparison.of(side("a", four, five), side("b", six, five), ALPHA, FIVE_PERCENT);
    assertEquals(1, comparison.pairs().size());
    assertEquals(five, comparison.pairs().getFirst().a());
    assertEquals(List.of(four), comparison.onlyA());
    assertEquals(List.of(six), comparison.onlyB());
    assertEquals(List.of(), Differences.unlike(comparison.differences(), Set.of()));
  }

  @Test
  void whatASideWasToldToHaveIsNoReasonToRefuse() {
    RecordedComparison comparison =
        RecordedComparison.of(
            side(
                "a",
                one("w", Map.of("n", "4", "tags", "x"), 1, 2),
                one("w", Map.of("n", "5", "tags", "x"), 1, 2)),
            side(
                    "b",
                    one("w", Map.of("n", "5", "tags", "y"), 1, 2),
                    one("w", Map.of("n", "4", "tags", "y"), 1, 2))
                .choosing(Set.of("w.tags")),
            ALPHA,
            FIVE_PERCENT);
    assertEquals(2, comparison.pairs().size());
    assertEquals("4", comparison.pairs().getFirst().b().parameters().get("n"));
    assertEquals("", unlike(comparison));
    assertTrue(
        comparison.differences().contains(new Difference(Kind.CHOSEN, "w", "tags", "x", "y")));
  }

  @Test
  void theOnlyOneOfAWorkloadIsComparedWhateverItsParametersAndThatIsUnlike() {
    RecordedComparison comparison =
        RecordedComparison.of(
            side("a", one("w", Map.of("n", "4"), 1, 2)),
            side("b", one("w", Map.of("n", "5"), 1, 2)),
            ALPHA,
            FIVE_PERCENT);
    assertEquals(1, comparison.pairs().size());
    assertEquals("parameters: w: n: 4 | 5", unlike(comparison));
    assertTrue(comparison.limits().getLast().contains("unlike"));
    RecordedComparison nothing =
        RecordedComparison.of(side("a", one("w", 1)), side("b", one("x", 1)), ALPHA, FIVE_PERCENT);
    assertEquals(List.of(), nothing.pairs());
  }

  private static String unlike(RecordedComparison comparison) {
    return String.join(
        "; ",
        Differences.unlike(comparison.differences(), Set.of()).stream()
            .map(Difference::toString)
            .toList());
  }

  private static RecordedCase with(String setting, String value) {
    RecordedCase base = one("w", 1, 2);
    var settings = new LinkedHashMap<>(base.settings());
    settings.put(setting, value);
    return new RecordedCase(
        "w", base.parameters(), settings, base.machine(), null, base.processes(), null, List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "clock, device, clock: w validators=4: clock: host | device",
    "cache, cold, cache: w validators=4: cache: hot | cold",
    "synthetic, yes, synthetic: w validators=4: synthetic: no | yes",
    "engine, java, ''",
    "path, graph, ''",
    "slowdown, 1.1, ''"
  })
  void whatIsDoneOtherwiseIsUnlikeWhereTimesAreNotComparable(
      String setting, String value, String expected) {
    RecordedComparison comparison =
        RecordedComparison.of(
            side("a", one("w", 1, 2)), side("b", with(setting, value)), ALPHA, FIVE_PERCENT);
    assertEquals(expected, unlike(comparison));
    assertTrue(
        comparison.differences().stream().anyMatch(one -> one.what().equals(setting)),
        "said in any case");
  }

  @Test
  void machinesAndToolsAreUnlikeAndCommitsAreNot() {
    RecordedCase here = one("w", 1, 2);
    var there =
        new RecordedCase(
            "w",
            here.parameters(),
            here.settings(),
            Map.of("processors model", "6502", "processors governor", "powersave"),
            null,
            here.processes(),
            null,
            List.of());
    var other =
        new RecordedSide(
            "b",
            "gpubench.run/2",
            Map.of("tool", "gpubench", "version", "2", "commit", "b"),
            Map.of("isolation", "workers", "faults", "storm"),
            List.of(there),
            List.of());
    RecordedComparison comparison =
        RecordedComparison.of(side("a", here), other, ALPHA, FIVE_PERCENT);
    var failure =
        assertThrows(
            ConfigException.class,
            () ->
                Differences.demandAlike(
                    comparison, EnumSet.of(Kind.SYNTHETIC), "--anyway-unlike compares them"));
    String message = failure.getMessage();
    assertTrue(message.startsWith("a and b are unlike: tool: version: 1 | 2; "), message);
    assertTrue(message.contains("machine: processors model: Z80 | 6502"), message);
    assertTrue(message.contains("machine: processors governor: unknown | powersave"), message);
    assertTrue(message.endsWith("; --anyway-unlike compares them"), message);
    assertTrue(!message.contains("commit") && !message.contains("faults"), message);
    assertTrue(unlike(comparison).contains("synthetic: faults: no | storm"));
    Differences.demandAlike(comparison, EnumSet.allOf(Kind.class), "");
  }

  @Test
  void aSampleOfOtherWorkIsUnlike() {
    RecordedCase base = one("w", 1, 2);
    var more = new ArrayList<RecordedCase>();
    for (double units : new double[] {1000, 1500}) {
      more.add(
          new RecordedCase(
              "w",
              base.parameters(),
              base.settings(),
              base.machine(),
              new RecordedCase.Work("messages", units),
              base.processes(),
              null,
              List.of()));
    }
    RecordedComparison comparison =
        RecordedComparison.of(
            side("a", more.getFirst()), side("b", more.getLast()), ALPHA, FIVE_PERCENT);
    assertEquals(
        "parameters: w validators=4: work of a sample: 1,000.0 messages | 1,500.0 messages",
        unlike(comparison));
  }

  @Test
  void ranksFollowFromWhatWasShownAlone() {
    var sides =
        List.of(
            side("a", one("w", around(1000, 8, 0.01))),
            side("b", one("w", around(1005, 8, 0.01))),
            side("c", one("w", around(1500, 8, 0.01))));
    List<RecordedComparison> all = RecordedComparison.all(sides, ALPHA, FIVE_PERCENT);
    var duels =
        List.of(
            new Ranking.Duel(0, 1, judged(all.get(0)).verdict()),
            new Ranking.Duel(0, 2, judged(all.get(1)).verdict()),
            new Ranking.Duel(1, 2, judged(all.get(2)).verdict()));
    assertEquals(new Ranking("w", List.of(1, 1, 3), 0), Ranking.of("w", 3, duels));
    var open = new Verdict.Inconclusive("who knows");
    assertEquals(
        new Ranking("w", List.of(1, 1), 1),
        Ranking.of("w", 2, List.of(new Ranking.Duel(0, 1, open))));
  }

  @Test
  void aToleranceOfNothingIsNone() {
    for (double tolerance : new double[] {0, -1, 1, Double.NaN}) {
      assertThrows(
          IllegalArgumentException.class,
          () ->
              RecordedComparison.of(
                  side("a", one("w", 1)),
                  side("b", one("w", 1)),
                  ALPHA,
                  Map.of("median", tolerance)));
    }
  }
}
