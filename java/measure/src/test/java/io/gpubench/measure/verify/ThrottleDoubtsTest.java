// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.run.Throttling;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be said of throttling where a process kept 4 samples in 10 s of a share of 12 s. */
class ThrottleDoubtsTest {
  private static final StoppingRule RULE =
      new StoppingRule(1, 100, 0, 12_000_000_000L, 0, 1, 0, 1_000_000_000);

  private final ProcessDraft draft = new ProcessDraft();

  ThrottleDoubtsTest() {
    draft.durations = new long[] {1, 2, 3, 4};
    draft.starts = new long[4];
    draft.measureSeconds = 10;
  }

  private int findings(boolean duet) {
    return ThrottleDoubts.of("a.3", draft.process().part(), RULE, duet).size();
  }

  private static Throttling hot(double lost, long throttledSamples) {
    return new Throttling(
        10, Map.of("hw-slowdown", 3L, "sw-power-cap", 10L), lost, throttledSamples, false);
  }

  @ParameterizedTest
  @CsvSource({
    "throttled: hw-slowdown, 2.0, 0, true",
    "throttled: hw-slowdown, 3.4, 4, true",
    "throttled: hw-slowdown, 3.6, 0, false",
    "throttled: hw-slowdown, 2.0, 5, false",
    "throttled: hw-thermal-slowdown, 2.0, 0, false",
    "'throttled: hw-slowdown, hw-thermal-slowdown', 2.0, 0, false",
    "warm-up after a pause, 2.0, 0, true",
    "the clock did not advance, 0, 0, true"
  })
  void discardsNeedADeviceThatSaidSoAndTheirTime(
      String discard, double lost, long throttledSamples, boolean possible) {
    draft.discards = Map.of(discard, 100L);
    draft.throttling = hot(lost, throttledSamples);
    assertEquals(possible ? 0 : 1, findings(false));
  }

  @Test
  void withoutADeviceThatTellsNothingIsDiscarded() {
    assertEquals(0, findings(false));
    draft.discards = Map.of("throttled: hw-slowdown", 100L, "warm-up after a pause", 5L);
    assertEquals(2, findings(false));
  }

  @Test
  void inADuetNothingIs() {
    draft.throttling = hot(0, 4);
    assertEquals(0, findings(true));
    draft.discards = Map.of("throttled: hw-slowdown", 100L);
    assertEquals(1, findings(true));
  }

  @Test
  void thePowerLimitLosesNothing() {
    draft.throttling = new Throttling(10, Map.of("sw-power-cap", 10L), 0, 0, false);
    assertEquals(0, findings(false));
    draft.throttling = new Throttling(10, Map.of("sw-power-cap", 10L), 1, 0, false);
    assertEquals(1, findings(false));
  }

  @Test
  void noReasonIsSeenMoreOftenThanItWasAsked() {
    draft.throttling = new Throttling(2, Map.of("hw-slowdown", 3L), 1, 0, false);
    assertEquals(1, findings(false));
  }

  @Test
  void itLosesNoMoreThanItMeasured() {
    draft.measureSeconds = 1;
    draft.throttling = hot(1.6, 0);
    assertEquals(1, findings(false));
  }
}
