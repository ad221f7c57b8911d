// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class LinkedRuntimeTest {
  /** A library that wants more makes the bundle larger, which should be decided and not happen. */
  @Test
  void theClassPathNeedsFewModules() {
    List<Path> classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(Predicate.not(entry -> entry.matches(".*(test-classes|archunit|junit).*")))
            .map(Path::of)
            .filter(Files::exists)
            .toList();
    assertEquals(
        List.of("java.base", "java.management", "java.sql"), LinkedRuntime.modules(classPath));
  }
}
