// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Compiling at run time, for which no device is needed. */
abstract class NvrtcContract {
  private static final ComputeCapability HOPPER = new ComputeCapability(9, 0);

  private final Supplier<NvrtcCompiler> open;
  private NvrtcCompiler compiler;

  NvrtcContract(Supplier<NvrtcCompiler> open) {
    this.open = open;
  }

  @BeforeEach
  void openCompiler() {
    compiler = open.get();
  }

  private KernelImage compile(String source, String... options) {
    return compiler.compile("test.cu", source, Map.of(), List.of(options), HOPPER);
  }

  @Test
  void aSourceWithAHeaderBecomesMachineCode() {
    KernelImage image =
        compiler.compile(
            "probe.cu", Probe.text("probe.cu"), Probe.headers(), List.of("-lineinfo"), HOPPER);
    assertEquals("sm_90", image.architecture());
    assertEquals("", image.log());
    assertEquals(0x7f, image.bytes()[0]);
    assertEquals('E', image.bytes()[1]);
    assertTrue(compiler.version().major() >= 11, compiler.version().toString());
  }

  @Test
  void optionsReachTheCompiler() {
    String source =
        """
        #if FACTOR != 3
        #error "FACTOR is missing"
        #endif
        extern "C" __global__ void nothing() {}
        """;
    compile(source, "-DFACTOR=3");
    var error = assertThrows(NvrtcException.class, () -> compile(source));
    assertTrue(error.log().contains("FACTOR is missing"), error.log());
  }

  @Test
  void aRefusedSourceIsToldByItsFirstErrors() {
    var error =
        assertThrows(
            NvrtcException.class,
            () -> compile("extern \"C\" __global__ void k() {\n a;\n b;\n c;\n d;\n e;\n}\n"));
    String message = String.valueOf(error.getMessage());
    assertEquals(1, message.lines().count());
    assertTrue(
        message.startsWith(
            "nvrtcCompileProgram(test.cu for sm_90) failed: NVRTC_ERROR_COMPILATION (6): test.cu"),
        message);
    assertTrue(message.endsWith("; and 2 more"), message);
    assertEquals(6, error.code());
    assertTrue(error.log().contains("test.cu"), error.log());
    assertTrue(error.log().lines().count() > 5, error.log());
  }

  @Test
  void aMissingHeaderIsNamed() {
    var error = assertThrows(NvrtcException.class, () -> compile("#include \"absent.cuh\"\n"));
    assertTrue(String.valueOf(error.getMessage()).contains("absent.cuh"), error.getMessage());
  }

  @Test
  void anUnknownOptionIsRefused() {
    var error =
        assertThrows(
            NvrtcException.class,
            () -> compile("extern \"C\" __global__ void k() {}", "--no-such-option"));
    assertTrue(
        String.valueOf(error.getMessage())
            .startsWith(
                "nvrtcCompileProgram(test.cu for sm_90) failed: NVRTC_ERROR_INVALID_OPTION"),
        error.getMessage());
    assertTrue(error.log().contains("no-such-option"), error.log());
  }
}
