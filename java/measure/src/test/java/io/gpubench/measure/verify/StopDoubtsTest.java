// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.stats.EntropyTrend;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether 1,000 samples of about 0.1 ms in 0.2 s can have ended by a rule, and fill their time. */
class StopDoubtsTest {
  private static ProcessDraft draft() {
    var random = new SplittableRandom(5);
    var draft = new ProcessDraft();
    draft.durations = random.longs(1_000, 100_000, 110_000).toArray();
    draft.starts = new long[1_000];
    draft.relay(random.longs(1_000, 90_000, 110_000).toArray());
    return draft;
  }

  @ParameterizedTest
  @CsvSource({
    "samples,     1000, 1000,    0, 1000, 0,    true",
    "samples,      500, 1001,    0, 1000, 0,    false",
    "samples,        1,  999,    0, 1000, 0,    false",
    "time,         500, 2000,    0,  200, 0,    true",
    "time,         500, 2000,    0,  210, 0,    false",
    "precise,      500, 2000,  150, 1000, 0.01, true",
    "precise,      500, 2000,  250, 1000, 0.01, false",
    "precise,     1001, 2000,  150, 1000, 0.01, false",
    "precise,      500, 2000,  150, 1000, 1e-5, false",
    "interrupted, 1500, 2000, 1000, 1000, 0,    true",
    "mismatch,    1500, 2000, 1000, 1000, 0,    true",
    "interrupted,    1,  500,    0, 1000, 0,    false"
  })
  void aStoppingRuleLeavesNoChoice(
      String stop,
      long minSamples,
      long maxSamples,
      long minMillis,
      long maxMillis,
      double precision,
      boolean possible) {
    ProcessDraft draft = draft();
    draft.stop = stop;
    MeasuredProcess process = draft.process();
    var rule =
        new StoppingRule(
            minSamples,
            maxSamples,
            minMillis * 1_000_000,
            maxMillis * 1_000_000,
            precision,
            1,
            0,
            1_000_000_000);
    assertEquals(possible, StopDoubts.of("a.3", process.part(), process.samples(), rule).isEmpty());
  }

  /** Uniform over 5 % they are in a hundred bins, so that the entropy grows by 0.2 a doubling. */
  @ParameterizedTest
  @CsvSource({
    "500,  150, 0.25, 0.05, true",
    "500,  150, 0.02, 0.05, false",
    "500,  150, 0.25, 1e-9, false",
    "1001, 150, 0.25, 0.05, false",
    "500,  250, 0.25, 0.05, false"
  })
  void entropyIsComputedAnew(
      long minSamples, long minMillis, double slope, double residual, boolean possible) {
    ProcessDraft draft = draft();
    draft.stop = "entropy";
    MeasuredProcess process = draft.process();
    var rule =
        new StoppingRule(
            minSamples,
            2_000,
            minMillis * 1_000_000,
            1_000_000_000,
            0,
            new EntropyTrend.Limits(24, slope, residual),
            1,
            0,
            1_000_000_000);
    var findings = StopDoubts.of("a.3", process.part(), process.samples(), rule);
    assertEquals(possible, findings.isEmpty(), findings.toString());
  }

  @ParameterizedTest
  @CsvSource({"entropy, 0.5, 2000", "precise, 0, 2000", "precise, 0.5, 1000"})
  void onlyTheCriterionOfTheRuleStops(String stop, double precision, long maxSamples) {
    ProcessDraft draft = draft();
    draft.stop = stop;
    MeasuredProcess process = draft.process();
    var rule =
        new StoppingRule(1_000, maxSamples, 0, 1_000_000_000, precision, 1, 0, 1_000_000_000);
    assertEquals(1, StopDoubts.of("a.3", process.part(), process.samples(), rule).size());
  }

  @ParameterizedTest
  @CsvSource({
    "samples,      0.2,  true",
    "samples,      3.9,  true",
    "samples,      4.3,  false",
    "time,         4.3,  false",
    "interrupted,  4.3,  true",
    ",             4.3,  true"
  })
  void samplesFillTheirTime(String stop, double seconds, boolean possible) {
    ProcessDraft draft = draft();
    draft.stop = stop;
    draft.measureSeconds = Math.max(draft.measureSeconds, seconds);
    assertEquals(possible, ScaleDoubts.of(draft.process()).isEmpty());
  }

  @ParameterizedTest
  @CsvSource({"2, 0.4, true", "2, 0.6, false", "1, 60, true"})
  void aPauseAtTheEndIsNoScale(int samples, double seconds, boolean possible) {
    var draft = new ProcessDraft();
    draft.starts = new long[samples];
    draft.durations = new long[samples];
    for (int i = 0; i < samples; i++) {
      draft.starts[i] = i * 2_000L;
      draft.durations[i] = 1_000L + i;
    }
    draft.measureSeconds = seconds;
    assertEquals(possible, ScaleDoubts.of(draft.process()).isEmpty());
  }
}
