// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.result.RawSamples;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;

/** Doubts about when samples began: before it was time, beyond the end, or like clockwork. */
final class PaceDoubts {
  // measureSeconds is rounded to the millisecond, and spans all samples on the clock that they
  // have.
  private static final double SLACK_NANOS = 2e6;
  private static final double SLACK = 0.001;

  // The clock of a foreign engine may run 1 % faster than ours, and batch by batch 1 ms beside it,
  // before it is refused; twice that, and what it can gain while it warms up.
  private static final double FOREIGN_SLACK_NANOS = 5e6;
  private static final double FOREIGN_SLACK = 0.02;

  /** So many gaps are looked at, at least. */
  private static final int FEW_GAPS = 99;

  /** So many equal ones are none of chance even where a gap is as short as a step or two. */
  private static final int MANY_GAPS = 999;

  // Staging, verifying and two readings take 20 ns at the least, and scatter by 3 ns and 3 %. On a
  // clock of such a step in nanoseconds gaps are then not all 0; of so many steps, not all equal.
  private static final long FINE_STEP = 100;
  private static final long FINER_STEP = 50;
  private static final long STEPS_OF_FINER = 5;
  private static final long STEPS = 30;

  /**
   * Between batches there are pauses, one among a hundred samples at most and usually far fewer.
   */
  private static final double ALMOST_ALL = 0.95;

  /** A gap of so many steps scatters by several. */
  private static final long STEPS_OF_GAP = 100;

  // From start to start it is work mostly, and the steadiest scatters by half a thousandth. Of so
  // many
  // steps, a hundred that are equal have odds of 1 to a million.
  private static final long STEPS_OF_PERIOD = 400;

  private final MeasuredProcess process;
  private final RawSamples samples;
  private final List<Finding> findings = new ArrayList<>();

  private PaceDoubts(MeasuredProcess process) {
    this.process = process;
    this.samples = process.samples();
  }

  static List<Finding> of(MeasuredProcess process) {
    var doubts = new PaceDoubts(process);
    doubts.first();
    doubts.backwards();
    doubts.overfull();
    doubts.clockwork();
    return doubts.findings;
  }

  private void add(Flaw flaw, String format, Object... arguments) {
    findings.add(Finding.of(flaw, process.subject(), format, arguments));
  }

  private void first() {
    // an older format counted from the begin of measuring, and did not know the process
    if (process.part().pid() != 0 && samples.start(0) != 0) {
      add(
          Flaw.SAMPLES,
          "starts are counted from the first sample, but that begins at %,d ns: samples before it are gone",
          samples.start(0));
    }
  }

  private void backwards() {
    int early = 0;
    int which = 0;
    for (int i = 1; i < samples.count(); i++) {
      if (gap(i - 1) < 0) {
        which = early == 0 ? i : which;
        early++;
      }
    }
    if (early > 0) {
      add(
          Flaw.BACKWARDS,
          "%,d of %,d samples begin before the one before has ended; sample %d begins at %,d ns, %,d ns too early",
          early,
          samples.count(),
          which,
          samples.start(which),
          -gap(which - 1));
    }
  }

  private void overfull() {
    if (process.part().stop() == null) {
      return; // it failed before anybody looked how long it measured
    }
    double seconds = process.part().measureSeconds();
    double most =
        process.foreign()
            ? seconds * 1e9 * (1 + FOREIGN_SLACK) + FOREIGN_SLACK_NANOS
            : seconds * 1e9 * (1 + SLACK) + SLACK_NANOS;
    double sum = 0;
    double end = 0;
    for (int i = 0; i < samples.count(); i++) {
      sum += samples.duration(i);
      end = Math.max(end, (double) samples.start(i) + samples.duration(i));
    }
    double span = end - samples.start(0);
    if (sum > most) {
      add(
          Flaw.OVERFULL,
          "samples took %.6f s in all, but it measured for %.3f s: they cannot have been taken then",
          sum / 1e9,
          seconds);
    } else if (span > most) {
      add(
          Flaw.OVERFULL,
          "from the first sample to the last are %.6f s, but it measured for %.3f s",
          span / 1e9,
          seconds);
    }
  }

  private void clockwork() {
    int gaps = samples.count() - 1;
    if (gaps < FEW_GAPS) {
      return;
    }
    long step = ClockStep.nanos(process);
    Common gap = Common.of(gaps, this::gap);
    Common period = Common.of(gaps, i -> samples.start(i + 1) - samples.start(i));
    if (gap.tooEven(step, STEPS_OF_GAP) || (gap.all() && strange(gap.value, gaps, step))) {
      clockwork("from the end of a sample to the next", gap, step);
    } else if (period.tooEven(step, STEPS_OF_PERIOD)) {
      clockwork("from one start to the next", period, step);
    }
  }

  private void clockwork(String what, Common common, long step) {
    add(
        Flaw.SLEPT,
        "%s it is %,d ns in %,d of %,d cases, on a clock that steps by %,d ns at most: nothing that works is that even",
        what,
        common.value,
        common.equal,
        common.count,
        step);
  }

  /** Whether it is strange that all gaps are equal. */
  private static boolean strange(long gap, int count, long step) {
    if (gap == 0 || (count >= MANY_GAPS && step <= FINE_STEP)) {
      return step <= FINE_STEP;
    }
    boolean finer = step <= FINER_STEP || count >= MANY_GAPS;
    return gap / (finer ? STEPS_OF_FINER : STEPS) >= step;
  }

  /** The value that more than half of many have, if there is one. */
  private record Common(long value, int equal, int count) {
    static Common of(int count, IntToLongFunction nanos) {
      long candidate = 0;
      int lead = 0;
      for (int i = 0; i < count; i++) {
        long value = nanos.applyAsLong(i);
        if (lead == 0) {
          candidate = value;
        }
        lead += value == candidate ? 1 : -1;
      }
      int equal = 0;
      for (int i = 0; i < count && lead > 0; i++) {
        equal += nanos.applyAsLong(i) == candidate ? 1 : 0;
      }
      return new Common(candidate, equal, count);
    }

    boolean all() {
      return equal == count;
    }

    boolean tooEven(long step, long steps) {
      return equal >= ALMOST_ALL * count && value / steps >= step;
    }
  }

  private long gap(int index) {
    return samples.start(index + 1) - samples.start(index) - samples.duration(index);
  }
}
