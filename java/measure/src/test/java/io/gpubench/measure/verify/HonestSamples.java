// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.run.Timer;
import java.util.Random;

/**
 * Makes what honest processes measure: times that are lognormal or bimodal, drift and have a heavy
 * tail, on clocks of several steps, in batches with pauses between them.
 */
final class HonestSamples {
  private static final double[] STEPS = {1, 10, 10.02, 125 / 3.0, 100};
  private static final double[] SPREADS = {0.0005, 0.002, 0.01, 0.05, 0.2, 0.6};
  private static final double BATCH_NANOS = 100e6;
  private static final int MOST = 20_000;

  private final Random random;
  private final double step;
  private double typical;
  private double spread;
  private double gap;

  HonestSamples(long seed) {
    random = new Random(seed);
    step = STEPS[random.nextInt(STEPS.length)];
    typical = Math.exp(random.nextDouble(Math.log(100), Math.log(20e6)));
    spread = SPREADS[random.nextInt(SPREADS.length)];
    gap = Math.exp(random.nextDouble(Math.log(25), Math.log(50_000)));
  }

  /** Any process; most are short. */
  static ProcessDraft any(long seed) {
    var honest = new HonestSamples(seed);
    int count = (int) Math.pow(MOST + 1.0, Math.pow(honest.random.nextDouble(), 2.5));
    return honest.process(count);
  }

  /** One with so many samples and so much spread that forging it can be told. */
  static ProcessDraft rich(long seed) {
    var honest = new HonestSamples(seed);
    honest.typical = Math.exp(honest.random.nextDouble(Math.log(200e3), Math.log(5e6)));
    honest.spread = honest.random.nextDouble(0.1, 0.4);
    return honest.process(200 + honest.random.nextInt(2_000));
  }

  private ProcessDraft process(int count) {
    var draft = new ProcessDraft();
    draft.starts = new long[count];
    draft.durations = new long[count];
    double second = random.nextInt(3) == 0 ? random.nextDouble(1.05, 3) : 1;
    double drift = random.nextInt(3) == 0 ? random.nextDouble(-0.2, 0.3) : 0;
    double tail = random.nextInt(2) == 0 ? random.nextDouble(0, 0.05) : 0;
    double now = random.nextDouble(1e15);
    double batchEnd = now + BATCH_NANOS;
    long origin = 0;
    int kept = 0;
    while (kept < count) {
      double mode = typical * (1 + drift * kept / count) * (random.nextInt(10) < 3 ? second : 1);
      double work = mode * Math.exp(spread * random.nextGaussian()) + 2 * random.nextGaussian();
      if (random.nextDouble() < tail) {
        work *= Math.pow(1 - random.nextDouble(), -1);
      }
      long start = reading(now);
      now += Math.min(1e9, Math.max(work, 20));
      long duration = reading(now) - start;
      if (duration > 0) {
        origin = kept == 0 ? start : origin;
        draft.starts[kept] = start - origin;
        draft.durations[kept] = duration;
        kept++;
      }
      now += Math.max(20, gap * Math.exp(0.03 * random.nextGaussian()) + 3 * random.nextGaussian());
      if (now > batchEnd) {
        now += random.nextDouble(20e3, 3e6);
        batchEnd = now + BATCH_NANOS;
      }
    }
    conditions(draft);
    return draft;
  }

  /** What a clock says that began with a step. */
  private long reading(double time) {
    return (long) (Math.floor(time / step) * step + 1e-3);
  }

  private void conditions(ProcessDraft draft) {
    long smallest = Math.max(1, (long) step);
    boolean slow = random.nextBoolean(); // a reading takes longer than a step
    long resolution = slow ? smallest * (1 + random.nextInt(4)) : smallest;
    draft.timer = new Timer(resolution, slow ? resolution + random.nextInt(20) : 0);
    draft.measureSeconds = Math.round(draft.span() / 1e6) / 1e3;
    draft.underSampled = draft.measureSeconds < 0.01 || draft.durations.length < 100;
    if (draft.timer.cannotResolve(draft.median())) {
      draft.outcome = "Rejected";
    }
    if (random.nextInt(4) > 0) {
      double share = random.nextDouble(0.25, 3);
      draft.processorSeconds = Math.round(100 * draft.span() / 1e9 * share) / 100.0;
    }
    switch (random.nextInt(10)) {
      case 0 -> {
        draft.stop = null; // it failed half-way
        draft.outcome = "Failed";
        draft.measureSeconds = 0;
      }
      case 1 -> draft.measureSeconds *= 7; // a duet
      case 2 -> foreign(draft);
      case 3 -> {
        draft.device = "Simulated CUDA device";
        draft.processorSeconds = 0.0;
      }
      default -> {}
    }
  }

  /** Its clock is its own affair: another step, or a little faster than ours. */
  private void foreign(ProcessDraft draft) {
    draft.foreign = true;
    draft.timer = new Timer(30, 30);
    if (draft.timer.cannotResolve(draft.median())) {
      draft.outcome = "Rejected";
    }
    int kind = random.nextInt(3);
    if (kind == 0) {
      draft.measureSeconds = Math.round(draft.span() / 1.01 / 1e6) / 1e3;
    } else {
      long coarse = kind == 1 ? 1_000 : 1_000_000;
      long end = 0;
      for (int i = 0; i < draft.starts.length; i++) {
        long start = Math.max(end, draft.starts[i] / coarse * coarse);
        long stop = (draft.starts[i] + draft.durations[i]) / coarse * coarse;
        draft.starts[i] = start;
        draft.durations[i] = Math.max(coarse, stop - start);
        end = start + draft.durations[i];
      }
      draft.measureSeconds = Math.round(draft.span() / 1e6) / 1e3;
      draft.processorSeconds = null;
    }
    draft.underSampled = draft.measureSeconds < 0.01;
  }
}
