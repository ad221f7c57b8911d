// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.launch.Launch;
import io.gpubench.workloads.launch.LaunchWorkload;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SubmitRunTest {
  private static final ParameterValues VALUES =
      new ParameterValues(Map.of("calls", 1_000L, "seed", 1L));

  /** Counts in Java, and forgets some calls in C if asked to. */
  private static final class Counter implements SubmitLoops {
    private long count;
    private long forgotten;
    private boolean closed;

    @Override
    public void reset(long from) {
      count = from;
    }

    @Override
    public void fromJava(long calls) {
      count += calls;
    }

    @Override
    public void fromC(long calls) {
      count += calls - forgotten;
    }

    @Override
    public long count() {
      return count;
    }

    @Override
    public Map<String, Object> configuration() {
      return Map.of("function", "counter");
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @Test
  void bothLoopsAreCounted() {
    var loops = new Counter();
    try (var run = new SubmitRun(VALUES, loops)) {
      for (long sample = 0; sample < 2; sample++) {
        run.stage(sample);
        assertFalse(run.verify(sample), "not yet");
        run.execute();
        assertTrue(run.verify(sample));
        assertFalse(run.verify(sample + 1), "stale");
        assertEquals(new LaunchWorkload(Launch.FFM).answerDigest(VALUES, sample), run.digest());
        run.stage(sample);
        assertFalse(run.verifyBaseline(sample), "not yet");
        run.executeBaseline();
        assertTrue(run.verifyBaseline(sample));
      }
      loops.forgotten = 3;
      run.stage(2);
      run.executeBaseline();
      assertFalse(run.verifyBaseline(2));
      assertEquals("997 calls were made, expected 1000", run.mismatch(2));
      assertEquals(1_000, run.work().units());
    }
    assertTrue(loops.closed);
  }
}
