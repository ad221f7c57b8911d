// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkedRuntimeTest {
  private static final Path JDK = Path.of(System.getProperty("java.home"));

  @TempDir private Path temp;

  /** A library that wants more makes the bundle larger, which should be decided and not happen. */
  @Test
  void theClassPathNeedsFewModules() throws Exception {
    var runtime = new LinkedRuntime(JDK, temp.resolve("log"));
    assertEquals(
        List.of("java.base", "java.management", "java.sql", "jdk.httpserver", "jdk.jfr"),
        runtime.modules(classPath()));
  }

  @Test
  void whatAToolSaysIsPassedOn() {
    var runtime = new LinkedRuntime(JDK, temp.resolve("log"));
    var failure =
        assertThrows(BundleException.class, () -> runtime.link(classPath(), Set.of(), temp));
    assertEquals(
        "jlink of " + JDK + " failed: Error: directory already exists: " + temp,
        failure.getMessage());
  }

  @Test
  void aMissingToolIsNamed() {
    var failure =
        assertThrows(BundleException.class, () -> new LinkedRuntime(temp, temp.resolve("log")));
    assertEquals(
        "jdeps is missing in " + temp + "; set JAVA_HOME to a complete JDK", failure.getMessage());
  }

  private static List<Path> classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(Predicate.not(entry -> entry.matches(".*(test-classes|archunit|junit).*")))
        .map(Path::of)
        .filter(Files::exists)
        .toList();
  }
}
