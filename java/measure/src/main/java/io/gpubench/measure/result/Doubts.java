// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import io.gpubench.measure.run.Samples;
import io.gpubench.measure.run.Timer;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Workload;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whether what one process measured can be believed, for who measures and for who verifies. */
public final class Doubts {
  /** Samples that the clock could not time, over those that it could. */
  private static final double MOST_DROPPED = 0.01;

  /** Spans are rounded to the millisecond. */
  private static final double ROUNDING_SECONDS = 0.001;

  /** By so much a worker's clock may run faster than ours. */
  private static final double MOST_DRIFT = 0.01;

  private Doubts() {}

  /**
   * Why what was discarded leaves nothing that counts, or the clock cannot have resolved the
   * samples; null when neither is so. What was discarded for another reason than the clock says
   * nothing against the others.
   *
   * @param kept how many samples were kept
   * @param discards how many were not, by reason
   */
  public static @Nullable String ofDiscards(long kept, Map<String, Long> discards) {
    long stood = discards.getOrDefault(Samples.STOOD_STILL, 0L);
    if (stood > MOST_DROPPED * kept) {
      return String.format(
          Locale.ROOT,
          "the clock did not advance in %,d of %,d samples: it cannot resolve them",
          stood,
          stood + kept);
    }
    if (kept > 0) {
      return null;
    }
    return discards.isEmpty()
        ? "no sample was taken"
        : "no sample counts: "
            + discards.entrySet().stream()
                .map(one -> String.format(Locale.ROOT, "%,d %s", one.getValue(), one.getKey()))
                .collect(Collectors.joining("; "));
  }

  /** Why a median, in nanoseconds, is shorter than a timer can resolve; null when it is not. */
  public static @Nullable String ofTimer(double median, Timer timer) {
    return timer.cannotResolve(median)
        ? "the median of %s ns is below what the timer resolves (an empty window shows %d ns)"
            .formatted(plain(median), timer.overheadNanos())
        : null;
  }

  /**
   * Why a sample cannot have done its operations in the median time; null when it can.
   *
   * @param median in nanoseconds
   * @param operations of a sample
   * @param perSecond what the hardware cannot exceed; infinite when unknown
   */
  public static @Nullable String ofWork(double median, double operations, double perSecond) {
    return isBeyond(median, operations, perSecond)
        ? "%s operations in %s ns are more than this hardware can execute"
            .formatted(plain(operations), plain(median))
        : null;
  }

  /**
   * Why a sample cannot have done what it takes at least in the median time; null when it can.
   *
   * @param median in nanoseconds
   * @param demands of a sample: a ceiling's id, and the amount in that ceiling's unit
   * @param bounds of the hardware: a ceiling's id, and that unit per second
   */
  public static @Nullable String ofBounds(
      double median, Map<String, Double> demands, Map<String, Double> bounds) {
    for (String ceiling : new TreeSet<>(demands.keySet())) {
      double amount = demands.getOrDefault(ceiling, 0.0);
      double most = bounds.getOrDefault(ceiling, Double.POSITIVE_INFINITY);
      if (isBeyond(median, amount, most)) {
        return String.format(
            Locale.ROOT,
            "%.0f of %s in %.0f ns are %.4g a second, and this hardware can do %.4g at most",
            amount,
            ceiling,
            median,
            amount / (median / 1e9),
            most);
      }
    }
    return null;
  }

  /**
   * Why a sample cannot have done what the engine says; null when it can, or the workload cannot
   * tell.
   *
   * @param work of a sample, all its pieces; so are the amounts
   * @param amounts what else it does
   */
  public static @Nullable String ofAmounts(
      Workload workload,
      ParameterValues values,
      PreparedRun.Work work,
      Map<String, Double> amounts,
      int pieces) {
    var ofPiece = new LinkedHashMap<String, Double>();
    amounts.forEach((name, amount) -> ofPiece.put(name, amount / pieces));
    return workload.contradiction(
        values,
        new PreparedRun.Work(
            work.units() / pieces, work.bytes() / pieces, work.operations() / pieces),
        ofPiece);
  }

  /**
   * Why a stage cannot have lain within the time that preparing took; null when all can. A worker's
   * clock may run a little faster than ours.
   *
   * @param stages from a name to nanoseconds
   * @param prepareSeconds how long preparing took, to the millisecond
   */
  public static @Nullable String ofStages(Map<String, Long> stages, double prepareSeconds) {
    double most = (prepareSeconds + ROUNDING_SECONDS) * (1 + MOST_DRIFT) * 1e9;
    for (Map.Entry<String, Long> stage : stages.entrySet()) {
      if (stage.getValue() > most) {
        return String.format(
            Locale.ROOT,
            "the stage %s is said to have taken %,d ns, and all of preparing took %.3f s",
            stage.getKey(),
            stage.getValue(),
            prepareSeconds);
      }
    }
    return null;
  }

  private static boolean isBeyond(double median, double amount, double perSecond) {
    return amount / (median / 1e9) > perSecond;
  }

  private static String plain(double value) {
    return String.format(Locale.ROOT, "%.0f", value);
  }
}
