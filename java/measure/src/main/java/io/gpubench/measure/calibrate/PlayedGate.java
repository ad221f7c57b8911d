// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.calibrate;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gpubench.measure.compare.Judged;
import io.gpubench.measure.compare.TrialRule;
import io.gpubench.measure.compare.TwoStage;
import io.gpubench.measure.compare.Verdict;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.DuetComparison.LogRatios;
import io.gpubench.measure.result.DuetComparison.Played;
import io.gpubench.measure.result.DuetComparison.Trial;
import io.gpubench.measure.result.RunDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A gate of two sides of which it is known whether they differ: a whole comparison by fresh duets,
 * from the first to the verdict.
 *
 * @param number counted from 1, in the order in which they were begun
 * @param run id of the run directory with its evidence
 * @param slowSide {@code a} or {@code b}: who was slowed down on purpose; null where both sides
 *     were the same
 * @param slowdown to how many times its own time; null exactly where {@code slowSide} is
 * @param whyNot why it does not count, in one line; null when it does
 * @param verdict {@code Same}, {@code Changed} or {@code Inconclusive}
 * @param ratio the estimate of B/A over all duets; null where none counts
 * @param seconds how long it took, starting, warming up and storing included
 * @param firstStage how many of the duets are of the first stage
 * @param duets that count, in their order
 */
public record PlayedGate(
    int number,
    String run,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String slowSide,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double slowdown,
    @Nullable String whyNot,
    String verdict,
    @Nullable Double ratio,
    double seconds,
    int firstStage,
    List<LogRatios> duets) {
  private static final String A = "a";
  private static final String B = "b";

  public PlayedGate {
    Objects.requireNonNull(run, "run");
    Objects.requireNonNull(verdict, "verdict");
    duets = List.copyOf(duets);
    if ((slowSide == null) != (slowdown == null)
        || (slowSide != null && !slowSide.equals(A) && !slowSide.equals(B))
        || duets.stream()
            .anyMatch(duet -> !Double.isFinite(duet.median()) || !Double.isFinite(duet.p95()))
        || (whyNot == null && duets.isEmpty())
        || number < 1
        || firstStage < 0
        || firstStage > duets.size()) {
      throw new IllegalArgumentException(
          "gate %d: side %s by %s, %d of %d duets"
              .formatted(number, slowSide, slowdown, firstStage, duets.size()));
    }
  }

  /**
   * What became of a gate.
   *
   * @param comparison by a {@link TrialRule}
   * @param seconds how long it took
   */
  public static PlayedGate of(
      int number,
      RunDocument run,
      DuetComparison comparison,
      @Nullable String slowSide,
      @Nullable Double slowdown,
      double seconds) {
    Trial trial = Objects.requireNonNull(comparison.trial());
    Judged judged = TwoStage.judge(List.of(comparison)).getFirst();
    var duets = new ArrayList<LogRatios>();
    int firstStage = 0;
    for (int i = 0; i < comparison.played().size(); i++) {
      LogRatios ratios = comparison.played().get(i).logRatios();
      if (ratios != null) {
        duets.add(ratios);
        firstStage += i < trial.firstStage() ? 1 : 0;
      }
    }
    return new PlayedGate(
        number,
        run.id(),
        slowSide,
        slowdown,
        whyNot(run, trial),
        judged.verdict().word(),
        judged.ratio(),
        seconds,
        firstStage,
        duets);
  }

  /** One whose first duet did not end. */
  public static PlayedGate unplayed(int number, RunDocument run) {
    return new PlayedGate(
        number,
        run.id(),
        null,
        null,
        Objects.requireNonNullElse(run.statusReason(), "no duet was played"),
        new Verdict.Inconclusive("").word(),
        null,
        0,
        0,
        List.of());
  }

  private static @Nullable String whyNot(RunDocument run, Trial trial) {
    if (Trial.DECIDED.equals(trial.ended())) {
      return null;
    }
    return trial.ended() == null
        ? Objects.requireNonNullElse(run.statusReason(), "it was not ended")
        : trial.ended().equals(Trial.TIME) ? "the time was up" : "its duets failed";
  }

  /** Judged anew from its duets. */
  PlayedGate rejudged(TrialRule rule) {
    var played = new ArrayList<Played>();
    for (LogRatios ratios : duets) {
      played.add(new Played(played.size() + 1, A, A, 0, null, ratios));
    }
    var side = new DuetComparison.Side(run, run);
    var trial =
        new Trial(
            rule.alpha(),
            rule.tolerances(),
            rule.looks(),
            rule.confirmations(),
            firstStage,
            counts() ? Trial.DECIDED : null);
    Judged judged =
        TwoStage.judge(List.of(new DuetComparison(side, side, rule.most(), 0, played, null, trial)))
            .getFirst();
    return new PlayedGate(
        number,
        run,
        slowSide,
        slowdown,
        whyNot,
        judged.verdict().word(),
        judged.ratio(),
        seconds,
        firstStage,
        duets);
  }

  /** The same with another number. */
  PlayedGate numbered(int other) {
    return new PlayedGate(
        other, run, slowSide, slowdown, whyNot, verdict, ratio, seconds, firstStage, duets);
  }

  /** Whether it was played to its end. */
  public boolean counts() {
    return whyNot == null;
  }

  /** Whether one side was slowed down on purpose. */
  public boolean injected() {
    return slowSide != null;
  }

  /** Whether it called the sides different. */
  public boolean changed() {
    return verdict.equals(new Verdict.Changed(2).word());
  }

  /** Whether it called the side slower that was slowed down. */
  public boolean found() {
    return changed() && slowSide != null && ratio != null && (ratio > 1) == slowSide.equals(B);
  }

  /** ln(slow/fast) of the medians of each duet. */
  List<Double> injectedLogRatios() {
    return duets.stream().map(duet -> A.equals(slowSide) ? -duet.median() : duet.median()).toList();
  }

  /** What it was and what came of it, in one line. */
  public String line() {
    Double factor = slowdown;
    String what =
        factor == null
            ? "equal sides"
            : String.format(
                Locale.ROOT,
                "%s slowed down by %.1f %%",
                A.equals(slowSide) ? "A" : "B",
                100 * (factor - 1));
    return String.format(
        Locale.ROOT,
        "gate %d: %s: %s after %d duets, %.1f s, %s",
        number,
        what,
        whyNot == null ? verdict : "does not count, " + whyNot,
        duets.size(),
        seconds,
        run);
  }
}
