// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gpubench.measure.result.ProcessPart.WarmupPart;
import io.gpubench.measure.run.Samples;
import io.gpubench.measure.run.StoppingRule;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a process can have counted that kept 1,000 samples in 0.2 s after 50 for the warm-up. */
class TallyDoubtsTest {
  private static final int WARMUP = 50;

  private final ProcessDraft draft = new ProcessDraft();

  TallyDoubtsTest() {
    draft.durations = new long[1_000];
    Arrays.fill(draft.durations, 100_000);
    draft.starts = new long[1_000];
    long[] gaps = new long[1_000];
    Arrays.fill(gaps, 100_000);
    draft.relay(gaps);
    draft.warmup = new WarmupPart(WARMUP, 0.05, true);
    draft.moreAnswers = WARMUP;
  }

  private List<Flaw> flaws(boolean duet) {
    var rule = new StoppingRule(1, 1_000, 0, 1_000_000_000, 0, WARMUP, 50_000_000, 1_000_000_000);
    MeasuredProcess process = draft.process();
    return TallyDoubts.of(process, rule, duet).stream().map(Finding::flaw).toList();
  }

  /** A sample is left out after each batch of ten or more, so after 100 of 1,000 and two more. */
  @ParameterizedTest
  @CsvSource({
    "-1,   false, false",
    "0,    false, true",
    "102,  false, true",
    "103,  false, false",
    "5000, true,  true",
    "-1,   true,  false"
  })
  void everyAnswerIsCompared(int more, boolean duet, boolean possible) {
    draft.moreAnswers = (long) WARMUP + more;
    assertEquals(possible ? List.of() : List.of(Flaw.RECORD), flaws(duet));
  }

  /** In so many samples a batch is cut short at most 128 times, and by its time and capacity. */
  @Test
  void longBatchesLeaveFewSamplesOut() {
    draft.durations = new long[1 << 17];
    Arrays.fill(draft.durations, 900);
    draft.starts = new long[1 << 17];
    long[] gaps = new long[1 << 17];
    Arrays.fill(gaps, 600);
    draft.relay(gaps);
    draft.measureSeconds = 0.2;
    draft.moreAnswers = WARMUP + 128 + 2 + 2;
    assertEquals(List.of(), flaws(false));
    draft.moreAnswers++;
    assertEquals(List.of(Flaw.RECORD), flaws(false));
  }

  @Test
  void oneSampleInAHundredMayBeDiscarded() {
    draft.discards = Map.of(Samples.STOOD_STILL, 10L);
    draft.moreAnswers = WARMUP + 10;
    assertEquals(List.of(), flaws(false));
    draft.discards = Map.of(Samples.STOOD_STILL, 11L);
    draft.moreAnswers = WARMUP + 11;
    assertEquals(List.of(Flaw.TIMER), flaws(false));
  }

  @Test
  void howeverManyMayBeDiscardedForAnotherReason() {
    draft.discards = Map.of("throttled: hw-slowdown", 900L);
    draft.moreAnswers = WARMUP + 900;
    assertEquals(List.of(), flaws(false));
  }

  @Test
  void discardsBeyondAllNumbersAreARefutation() {
    draft.discards = Map.of("clock", Long.MAX_VALUE, "other", 1L);
    assertEquals(List.of(Flaw.RECORD), flaws(false));
    draft.discards = Map.of("clock", -1L);
    assertEquals(List.of(Flaw.RECORD), flaws(true));
  }

  @ParameterizedTest
  @CsvSource({
    "samples,     50, 0.05,  true",
    "precise,     50, 0.05,  true",
    "time,        50, 0.05,  true",
    "samples,     50, 0.049, true",
    "samples,     50, 0.048, false",
    "samples,     49, 0.05,  false",
    "interrupted, 3,  0.001, true",
    "mismatch,    50, 0.05,  false",
    ",            50, 0.05,  false"
  })
  void measuringEndsByItsRuleAfterTheWarmup(
      String stop, long samples, double seconds, boolean possible) {
    draft.stop = stop;
    draft.warmup = new WarmupPart(samples, seconds, true);
    draft.moreAnswers = samples;
    assertEquals(possible ? List.of() : List.of(Flaw.RECORD), flaws(false));
  }

  @Test
  void nothingIsMeasuredColdAndNothingElseIsAsked() {
    draft.warmup = null;
    draft.moreAnswers = 0;
    assertEquals(List.of(Flaw.RECORD), flaws(false));
    draft.outcome = "Failed";
    assertEquals(List.of(), flaws(false));
  }
}
