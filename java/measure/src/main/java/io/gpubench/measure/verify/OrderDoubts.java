// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.stats.QuantileInterval;
import io.gpubench.measure.stats.Statistics;
import io.gpubench.measure.stats.Variation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Doubts about statistics of which a smaller one is larger than a larger one. */
final class OrderDoubts {
  /** Statistics over processes come from logarithms, and may be off in their last digits. */
  private static final double ROUNDING = 1e-9;

  private final String subject;
  private final List<Finding> findings = new ArrayList<>();

  private OrderDoubts(String subject) {
    this.subject = subject;
  }

  static List<Finding> of(RunDocument run) {
    var all = new ArrayList<Finding>();
    for (ResultRecord record : run.records()) {
      var ofRecord = new OrderDoubts(record.id());
      ofRecord.look(record.statistics());
      ofRecord.look(record.throughput());
      ofRecord.look(record.variation());
      all.addAll(ofRecord.findings);
      for (ProcessPart part : record.processes()) {
        var ofProcess = new OrderDoubts(MeasuredProcess.subject(record, part));
        ofProcess.look(part.statistics());
        all.addAll(ofProcess.findings);
      }
    }
    return all;
  }

  private void look(@Nullable Statistics it) {
    if (it == null) {
      return;
    }
    ascending("min", (double) it.min(), "median", it.median());
    ascending("median", it.median(), "p50", it.p50());
    ascending("p50", it.p50(), "median", it.median());
    ascending("p50", it.p50(), "p95", it.p95());
    ascending("p95", it.p95(), "p99", it.p99());
    ascending("p99", it.p99(), "p999", it.p999());
    ascending("p999", it.p999(), "max", (double) it.max());
    ascending("min", (double) it.min(), "mean", it.mean());
    ascending("mean", it.mean(), "max", (double) it.max());
    Statistics.Intervals intervals = it.intervals();
    look("median", intervals.median());
    look("p95", intervals.p95());
    look("p99", intervals.p99());
    look("p999", intervals.p999());
  }

  private void look(String quantile, QuantileInterval interval) {
    ascending(
        "the lower bound of " + quantile,
        interval.lower(),
        "the upper bound of " + quantile,
        interval.upper());
  }

  private void look(ResultRecord.@Nullable Throughput it) {
    // A single bound may lie on the wrong side of an estimate that is interpolated.
    if (it != null && it.lower() != null && it.upper() != null) {
      ascending("the lower throughput", it.lower(), "the median throughput", it.median());
      ascending("the median throughput", it.median(), "the upper throughput", it.upper());
    }
  }

  private void look(@Nullable Variation it) {
    if (it != null) {
      ascending(
          "smallestMedianNanos",
          it.smallestMedianNanos(),
          "largestMedianNanos",
          it.largestMedianNanos());
    }
  }

  private void ascending(
      String lowerName, @Nullable Double lower, String upperName, @Nullable Double upper) {
    if (lower != null && upper != null && !(lower <= upper + ROUNDING * Math.abs(upper))) {
      findings.add(
          Finding.of(
              Flaw.ORDER,
              subject,
              "%s is %.6g and %s is %.6g: the one cannot be more than the other",
              lowerName,
              lower,
              upperName,
              upper));
    }
  }
}
