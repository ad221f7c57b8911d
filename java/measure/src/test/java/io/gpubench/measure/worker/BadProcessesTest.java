// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import static io.gpubench.measure.worker.BadWorkersTest.assertContains;
import static io.gpubench.measure.worker.BadWorkersTest.assertFailed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.measure.result.ResultRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever the process of a worker does, it becomes an outcome, and no process survives. */
@Timeout(120)
@Disabled("a worker's process does not yet see to these")
class BadProcessesTest {
  @TempDir private Path temp;
  private NaughtySuite suite;

  @BeforeEach
  void create() {
    suite = new NaughtySuite(temp);
  }

  @ParameterizedTest
  @CsvSource({"SEGV, killed by SIGSEGV (11)", "KILL, killed by SIGKILL (9)"})
  void whoDiesOfASignalHasCrashed(String signal, String reason) throws Exception {
    ResultRecord record = suite.run("measure", "!signal " + signal);
    assertFailed(record, "crash", "measure");
    assertContains(reason, record.reason());
  }

  @Test
  void halfALineIsPartOfACrash() throws Exception {
    ResultRecord record = suite.run("prepare", "!half");
    assertFailed(record, "crash", "prepare");
    assertContains("{\"type\":\"", record.reason());
  }

  @Test
  void theRecordKeepsTheLastComplaints() throws Exception {
    ResultRecord record = suite.run("prepare", "!complain");
    assertFailed(record, "crash", "prepare");
    assertContains("; the last it wrote was: the last complaint", record.reason());
    String stderr = Objects.requireNonNull(record.processes().getFirst().failure()).stderr();
    assertContains("complaint 199999\nthe last complaint", stderr);
    assertTrue(Objects.requireNonNull(stderr).length() <= 8 << 10, "it is a tail");
  }

  @Test
  void manyWordsOnStderrDisturbNothing() throws Exception {
    assertEquals("Measured", suite.run("prepare", "!chatter").outcome());
  }

  @Test
  void aFloodOfLinesIsAFailure() throws Exception {
    assertFailed(suite.run("prepare", "!flood"), "protocol", "prepare");
  }

  @ParameterizedTest
  @CsvSource({"!endless", "!huge 65"})
  void aLineHasAnEnd(String deed) throws Exception {
    ResultRecord record = suite.run("hello", deed);
    assertFailed(record, "protocol", "hello");
    assertContains("a line without an end", record.reason());
  }

  @Test
  void whatIgnoresEverySignalButOneIsKilled() throws Exception {
    assertFailed(suite.patience(Step.PREPARE, 1_000).run("prepare", "!deaf"), "timeout", "prepare");
  }

  @Test
  void aChildIsKilledWithAWorkerThatFails() throws Exception {
    // the child is there after prepare; then the worker says nothing more that makes sense
    assertEquals("Measured", guarded().run("prepare", "!child").outcome());
  }

  @Test
  void aDaemonIsLeftByNobody() throws Exception {
    assertEquals("Measured", guarded().run("prepare", "!daemon").outcome());
  }

  private NaughtySuite guarded() {
    String root = Objects.requireNonNull(System.getProperty("gpubench.root"));
    Path guard = Path.of(root, "native/build/gpubench-guard");
    assumeTrue(Files.isExecutable(guard), "the guard is not built");
    return suite.guard(guard);
  }
}
