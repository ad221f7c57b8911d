// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Workload;

/** That the samples of a run are right, one at a time, and queued where that is how it is timed. */
final class RightSamples {
  private static final int SINGLE = 3;
  private static final int GROUPS = 3;

  private RightSamples() {}

  /** Of a run that was just prepared. */
  static void of(PreparedRun run, Workload workload, ParameterValues values) {
    for (long sample = 0; sample < SINGLE; sample++) {
      run.stage(sample);
      run.execute();
      assertEquals(workload.answerDigest(values, sample), run.digest());
      long current = sample;
      assertTrue(run.verify(sample), () -> run.mismatch(current));
    }
    if (run.clock() == PreparedRun.Clock.HOST) {
      return;
    }
    var queued = assertInstanceOf(PreparedRun.Queued.class, run);
    long sample = SINGLE;
    for (int group = 0; group < GROUPS; group++) {
      int size = queued.groupSize();
      for (int i = 0; i < size; i++) {
        queued.queue(sample + i);
      }
      String why = queued.await();
      for (int i = 0; i < size && why == null; i++) {
        long current = sample + i;
        assertTrue(run.verify(current), () -> run.mismatch(current));
        assertTrue(queued.durationNanos(i) >= 0);
      }
      sample += size;
    }
  }
}
