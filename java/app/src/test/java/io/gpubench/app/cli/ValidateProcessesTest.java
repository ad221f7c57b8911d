// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Claims that real processes decide. */
@Timeout(240)
@ExtendWith(RecordedClasses.Ready.class)
class ValidateProcessesTest {
  private static final String CLAIM =
      """
      schema: 1
      claims:
        - id: any-time
          statement: A vote of four is done within any time
          source: this test
          workload: consensus
          engine: java
          set: {validators: 4}
          metric: latency.median
          target: {value: %s, unit: %s}
          direction: atMost
          minimumSamples: 10
      """;

  @TempDir private Path temp;

  @Test
  void fiveProcessesAreEnoughToSupportAndToRefute() throws Exception {
    var line = new CommandLineFixture(temp);
    Path kept = Files.writeString(temp.resolve("kept.yaml"), CLAIM.formatted("100", "s"));
    Answer supported =
        OwnProcess.execute(
            temp,
            "validate",
            kept.toString(),
            line.profile(),
            "--repetitions=5",
            "--ceilings=off",
            "--no-key",
            "--format=json",
            "--out=" + line.store);
    JsonNode judged = CommandLineFixture.json(supported.out()).at("/claims/0");
    assertEquals(5, judged.at("/processes").asInt(), supported.err());
    assertTrue(judged.at("/upper").asDouble() >= judged.at("/estimate").asDouble());
    assertEquals("Supported", judged.at("/verdict").asString(), supported.out());
    assertEquals(0, supported.exit(), supported.err());

    Path broken = Files.writeString(temp.resolve("broken.yaml"), CLAIM.formatted("1", "ns"));
    Answer refuted =
        OwnProcess.execute(
            temp, "validate", broken.toString(), "--from", line.onlyRun().toString());
    assertEquals(5, refuted.exit(), refuted.out() + refuted.err());
    assertTrue(refuted.out().contains("1 Refuted"), refuted.out());
  }
}
