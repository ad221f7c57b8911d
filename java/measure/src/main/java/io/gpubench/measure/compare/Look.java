// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import io.gpubench.measure.stats.SignedRankInterval;
import io.gpubench.measure.stats.SignedRankTest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the first stage says of one metric of one comparison, after the first of its looks that
 * decides, or after the last.
 *
 * @param state what is decided
 * @param duets after so many
 * @param estimate the Hodges-Lehmann estimate of ln(B/A) over them
 * @param twoSided the probability of a difference at least as large where there is none, by the
 *     exact signed-rank test
 */
public record Look(State state, int duets, double estimate, double twoSided) {
  /** The significance that makes a difference suspect; the second stage decides. */
  static final double SUSPICION = 0.10;

  /** What the first stage can say. */
  public enum State {
    /** The interval lies within the tolerance. */
    SAME,
    /** There may be a difference that matters; it is to be confirmed by fresh duets. */
    SUSPECT,
    /** Neither. */
    UNDECIDED
  }

  /**
   * Looks at the first stage.
   *
   * @param logRatios ln(B/A) of the duets that count, in their order; those behind the last look
   *     are ignored
   * @param tolerance a relative difference, in (0, 1)
   * @return null before the first look
   */
  public static @Nullable Look of(double[] logRatios, double tolerance, TrialRule rule) {
    Look last = null;
    for (int duets : rule.looks()) {
      if (duets > logRatios.length) {
        break;
      }
      last = at(Arrays.copyOf(logRatios, duets), tolerance, rule);
      if (last.state != State.UNDECIDED) {
        break;
      }
    }
    return last;
  }

  private static Look at(double[] logRatios, double tolerance, TrialRule rule) {
    double limit = Math.log1p(tolerance);
    double tail = rule.alpha() / rule.looks().size();
    var centre = SignedRankInterval.of(logRatios, 1 - 2 * tail);
    double twoSided = SignedRankTest.of(logRatios).twoSided();
    State state = State.UNDECIDED;
    if (TwoStage.within(centre, limit)) {
      state = State.SAME;
    } else if (twoSided <= SUSPICION && Math.abs(centre.estimate()) >= limit / 2) {
      state = State.SUSPECT;
    }
    return new Look(state, logRatios.length, centre.estimate(), twoSided);
  }
}
