// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.result.RawSamples;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

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

  /** So many equal gaps are no chance where a gap takes more than a few steps of the clock. */
  private static final int MANY_GAPS = 99;

  /** Staging, verifying and two readings take at least a fifth of such a step: gaps differ. */
  private static final long FINE_STEP_NANOS = 100;

  private static final long STEPS = 5;

  /**
   * Between batches there are pauses, one among a hundred samples at most and usually far fewer.
   */
  private static final double ALMOST_ALL = 0.95;

  /** A gap of so many steps scatters by more than a quarter of a step. */
  private static final long STEPS_OF_ALMOST_ALL = 100;

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
    if (gaps < MANY_GAPS) {
      return;
    }
    long step = ClockStep.nanos(process);
    String what = "from the end of a sample to the next";
    Long same = tooEven(gaps, step, this::gap);
    if (same == null) {
      what = "from one start to the next";
      same = tooEven(gaps, step, i -> samples.start(i + 1) - samples.start(i));
    }
    if (same != null) {
      add(
          Flaw.SLEPT,
          "%s it is %,d ns almost always (%,d samples) on a clock that steps by %,d ns at most: nothing that works is that even",
          what,
          same,
          samples.count(),
          step);
    }
  }

  /** The value that too many have; null when there is none. */
  private static @Nullable Long tooEven(int count, long step, IntToLongFunction nanos) {
    long candidate = 0;
    int lead = 0;
    for (int i = 0; i < count; i++) {
      long value = nanos.applyAsLong(i);
      if (lead == 0) {
        candidate = value;
      }
      lead += value == candidate ? 1 : -1;
    }
    if (lead <= 0) {
      return null;
    }
    int equal = 0;
    for (int i = 0; i < count; i++) {
      equal += nanos.applyAsLong(i) == candidate ? 1 : 0;
    }
    boolean noneElse = equal == count && (step <= FINE_STEP_NANOS || candidate / STEPS >= step);
    boolean fewElse = equal >= ALMOST_ALL * count && candidate / STEPS_OF_ALMOST_ALL >= step;
    return noneElse || fewElse ? (Long) candidate : null;
  }

  private long gap(int index) {
    return samples.start(index + 1) - samples.start(index) - samples.duration(index);
  }
}
