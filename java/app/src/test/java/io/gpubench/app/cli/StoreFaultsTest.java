// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs of which every call fails in turn that writes to the store. In an ordinary build each call
 * fails with one code; the tests tagged {@code sweep} try all of them.
 */
class StoreFaultsTest {
  @TempDir private Path temp;

  @BeforeEach
  void requireTheLibrary() {
    boolean built = Files.exists(FaultyFiles.LIBRARY);
    assertTrue(
        built || System.getenv("GPUBENCH_REQUIRE_HOST") == null,
        FaultyFiles.LIBRARY + " is not built");
    assumeTrue(built, FaultyFiles.LIBRARY + " is not built");
  }

  @Test
  @Timeout(600)
  void whereverTheStoreFailsNothingIsLost() throws Exception {
    sweep("part");
  }

  @Test
  @Tag("sweep")
  @Timeout(3_600)
  void howeverTheStoreFailsNothingIsLost() throws Exception {
    sweep("whole");
  }

  private void sweep(String extent) throws Exception {
    Path rescue = Files.createDirectory(temp.resolve("rescue"));
    Path trace = temp.resolve("trace");
    try (var process = new OwnProcess(temp)) {
      process
          .main(StoreSweep.class)
          .property("gpubench.root=" + CommandLineFixture.ROOT)
          .property("java.io.tmpdir=" + rescue)
          .variable("LD_PRELOAD", FaultyFiles.LIBRARY.toString())
          .variable("FAULTIO_TRACE", trace.toString());
      Answer answer = process.execute(temp.toString(), trace.toString(), extent);
      assertEquals(0, answer.exit(), answer.out() + answer.err());
      assertTrue(
          answer.out().matches("[0-9]{3,} points, [0-9]{3,} struck, 0 findings\n"), answer.out());
      System.out.print("store sweep: " + answer.out());
    }
  }
}
