// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.consensus;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;

/** The examples in {@code examples/engines}, started as their files in {@code configs} say. */
@Timeout(120)
class ForeignEnginesTest {
  @Nested
  class Python extends ForeignEngineContract {
    Python() {
      super("example-python");
    }

    @Override
    boolean isThere() {
      return Stream.of(System.getenv("PATH").split(File.pathSeparator))
          .anyMatch(folder -> Files.isExecutable(Path.of(folder, "python3")));
    }
  }

  @Nested
  class Cpp extends ForeignEngineContract {
    Cpp() {
      super("example-cpp");
    }

    @Override
    boolean isThere() {
      return Files.isExecutable(engine.folder().resolve(engine.command().getFirst()));
    }
  }
}
