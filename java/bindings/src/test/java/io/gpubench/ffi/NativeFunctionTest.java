// SPDX-License-Identifier: Apache-2.0
package io.gpubench.ffi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeFunctionTest {
  private static final Path FILTERS =
      Path.of(Objects.requireNonNull(System.getProperty("gpubench.root")), "jextract");

  @ParameterizedTest
  @ValueSource(strings = {"host", "cuda", "nvml", "nvrtc"})
  void everyBoundFunctionIsListed(String library) throws IOException {
    String include = "--include-function ";
    List<String> bound =
        Files.readAllLines(FILTERS.resolve(library + ".includes")).stream()
            .filter(line -> line.startsWith(include))
            .map(line -> line.substring(include.length()))
            .sorted()
            .toList();
    assertEquals(
        bound, NativeFunction.of(library).stream().map(NativeFunction::name).sorted().toList());
  }

  @Test
  void anUnknownLibraryIsAMistake() {
    assertThrows(IllegalArgumentException.class, () -> NativeFunction.of("unheard-of"));
  }

  @Test
  void aLibraryWithoutThemLacksThemAll() {
    System.setProperty("gpubench.library.nvrtc", "libc.so.6");
    assertEquals(NativeFunction.of("nvrtc"), NativeLibraries.missing("nvrtc"));
  }

  @Test
  void anAbsentLibraryLacksNothing() {
    System.setProperty("gpubench.library.nvml", "/nowhere/libnvidia-ml.so.1");
    assertEquals(List.of(), NativeLibraries.missing("nvml"));
  }
}
