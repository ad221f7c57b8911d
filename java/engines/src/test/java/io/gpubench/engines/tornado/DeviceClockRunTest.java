// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.measure.spi.PreparedRun.Resolution;
import org.junit.jupiter.api.Test;

/** Samples by the profiler's times of kernels. */
class DeviceClockRunTest {
  private static final Resolution RESOLUTION = new Resolution(1, 900);

  private final FakeProgram program = new FakeProgram();
  private final FakeRun inner = new FakeRun(program);

  private DeviceClockRun run() {
    return new DeviceClockRun(new TornadoRun(inner, program), RESOLUTION);
  }

  @Test
  void aSampleIsTheTimeOfItsKernels() {
    try (DeviceClockRun run = run()) {
      assertEquals(Clock.DEVICE, run.clock());
      assertEquals(RESOLUTION, run.resolution());
      assertEquals(1, run.groupSize());
      for (long sample = 0; sample < 3; sample++) {
        program.kernelNanos = 5_000 + sample;
        run.queue(sample);
        assertNull(run.await());
        assertTrue(run.verify(sample), run.mismatch(sample));
        assertEquals(5_000 + sample, run.durationNanos(0));
        assertEquals(0, run.startNanos(0));
        assertEquals(5_000 + sample + 30 + 40, run.spanNanos(), "with what it copies");
      }
      assertTrue(run.stages().containsKey("firstExecution"));
    }
    assertTrue(inner.closed);
  }

  /** As before a digest. */
  @Test
  void singleSamplesAreNotTimed() {
    try (DeviceClockRun run = run()) {
      run.stage(6);
      run.execute();
      assertEquals(14, run.digest());
    }
  }

  @Test
  void noTimeIsAFailure() {
    try (DeviceClockRun run = run()) {
      program.kernelNanos = 0;
      run.queue(1);
      var failure = assertThrows(EngineException.class, run::await);
      assertEquals("TornadoVM's profiler has no time of the kernels", failure.getMessage());
    }
  }

  @Test
  void whatWasPrintedSaysWhyThereIsNoTime() {
    try (DeviceClockRun run = run()) {
      program.kernelNanos = 0;
      run.queue(1);
      program.failure = "clEnqueueNDRangeKernel -> Returned: -54";
      var failure = assertThrows(EngineException.class, run::await);
      assertEquals(program.failure, failure.getMessage());
    }
  }
}
