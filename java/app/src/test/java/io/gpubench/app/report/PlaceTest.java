// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaceTest {
  @ParameterizedTest
  @CsvSource({
    "host, , false, host",
    "cuda, NVIDIA H200, false, cuda (NVIDIA H200)",
    "cuda, Simulated CUDA device, true, 'cuda (Simulated CUDA device), SYNTHETIC'",
    "tornado:opencl, , false, tornado:opencl (OpenCL on the processors)",
    "tornado:opencl, NVIDIA H200, false, tornado:opencl (NVIDIA H200)",
    "tornado:cuda, NVIDIA H200, false, tornado:cuda (NVIDIA H200)",
    "my-engine, , false, my-engine",
  })
  void anEngineThatCouldUseAGpuSaysWhatItUsed(
      String engine, @Nullable String device, boolean synthetic, String says) {
    assertEquals(says, Place.of(engine, device, synthetic));
  }
}
