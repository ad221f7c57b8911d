// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.engines.java.JavaEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Duets against another version, which is this one, started by scripts in its launcher's place. */
class VersionDuetTest {
  @TempDir private Path temp;
  private CommandLineFixture line;
  private VersionFixture versions;
  private Path other;

  @BeforeEach
  void open() throws Exception {
    line = new CommandLineFixture(temp);
    line.engines = List.of(new JavaEngine(List.of()));
    versions = new VersionFixture(temp);
    line.home = versions.home("1.0", "-XX:TieredStopAtLevel=1");
    other = versions.home("0.9", "-XX:TieredStopAtLevel=1");
  }

  @Test
  void bothSidesAreStartedByTheirOwnLaunchers() throws Exception {
    Answer answer = duet("engine=java,version=" + other, "engine=java");
    assertEquals(0, answer.exit(), answer.err());
    JsonNode run =
        CommandLineFixture.validRun(CommandLineFixture.read(line.onlyRun().resolve("run.json")));
    assertEquals(2, run.at("/engines").size());
    assertEquals("0.9", run.at("/engines/0/description/gpubench/version").asString());
    assertEquals(other + "", run.at("/engines/0/description/gpubench/asked").asString());
    assertEquals("1.0", run.at("/engines/1/description/gpubench/version").asString());
    assertTrue(run.at("/engines/1/description/gpubench/asked").isMissingNode());
    for (Path home : List.of(other, line.home)) {
      // one worker that is checked, and one a duet
      assertEquals(2, Files.readAllLines(home.resolve("started")).size());
    }
    assertEquals(0, line.execute("verify", line.onlyRun().toString()).exit());
    assertTrue(line.execute("show", line.onlyRun().toString()).out().contains("version=" + other));

    Path again = temp.resolve("again");
    Answer replay =
        line.execute("replay", line.onlyRun().toString(), "--anyway", "--out", again.toString());
    assertEquals(0, replay.exit(), replay.err());
    assertEquals(4, Files.readAllLines(other.resolve("started")).size());
  }

  @Test
  void whatCannotBeIsOneLine() throws Exception {
    assertRefused(
        2, "version 'nowhere': expected the folder of a checkout or of a bundle", "nowhere");
    versions.launcher(
        other,
        "0.9",
        "echo '{\"type\":\"hello\",\"protocol\":7,\"engine\":\"java\",\"version\":\"9\",\"workloads\":{\"consensus\":[\"call\"]}}'; cat >/dev/null");
    assertRefused(3, "no engine: java: ", other.toString());
    versions.launcher(other, "0.9", "echo \"gpubench: unknown command 'worker'\" >&2; exit 2");
    assertRefused(3, "no engine: java: ", other.toString());
    Answer answer = line.execute("duet", "engine=java,version=" + other, "engine=java");
    assertEquals(
        "gpubench: version= is about workers, and --in-process has none; leave one of them out\n",
        answer.err());
  }

  private void assertRefused(int exit, String start, String version) {
    Answer answer = duet("engine=java,version=" + version, "engine=java");
    assertEquals(exit, answer.exit(), answer.err());
    assertTrue(answer.err().startsWith("gpubench: " + start), answer.err());
    assertEquals(1, answer.err().lines().count(), answer.err());
  }

  private Answer duet(String a, String b) {
    var args = new ArrayList<>(List.of("--verbose=false", "duet", a, b, "consensus"));
    args.addAll(List.of("--set=consensus.validators=4", "--samples=20", "--duets=1", "--anyway"));
    args.addAll(List.of(line.profile(), "--ceilings=off", "--out", line.store.toString()));
    return line.execute(args.toArray(String[]::new));
  }
}
