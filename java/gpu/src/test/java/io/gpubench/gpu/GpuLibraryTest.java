// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Each test has a library of its own, since a process remembers what it found. */
class GpuLibraryTest {
  private static NativeUnavailableException assertUnavailable(Executable open) {
    return assertThrows(NativeUnavailableException.class, open);
  }

  @Test
  void noDriver() {
    System.setProperty("gpubench.library.cuda", "/nowhere/libcuda.so.1");
    var error = assertUnavailable(CudaDriver::open);
    assertEquals(
        "native library 'cuda' not found; tried /nowhere/libcuda.so.1: no such file",
        error.getMessage());
    assertTrue(error.remedy().startsWith("install the NVIDIA driver"), error.remedy());
  }

  @Test
  void aLibraryThatIsSomethingElse() {
    System.setProperty("gpubench.library.nvml", "libc.so.6");
    var error = assertUnavailable(Nvml::open);
    assertEquals(
        "native library 'nvml' lacks nvmlInit_v2, nvmlShutdown, nvmlErrorString and 17 more",
        error.getMessage());
    assertEquals("install a driver for CUDA 11.4 or newer", error.remedy());
  }

  @Test
  void noCompiler() {
    System.setProperty("gpubench.library.nvrtc", "/nowhere/libnvrtc.so");
    var error = assertUnavailable(NvrtcCompiler::open);
    assertTrue(error.remedy().contains("CUDA_HOME"), error.remedy());
  }
}
