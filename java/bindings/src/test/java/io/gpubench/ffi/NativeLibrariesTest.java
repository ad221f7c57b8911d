// SPDX-License-Identifier: Apache-2.0
package io.gpubench.ffi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibrariesTest {
  private static final String HOST = "gpubench.library.host";

  @TempDir Path directory;

  /** Results are remembered per name, so each test names its own library. */
  private static void place(String library, String file) {
    System.setProperty("gpubench.library." + library, file);
  }

  private static void assertAbsent(String library, String... reasons) {
    assertFalse(NativeLibraries.has(library));
    assertFalse(NativeLibraries.has(library, "gpubench_host_abi"));
    SymbolLookup lookup = NativeLibraries.lookup(library);
    assertEquals(Optional.empty(), lookup.find("gpubench_host_abi"));
    assertThrows(NoSuchElementException.class, () -> lookup.findOrThrow("gpubench_host_abi"));
    String problem = NativeLibraries.problem(library).orElseThrow();
    assertEquals(1, problem.lines().count(), problem);
    for (String reason : List.of(reasons)) {
      assertTrue(problem.contains(reason), problem);
    }
  }

  @Test
  void absentFile() {
    String file = directory.resolve("absent.so").toString();
    place("absent-file", file);
    assertAbsent("absent-file", "absent-file", file, "no such file");
  }

  @Test
  void nameUnknownToTheLoader() {
    place("absent-name", "libgpubench_absent.so.9");
    assertAbsent("absent-name", "libgpubench_absent.so.9", "cannot open shared object file");
  }

  @Test
  void fileThatIsNotALibrary() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("text.so"), "not a library, but long enough\n".repeat(9));
    place("text", file.toString());
    assertAbsent("text", file.toString(), "invalid ELF header");
  }

  @Test
  void directoryInsteadOfFile() {
    place("directory", directory.toString());
    assertAbsent("directory", directory.toString());
  }

  @Test
  void everyCandidateIsReported() {
    NativeLibrary library = NativeLibrary.open("host", List.of("/nowhere/a.so", "/nowhere/b.so"));
    assertEquals(
        "native library 'host' not found; tried /nowhere/a.so, /nowhere/b.so: no such file",
        library.problem());
  }

  @Test
  void noCandidates() {
    NativeLibrary library = NativeLibrary.open("host", List.of());
    assertEquals(
        "native library 'host' not found: neither gpubench.library.host nor gpubench.home is set",
        library.problem());
    assertEquals(Optional.empty(), library.symbols().find("gpubench_host_abi"));
  }

  @Test
  void aLaterCandidateServes() {
    NativeLibrary library = NativeLibrary.open("c", List.of("/nowhere/libc.so", "libc.so.6"));
    assertNull(library.problem());
    assertTrue(library.symbols().find("getpid").isPresent());
  }

  @Test
  void libraryFoundByTheLoader() {
    place("system", "libc.so.6");
    assertTrue(NativeLibraries.has("system"));
    assertEquals(Optional.empty(), NativeLibraries.problem("system"));
    assertTrue(NativeLibraries.has("system", "getpid"));
    assertFalse(NativeLibraries.has("system", "gpubench_no_such_symbol"));
  }

  @Test
  void nameThatIsNoLibrary() {
    assertThrows(IllegalArgumentException.class, () -> NativeLibraries.has("unheard-of"));
  }

  @Test
  void manyThreadsAgree() {
    place("shared", "libc.so.6");
    assertTrue(
        IntStream.range(0, 64).parallel().allMatch(i -> NativeLibraries.has("shared", "getpid")));
  }

  @Test
  void ownLibrary() {
    assumeTrue(Files.exists(Path.of(System.getProperty(HOST))), "built without a C compiler");
    assertEquals(Optional.empty(), NativeLibraries.problem("host"));
    assertTrue(NativeLibraries.has("host", "gpubench_host_abi"));
    assertFalse(NativeLibraries.has("host", "gpubench_no_such_symbol"));
  }
}
