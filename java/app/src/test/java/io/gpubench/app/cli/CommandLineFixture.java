// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.gpubench.app.plugins.Contents;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import picocli.CommandLine;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs command lines in this process, with the real configuration, and keeps what they print. */
final class CommandLineFixture {
  static final Path ROOT = Path.of(System.getProperty("gpubench.root"));
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private static final String PROFILE =
      """
      schema: 1
      description: As short as it gets.
      budget: 200ms
      samples: {min: 10, max: 20000, relativePrecision: 0.5, minTime: 12ms}
      warmup: {minSamples: 5, minTime: 1ms}
      """;

  final Map<String, String> environment = new TreeMap<>();
  Path home = ROOT;
  Path store;
  List<Workload> workloads = List.of(new ConsensusWorkload());
  List<Engine> engines = List.of(FakeEngine.passing("fake"));
  Terminal terminal = new Terminal(false, false);
  private final Path profile;

  /** What a command line came to. */
  record Answer(int exit, String out, String err) {}

  CommandLineFixture(Path temp) {
    store = temp.resolve("store");
    profile = temp.resolve("instant.yaml");
    try {
      Files.writeString(profile, PROFILE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command line; what measures does so in this process, where fake engines are. */
  Answer execute(String... args) {
    var all = new ArrayList<>(List.of(args));
    if (args.length > 0
        && List.of("run", "plan", "duet", "compare", "validate", "ceilings").contains(args[0])) {
      all.add(1, "--in-process");
    }
    var out = new StringWriter();
    var err = new StringWriter();
    int exit = GpubenchMain.execute(app(out, err), all.toArray(String[]::new));
    return new Answer(exit, out.toString(), err.toString());
  }

  App app() {
    return app(Writer.nullWriter(), Writer.nullWriter());
  }

  private App app(Writer out, Writer err) {
    return new App(
        home,
        Contents.of(() -> workloads, () -> engines),
        environment,
        terminal,
        new PrintWriter(out),
        new PrintWriter(err));
  }

  /** Measures consensus for an instant into the store. */
  Answer run(String... more) {
    var args = new ArrayList<>(List.of("run", "consensus", profile(), "--out", store.toString()));
    if (Stream.of(more).noneMatch(arg -> arg.startsWith("consensus.validators"))) {
      args.addAll(List.of("--set", "consensus.validators=4"));
    }
    args.addAll(List.of(more));
    return execute(args.toArray(String[]::new));
  }

  /** The option that makes a run last an instant. */
  String profile() {
    return "--profile=" + profile;
  }

  /** The directory of the only run in the store. */
  Path onlyRun() {
    return onlyEntry(store);
  }

  static Path onlyEntry(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> all = entries.toList();
      assertEquals(1, all.size(), all.toString());
      return all.getFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Exactly one JSON document. */
  static JsonNode json(String text) {
    return JSON.readTree(text);
  }

  /** Exactly one JSON document, which the schema of run.json accepts. */
  static JsonNode validRun(String text) {
    JsonNode run = json(text);
    assertEquals(List.of(), RunSchema.READ.validate(run));
    return run;
  }

  /** Of run.json, read when it is first needed. */
  private static final class RunSchema {
    static final Schema READ =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(JSON.readTree(ROOT.resolve("configs/schemas/run.schema.json")));
  }

  /** All commands below one, and those below them. */
  static List<CommandLine> commands(CommandLine top) {
    return top.getSubcommands().values().stream()
        .flatMap(command -> Stream.concat(Stream.of(command), commands(command).stream()))
        .toList();
  }

  /** Takes a user's settings, key and ceilings out of the variables of a process. */
  static void forget(Map<String, String> variables) {
    variables.keySet().removeIf(name -> name.startsWith("GPUBENCH_"));
    variables.put("XDG_CONFIG_HOME", "/nonexistent");
    variables.put("GPUBENCH_CEILINGS", "off");
  }

  /** A folder with all that is in it, to where nothing is. */
  static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a file, or a folder with all that is in it. */
  static void delete(Path whole) {
    try (Stream<Path> files = Files.walk(whole)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
