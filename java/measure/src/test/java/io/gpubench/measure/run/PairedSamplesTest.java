// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.spi.PreparedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PairedSamplesTest {
  /** A run of 100 ns whose baseline takes 40. */
  private static final class Both implements PreparedRun.Paired, Timer.Clock {
    final List<String> calls = new ArrayList<>();
    long wrongBaseline = Long.MAX_VALUE;
    private long now;

    @Override
    public long nanos() {
      return now;
    }

    @Override
    public void stage(long sample) {
      now += 7;
    }

    @Override
    public void execute() {
      calls.add("run");
      now += 100;
    }

    @Override
    public void executeBaseline() {
      calls.add("baseline");
      now += 40;
    }

    @Override
    public boolean verify(long sample) {
      now += 9;
      return true;
    }

    @Override
    public boolean verifyBaseline(long sample) {
      now += 9;
      return sample != wrongBaseline;
    }

    @Override
    public String mismatch(long sample) {
      return "it differs";
    }

    @Override
    public long digest() {
      return 0;
    }

    @Override
    public Work work() {
      return new Work(1, 1, 1);
    }

    @Override
    public long inputs() {
      return EACH_ITS_OWN;
    }

    @Override
    public Map<String, Object> verification() {
      return Map.of();
    }

    @Override
    public Map<String, Object> configuration() {
      return Map.of();
    }

    @Override
    public void close() {}
  }

  @Test
  void bothAreTimedAloneAndTheirOrderAlternates() {
    var both = new Both();
    SampleBatch batch = new SampleLoop(both, both).take(0, 4, Long.MAX_VALUE / 2, 0);
    assertEquals(
        List.of("run", "baseline", "baseline", "run", "run", "baseline", "baseline", "run"),
        both.calls);
    assertTrue(batch.paired());
    assertArrayEquals(new long[] {100, 100, 100, 100}, batch.durations());
    assertArrayEquals(new long[] {40, 40, 40, 40}, batch.baselines());
  }

  @Test
  void aWrongAnswerOfTheBaselineIsAWrongAnswer() {
    for (long wrong : new long[] {2, 3}) {
      var both = new Both();
      both.wrongBaseline = wrong;
      SampleBatch batch = new SampleLoop(both, both).take(0, 9, Long.MAX_VALUE / 2, 0);
      assertEquals("sample " + wrong + ": it differs", batch.mismatch());
      assertEquals(wrong, batch.count());
    }
  }

  @Test
  void aBaselineThatTheClockCannotTimeCountsAsDiscarded() {
    var samples = new Samples(4);
    samples.add(0, 10, 5);
    samples.add(20, 10, 0);
    samples.add(40, 0, 5);
    assertEquals(1, samples.count());
    assertEquals(5, samples.baselineNanos(0));
    assertEquals(Map.of(Samples.STOOD_STILL, 2L), samples.discards());
  }
}
