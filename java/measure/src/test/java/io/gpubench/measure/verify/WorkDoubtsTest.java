// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gpubench.measure.stats.Statistics;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two records of medians, in us, with so many times the operations in the second. */
class WorkDoubtsTest {
  @ParameterizedTest
  @CsvSource({
    "2000, 2000, 16,  2, ,     false",
    "2000, 2012, 100, 2, ,     false",
    "2000, 2000, 15,  2, ,     true",
    "2000, 2000, 16,  4, ,     true",
    "2000, 2000, 1e6,  , ,     true",
    "2000, 2030, 100, 2, ,     true",
    "900,  900,  100, 2, ,     true",
    "2000, 2000, 100, 2, card, true"
  })
  void timesDependOnTheWork(
      double one, double other, double more, Integer threads, String device, boolean possible) {
    RunDraft draft = RunDraft.suite();
    draft.threads = threads;
    draft.device = device;
    draft.operations = new double[] {1_000, 1_000 * more};
    for (int process = 0; process < 2; process++) {
      draft.part(0, process).statistics = times(one, 1 + process);
      draft.part(1, process).statistics = times(other, 3 + process);
    }
    assertEquals(possible, WorkDoubts.of(draft.document()).isEmpty());
  }

  private static Statistics times(double micros, long seed) {
    long nanos = (long) (1e3 * micros);
    return Statistics.of(
        new SplittableRandom(seed).longs(500, nanos - nanos / 500, nanos + nanos / 500).toArray());
  }
}
