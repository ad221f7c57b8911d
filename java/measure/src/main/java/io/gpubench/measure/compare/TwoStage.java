// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import io.gpubench.measure.compare.Verdict.Changed;
import io.gpubench.measure.compare.Verdict.Inconclusive;
import io.gpubench.measure.compare.Verdict.Same;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.DuetComparison.LogRatios;
import io.gpubench.measure.result.DuetComparison.Played;
import io.gpubench.measure.stats.Holm;
import io.gpubench.measure.stats.SignedRankInterval;
import io.gpubench.measure.stats.SignedRankTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides by duets whether one side is slower than the other, in two stages. The unit is the duet,
 * of which counts ln(B/A) of a quantile; T = ln(1 + tolerance).
 *
 * <ol>
 *   <li>The first stage is looked at after some numbers of duets, 8, 12 and 16 as a rule. A metric
 *       is the same when its interval, each bound of which errs with at most alpha over the number
 *       of looks, lies within -T and T: equivalence by two one-sided tests (D. J. Schuirmann,
 *       1987). It is suspect when the exact signed-rank test has p at most 0.10 and the estimate is
 *       at least T/2 away from 0. What is said first stands.
 *   <li>What is suspect is measured again, by a fixed number of fresh duets. It has changed when
 *       the exact one-sided test of these, in the direction of the first stage, has p at most alpha
 *       after Holm's adjustment over all that is suspect, and the estimate over both stages is at
 *       least T in that direction. It is the same when the 90 % interval of the fresh duets lies
 *       within -T and T.
 * </ol>
 *
 * Everything else is inconclusive. As the second stage is fixed in size and rests on fresh duets
 * alone, anything at all is called changed without reason with a probability of at most alpha,
 * however the first stage came to its suspicion (S. Holm, "A Simple Sequentially Rejective Multiple
 * Test Procedure", Scandinavian Journal of Statistics 6(2), 1979). Pure.
 */
public final class TwoStage {
  /** Of the interval by which the second stage finds no difference. */
  private static final double SAME_CONFIDENCE = 0.90;

  private static final double SHOWN_CONFIDENCE = 0.95;

  /** About so many times (spread / T)^2 duets decide, as was found by simulation. */
  private static final double DUETS_OF_SPREAD = 11;

  private static final int MOST_DUETS_NEEDED = 100_000;

  private TwoStage() {}

  /** A metric of a comparison with what its duets say. */
  private static final class Case {
    private final @Nullable DuetComparison comparison;
    private final TrialRule rule;
    private final String metric;
    private final double tolerance;
    private final double[] first;
    private final double[] second;
    private final @Nullable Look look;

    Case(
        @Nullable DuetComparison comparison,
        TrialRule rule,
        String metric,
        double tolerance,
        double[] first,
        double[] second) {
      this.comparison = comparison;
      this.rule = rule;
      this.metric = metric;
      this.tolerance = tolerance;
      this.first = first;
      this.second = second;
      this.look = Look.of(first, tolerance, rule);
    }

    double limit() {
      return Math.log1p(tolerance);
    }

    boolean suspect() {
      return look != null && look.state() == Look.State.SUSPECT;
    }

    boolean confirmable() {
      return suspect() && second.length == rule.confirmations();
    }

    /** One-sided, in the direction of the first stage. */
    double confirmation() {
      SignedRankTest test = SignedRankTest.of(second);
      return Objects.requireNonNull(look).estimate() > 0 ? test.greater() : test.less();
    }

    double[] all() {
      double[] all = Arrays.copyOf(first, first.length + second.length);
      System.arraycopy(second, 0, all, first.length, second.length);
      return all;
    }

    /** Why there are no more duets, as the end of a clause. */
    String because() {
      DuetComparison.Trial trial = comparison == null ? null : comparison.trial();
      return trial != null && DuetComparison.Trial.TIME.equals(trial.ended())
          ? ", as the time was up"
          : "";
    }
  }

  /**
   * Judges every metric of every comparison that was made by a {@link TrialRule}; the others are
   * passed over.
   *
   * @param family all that is decided together: over these the error is at most alpha
   * @return in the order of the comparisons, and of the metrics' names
   */
  public static List<Judged> judge(List<DuetComparison> family) {
    List<Case> cases = family.stream().flatMap(TwoStage::cases).toList();
    double[] adjusted =
        Holm.adjust(
            cases.stream()
                .filter(Case::suspect)
                .mapToDouble(one -> one.confirmable() ? one.confirmation() : 1)
                .toArray());
    var all = new ArrayList<Judged>();
    int next = 0;
    for (Case one : cases) {
      all.add(judged(one, one.suspect() ? confirmed(one, adjusted[next++]) : looked(one)));
    }
    return all;
  }

  /**
   * What is said of one metric of one comparison that is a family by itself.
   *
   * @param tolerance the relative difference that does not matter, in (0, 1)
   * @param first ln(B/A) of the duets of the first stage, in their order; those behind the look
   *     that decides are of the estimate only
   * @param second of those of the second stage; of no account where there is nothing to confirm
   */
  public static Verdict decide(TrialRule rule, double tolerance, double[] first, double[] second) {
    var one = new Case(null, rule, "", tolerance, first, second);
    return (one.suspect()
            ? confirmed(one, one.confirmable() ? one.confirmation() : 1)
            : looked(one))
        .verdict;
  }

  /**
   * Whether the first stage of a comparison is over: all its metrics are decided, or the last look
   * was taken. The duets behind {@code firstStage} are of no account.
   *
   * @throws IllegalArgumentException when it was not made by a rule
   */
  public static boolean firstStageOver(DuetComparison comparison) {
    return trial(comparison)
        .allMatch(one ->
            one.first.length >= one.rule.mostOfFirst()
                || (one.look != null && one.look.state() != Look.State.UNDECIDED));
  }

  /**
   * Whether a metric of a comparison is suspect by its first stage.
   *
   * @throws IllegalArgumentException when it was not made by a rule
   */
  public static boolean suspect(DuetComparison comparison) {
    return trial(comparison).anyMatch(Case::suspect);
  }

  /**
   * What is wrong with the course of a comparison: a stage that was ended before it was decided, or
   * went on when it was. A comparison of which the time was up, or that was left out as its duets
   * failed, may end anywhere.
   *
   * @return one line; null when it went by its rule
   * @throws IllegalArgumentException when it was not made by a rule
   */
  public static @Nullable String irregularity(DuetComparison comparison) {
    DuetComparison.Trial trial = Objects.requireNonNull(comparison.trial());
    int played = comparison.played().size();
    int most = TrialRule.of(trial).most();
    if (comparison.planned() != most) {
      return "%d duets were planned, and by its rule there are %d at most"
          .formatted(comparison.planned(), most);
    }
    if (trial.firstStage() < 0 || trial.firstStage() > played) {
      return "%d of its %d duets are said to be of the first stage"
          .formatted(trial.firstStage(), played);
    }
    boolean decided = DuetComparison.Trial.DECIDED.equals(trial.ended());
    for (int duets = 0; duets < trial.firstStage(); duets++) {
      if (firstStageOver(comparison.withFirstStage(duets))) {
        return "its first stage was decided after %d duets, and went on to %d"
            .formatted(duets, trial.firstStage());
      }
    }
    boolean over = firstStageOver(comparison);
    if (decided && !over) {
      return "its first stage ended after %d duets, undecided".formatted(trial.firstStage());
    }
    int wanted = over && suspect(comparison) ? trial.confirmations() : 0;
    List<Played> second = comparison.played().subList(trial.firstStage(), played);
    long fresh = second.stream().filter(duet -> duet.logRatios() != null).count();
    boolean exceeds = wanted == 0 ? !second.isEmpty() : fresh > wanted;
    if (exceeds || (decided && fresh < wanted)) {
      return "its second stage has %d duets that count of %d, and %d were to be"
          .formatted(fresh, second.size(), wanted);
    }
    return null;
  }

  private static Stream<Case> trial(DuetComparison comparison) {
    if (comparison.trial() == null) {
      throw new IllegalArgumentException("not made by a rule: " + comparison.a());
    }
    return cases(comparison);
  }

  private static Stream<Case> cases(DuetComparison comparison) {
    DuetComparison.Trial trial = comparison.trial();
    if (trial == null) {
      return Stream.empty();
    }
    TrialRule rule = TrialRule.of(trial);
    return rule.tolerances().entrySet().stream()
        .map(entry -> {
          String metric = entry.getKey();
          return new Case(
              comparison,
              rule,
              metric,
              entry.getValue(),
              logRatios(comparison, metric, 0, trial.firstStage()),
              logRatios(comparison, metric, trial.firstStage(), comparison.played().size()));
        });
  }

  /** Of the duets that count among those played from one to before another. */
  private static double[] logRatios(DuetComparison comparison, String metric, int from, int to) {
    return comparison.played().subList(from, to).stream()
        .map(Played::logRatios)
        .filter(Objects::nonNull)
        .mapToDouble(ratios -> of(ratios, metric))
        .toArray();
  }

  private static double of(LogRatios ratios, String metric) {
    return metric.equals(TrialRule.P95) ? ratios.p95() : ratios.median();
  }

  /** A verdict and what it rests on. */
  private record Said(Verdict verdict, Supplier<String> how) {}

  private static Said looked(Case it) {
    Look look = it.look;
    if (look == null) {
      return new Said(
          new Inconclusive(
              "%d of %d duets count%s; fewer say nothing"
                  .formatted(it.first.length, it.rule.fewest(), it.because())),
          () -> "no look");
    }
    Supplier<String> how = () -> "after %d duets".formatted(look.duets());
    if (look.state() == Look.State.SAME) {
      return new Said(new Same(), how);
    }
    return new Said(
        new Inconclusive(
            look.duets() < it.rule.mostOfFirst()
                ? "not decided after %d duets%s".formatted(look.duets(), it.because())
                : "the duets differ too much from each other"),
        how);
  }

  private static Said confirmed(Case it, double adjusted) {
    Look look = Objects.requireNonNull(it.look);
    Supplier<String> before = () -> "suspect after %d duets".formatted(look.duets());
    if (!it.confirmable()) {
      return new Said(
          new Inconclusive(
              "suspect, and %d of %d fresh duets count%s"
                  .formatted(it.second.length, it.rule.confirmations(), it.because())),
          before);
    }
    Supplier<String> how =
        () ->
            String.format(
                Locale.ROOT,
                "%s, %d fresh duets: p = %.2g",
                before.get(),
                it.second.length,
                adjusted);
    boolean confirmed = adjusted <= it.rule.alpha();
    double estimate = centre(it.all(), SHOWN_CONFIDENCE).estimate();
    if (confirmed && Math.signum(look.estimate()) * estimate >= it.limit()) {
      return new Said(new Changed(Math.exp(estimate)), how);
    }
    if (within(centre(it.second, SAME_CONFIDENCE), it.limit())) {
      return new Said(new Same(), how);
    }
    return new Said(
        new Inconclusive(
            confirmed
                ? "there is a difference, and perhaps one that does not matter"
                : "suspect, and fresh duets neither confirm a difference nor exclude it"),
        how);
  }

  private static Judged judged(Case it, Said said) {
    double[] all = it.all();
    SignedRankInterval centre = all.length == 0 ? null : centre(all, SHOWN_CONFIDENCE);
    Double spread = all.length < 2 ? null : (Double) spread(all);
    return new Judged(
        Objects.requireNonNull(it.comparison),
        it.metric,
        it.tolerance,
        said.verdict,
        said.how.get(),
        all.length,
        centre == null ? null : (Double) Math.exp(centre.estimate()),
        centre == null || centre.lower() == null ? null : (Double) Math.exp(centre.lower()),
        centre == null || centre.upper() == null ? null : (Double) Math.exp(centre.upper()),
        spread,
        spread == null ? null : duetsNeeded(spread, it));
  }

  private static Integer duetsNeeded(double spread, Case it) {
    double ratio = spread / it.limit();
    return (int)
        Math.clamp(Math.ceil(DUETS_OF_SPREAD * ratio * ratio), it.rule.fewest(), MOST_DUETS_NEEDED);
  }

  private static SignedRankInterval centre(double[] logRatios, double confidence) {
    return SignedRankInterval.of(logRatios, confidence);
  }

  /** Whether an interval lies between -limit and limit; one without bounds does not. */
  static boolean within(SignedRankInterval interval, double limit) {
    return interval.lower() != null
        && interval.upper() != null
        && interval.lower() > -limit
        && interval.upper() < limit;
  }

  private static double spread(double[] values) {
    double mean = 0;
    for (double value : values) {
      mean += value / values.length;
    }
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return Math.sqrt(squares / (values.length - 1));
  }
}
