// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.ResultRecord.WorkPart;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.stats.Statistics;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Doubts about records of different work that took the same time. Only of processors, of which it
 * is known how many threads work at once; on a device, ten times the work may well fit beside each
 * other.
 */
final class WorkDoubts {
  /** Shorter times may be those of handing work over. */
  private static final double LONG_NANOS = 1e6;

  /** Beyond this the times differ. */
  private static final double SAME = 0.01;

  /** So many times more work than all threads together could hide. */
  private static final double MORE_WORK = 8;

  private static final String MEASURED = new Outcome.Measured().word();

  private WorkDoubts() {}

  static List<Finding> of(RunDocument run) {
    var all = new ArrayList<Finding>();
    List<ResultRecord> records = run.records();
    for (int i = 0; i < records.size(); i++) {
      for (int j = 0; j < i; j++) {
        Finding found = compared(run, records.get(j), records.get(i));
        if (found != null) {
          all.add(found);
          break;
        }
      }
    }
    return all;
  }

  private static @Nullable Finding compared(RunDocument run, ResultRecord one, ResultRecord other) {
    Statistics times = one.statistics();
    Statistics otherTimes = other.statistics();
    WorkPart work = one.work();
    WorkPart otherWork = other.work();
    if (times == null
        || otherTimes == null
        || work == null
        || otherWork == null
        || !alike(one, other)) {
      return null;
    }
    double shorter = Math.min(times.median(), otherTimes.median());
    double longer = Math.max(times.median(), otherTimes.median());
    double less = Math.min(work.operations(), otherWork.operations());
    double more = Math.max(work.operations(), otherWork.operations());
    return shorter < LONG_NANOS
            || longer > (1 + SAME) * shorter
            || less <= 0
            || more < MORE_WORK * threads(run, one) * less
        ? null
        : Finding.of(
            Flaw.SLEPT,
            other.id(),
            "%.0f ns, and %s took %.0f ns, though the one has %.1f times the operations of the other: times do not depend on the work",
            otherTimes.median(),
            one.id(),
            times.median(),
            more / less);
  }

  private static boolean alike(ResultRecord one, ResultRecord other) {
    return one.device() == null
        && other.device() == null
        && one.workload().equals(other.workload())
        && one.engine().equals(other.engine())
        && one.path().equals(other.path())
        && one.outcome().equals(MEASURED)
        && other.outcome().equals(MEASURED);
  }

  /** How many may work on one sample; infinite where that is not known. */
  private static double threads(RunDocument run, ResultRecord record) {
    return Engines.of(run, record).stream()
        .mapToDouble(engine -> {
          Integer threads = engine.threads();
          return threads == null ? Double.POSITIVE_INFINITY : Math.max(1, threads);
        })
        .max()
        .orElse(Double.POSITIVE_INFINITY);
  }
}
