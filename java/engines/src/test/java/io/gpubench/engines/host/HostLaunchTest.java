// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.engines.launch.LaunchContract;
import io.gpubench.ffi.host.Host;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.launch.Launch;
import io.gpubench.workloads.launch.LaunchWorkload;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The contract, and the comparison of submitting from Java and from C. */
class HostLaunchTest extends LaunchContract {
  private static final MachineFacts FACTS = new MachineFacts(4, 1L << 33, 16 << 10);

  @Override
  protected Engine engine() {
    return new HostEngine();
  }

  @Override
  protected Optional<String> skipReason() {
    return HostConsensusTest.missingLibrary();
  }

  @Test
  void submitsFromJavaAndFromC() {
    var workload = new LaunchWorkload(Launch.FFM);
    assertEquals(List.of("call"), engine().paths(workload.id()));
    assertEquals(List.of(PreparedRun.Clock.HOST), engine().clocks(workload.id(), "call"));
    for (long calls : new long[] {1, 7, 1_000}) {
      var values = new ParameterValues(Map.of("calls", calls, "seed", 1L));
      try (var session = engine().open(new Engine.Options(1));
          var run = session.prepare(workload, Mode.of("call"), values, FACTS)) {
        var paired = assertInstanceOf(PreparedRun.Paired.class, run);
        assertEquals((double) calls, run.work().units());
        for (long sample = 0; sample < 3; sample++) {
          run.stage(sample);
          assertFalse(run.verify(sample), "untouched");
          run.execute();
          assertTrue(run.verify(sample), run.mismatch(sample));
          assertEquals(workload.answerDigest(values, sample), run.digest());
          run.stage(sample);
          assertFalse(paired.verifyBaseline(sample), "untouched");
          paired.executeBaseline();
          assertTrue(paired.verifyBaseline(sample), run.mismatch(sample));
          paired.executeBaseline();
          assertFalse(paired.verifyBaseline(sample), "called twice");
        }
      }
    }
  }

  @Test
  void aLoopWithoutAFunctionIsRefused() {
    assertTrue(SubmitLoop.available());
    assertEquals(
        Host.GPUBENCH_HOST_ERROR_ARGUMENT(),
        SubmitLoop.run(
            MemorySegment.NULL,
            Host.gpubench_synchronize_shape$address(),
            MemorySegment.NULL,
            1,
            1,
            1,
            1,
            1,
            1,
            0,
            MemorySegment.NULL,
            MemorySegment.NULL,
            1));
  }

  @Test
  void onlyAMailboxAnswersTokens() {
    try (var kernels = new HostLaunchKernels(Launch.COPY, 2)) {
      assertThrows(IllegalStateException.class, () -> kernels.exchange(1));
      assertEquals(Map.of("threads", 1L), kernels.configuration());
    }
    var refused =
        assertThrows(EngineException.class, () -> new HostLaunchKernels(Launch.EMPTY, 1_000_000));
    assertEquals("gpubench_pool_create(1000000 threads) failed: code -1", refused.getMessage());
  }
}
