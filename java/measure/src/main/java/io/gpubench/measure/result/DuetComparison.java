// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import io.gpubench.measure.stats.DuetSummary;
import io.gpubench.measure.stats.Statistics;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two sides that were compared by duets: one element of {@code duets[]} in {@code run.json}. What
 * each process measured is in the records of the sides; the number of a duet is the repetition
 * there.
 *
 * @param planned how many duets were planned
 * @param sliceSeconds how long the sides measured in turn
 * @param played every duet that was begun, in the order of time
 * @param summary over the duets that count; null when none does
 */
public record DuetComparison(
    Side a,
    Side b,
    int planned,
    double sliceSeconds,
    List<Played> played,
    @Nullable DuetSummary summary) {

  /**
   * A side.
   *
   * @param name as it was asked for
   * @param record id of the record with what its processes measured
   */
  public record Side(String name, String record) {}

  /**
   * A duet.
   *
   * @param number counted from 1
   * @param startedFirst {@code a} or {@code b}: whose process was started and prepared first
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
