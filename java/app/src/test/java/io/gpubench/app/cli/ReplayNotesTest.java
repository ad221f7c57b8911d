// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a replay says of the original and of what has changed since. */
class ReplayNotesTest extends ReplayFixture {
  @Test
  void whatIsNotAsItWasIsSaidAndKept() throws Exception {
    line.run();
    edit(run -> {
      ((ObjectNode) run.at("/tool")).put("version", "0.0.1");
      var engine = (ObjectNode) run.at("/engines/0");
      engine.put("device", "Fake 3000");
      ((ObjectNode) engine.at("/description"))
          .putObject("kernels")
          .putObject("consensus")
          .put("sha256", "0123456789abcdef0123456789abcdef");
      ((ObjectNode) engine.at("/description")).put("clockAtStart.sm", 7);
      ((ObjectNode) run.at("/environment/cpu")).put("model", "Z80");
      ((ObjectNode) run.at("/environment/os")).put("kernel", "0.12");
    });
    Answer answer = replay();
    assertEquals(0, answer.exit(), answer.err());
    List<String> notes = new ArrayList<>();
    replayed().at("/conditions/notes").forEach(note -> notes.add(note.asString()));
    List<String> matching =
        List.of(
            "gpubench is not as it was: version 0\\.0\\.1, now .*",
            "engine fake is not as it was: device Fake 3000, now unknown; "
                + "kernels\\.consensus\\.sha256 0123456789ab, now unknown",
            "machine is not as it was: cpu\\.model Z80, now .*; os\\.kernel 0\\.12, now .*");
    for (String expected : matching) {
      assertEquals(
          1, notes.stream().filter(note -> note.matches(expected)).count(), notes::toString);
    }
    for (String note : notes) {
      assertTrue(answer.err().contains("NOTE: " + note + "\n"), answer.err());
      assertTrue(answer.out().contains("NOTE: " + note + "\n"), answer.out());
    }
  }

  private List<String> notes() {
    var notes = new ArrayList<String>();
    replayed().at("/conditions/notes").forEach(note -> notes.add(note.asString()));
    return notes;
  }

  @Test
  void otherFlagsAndSettingsThatChangeTimesAreSaid() throws Exception {
    line.run();
    edit(run -> {
      var java = (ObjectNode) run.at("/environment/java");
      java.put("vm", "J9").put("vendor", "Nobody");
      java.putArray("flags").add("-Xint").add("-Dgpubench.home=/a").add("-Xlog:gc");
      ((ObjectNode) run.at("/environment/cpu")).put("smt", "maybe").putArray("vectorFlags");
      ((ObjectNode) run.at("/environment/memory")).put("transparentHugePages", "[x]");
    });
    assertEquals(0, replay().exit());
    String machine =
        notes().stream().filter(note -> note.startsWith("machine ")).findFirst().orElseThrow();
    for (String change :
        List.of(
            "cpu.smt maybe, now ",
            "cpu.vectorFlags [], now ",
            "java.flags -Xint, now ",
            "java.vendor Nobody, now ",
            "java.vm J9, now ",
            "memory.transparentHugePages [x], now ")) {
      assertTrue(machine.contains(change), machine);
    }
  }

  @Test
  void wherePlacesAndLogsAreSaysNothing() throws Exception {
    line.run();
    edit(run ->
        ((ArrayNode) run.at("/environment/java/flags"))
            .add("-Dgpubench.locks=/elsewhere")
            .add("-Djava.io.tmpdir=/elsewhere")
            .add("-XX:AOTCache=/elsewhere/cache")
            .add("-Xlog:disable"));
    assertEquals(0, replay().exit());
    assertTrue(notes().stream().noneMatch(note -> note.startsWith("machine ")), notes()::toString);
  }

  @Test
  void aSealThatFitsIsNotMentioned() {
    line.run();
    assertEquals(0, replay().exit());
    assertTrue(
        notes().stream().noneMatch(note -> note.contains("the original")), notes()::toString);
  }

  @Test
  void anOriginalThatDoesNotVerifyIsRepeatedAndThatIsSaid() throws Exception {
    line.run();
    Path file = Path.of(file());
    Files.writeString(file, Files.readString(file) + "\n");
    Answer answer = replay();
    assertEquals(0, answer.exit(), answer.err());
    String note = "the original does not verify: altered, run.json; gpubench verify says more";
    assertTrue(notes().contains(note), notes()::toString);
    assertTrue(answer.err().contains("NOTE: " + note + "\n"), answer.err());
  }

  @Test
  void anOriginalWithoutASealIsRepeatedAndThatIsSaid() throws Exception {
    line.run();
    Files.delete(line.onlyRun().resolve("manifest.json"));
    edit(run ->
        ((ObjectNode) run.at("/conditions"))
            .putArray("overridden")
            .add("others use it")
            .add("so do we"));
    assertEquals(0, replay().exit());
    assertTrue(
        notes()
            .contains("the original is not sealed: whether it is as it was measured is not known"),
        notes()::toString);
    assertTrue(
        notes().contains("the original was measured although others use it; so do we"),
        notes()::toString);
  }
}
