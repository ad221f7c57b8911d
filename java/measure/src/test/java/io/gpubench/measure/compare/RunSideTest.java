// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunJson;
import io.gpubench.measure.result.RunReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

class RunSideTest {
  @TempDir private Path temp;

  private static RecordedCase only(ResultRecord record) {
    return RecordedSide.of("it", Recordings.run(record)).cases().getFirst();
  }

  @Test
  void aRecordIsACaseWithItsProcessesInTheOrderOfTime() {
    RecordedSide side =
        RecordedSide.of("it", Recordings.run(Recordings.record("Measured", 1_000, 3_000)));
    RecordedCase one = side.cases().getFirst();
    assertEquals("consensus validators=4 tags=none", one.label());
    assertEquals("engine=host path=call clock=host cache=hot", one.settingsText());
    // a sample has two pieces, of which the times are
    assertArrayEquals(new double[] {1_500, 500}, one.nanos("median"));
    assertArrayEquals(new double[] {1_500, 500}, one.nanos("p99"));
    assertEquals(new RecordedCase.Work("messages", 2), one.work());
    assertEquals("Z80", one.machine().get("processors model"));
    assertEquals(
        List.of(
            "under-sampled: 1 of 3 processes is missing",
            "in 1 of 2 processes the times had not settled when measuring began",
            "2 of 3 planned processes count"),
        one.remarks());
    assertEquals(
        Map.of(
            "tool",
            "gpubench",
            "version",
            "0.1.0",
            "commit",
            "abcdef, modified",
            "java",
            "25",
            "vm options",
            "-Xmx1g"),
        side.tool());
    assertEquals("0-1", side.conditions().get("cpus"));
  }

  @Test
  void whatWasNotMeasuredIsUnfitAndSaysWhy() {
    RecordedCase one = only(Recordings.record("Rejected", 1_000));
    assertEquals("Rejected: it broke", one.unfit());
  }

  @Test
  void aRunIsReadFromItsDirectoryWithoutItsSamples() throws Exception {
    RunDocument run = Recordings.run(Recordings.record("Measured", 1_000, 3_000));
    Files.writeString(temp.resolve("run.json"), RunJson.pretty(run));
    RecordedSide side = RecordedSide.read(temp);
    assertEquals(RecordedSide.of(temp.toString(), run), side);
    Path file = temp.resolve("run.json");
    assertEquals(side.cases(), RecordedSide.read(file).cases());
  }

  @Test
  void timesThatNoMeasurementGivesAreRefused() {
    var tree =
        (ObjectNode) RunJson.tree(Recordings.run(Recordings.record("Measured", 1_000, 3_000)));
    for (double median : new double[] {0, -5, 1e300}) {
      ((ObjectNode) tree.at("/records/0/processes/0/statistics")).put("median", median);
      RunDocument run =
          RunReader.parse(Path.of("run.json"), tree.toString().getBytes(StandardCharsets.UTF_8))
              .document();
      var failure = assertThrows(ResultFormatException.class, () -> RecordedSide.of("it", run));
      assertTrue(
          failure.getMessage().startsWith("it: consensus-host-call-0123456789ab, process 1: "),
          failure.getMessage());
    }
  }

  @Test
  void duetsAreNoSide() {
    var tree = (ObjectNode) RunJson.tree(Recordings.run());
    tree.putArray("duets");
    RunDocument run =
        RunReader.parse(Path.of("run.json"), tree.toString().getBytes(StandardCharsets.UTF_8))
            .document();
    var failure = assertThrows(ResultFormatException.class, () -> RecordedSide.of("it", run));
    assertTrue(failure.getMessage().contains("compares two sides itself"), failure.getMessage());
  }
}
