// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The contract on NVIDIA's compiler, where one is installed. */
class NvrtcTest extends NvrtcContract {
  NvrtcTest() {
    super(NvrtcTest::compiler);
  }

  private static NvrtcCompiler compiler() {
    try {
      return NvrtcCompiler.open();
    } catch (NativeUnavailableException absent) {
      return Assumptions.abort(absent.getMessage());
    }
  }

  @Test
  void aDeviceThatItDoesNotKnowGetsPtx() {
    KernelImage image =
        compiler()
            .compile(
                "probe.cu",
                Probe.text("probe.cu"),
                Probe.headers(),
                List.of(),
                new ComputeCapability(99, 0));
    assertTrue(image.architecture().startsWith("compute_"), image.architecture());
    String ptx = new String(image.bytes(), StandardCharsets.UTF_8);
    assertTrue(ptx.contains(".entry affine("), ptx);
  }

  @Test
  void warningsAreKept() {
    KernelImage image =
        compiler()
            .compile(
                "test.cu",
                "extern \"C\" __global__ void k() { int unused; }\n",
                Map.of(),
                List.of(),
                new ComputeCapability(9, 0));
    assertEquals("sm_90", image.architecture());
    assertTrue(image.log().contains("unused"), image.log());
  }
}
