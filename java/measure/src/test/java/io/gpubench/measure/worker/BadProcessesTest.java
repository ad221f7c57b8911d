// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import static io.gpubench.measure.worker.BadWorkersTest.assertContains;
import static io.gpubench.measure.worker.BadWorkersTest.assertFailed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.measure.result.ResultRecord;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever the process of a worker does, it becomes an outcome, and no process survives. */
@Timeout(120)
class BadProcessesTest {
  @TempDir private Path temp;
  private NaughtySuite suite;

  @BeforeEach
  void create() {
    suite = new NaughtySuite(temp);
  }

  @ParameterizedTest
  @CsvSource({"hello, SEGV, killed by SIGSEGV (11)", "measure, KILL, killed by SIGKILL (9)"})
  void whoDiesOfASignalHasCrashed(String step, String signal, String reason) throws Exception {
    ResultRecord record = suite.run(step, "!signal " + signal);
    assertFailed(record, "crash", step);
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
    assertContains("; the last it wrote: the last complaint", record.reason());
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
  void aChildIsKilledWithAWorkerThatSaysNothing() throws Exception {
    assertFailed(
        suite.patience(Step.PREPARE, 1_000).run("prepare", "!child"), "timeout", "prepare");
  }

  @Test
  void aDaemonIsLeftByNobody() throws Exception {
    assertEquals("Measured", guarded().run("prepare", "!daemon").outcome());
  }

  private NaughtySuite guarded() {
    Optional<Path> guard = Workers.guard();
    assumeTrue(guard.isPresent(), "the guard is not built");
    return suite.guard(guard.orElseThrow());
  }
}
