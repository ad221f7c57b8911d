// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

import io.gpubench.benchmarks.Reading;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.stats.DuetSummary;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** Readings of what sealed runs hold. */
final class Records {
  private Records() {}

  /**
   * The record of a workload with these values among its parameters.
   *
   * @throws FailedException when there is none, or it was not measured
   */
  static ResultRecord record(RunDocument run, String workload, Map<String, ?> values) {
    ResultRecord record =
        run.records().stream()
            .filter(one -> one.workload().equals(workload))
            .filter(one -> fits(one.parameters(), values))
            .findFirst()
            .orElseThrow(() -> new FailedException("the run has no record of " + workload));
    if (!record.outcome().equals("Measured")) {
      throw new FailedException(record.outcome() + ": " + record.reason());
    }
    return record;
  }

  /** The records of a workload with these values among its parameters that were measured. */
  static List<ResultRecord> measured(RunDocument run, String workload, Map<String, ?> values) {
    return run.records().stream()
        .filter(one -> one.workload().equals(workload) && one.outcome().equals("Measured"))
        .filter(one -> fits(one.parameters(), values))
        .toList();
  }

  private static boolean fits(Map<String, Object> parameters, Map<String, ?> values) {
    return values.entrySet().stream()
        .allMatch(value ->
            String.valueOf(parameters.get(value.getKey())).equals(value.getValue().toString()));
  }

  /** Its throughput; the record's unit per second, divided by {@code scale}. */
  static Reading rate(ResultRecord record, double scale, String unit) {
    return rate(Objects.requireNonNull(record.throughput(), "throughput"), scale, unit);
  }

  /** The same of another rate of a record. */
  static Reading rate(ResultRecord.Throughput rate, double scale, String unit) {
    return spread(rate.median(), rate.lower(), rate.upper(), unit).times(1 / scale, unit);
  }

  /** The time that one unit of its work takes, in nanoseconds divided by {@code scale}. */
  static Reading timePerUnit(ResultRecord record, double scale, String unit) {
    return rate(record, 1, "").under(1e9 / scale, unit);
  }

  /** The median of its samples, in nanoseconds divided by {@code scale}. */
  static Reading median(ResultRecord record, double scale, String unit) {
    var times = Objects.requireNonNull(record.statistics(), "statistics");
    var interval = times.intervals().median();
    return spread(times.median(), interval.lower(), interval.upper(), unit).times(1 / scale, unit);
  }

  /** Over the baseline that was timed next to each sample. */
  static Reading paired(ResultRecord record) {
    return ratio(Objects.requireNonNull(record.paired(), "paired"));
  }

  /** Side B over side A of the duet whose side A is that record. */
  static Reading duet(RunDocument run, ResultRecord sideA) {
    for (DuetComparison duet : Objects.requireNonNull(run.duets(), "duets")) {
      if (duet.a().record().equals(sideA.id()) && duet.summary() != null) {
        return ratio(duet.summary());
      }
    }
    throw new FailedException("no duet counts");
  }

  private static Reading ratio(DuetSummary summary) {
    DuetSummary.Metric median = summary.median();
    return spread(median.ratio(), median.lower(), median.upper(), "");
  }

  /** What each of its processes took for something. */
  static Reading ofProcesses(
      ResultRecord record, ToDoubleFunction<ProcessPart> value, String unit) {
    return Reading.of(record.processes().stream().mapToDouble(value).toArray(), unit);
  }

  private static Reading spread(double median, Double lower, Double upper, String unit) {
    return lower == null || upper == null
        ? Reading.of(median, unit)
        : new Reading(median, lower, upper, 0, unit);
  }
}
