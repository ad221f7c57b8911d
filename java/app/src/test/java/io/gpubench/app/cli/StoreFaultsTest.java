// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.app.cli.FaultyFiles.Code;
import io.gpubench.app.cli.FaultyFiles.Extent;
import io.gpubench.app.cli.FaultyFiles.Fault;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs of which every call fails in turn that writes to the store. In an ordinary build each call
 * fails with one code; the tests tagged {@code sweep} try all of them.
 */
@ExtendWith(RecordedClasses.Ready.class)
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

  /** Samples reach the disk while others are taken, and that fails. */
  @Test
  @Timeout(600)
  void aStoreThatFailsInTheMiddleOfAProcess() throws Exception {
    Path store = temp.resolve("store");
    Path rescue = Files.createDirectory(temp.resolve("rescue"));
    try (var process = new OwnProcess(temp).property("java.io.tmpdir=" + rescue)) {
      // the first ten make the run, then the file of samples is opened and gets its first line
      new Fault(13, Code.ENOSPC, Extent.FOREVER).set(process, store, rescue);
      Answer answer =
          process.execute(
              "run",
              "consensus",
              "--engine=java",
              "--repetitions=2",
              "--set=consensus.validators=1000",
              "--duration=30s",
              "--out=" + store);
      assertEquals(3, answer.exit(), answer.err());
      assertEquals(Set.of(), process.living());
      Path copy = CommandLineFixture.onlyEntry(CommandLineFixture.onlyEntry(rescue));
      String error = answer.err().lines().toList().getLast();
      assertEquals(
          "gpubench: cannot write to "
              + CommandLineFixture.onlyEntry(store)
              + ": No space left on device; finished records are kept there; the last one was saved"
              + " to "
              + copy
              + "; free space or choose another store with --out",
          error);
      ResultRecord saved = RunReader.read(copy).records().getFirst();
      assertEquals("interrupted", saved.processes().getFirst().stop());
      assertTrue(saved.sampleCount() > 0);
      Path samples = copy.resolve(saved.processes().getFirst().samples());
      assertEquals(1 + saved.sampleCount(), CommandLineFixture.read(samples).lines().count());
      // what the store has got is readable as a run that was cut off
      assertEquals(1, RunReader.read(CommandLineFixture.onlyEntry(store)).records().size());
    }
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
