// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.run.Throttling;
import io.gpubench.measure.stats.Statistics;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ShortfallTest {
  private static final StoppingRule RULE =
      new StoppingRule(1_000, 10_000, 0, 7_500_000_000L, 0.01, 1, 0, 0);

  private static ProcessPart part(
      int repetition,
      @Nullable String stop,
      long samples,
      double seconds,
      Map<String, Long> discards,
      @Nullable Throttling throttling) {
    return new ProcessPart(
        repetition,
        1,
        "2026-11-21T03:56:22.125Z",
        "Measured",
        null,
        null,
        0,
        0,
        0,
        null,
        stop,
        seconds,
        null,
        samples,
        samples,
        discards,
        Statistics.of(new long[] {1, 2, 3}),
        null,
        null,
        null,
        null,
        null,
        throttling,
        null,
        null);
  }

  private static ProcessPart part(@Nullable String stop, long samples, double seconds) {
    return part(2, stop, samples, seconds, Map.of(), null);
  }

  @Test
  void nothingIsMissingWhereAllIsThere() {
    assertNull(Shortfall.of(List.of(part("precise", 1_000, 0.5)), 1, RULE));
  }

  @Test
  void samplesThatDoNotFitSayHowLongTheyWouldTake() {
    assertEquals(
        "process 2 took 610 of 1,000 samples: a sample takes 12.3 ms with staging and verification, so"
            + " 1,000 take 12.3 s; its share is 7.5 s",
        Shortfall.of(List.of(part("precise", 1_200, 3), part("time", 610, 7.503)), 2, RULE));
  }

  @Test
  void timeThatWentToThrottlingIsNoTimeOfSamples() {
    var throttling = new Throttling(80, Map.of("hw-slowdown", 20L), 1.875, 0, true);
    var discards =
        Map.of("throttled: hw-slowdown", 90L, "warm-up after a pause", 9L, "timed out", 100L);
    assertEquals(
        "process 1 took 900 of 1,000 samples: a sample takes 5.63 ms with staging and verification, so"
            + " 1,000 take 5.63 s; its share is 7.5 s, of which 1.88 s went to discards and pauses for"
            + " throttling",
        Shortfall.of(List.of(part(1, "time", 900, 7.5, discards, throttling)), 1, RULE));
  }

  @Test
  void whoeverAskedItToStopIsTheReason() {
    assertEquals(
        "process 2 took 5 of 1,000 samples when it was asked to stop",
        Shortfall.of(List.of(part("interrupted", 5, 1)), 1, RULE));
    assertEquals(
        "process 2 took 5 of 1,000 samples", Shortfall.of(List.of(part(null, 5, 1)), 1, RULE));
  }

  @Test
  void missingProcessesAndShortOnesCountToo() {
    assertEquals(
        "1 of 6 processes measured; process 2 measured for 4 ms, and under 10 ms say little",
        Shortfall.of(List.of(part("samples", 1_000, 0.004)), 6, RULE));
  }
}
