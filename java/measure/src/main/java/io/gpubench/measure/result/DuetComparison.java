// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gpubench.measure.stats.DuetSummary;
import io.gpubench.measure.stats.Statistics;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Two sides that were compared by duets: one element of {@code duets[]} in {@code run.json}. What
 * each process measured is in the records of the sides; the number of a duet is the repetition
 * there.
 *
 * @param planned how many duets were planned; of one made by a rule, the most where none fails
 * @param sliceSeconds how long the sides measured in turn
 * @param played every duet that was begun, in the order of time
 * @param summary over the duets that count; null when none does
 * @param trial by which rule it was made until it was decided; null for a number of duets
 */
public record DuetComparison(
    Side a,
    Side b,
    int planned,
    double sliceSeconds,
    List<Played> played,
    @Nullable DuetSummary summary,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Trial trial) {
  /** The same with another length of its first stage. */
  public DuetComparison withFirstStage(int duets) {
    return new DuetComparison(
        a,
        b,
        planned,
        sliceSeconds,
        played,
        summary,
        trial == null
            ? null
            : new Trial(
                trial.alpha,
                trial.tolerances,
                trial.looks,
                trial.confirmations,
                duets,
                trial.ended));
  }

  /**
   * A side.
   *
   * @param name as it was asked for
   * @param record id of the record with what its processes measured
   */
  public record Side(String name, String record) {}

  /**
   * A rule in two stages, and how it went. What it decides follows from the duets.
   *
   * @param alpha how often, at most, anything is called changed that is not
   * @param tolerances from a metric to the relative difference that does not matter
   * @param looks after how many duets the first stage is looked at
   * @param confirmations fresh duets of the second stage
   * @param firstStage how many of those played are of the first stage, also those that do not count
   * @param ended {@value #DECIDED}, {@value #TIME} when the time was up, or {@value #FAILED} when
   *     the rest was left out as it would have been in vain; null while it goes on, and when it was
   *     interrupted
   */
  public record Trial(
      double alpha,
      Map<String, Double> tolerances,
      List<Integer> looks,
      int confirmations,
      int firstStage,
      @Nullable String ended) {
    public static final String DECIDED = "decided";
    public static final String TIME = "time";
    public static final String FAILED = "failed";
  }

  /**
   * A duet.
   *
   * @param number counted from 1
   * @param startedFirst {@code a} or {@code b}: whose process was started first; workers prepare at
   *     a time, others one after the other
   * @param beganFirst {@code a} or {@code b}: who measured the first slice
   * @param slices in all; each side had half of them where the duet counts
   * @param reason why it does not count, for both sides, in one line; null when it does
   * @param logRatios null when it does not count
   */
  public record Played(
      int number,
      String startedFirst,
      String beganFirst,
      int slices,
      @Nullable String reason,
      @Nullable LogRatios logRatios) {}

  /** ln(B/A) of a duet, for the medians and for the 0.95 quantiles of its samples. */
  public record LogRatios(double median, double p95) {
    /** Of the samples of both sides; none of these quantiles is 0. */
    public static LogRatios of(Statistics a, Statistics b) {
      return new LogRatios(Math.log(b.median() / a.median()), Math.log(b.p95() / a.p95()));
    }
  }
}
