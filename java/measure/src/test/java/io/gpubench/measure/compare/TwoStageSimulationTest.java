// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.compare.Verdict.Changed;
import io.gpubench.measure.compare.Verdict.Inconclusive;
import io.gpubench.measure.compare.Verdict.Same;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.DuetComparison.LogRatios;
import io.gpubench.measure.result.DuetComparison.Played;
import io.gpubench.measure.result.DuetComparison.Side;
import io.gpubench.measure.result.DuetComparison.Trial;
import io.gpubench.measure.stats.Proportion;
import io.gpubench.measure.stats.SignedRankTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole procedure on synthetic duets of which the truth is known, as a runner goes through it:
 * families of configurations with two metrics each, looks, confirmation, Holm. What is claimed is
 * claimed with a bound that errs in one of a thousand simulations, and these are seeded.
 */
class TwoStageSimulationTest {
  private static final double SURE = 0.999;
  private static final double ALPHA = TrialRule.DEFAULT.alpha();

  /** Of the duets of all sizes that were seen, the narrowest, the usual and the widest. */
  private static final double[] SPREADS = {0.01, 0.03, 0.10};

  /** The noises whose duets are independent, which is what the tests rest on. */
  private static final List<Noise> INDEPENDENT =
      List.of(Noise.NORMAL, Noise.HEAVY_TAILS, Noise.SKEW, Noise.OUTLIERS);

  private static final Map<String, Double> BOTH =
      Map.of(TrialRule.MEDIAN, 0.05, TrialRule.P95, 0.05);

  private static final Map<String, Double> MEDIAN = Map.of(TrialRule.MEDIAN, 0.05);

  /** So little is tolerated that hardly anything is the same. */
  private static final Map<String, Double> HARDLY =
      Map.of(TrialRule.MEDIAN, 1e-4, TrialRule.P95, 1e-4);

  /** One comparison goes through both stages. */
  private static DuetComparison play(
      SplittableRandom random, Noise noise, double spread, double shift, Map<String, Double> to) {
    TrialRule rule = TrialRule.DEFAULT.withTolerances(to);
    Noise.Duets duets = noise.begin(random);
    var played = new ArrayList<Played>();
    DuetComparison first = null;
    for (int look : rule.looks()) {
      while (played.size() < look) {
        played.add(duet(random, duets, spread, shift, played.size() + 1));
      }
      first = comparison(rule, played, look);
      if (TwoStage.firstStageOver(first)) {
        break;
      }
    }
    if (first == null || !TwoStage.suspect(first)) {
      return comparison(rule, played, played.size());
    }
    int ofFirst = played.size();
    for (int i = 0; i < rule.confirmations(); i++) {
      played.add(duet(random, duets, spread, shift, played.size() + 1));
    }
    return comparison(rule, played, ofFirst);
  }

  /** The two metrics share most of their noise; the p95 has more of it. */
  private static Played duet(
      SplittableRandom random, Noise.Duets duets, double spread, double shift, int number) {
    double median = duets.applyAsDouble(random);
    double p95 = 1.2 * median + 0.7 * random.nextGaussian();
    return new Played(
        number, "a", "b", 32, null, new LogRatios(shift + spread * median, shift + spread * p95));
  }

  private static DuetComparison comparison(TrialRule rule, List<Played> played, int firstStage) {
    var trial =
        new Trial(
            rule.alpha(),
            rule.tolerances(),
            rule.looks(),
            rule.confirmations(),
            firstStage,
            Trial.DECIDED);
    return new DuetComparison(
        new Side("A", "a"), new Side("B", "b"), rule.most(), 0.003, played, null, trial);
  }

  /** A family of comparisons of which none differs, at three spreads in turn. */
  private static List<DuetComparison> alike(
      SplittableRandom random, Noise noise, int comparisons, Map<String, Double> tolerances) {
    var family = new ArrayList<DuetComparison>();
    for (int one = 0; one < comparisons; one++) {
      family.add(play(random, noise, SPREADS[one % SPREADS.length], 0, tolerances));
    }
    return family;
  }

  /** In how many of so many simulations something comes out. */
  private static Proportion share(int simulations, long seed, Predicate<SplittableRandom> of) {
    var random = new SplittableRandom(seed);
    int hits = 0;
    for (int i = 0; i < simulations; i++) {
      hits += of.test(random) ? 1 : 0;
    }
    return Proportion.of(hits, simulations, SURE);
  }

  private static Noise oneOf(List<Noise> noises, SplittableRandom random) {
    return noises.get(random.nextInt(noises.size()));
  }

  /** How often a median of this spread and ratio, a family by itself, is said to be that. */
  private static Proportion said(
      Class<? extends Verdict> what,
      int simulations,
      List<Noise> noises,
      double spread,
      double ratio) {
    return share(
        simulations,
        noises.getFirst().name().hashCode(),
        random -> {
          DuetComparison played =
              play(random, oneOf(noises, random), spread, Math.log(ratio), MEDIAN);
          return what.isInstance(TwoStage.judge(List.of(played)).getFirst().verdict());
        });
  }

