// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.duet;

import io.gpubench.measure.compare.TrialRule;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.plan.Profile;
import io.gpubench.measure.run.StoppingRule;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A comparison that is going to be made.
 *
 * @param duets how many, at least 1; with a rule of the trial, the most where none fails
 * @param rule of each
 * @param trial until it is decided by this; null for so many duets
 */
public record DuetPlan(Player a, Player b, int duets, Duet.Rule rule, @Nullable TrialRule trial) {
  /** The most duets of a comparison. */
  public static final int MOST_DUETS = Profile.MOST_REPETITIONS;

  /** Wanted of each side even where a profile asks for fewer. */
  public static final int FEWEST_SAMPLES = 400;

  // The rest of a duet's time is for starting and preparing both.
  private static final double MEASURING = 0.5;
  private static final double WARMUP_OF_SIDE = 0.2;

  /**
   * A side.
   *
   * @param name as it was asked for
   * @param run has an id of its own on each side, also where both are the same
   */
  public record Player(String name, PlannedRun run) {}

  /**
   * How thoroughly to compare.
   *
   * @param duets how many, 1 .. {@link #MOST_DUETS}; with a rule of the trial, the fewest
   * @param samples wanted of each side in a duet, 1 .. {@link Duet.Rule#MOST_SAMPLES}; null for the
   *     profile's fewest, at least {@link #FEWEST_SAMPLES}, and its shortest time of measuring
   * @param slice how long the sides measure in turn, more than 0
   * @param budget upper bound of the time for a duet, more than 0
   * @param profile has the fewest warm-up samples and the shortest times
   * @param trial decides how many duets there are; null for {@code duets}
   */
  public record Effort(
      int duets,
      @Nullable Long samples,
      Duration slice,
      Duration budget,
      Profile profile,
      @Nullable TrialRule trial) {}

  /**
   * Plans a comparison.
   *
   * @param a as if it were planned alone; of it counts what makes the run what it is
   * @param b the same
   */
  public static DuetPlan of(Player a, Player b, Effort effort) {
    long measuring = Math.max(1, (long) (effort.budget().toNanos() * MEASURING));
    Long asked = effort.samples();
    Profile profile = effort.profile();
    var rule =
        new Duet.Rule(
            asked == null ? Math.max(FEWEST_SAMPLES, profile.minSamples()) : asked,
            effort.slice().toNanos(),
            asked == null ? Math.min(profile.minMeasuring().toNanos(), measuring) : 0,
            measuring);
    TrialRule trial = effort.trial();
    return new DuetPlan(
        player(a, Side.A, rule, effort),
        player(b, Side.B, rule, effort),
        trial == null ? effort.duets() : trial.most(),
        rule,
        trial);
  }

  private static Player player(Player player, Side side, Duet.Rule rule, Effort effort) {
    PlannedRun run = player.run();
    long warmup = (long) (effort.budget().toNanos() * WARMUP_OF_SIDE);
    var stoppingRule =
        new StoppingRule(
            rule.samples(),
            rule.room(),
            rule.minNanos(),
            rule.maxNanos(),
            0,
            effort.profile().minWarmupSamples(),
            Math.min(effort.profile().minWarmup().toNanos(), warmup),
            warmup);
    return new Player(
        player.name(),
        new PlannedRun(
            id(run.id(), side),
            run.workload(),
            run.engine(),
            run.mode(),
            run.values(),
            stoppingRule,
            run.footprintBytes(),
            effort.duets(),
            effort.budget()));
  }

  /**
   * The id of a run on a side, {@code consensus-host-call-a-3fa94c21b07e}: the side ends the
   * readable part.
   *
   * @param alone its id if it were planned alone
   */
  public static String id(String alone, Side side) {
    int hash = alone.lastIndexOf('-');
    return alone.substring(0, hash) + "-" + side.word() + alone.substring(hash);
  }
}
