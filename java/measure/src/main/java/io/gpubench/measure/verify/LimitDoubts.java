// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.result.Doubts;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.RecordSummary;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.run.Timer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Doubts about times that clock, hardware or processors cannot have had. */
final class LimitDoubts {
  /**
   * A clock that did not step once while it was read 20,000 times steps by more than this, in
   * nanoseconds: a reading takes 5 ns at least.
   */
  private static final long STANDSTILL_NANOS = 100_000;

  /** So that a bound in another's last digit is none. */
  private static final double ROUNDING = 1e-9;

  // A processor that others use as well may give a fifth to each; who sleeps takes next to nothing.
  // The system counts in ticks of 10 ms.
  private static final double LEAST_WORKED = 0.2;
  private static final double LEAST_SECONDS = 0.1;
  private static final double TICK_SECONDS = 0.01;

  private final MeasuredProcess process;
  private final ProcessPart part;
  private final long[] sorted;
  private final double median;
  private final List<Finding> findings = new ArrayList<>();

  private LimitDoubts(MeasuredProcess process) {
    this.process = process;
    this.part = process.part();
    this.sorted = process.samples().durations().clone();
    Arrays.sort(sorted);
    this.median = sorted[(sorted.length - 1) / 2] / 2.0 + sorted[sorted.length / 2] / 2.0;
  }

  static List<Finding> of(MeasuredProcess process) {
    var doubts = new LimitDoubts(process);
    // of numbers that are not said to count, being doubtful is no flaw
    if (process.measured()) {
      doubts.timer();
      doubts.bound();
      doubts.hurried();
    }
    doubts.slept();
    return doubts.findings;
  }

  private void add(Flaw flaw, String format, Object... arguments) {
    findings.add(Finding.of(flaw, process.subject(), format, arguments));
  }

  private void timer() {
    Timer timer = part.timer();
    if (timer == null) {
      add(Flaw.TIMER, "it is said to have measured, but not what its timer resolves");
      return;
    }
    long resolution = timer.resolutionNanos();
    long overhead = timer.overheadNanos();
    // Both are from the same readings: the smallest difference that is not 0, and the median one.
    if (resolution < 0 || overhead < 0 || (overhead > 0 && overhead < resolution)) {
      add(
          Flaw.TIMER,
          "the timer is said to resolve %,d ns and to show %,d ns for an empty window: no clock does both",
          resolution,
          overhead);
    } else if (resolution == 0
        && overhead == 0
        && !process.foreign()
        && sorted[0] < STANDSTILL_NANOS) {
      add(
          Flaw.TIMER,
          "the clock is said to have stood still while it was tried out, yet it timed a sample of %,d ns",
          sorted[0]);
    }
    String why = Doubts.ofTimer(median, timer);
    if (why != null) {
      add(Flaw.TIMER, "%s", why);
    }
  }

  private void bound() {
    ResultRecord.WorkPart work = process.record().work();
    double most = process.operationsPerSecond() * (1 + ROUNDING);
    String why = work == null ? null : Doubts.ofWork(median, work.operations(), most);
    if (why != null) {
      add(Flaw.BOUND, "%s: %.4g a second at most", why, process.operationsPerSecond());
      return;
    }
    Map<String, Double> demands = process.record().demands();
    String beyond =
        Doubts.ofBounds(
            median * (1 + ROUNDING), demands == null ? Map.of() : demands, process.bounds());
    if (beyond != null) {
      add(Flaw.BOUND, "%s", beyond);
    }
  }

  private void hurried() {
    if (!process.record().underSampled()
        && part.measureSeconds() < RecordSummary.SHORTEST_SECONDS) {
      add(
          Flaw.SHORT,
          "it measured for %.3f s, under %.3f s, and is not marked as under-sampled",
          part.measureSeconds(),
          RecordSummary.SHORTEST_SECONDS);
    }
  }

  /**
   * Work of processors against their time. Where a machine is busy, some samples wait for others;
   * so all are taken to have worked only as long as the quicker ones did. A foreign worker may have
   * a server that does its work, of which nobody knows.
   */
  private void slept() {
    Double worked = part.processorSeconds();
    if (process.record().device() != null || process.foreign() || worked == null || worked < 0) {
      return;
    }
    long quick = sorted[(sorted.length - 1) / 4];
    double needed = 0;
    for (long duration : sorted) {
      needed += Math.min(duration, quick) / 1e9;
    }
    if (needed >= LEAST_SECONDS && worked + TICK_SECONDS < LEAST_WORKED * needed) {
      add(
          Flaw.SLEPT,
          "its samples took %.3f s at the least, but processors worked %.3f s for it in all: they were not busy",
          needed,
          worked);
    }
  }
}
