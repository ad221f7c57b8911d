// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.result.Doubts;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.run.Measurement;
import io.gpubench.measure.run.Measurement.Stop;
import io.gpubench.measure.run.SampleBatch;
import io.gpubench.measure.run.StoppingRule;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Doubts about what a process counted that is said to have measured: how it ended, what it went
 * through before its samples, and whether there are as many samples as answers were compared.
 */
final class TallyDoubts {
  /** How a process ends that has measured. */
  private static final Set<Stop> GOOD =
      EnumSet.of(Stop.PRECISE, Stop.ENTROPY, Stop.SAMPLES, Stop.TIME, Stop.INTERRUPTED);

  // One sample is left out after a batch of ten or more, and batches last 100 ms but for those that
  // are cut short: by their capacity, to look at the precision (fewer than 110 times, as the number
  // of samples grows by an eighth in between), at the begin and at the end.
  private static final int MANY = 10;
  private static final int CUT_SHORT = 128;
  private static final double BATCHES_A_SECOND = 1e3 / Measurement.BATCH_MILLIS;

  /** Spans are rounded to the millisecond. */
  private static final double ROUNDING_SECONDS = 0.001;

  private final MeasuredProcess process;
  private final ProcessPart part;
  private final List<Finding> findings = new ArrayList<>();

  private TallyDoubts(MeasuredProcess process) {
    this.process = process;
    this.part = process.part();
  }

  /**
   * What cannot be.
   *
   * @param rule of the process; null where it is not known
   * @param duet whether it measured in turn with another, by slices
   */
  static List<Finding> of(MeasuredProcess process, @Nullable StoppingRule rule, boolean duet) {
    if (!process.measured()) {
      return List.of();
    }
    var doubts = new TallyDoubts(process);
    doubts.end();
    doubts.stages();
    doubts.warmup(rule);
    doubts.answers(duet);
    return doubts.findings;
  }

  private void add(Flaw flaw, String format, Object... arguments) {
    findings.add(Finding.of(flaw, process.subject(), format, arguments));
  }

  private void end() {
    boolean good =
        GOOD.stream().anyMatch(stop -> stop.name().toLowerCase(Locale.ROOT).equals(part.stop()));
    if (!good || part.failure() != null) {
      add(
          Flaw.RECORD,
          "it is said to have measured, and to have ended by '%s'",
          part.failure() == null ? String.valueOf(part.stop()) : part.failure().kind());
    }
  }

  private void stages() {
    String tooLong =
        part.stages() == null ? null : Doubts.ofStages(part.stages(), part.prepareSeconds());
    if (tooLong != null) {
      add(Flaw.OVERFULL, "%s", tooLong);
    }
  }

  private void warmup(@Nullable StoppingRule rule) {
    ProcessPart.WarmupPart warmup = part.warmup();
    boolean interrupted = Stop.INTERRUPTED.name().toLowerCase(Locale.ROOT).equals(part.stop());
    if (warmup == null) {
      add(Flaw.RECORD, "it is said to have measured, and not to have warmed up");
    } else if (rule != null
        && !interrupted
        && (warmup.samples() < rule.minWarmupSamples()
            || warmup.seconds() + ROUNDING_SECONDS < rule.minWarmupNanos() / 1e9)) {
      add(
          Flaw.RECORD,
          "it warmed up with %,d samples in %.3f s, and had to with %,d in %.3f s at least",
          warmup.samples(),
          warmup.seconds(),
          rule.minWarmupSamples(),
          rule.minWarmupNanos() / 1e9);
    }
  }

  /** Every answer is compared, also those of samples that are not kept. */
  private void answers(boolean duet) {
    long kept = process.samples().count();
    long dropped = part.discards().values().stream().mapToLong(count -> count).sum();
    if (dropped < 0) { // the sum of what a file says
      add(Flaw.RECORD, "it has no number of discarded samples");
      return;
    }
    String unresolved = Doubts.ofDiscards(kept, part.discards());
    if (unresolved != null) {
      add(Flaw.TIMER, "%s", unresolved);
      return;
    }
    long least = kept + dropped + (part.warmup() == null ? 0 : part.warmup().samples());
    double leftOut =
        Math.min(
            2 + (double) (kept + dropped) / MANY,
            CUT_SHORT
                + BATCHES_A_SECOND * part.measureSeconds()
                + (double) (kept + dropped) / SampleBatch.CAPACITY);
    long compared = part.answersRight();
    if (compared < least) {
      add(
          Flaw.RECORD,
          "%,d answers were compared and right, of %,d samples: every one is compared",
          compared,
          least);
    } else if (!duet && compared - least > leftOut) {
      add(
          Flaw.RECORD,
          "%,d answers were compared, and with the warm-up there are %,d samples: others were left out",
          compared,
          least);
    }
  }
}
