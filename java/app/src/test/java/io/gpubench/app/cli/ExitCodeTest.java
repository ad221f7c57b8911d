// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static io.gpubench.app.report.RunFixture.document;
import static io.gpubench.app.report.RunFixture.result;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.StoreException;
import io.gpubench.measure.result.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExitCodeTest {
  private static final Outcome MEASURED = new Outcome.Measured();
  private static final Outcome INCORRECT = new Outcome.Incorrect("wrong");
  private static final Outcome FAILED = new Outcome.Failed("gone");
  private static final Outcome REJECTED = new Outcome.Rejected("odd");
  private static final Outcome SKIPPED = new Outcome.Skipped("later");

  @Test
  void theNumbersAreThoseOfTheDesign() {
    assertEquals(
        List.of(0, 1, 2, 3, 4, 5, 6, 7, 130),
        List.of(ExitCode.values()).stream().map(code -> code.number).toList());
  }

  @Test
  void theWorstDecides() {
    assertEquals(
        List.of(130, 1, 2, 4, 7, 5, 3, 6, 0),
        List.of(ExitCode.values()).stream()
            .sorted((a, b) -> a == b ? 0 : ExitCode.worst(a, b) == a ? -1 : 1)
            .map(code -> code.number)
            .toList());
  }

  @Test
  void failuresHaveCodes() {
    assertEquals(ExitCode.USAGE, ExitCode.of(new ConfigException("x")));
    assertEquals(ExitCode.USAGE, ExitCode.of(new ResultFormatException("x", null)));
    assertEquals(ExitCode.UNAVAILABLE, ExitCode.of(new EngineException("x")));
    assertEquals(ExitCode.UNAVAILABLE, ExitCode.of(new StoreException("x", null)));
    assertEquals(ExitCode.INTERNAL, ExitCode.of(new IllegalStateException("x")));
    assertEquals(ExitCode.INTERNAL, ExitCode.of(new OutOfMemoryError("x")));
  }

  @Test
  void theWorstRecordDecides() {
    assertEquals(ExitCode.OK, of("complete"));
    assertEquals(ExitCode.OK, of("complete", MEASURED, MEASURED));
    assertEquals(ExitCode.INCONCLUSIVE, of("complete", MEASURED, REJECTED));
    assertEquals(ExitCode.INCONCLUSIVE, of("complete", SKIPPED, MEASURED));
    assertEquals(ExitCode.UNAVAILABLE, of("complete", REJECTED, FAILED));
    assertEquals(ExitCode.INCORRECT, of("complete", FAILED, INCORRECT, REJECTED));
  }

  @Test
  void soDoesHowTheRunEnded() {
    assertEquals(ExitCode.UNAVAILABLE, of("failed", MEASURED));
    assertEquals(ExitCode.INCORRECT, of("failed", INCORRECT));
    assertEquals(ExitCode.INTERRUPTED, of("interrupted", MEASURED));
    assertEquals(ExitCode.INTERRUPTED, of("interrupted", INCORRECT));
    assertEquals(ExitCode.UNAVAILABLE, of("running", MEASURED), "its process is gone");
  }

  private static ExitCode of(String status, Outcome... outcomes) {
    return ExitCode.of(
        document(status, List.of(outcomes).stream().map(outcome -> result("r", outcome)).toList()));
  }
}
