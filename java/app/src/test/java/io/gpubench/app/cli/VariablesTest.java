// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Every option as a variable. */
class VariablesTest {
  /** Variables of the launcher and the build, which no option may take. */
  private static final String TAKEN = "GPUBENCH_(JAVA_OPTS|JDK_FOLDERS|AOT_TRAINING|REQUIRE_HOST)";

  @TempDir private Path temp;
  private CommandLineFixture line;

  @BeforeEach
  void open() {
    line = new CommandLineFixture(temp);
  }

  @Test
  void everyOptionHasAVariableOfItsOwn() {
    var optionsByVariable = new TreeMap<String, String>();
    var commands = CommandLineFixture.commands(GpubenchMain.commandLine(line.app()));
    for (CommandLine command : commands) {
      for (var option : command.getCommandSpec().options()) {
        if (!option.usageHelp() && !option.versionHelp()) {
          String variable = EnvironmentDefaults.variable(option);
          assertTrue(variable.matches("GPUBENCH_[A-Z]+(_[A-Z]+)*"), variable);
          assertFalse(variable.matches(TAKEN), variable);
          String known = optionsByVariable.put(variable, option.longestName());
          assertTrue(known == null || known.equals(option.longestName()), variable);
        }
      }
    }
    assertTrue(optionsByVariable.size() > 12, optionsByVariable.toString());
    assertEquals("--memory-limit", optionsByVariable.get("GPUBENCH_MEMORY_LIMIT"));
  }

  @Test
  void variablesAreTaken() {
    line.environment.putAll(
        Map.of(
            "GPUBENCH_SET", "consensus.validators=7;consensus.tags=none",
            "GPUBENCH_SEED", "99",
            "GPUBENCH_SAMPLES", "21",
            "GPUBENCH_WARMUP", "2",
            "GPUBENCH_DURATION", "5ms",
            "GPUBENCH_ENGINE", "fake",
            "GPUBENCH_FORMAT", "json",
            "GPUBENCH_OUT", line.store.toString(),
            "GPUBENCH_THREADS", "",
            "GPUBENCH_PROFILE", "full"));
    Answer answer = line.execute("run", "consensus", "--samples", "22");
    assertEquals(0, answer.exit(), answer.err());
    var run = CommandLineFixture.validRun(answer.out());
    assertEquals(22, run.at("/records/0/sampleCount").asInt(), "the command line wins");
    assertEquals(7, run.at("/records/0/parameters/validators").asInt());
    assertEquals("none", run.at("/records/0/parameters/tags").asString());
    assertEquals(99, run.at("/records/0/parameters/seed").asInt());
    assertEquals("full", run.at("/profile").asString());
    assertEquals("fake", run.at("/engines/0/requested").asString());
    assertTrue(Files.exists(line.onlyRun()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GPUBENCH_SAMPLES      | x     | Invalid value for option '--samples': 'x' is not a long
          GPUBENCH_FORMAT       | jsn   | Invalid value for option '--format': expected one of [table, json, csv] (case-sensitive) but was 'jsn'
          GPUBENCH_VERBOSE      | maybe | Invalid value for option '--verbose': 'maybe' is not a boolean
          GPUBENCH_WARMUP       | -1    | --warmup -1 is out of range; expected 0 .. 10000000
          GPUBENCH_DURATION     | 5x    | --duration: '5x' is not a duration; expected numbers with units, such as 500ms, 45s, 1m30s
          GPUBENCH_MEMORY_LIMIT | 5     | --memory-limit: '5' has no unit; expected one of B, KiB, MiB, GiB, TiB
          GPUBENCH_PROFILE      | quik  | unknown profile 'quik'; did you mean 'quick'?
          GPUBENCH_ENGINE       | hst   | unknown engine 'hst'; known: fake, example-cpp, example-javascript, example-python, auto
          GPUBENCH_SET          | a=1   | --set a=1: unknown parameter 'a'; known: validators, byzantine, agreement, proposals, tags, seed
          """)
  void aBadVariableIsNamed(String variable, String value, String message) {
    line.environment.put(variable, value);
    Answer answer = line.execute("run");
    assertEquals(2, answer.exit());
    assertEquals(
        "gpubench: " + message + " (" + variable + " is set)",
        answer.err().lines().findFirst().orElse(""));
  }

  @Test
  void aVariableIsNotBlamedForTheCommandLine() {
    line.environment.put("GPUBENCH_SAMPLES", "100");
    line.environment.put("GPUBENCH_PROFILE", "quick");
    assertEquals(
        "gpubench: --samples 0 is out of range; expected 1 .. 10000000\n",
        line.execute("plan", "--samples", "0").err());
    assertEquals(
        "gpubench: Invalid value for option '--samples': 'x' is not a long",
        line.execute("plan", "--samples", "x").err().lines().findFirst().orElse(""));
  }

  @Test
  void aTraceIsShownWhicheverWayItIsAskedFor() {
    assertEquals(1, line.execute("plan", "--samples=0").err().lines().count());
    assertTrace("plan", "--samples=0", "--verbose");
    assertTrace("--verbose", "plan", "--samples=0");
    for (String yes : new String[] {"true", "1"}) {
      line.environment.put("GPUBENCH_VERBOSE", yes);
      assertTrace("plan", "--samples=0");
      assertTrace("plan", "--samples=0", "--verbose");
      assertTrace("--verbose", "plan", "--samples=0");
    }
    for (String no : new String[] {"false", "0", ""}) {
      line.environment.put("GPUBENCH_VERBOSE", no);
      assertEquals(1, line.execute("plan", "--samples=0").err().lines().count());
      assertTrace("plan", "--samples=0", "--verbose");
    }
  }

  private void assertTrace(String... args) {
    Answer answer = line.execute(args);
    assertEquals(2, answer.exit());
    assertTrue(
        answer
            .err()
            .startsWith("gpubench: --samples 0 is out of range; expected 1 .. 10000000\nio."),
        answer.err());
    assertTrue(answer.err().contains("\n\tat "), answer.err());
  }
}
