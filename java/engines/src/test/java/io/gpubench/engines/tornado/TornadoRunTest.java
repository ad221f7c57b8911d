// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Stages;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What goes to the device and comes from it, and when. */
class TornadoRunTest {
  private final FakeProgram program = new FakeProgram();
  private final FakeRun inner = new FakeRun(program);

  @Test
  void whatIsStagedGoesToTheDeviceAndAnswersComeFromThere() {
    try (var run = new TornadoRun(inner, program)) {
      program.log.setLength(0);
      run.stage(4);
      run.execute();
      assertEquals(5, program.host, "the answer is still on the device");
      assertTrue(run.verify(4));
      assertEquals(10, run.digest());
      assertEquals("n4>x<", program.log.toString(), "fetched once, without the profiler");
    }
    assertTrue(inner.closed);
  }

  @Test
  void aKernelThatDoesNothingIsWrong() {
    try (var run = new TornadoRun(inner, program)) {
      run.stage(1);
      run.execute();
      assertTrue(run.verify(1));
      run.stage(2);
      assertFalse(run.verify(2), "not executed");
      assertEquals("it is 3", run.mismatch(2));
    }
  }

  @Test
  void theStagesAreTold() {
    try (var run = new TornadoRun(inner, program)) {
      Map<String, Long> stages = run.stages();
      assertNull(Stages.mistake(stages));
      assertEquals(
          List.of(
              "firstExecution",
              "tornadoCompile",
              "driverCompile",
              "firstCopyIn",
              "copyIn",
              "kernel",
              "copyOut",
              "profiler"),
          List.copyOf(stages.keySet()));
      assertEquals(50, stages.get("tornadoCompile"));
      assertEquals(60, stages.get("driverCompile"));
      assertEquals(30, stages.get("copyIn"));
      assertEquals(1_000, stages.get("kernel"));
      assertEquals(40, stages.get("copyOut"));
      assertTrue(stages.get("profiler") >= 0);
      assertFalse(program.profiled, "the profiler is off where the host's clock counts");
    }
  }

  @Test
  void executionsWithTheProfilerAndWithoutTakeTurns() {
    new TornadoRun(inner, program).close();
    String executions = program.log.toString().replaceAll("[^xX]", "");
    assertTrue(executions.startsWith("XXxxX"), executions);
    assertEquals(
        executions.chars().filter(c -> c == 'x').count() + 1,
        executions.chars().filter(c -> c == 'X').count(),
        executions);
  }

  @Test
  void ofAGraphThatIsReplayedTheProfilerTellsNothing() {
    program.kernelNanos = 0;
    try (var run = new TornadoRun(inner, program)) {
      assertEquals(
          List.of("firstExecution", "tornadoCompile", "driverCompile"),
          List.copyOf(run.stages().keySet()));
    }
  }

  @Test
  void aFailureThatWasOnlyPrintedEndsIt() {
    try (var run = new TornadoRun(inner, program)) {
      program.failure = "clEnqueueNDRangeKernel -> Returned: -54";
      var failure = assertThrows(EngineException.class, () -> run.stage(1));
      assertEquals(program.failure, failure.getMessage());
    }
  }

  @Test
  void whatFailsAtFirstIsClosed() {
    program.failure = "no";
    assertThrows(EngineException.class, () -> new TornadoRun(inner, program));
    assertTrue(inner.closed);
  }

  @Test
  void theRestIsTheRunsOwn() {
    try (var run = new TornadoRun(inner, program)) {
      assertEquals(inner.work(), run.work());
      assertEquals(inner.demands(), run.demands());
      assertEquals(inner.amounts(), run.amounts());
      assertEquals(inner.inputs(), run.inputs());
      assertEquals(inner.verification(), run.verification());
      assertEquals(inner.configuration(), run.configuration());
    }
  }
}
