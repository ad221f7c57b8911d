// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.workers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StuckCallsTest {
  @Test
  void theInnermostNativeFunctionIsTheOne() {
    assertEquals(
        Optional.of("cuEventSynchronize"),
        StuckCalls.nativeCall(
            stack(
                "java.lang.invoke.LambdaForm$MH invokeExact_MT",
                "io.gpubench.ffi.cuda.CudaApi cuEventSynchronize",
                "io.gpubench.gpu.CudaEvent await",
                "io.gpubench.ffi.cuda.CudaApi cuLaunchKernel")));
    assertEquals(
        Optional.empty(),
        StuckCalls.nativeCall(
            stack("java.lang.Object wait", "io.gpubench.engines.processors.SpinTeam run")));
    assertEquals(Optional.empty(), StuckCalls.nativeCall(stack()));
  }

  @Test
  void aWaitForTheDeviceIsToldFromACallThatHangs() {
    assertEquals(
        "cuCtxSynchronize() waits for the device: a kernel or a copy is still running",
        StuckCalls.sentence("cuCtxSynchronize"));
    assertEquals(
        "cuMemAlloc_v2() had not come back after a second", StuckCalls.sentence("cuMemAlloc_v2"));
  }

  private static StackTraceElement[] stack(String... frames) {
    return Stream.of(frames)
        .map(frame -> frame.split(" "))
        .map(parts -> new StackTraceElement(parts[0], parts[1], null, -1))
        .toArray(StackTraceElement[]::new);
  }
}
