// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NvrtcArchitectureTest {
  private static final List<Integer> KNOWN = List.of(75, 80, 86, 90, 100);

  @ParameterizedTest
  @CsvSource({
    "75, sm_75",
    "90, sm_90",
    "100, sm_100",
    "89, compute_86",
    "103, compute_100",
    "120, compute_100"
  })
  void machineCodeIfTheCompilerKnowsTheDeviceElsePtx(int device, String architecture) {
    assertEquals(
        architecture, NvrtcCompiler.architecture(KNOWN, ComputeCapability.ofNumber(device)));
  }

  @Test
  void aDeviceOlderThanAllHasNone() {
    var error =
        assertThrows(
            NativeUnavailableException.class,
            () -> NvrtcCompiler.architecture(KNOWN, new ComputeCapability(7, 0)));
    assertEquals(
        "NVRTC compiles for none of the architectures up to that of the device, 7.0",
        error.getMessage());
  }
}