  private static boolean anyChanged(List<DuetComparison> family) {
    return TwoStage.judge(family).stream().anyMatch(one -> one.verdict() instanceof Changed);
  }

  private static void atMost(double limit, Proportion seen) {
    double bound = Proportion.atMost(seen.hits(), seen.trials(), SURE);
    assertTrue(bound <= limit, bound + " is above " + limit + ": " + seen);
  }

  private static void atLeast(double limit, Proportion seen) {
    double bound = Proportion.atLeast(seen.hits(), seen.trials(), SURE);
    assertTrue(bound >= limit, bound + " is below " + limit + ": " + seen);
  }

  /**
   * With both metrics at spreads of 1, 3 and 10 %: 0.4 to 1.2 % were seen. Where each duet kept 0.4
   * of the one before, it was 4.8 %: as much dependence as that is beyond what is promised.
   */
  @ParameterizedTest
  @EnumSource
  void nothingIsCalledChangedWhereNothingIs(Noise noise) {
    atMost(ALPHA, share(700, 1, random -> anyChanged(alike(random, noise, 3, BOTH))));
  }

  /** The tolerance helps above; without that help, confirmation and Holm's correction suffice. */
  @Test
  void neitherWithoutATolerancesHelp() {
    atMost(
        ALPHA,
        share(
            1_200, 2, random -> anyChanged(alike(random, oneOf(INDEPENDENT, random), 3, HARDLY))));
  }

  /** That these simulations can tell: simpler procedures fail them. */
  @Test
  void oneLookByTheUsualTestWouldErrTooOften() {
    atLeast(
        3 * ALPHA,
        share(
            200,
            3,
            random ->
                alike(random, Noise.NORMAL, 12, BOTH).stream()
                    .anyMatch(one -> SignedRankTest.of(medians(one, 8)).twoSided() <= ALPHA)));
  }

  /** Without a correction over the family, and with one, on the same duets. */
  @Test
  void manyDecidedOneByOneWouldErrTooOften() {
    var together = new int[1];
    Proportion alone =
        share(
            400,
            4,
            random -> {
              List<DuetComparison> family = alike(random, Noise.NORMAL, 12, HARDLY);
              together[0] += anyChanged(family) ? 1 : 0;
              return family.stream().anyMatch(one -> anyChanged(List.of(one)));
            });
    atLeast(ALPHA, alone);
    assertTrue((double) together[0] / alone.trials() <= ALPHA, together[0] + " together");
  }

  private static double[] medians(DuetComparison comparison, int count) {
    return comparison.played().stream()
        .limit(count)
        .mapToDouble(duet -> Objects.requireNonNull(duet.logRatios()).median())
        .toArray();
  }

  @ParameterizedTest
  @EnumSource
  void tenPercentAreFoundAtAUsualSpread(Noise noise) {
    atLeast(0.95, said(Changed.class, 200, List.of(noise), 0.03, 1.10));
    atLeast(0.95, said(Changed.class, 200, List.of(noise), 0.03, 1 / 1.10));
  }

  /** Nine times of ten and more, exactly that one of a family is found which is slower. */
  @Test
  void theOneThatIsSlowerIsFoundAmongOthers() {
    atLeast(
        0.9,
        share(
            300,
            5,
            random -> {
              List<DuetComparison> family = alike(random, Noise.NORMAL, 3, BOTH);
              family.set(1, play(random, Noise.NORMAL, 0.03, Math.log(1.10), BOTH));
              return TwoStage.judge(family).stream()
                  .allMatch(one ->
                      one.verdict() instanceof Changed == one.comparison().equals(family.get(1)));
            }));
  }

  @ParameterizedTest
  @EnumSource
  void twoPercentAreTheSameAtAUsualSpread(Noise noise) {
    atLeast(0.85, said(Same.class, 400, List.of(noise), 0.03, 1.02));
  }

  /** Also where the duets scatter too much to find it: then it is open. */
  @ParameterizedTest
  @ValueSource(doubles = {0.03, 0.10})
  void tenPercentAreHardlyEverTheSame(double spread) {
    atMost(ALPHA, said(Same.class, 400, List.of(Noise.values()), spread, 1.10));
  }

  /** The looks err with alpha together, and so does the interval of the fresh duets. */
  @ParameterizedTest
  @ValueSource(doubles = {0.03, 0.10})
  void whatIsAtTheToleranceIsSeldomTheSame(double spread) {
    atMost(2 * ALPHA, said(Same.class, 1_000, INDEPENDENT, spread, 1.05));
  }

  @Test
  void aWideSpreadIsSaidToBeInconclusive() {
    atLeast(0.8, said(Inconclusive.class, 200, List.of(Noise.NORMAL), 0.10, 1));
  }
}
