// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.claim;

import io.gpubench.measure.result.DuetComparison.Played;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.stats.SignedRankInterval;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a judgement rests on: one number of each process, or of each duet.
 *
 * @param each in the base unit, or ratios to a baseline
 * @param fewest values of samples or readings that one of them rests on; 0 for none
 * @param missing why there is not one of each process, in one line; null where there is
 */
record Values(List<Double> each, long fewest, @Nullable String missing) {
  /** Of the processes of a record that have measured. */
  static Values of(Metric metric, ResultRecord measured) {
    var each = new ArrayList<Double>();
    long fewest = Long.MAX_VALUE;
    for (ProcessPart process : measured.processes()) {
      if (process.statistics() == null) {
        continue;
      }
      ProcessValue one = ProcessValue.of(metric, measured, process);
      Double value = one.value();
      if (value == null) {
        return new Values(List.of(), 0, one.missing());
      }
      each.add(value);
      fewest = Math.min(fewest, one.rests());
    }
    return each.isEmpty()
        ? new Values(each, 0, "no process has samples")
        : new Values(each, fewest, null);
  }

  /** Ratios of the duets that count. */
  static Values of(Metric metric, ResultRecord own, ResultRecord baseline, List<Played> played) {
    var each = new ArrayList<Double>();
    long fewest = Long.MAX_VALUE;
    for (Played duet : played) {
      if (duet.logRatios() == null) {
        continue;
      }
      ProcessValue ofOwn = value(metric, own, duet.number());
      ProcessValue ofBaseline = value(metric, baseline, duet.number());
      Double above = ofOwn.value();
      Double below = ofBaseline.value();
      if (above == null || below == null) {
        String missing = above == null ? ofOwn.missing() : "the baseline: " + ofBaseline.missing();
        return new Values(List.of(), 0, missing);
      }
      if (!(above > 0 && below > 0)) {
        return new Values(List.of(), 0, "a side of a duet has a value of 0, which gives no ratio");
      }
      each.add(above / below);
      fewest = Math.min(fewest, Math.min(ofOwn.rests(), ofBaseline.rests()));
    }
    return each.isEmpty() ? new Values(each, 0, "no duet counts") : new Values(each, fewest, null);
  }

  private static ProcessValue value(Metric metric, ResultRecord measured, int number) {
    return measured.processes().stream()
        .filter(process -> process.repetition() == number)
        .findFirst()
        .map(process -> ProcessValue.of(metric, measured, process))
        .orElseGet(
            () -> new ProcessValue(null, 0, "the process of duet %d is missing".formatted(number)));
  }

  /**
   * The centre and the bounds, each of which errs with probability 1 - confidence.
   *
   * @param shares whether these are shares of a whole, whose errors add up; those of times and
   *     rates multiply
   */
  SignedRankInterval interval(double confidence, boolean shares) {
    double[] values = each.stream().mapToDouble(value -> value).toArray();
    double between = 2 * confidence - 1;
    return shares
        ? SignedRankInterval.of(values, between)
        : SignedRankInterval.geometric(values, between);
  }
}
