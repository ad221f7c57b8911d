// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines that are there, and engines that are not. */
class EngineChoiceTest {
  @TempDir private Path temp;
  private CommandLineFixture line;

  @BeforeEach
  void open() {
    line = new CommandLineFixture(temp);
  }

  @Test
  void anEngineThatIsMissingNamesItsRemedy() {
    line.engines = List.of(FakeEngine.missing("cuda"), FakeEngine.passing("java"));
    assertEquals(
        new Answer(3, "", "gpubench: no engine: cuda: cuda is not there; buy cuda\n"),
        line.run("--engine", "cuda"));
  }

  @Test
  void whenNoEnginePassesEachSaysWhy() {
    line.engines = List.of(FakeEngine.missing("cuda"), FakeEngine.missing("host"));
    assertEquals(
        new Answer(
            3,
            "",
            "gpubench: no engine: cuda: cuda is not there; buy cuda; host: host is not there; buy"
                + " host\n"),
        line.run());
    assertEquals(3, line.execute("doctor").exit());
    Answer list = line.execute("list", "engines");
    assertEquals(0, list.exit());
    assertTrue(
        list.out().contains("missing  consensus: call  a fake; cuda is not there; buy cuda"));
  }

  @Test
  void noEngineAtAll() {
    line.engines = List.of();
    String message = "gpubench: no engine at all is built into this gpubench; rebuild it\n";
    assertEquals(new Answer(3, "", message), line.run());
    assertEquals(new Answer(3, "", message), line.execute("plan"));
    assertEquals(3, line.execute("doctor").exit());
    assertEquals(0, line.execute("list", "engines").exit());
    assertEquals(0, line.execute("list", "workloads").exit());
  }

  @Test
  void autoTakesTheSecondAndSaysWhyTheFirstWasPassedOver() {
    var java = FakeEngine.passing("java");
    line.engines = List.of(FakeEngine.missing("host"), java);
    Answer answer = line.run();
    String why =
        "fake java (best that passes its self-check; passed over host: host is not there; 'gpubench doctor'"
            + " tells what helps)";
    assertEquals(0, answer.exit(), answer.err());
    assertTrue(answer.err().startsWith("engine java: " + why + "\n"), answer.err());
    assertTrue(answer.out().contains("\nengine java: " + why + "\n"), answer.out());
    var run =
        CommandLineFixture.validRun(CommandLineFixture.read(line.onlyRun().resolve("run.json")));
    assertEquals(why, run.at("/engines/0/why").asString());
    assertEquals("auto", run.at("/engines/0/requested").asString());
    assertEquals("java", run.at("/records/0/engine").asString());
    assertEquals(1, java.opened);
    assertEquals(1, java.closed);
    assertTrue(line.execute("plan").out().contains("engine java: " + why + "\n"));
  }

  @Test
  void theEngineAskedForIsTakenAndNotAnother() {
    line.engines = List.of(FakeEngine.passing("host"), FakeEngine.passing("java"));
    Answer answer = line.run("--engine", "java");
    assertEquals(0, answer.exit());
    assertTrue(answer.err().startsWith("engine java: fake java (asked for)\n"), answer.err());
  }

  @Test
  void aSyntheticEngineIsLabelled() {
    var cuda = FakeEngine.passing("cuda");
    cuda.synthetic = true;
    line.engines = List.of(cuda);
    Answer answer = line.run();
    assertTrue(
        answer
            .out()
            .contains(
                "\nSYNTHETIC: the times of cuda are not those of the hardware it stands for; no claim can rest on them\n"),
        answer.out());
    assertTrue(
        CommandLineFixture.validRun(CommandLineFixture.read(line.onlyRun().resolve("run.json")))
            .at("/records/0/synthetic")
            .asBoolean());
  }

  @Test
  void aDeviceChoosesTheEngineThatUsesDevices() {
    FakeEngine cuda = FakeEngine.passing("cuda");
    cuda.devices = List.of("0", "sim");
    line.engines = List.of(FakeEngine.passing("host"), cuda);
    Answer answer = line.run("--device", "sim", "--samples", "20");
    assertEquals(0, answer.exit(), answer.err());
    assertTrue(
        answer.out().contains("consensus on cuda (fake sim), SYNTHETIC, path"), answer.out());
    var run =
        CommandLineFixture.validRun(CommandLineFixture.read(line.onlyRun().resolve("run.json")));
    assertEquals("fake sim", run.at("/records/0/device").asString());
    assertTrue(run.at("/records/0/synthetic").asBoolean());
  }

  @Test
  void aDeviceThatIsNotThereIsNotReplacedByTheProcessors() {
    FakeEngine cuda = FakeEngine.passing("cuda");
    cuda.devices = List.of("0");
    line.engines = List.of(cuda, FakeEngine.passing("host"));
    assertEquals(
        new Answer(3, "", "gpubench: no engine: cuda: no device 7; buy 7\n"),
        line.run("--device", "7"));
  }

  @Test
  void anEngineWithoutDevicesRefusesOne() {
    FakeEngine cuda = FakeEngine.passing("cuda");
    cuda.devices = List.of("0");
    line.engines = List.of(cuda, FakeEngine.passing("host"));
    assertEquals(
        new Answer(
            2,
            "",
            "gpubench: the engine 'host' uses no device; leave out --device 0, or --engine host\n"),
        line.run("--engine", "host", "--device", "0"));
  }
}
