// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import static io.gpubench.measure.plan.Fakes.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EngineConfigTest {
  private static final Path CONFIGS =
      Path.of(Objects.requireNonNull(System.getProperty("gpubench.root")), "configs");

  private static final Set<String> TAKEN = Set.of("auto", "cuda", "host", "java");

  private static final String ENGINE =
      """
      schema: 1
      command: [./worker]
      workloads:
        consensus: [call]
      """;

  private final FileSystem memory =
      Jimfs.newFileSystem(Configuration.unix().toBuilder().setWorkingDirectory("/here").build());
  private final Path folder = memory.getPath("configs");
  private final Path file = folder.resolve("engines/mine.yaml");
  private final ConfigReader reader = new ConfigReader(folder);

  @BeforeEach
  void copySchema() throws IOException {
    Files.createDirectories(folder.resolve("schemas"));
    Files.createDirectories(folder.resolve("engines"));
    Files.copy(
        CONFIGS.resolve("schemas/engine.schema.json"),
        folder.resolve("schemas/engine.schema.json"));
  }

  @AfterEach
  void close() throws IOException {
    memory.close();
  }

  private EngineConfig engine(String yaml) throws IOException {
    Files.writeString(file, yaml);
    return reader.engine("mine", TAKEN);
  }

  @Test
  void readsWhatIsWritten() throws IOException {
    Files.createDirectories(memory.getPath("somewhere/else"));
    EngineConfig engine =
        engine(
            """
            schema: 1
            description: "Mine: fast"
            command: [python3, worker.py, --threads, 2, 0x10, ""]
            folder: ../../somewhere/else
            environment: {B: "1", A: 2.50, _C3: ''}
            workloads:
              synthesis.match: [launch, graph]
              consensus:
                - call
            timeouts: {prepare: 5m, self-check: 1m30s}
            """);
    assertEquals(
        new EngineConfig(
            "mine",
            "Mine: fast",
            List.of("python3", "worker.py", "--threads", "2", "0x10", ""),
            memory.getPath("/here/somewhere/else"),
            Map.of("B", "1", "A", "2.50", "_C3", ""),
            Map.of("synthesis.match", List.of("launch", "graph"), "consensus", List.of("call")),
            Map.of("prepare", Duration.ofMinutes(5), "self-check", Duration.ofSeconds(90)),
            "95149bfbbad18f0db6fbdffbf9741c7a57325d038c0675d376695f18a6147bf4"),
        engine);
    assertEquals(List.of("synthesis.match", "consensus"), List.copyOf(engine.workloads().keySet()));
    assertEquals(List.of("B", "A", "_C3"), List.copyOf(engine.environment().keySet()));
  }

  @Test
  void whatIsAbsentIsEmptyAndTheFolderIsTheFiles() throws IOException {
    EngineConfig engine = engine(ENGINE);
    assertEquals("", engine.description());
    assertEquals(memory.getPath("/here/configs/engines"), engine.folder());
    assertEquals(Map.of(), engine.environment());
    assertEquals(Map.of(), engine.timeouts());
  }

  @Test
  void aFileMayLieAnywhere() throws IOException {
    Path elsewhere = Files.createDirectories(memory.getPath("/opt/engine"));
    Files.writeString(elsewhere.resolve("fast-1.yml"), ENGINE);
    EngineConfig engine = reader.engine("/opt/engine/fast-1.yml", TAKEN);
    assertEquals("fast-1", engine.name());
    assertEquals(elsewhere, engine.folder());
  }

  @Test
  void theCollectionsAreCopies() throws IOException {
    EngineConfig engine = engine(ENGINE);
    assertThrows(UnsupportedOperationException.class, () -> engine.command().add("x"));
    assertThrows(UnsupportedOperationException.class, () -> engine.environment().put("x", "y"));
    assertThrows(UnsupportedOperationException.class, () -> engine.workloads().clear());
    assertThrows(
        UnsupportedOperationException.class, () -> engine.timeouts().put("bye", Duration.ZERO));
  }

  static List<Arguments> mistakes() {
    return List.of(
        Arguments.of("", "1: is empty; expected a mapping of keys to values"),
        Arguments.of("schema: 1\n", "1: missing key 'command'"),
        Arguments.of(
            ENGINE.replace("schema: 1", "schema: 2"), "1: schema: expected 1, found the number 2"),
        Arguments.of(
            ENGINE.replace("[./worker]", "./worker"),
            "2: command: expected a list such as [\"python3\",\"worker.py\"],"
                + " [\"./worker\",\"--threads\",2], found the text './worker'"),
        Arguments.of(ENGINE.replace("[./worker]", "[]"), "2: command: expected at least 1 item"),
        Arguments.of(ENGINE.replace("[./worker]", "[' ']"), "2: command[0]: expected a program"),
        Arguments.of(
            ENGINE.replace("[./worker]", "[a, true]"),
            "2: command[1]: expected text or a number, found true"),
        Arguments.of(
            ENGINE.replace("[./worker]", "[a, \"b\\0\"]"),
            "2: command[1]: expected text without the character U+0000"),
        Arguments.of(
            ENGINE.replace("[./worker]", "[a, \"\\0b\"]"),
            "2: command[1]: expected text without the character U+0000"),
        Arguments.of(
            ENGINE.replace("command", "comand"), "2: comand: unknown key; did you mean 'command'?"),
        Arguments.of(
            ENGINE.replace("  consensus: [call]", "  consensus: []"),
            "4: workloads.consensus: expected at least 1 item"),
        Arguments.of(
            ENGINE.replace("  consensus: [call]", "  consensus: call"),
            "4: workloads.consensus: expected a list such as [\"call\"], [\"launch\",\"graph\"],"
                + " found the text 'call'"),
        Arguments.of(
            ENGINE.replace("  consensus: [call]", "  consensus: ['']"),
            "4: workloads.consensus[0]: expected text, found the text ''"),
        Arguments.of(
            ENGINE.replace("\n  consensus: [call]", " {}"),
            "3: workloads: expected at least 1 key"),
        Arguments.of(
            ENGINE + "folder: ../nowhere\n", "5: folder: there is no folder /here/configs/nowhere"),
        Arguments.of(
            ENGINE + "folder: mine.yaml\n",
            "5: folder: there is no folder /here/configs/engines/mine.yaml"),
        Arguments.of(
            ENGINE + "folder: \"a\\0\"\n", "5: folder: expected text without the character U+0000"),
        Arguments.of(
            ENGINE + "environment: {A B: x}\n",
            "5: environment.'A B': expected letters, digits and '_' as the name of a variable"),
        Arguments.of(
            ENGINE + "environment:\n  A: [x]\n",
            "6: environment.A: expected text or a number such as /usr/local/lib, 1, found a list"),
        Arguments.of(
            ENGINE + "timeouts: {prepar: 1s}\n",
            "5: timeouts.prepar: unknown key; did you mean 'prepare'?"),
        Arguments.of(
            ENGINE + "timeouts: {prepare: 60}\n",
            "5: timeouts.prepare: expected text such as 500ms, 45s, 1m30s, found the number 60"),
        Arguments.of(
            ENGINE + "timeouts:\n  measure: 1s1m\n",
            "6: timeouts.measure: '1s1m' is not a duration; expected numbers with units, such as"
                + " 500ms, 45s, 1m30s"),
        Arguments.of(ENGINE + "timeouts: {bye: 0s}\n", "5: timeouts.bye: expected more than 0"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void mistakesNameFileLineAndKey(String yaml, String expected) {
    assertEquals("configs/engines/mine.yaml:" + expected, message(() -> engine(yaml)));
  }

  @Test
  void theNameOfTheFileIsChecked() throws IOException {
    Files.writeString(file.resolveSibling("host.yaml"), ENGINE);
    Files.writeString(file.resolveSibling("My_Engine.yaml"), ENGINE);
    assertEquals(List.of("My_Engine", "host"), reader.engineNames());
    assertEquals(
        "configs/engines/host.yaml: the file's name is the engine's, and 'host' is taken",
        message(() -> reader.engine("host", TAKEN)));
    assertEquals("host", reader.engine("host", Set.of()).name());
    assertEquals(
        "configs/engines/My_Engine.yaml: the file's name is the engine's; expected lower-case"
            + " letters, digits, '-'",
        message(() -> reader.engine("My_Engine", TAKEN)));
    assertEquals(
        "unknown engine 'hos'; did you mean 'host'?", message(() -> reader.engine("hos", TAKEN)));
  }

  @Test
  void withoutAFolderThereIsNone() throws IOException {
    Files.delete(folder.resolve("engines"));
    assertEquals(List.of(), reader.engineNames());
    assertEquals(
        "unknown engine 'mine'; there is none", message(() -> reader.engine("mine", TAKEN)));
    Files.writeString(folder.resolve("engines"), "a file");
    assertTrue(
        message(reader::engineNames).startsWith("configs/engines: the folder cannot be listed: "));
  }

  @Test
  void shippedFilesAreReadAndNameTheirSchema() throws IOException {
    var shipped = new ConfigReader(CONFIGS);
    assertEquals(
        List.of("example-cpp", "example-javascript", "example-python"), shipped.engineNames());
    for (String name : shipped.engineNames()) {
      EngineConfig engine = shipped.engine(name, TAKEN);
      assertEquals(name, engine.name());
      assertFalse(engine.description().isEmpty(), name);
      String workload = name.equals("example-javascript") ? "saxpy" : "consensus";
      assertEquals(Map.of(workload, List.of("call")), engine.workloads());
      assertTrue(
          Files.readString(CONFIGS.resolve("engines").resolve(name + ".yaml"))
              .contains("# yaml-language-server: $schema=../schemas/engine.schema.json\n"));
    }
    EngineConfig python = shipped.engine("example-python", TAKEN);
    assertEquals(List.of("python3", "consensus_worker.py"), python.command());
    assertTrue(Files.exists(python.folder().resolve("consensus_worker.py")));
    assertEquals(Map.of("PYTHONUNBUFFERED", "1"), python.environment());
  }
}
