// SPDX-License-Identifier: Apache-2.0
package io.gpubench.ffi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LibrarySetTest {
  private static final String A_LIBRARY = "libc.so.6";

  private final Map<String, String> properties = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>();
  private final LibrarySet libraries = new LibrarySet(properties::get, environment::get);

  @TempDir Path home;

  @ParameterizedTest
  @CsvSource({
    "cuda, libcuda.so.1",
    "nvml, libnvidia-ml.so.1",
    "nvrtc, libnvrtc.so",
  })
  void theSimulatorLiesBelowHome(String name, String file) {
    properties.put("gpubench.home", home.toString());
    libraries.useSimulator();
    for (String folder : new String[] {"native/build/cudasim", "lib/cudasim"}) {
      assertTrue(
          problem(name).contains(home.resolve(folder).resolve(file).toString()), problem(name));
      assertTrue(problem(name).endsWith(": no such file"), problem(name));
    }
  }

  @Test
  void theSimulatorNeedsAHome() {
    libraries.useSimulator();
    assertEquals(
        "native library 'cuda' not found: neither gpubench.library.cuda nor gpubench.home is set",
        problem("cuda"));
  }

  @Test
  void aPropertyWinsOverTheSimulator() {
    properties.put("gpubench.library.cuda", A_LIBRARY);
    NativeLibrary library = libraries.open("cuda");
    libraries.useSimulator();
    assertSame(library, libraries.open("cuda"));
    assertNull(library.problem());
  }

  @ParameterizedTest
  @ValueSource(strings = {"cuda", "nvml", "nvrtc"})
  void anOpenLibraryCannotBecomeTheSimulator(String name) {
    properties.put("gpubench.library." + name, A_LIBRARY);
    libraries.open(name);
    properties.clear();
    var error = assertThrows(IllegalStateException.class, libraries::useSimulator);
    assertEquals(
        "the simulator is chosen too late: native library '" + name + "' is open already",
        error.getMessage());
  }

  @Test
  void theSimulatorLacksWhatItIsToldTo() {
    properties.put("gpubench.simulator.lacks", "getpid,getppid");
    properties.put("gpubench.library.host", A_LIBRARY);
    properties.put("gpubench.library.cuda", A_LIBRARY);
    assertTrue(libraries.open("cuda").symbols().find("getpid").isPresent(), "a real driver");

    var simulated = new LibrarySet(properties::get, environment::get);
    simulated.useSimulator();
    SymbolLookup symbols = simulated.open("cuda").symbols();
    assertTrue(symbols.find("getpid").isEmpty());
    assertTrue(symbols.find("getppid").isEmpty());
    assertTrue(symbols.find("getuid").isPresent());
    assertTrue(simulated.open("host").symbols().find("getpid").isPresent(), "no part of it");
  }

  @Test
  void theSimulatorLacksALibraryThatIsNamed() {
    properties.put("gpubench.simulator.lacks", "getpid,nvml");
    properties.put("gpubench.library.cuda", A_LIBRARY);
    properties.put("gpubench.library.nvml", A_LIBRARY);
    libraries.useSimulator();
    assertEquals(
        "native library 'nvml' not found: gpubench.simulator.lacks names it", problem("nvml"));
    assertTrue(libraries.open("nvml").symbols().find("getuid").isEmpty());
    assertNull(libraries.open("cuda").problem());
  }

  @Test
  void anAbsentLibraryCan() {
    properties.put("gpubench.library.cuda", "/nowhere/libcuda.so.1");
    NativeLibrary absent = libraries.open("cuda");
    assertSame(absent, libraries.open("cuda"));
    properties.clear();
    libraries.useSimulator();
    libraries.useSimulator();
    assertNotSame(absent, libraries.open("cuda"));
  }

  @Test
  void theCompilerMayLieInAToolkit() throws IOException {
    environment.put("CUDA_HOME", home.toString());
    environment.put("CUDA_PATH", "");
    Path file = Files.createDirectories(home.resolve("lib64")).resolve("libnvrtc.so");
    Files.createSymbolicLink(file, Path.of("/nowhere/libnvrtc.so.13"));
    NativeLibrary library = libraries.open("nvrtc");
    if (library.problem() == null) {
      return; // this machine has one, and what the loader finds comes first
    }
    assertTrue(
        problem("nvrtc")
            .contains("libnvrtc.so.13, libnvrtc.so.12, libnvrtc.so.11.2, libnvrtc.so:"));
    assertTrue(problem("nvrtc").contains(file.toString()), problem("nvrtc"));
  }

  private String problem(String name) {
    String problem = libraries.open(name).problem();
    assertNotNull(problem);
    return problem;
  }
}
