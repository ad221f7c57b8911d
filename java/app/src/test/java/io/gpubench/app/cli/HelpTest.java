// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class HelpTest {
  @TempDir private Path temp;
  private CommandLineFixture line;

  @BeforeEach
  void open() {
    line = new CommandLineFixture(temp);
    line.engines = List.of();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "run ",
        "validate ",
        "plan ",
        "duet ",
        "calibrate ",
        "compare ",
        "gate ",
        "validate ",
        "keys ",
        "keys create ",
        "keys show ",
        "profile ",
        "replay ",
        "show ",
        "placement ",
        "ceilings ",
        "list ",
        "list kernels ",
        "doctor ",
        "monitor ",
        "check ",
        "conformance ",
        "worker ",
        "bundle ",
        "generate-completion "
      })
  void everyCommandHasHelpThatFitsAndAVersion(String command) {
    Answer help = line.execute((command + "--help").split(" "));
    assertEquals(0, help.exit());
    assertEquals("", help.err());
    assertTrue(help.out().startsWith("Usage: gpubench " + command), help.out());
    help.out().lines().forEach(text -> assertTrue(text.length() <= 100, text));
    assertFalse(help.out().contains("\u001b"), "colour was not asked for");
    assertFalse(help.out().contains("${"), help.out());
    if (!List.of("worker ", "bundle ", "generate-completion ").contains(command)) {
      assertTrue(help.out().matches("(?s).*\nExamples?:\n  gpubench " + command.strip() + ".*"));
    }
    Answer version = line.execute((command + "--version").split(" "));
    assertEquals(0, version.exit());
    assertTrue(version.out().matches("gpubench \\d+\\.\\S+( \\(\\w+\\))?\n"), version.out());
  }

  @Test
  void helpIsColouredOnATerminal() {
    line.terminal = new Terminal(false, true);
    assertTrue(line.execute("--help").out().contains("\u001b[1m"));
  }

  @Test
  void theCompletionIsAScriptThatKnowsEverything() throws Exception {
    Answer answer = line.execute("generate-completion");
    assertEquals(0, answer.exit());
    Path script = Files.writeString(temp.resolve("completion"), answer.out());
    Process bash =
        new ProcessBuilder("bash", "-n", script.toString()).redirectErrorStream(true).start();
    String complaint = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, bash.waitFor(), complaint);
    for (CommandLine command : CommandLineFixture.commands(GpubenchMain.commandLine(line.app()))) {
      assertTrue(answer.out().contains(command.getCommandName()), command.getCommandName());
      command
          .getCommandSpec()
          .options()
          .forEach(option -> assertTrue(answer.out().contains("'" + option.longestName())));
    }
    assertTrue(
        answer
            .out()
            .contains(
                "\"workloads\" \"engines\" \"plugins\" \"devices\" \"kernels\" \"profiles\" \"runs\""));
  }

  @Test
  void workloadsAndProfilesAreListedWithoutAnyEngine() {
    Answer workloads = line.execute("list", "workloads");
    assertEquals(0, workloads.exit());
    assertTrue(workloads.out().startsWith("consensus: aggregates the votes"), workloads.out());
    assertTrue(workloads.out().contains("\nconsensus.validators  4 .. 1048576"), workloads.out());
    assertEquals(
        List.of("profile", "ceilings", "quick", "standard", "full", "comprehensive", "claims"),
        line.execute("list", "profiles").out().lines().map(text -> text.split(" ")[0]).toList());
  }
}
