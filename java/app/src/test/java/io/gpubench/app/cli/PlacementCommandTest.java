// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.seal.SigningKey;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import io.gpubench.workloads.migration.MigrationParameters;
import io.gpubench.workloads.migration.MigrationWorkload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class PlacementCommandTest {
  @TempDir private Path temp;
  private CommandLineFixture line;
  private FakeEngine engine;

  @BeforeEach
  void open() {
    line = new CommandLineFixture(temp);
    line.workloads = List.of(new MigrationWorkload(), new ConsensusWorkload());
    engine = FakeEngine.passing("fake");
    engine.paths = List.of("call", "fast");
    engine.workOf =
        values ->
            values.asMap().containsKey("pageBytes")
                ? MigrationParameters.of(values).work()
                : new PreparedRun.Work(1_000, 32_000, 100_000);
    engine.amounts =
        values ->
            values.asMap().containsKey("pageBytes")
                ? MigrationParameters.of(values).amounts()
                : Map.of();
    line.engines = List.of(engine);
  }

  private Path migrate(String... more) {
    return migrate(line.store, more);
  }

  private Path migrate(Path store, String... more) {
    var args = new ArrayList<>(List.of("run", "migration", line.profile(), "--out=" + store));
    args.add("--set=pages=1,4");
    if (Stream.of(more).noneMatch(arg -> arg.startsWith("--set=to="))) {
      args.add("--set=to=pageable");
    }
    args.addAll(List.of(more));
    List<Path> before = runs(store);
    Answer answer = line.execute(args.toArray(String[]::new));
    assertTrue(List.of(0, 6).contains(answer.exit()), answer.err());
    return runs(store).stream().filter(run -> !before.contains(run)).findFirst().orElseThrow();
  }

  private static List<Path> runs(Path store) {
    try (Stream<Path> entries = Files.exists(store) ? Files.list(store) : Stream.empty()) {
      return entries.toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Answer placement(Object... arguments) {
    var args = new ArrayList<>(List.of("placement"));
    Stream.of(arguments).map(Object::toString).forEach(args::add);
    return line.execute(args.toArray(String[]::new));
  }

  @Test
  void theNewestRunWithMigrationsIsReadUnlessOneIsNamed() {
    Path first = migrate("--set=from=pinned");
    Path second = migrate("--set=from=pageable");
    line.run();
    Answer newest = placement("--out", line.store);
    assertEquals(0, newest.exit(), newest.err());
    assertEquals("", newest.err());
    assertTrue(newest.out().startsWith(second.getFileName() + ": suite migration"), newest.out());
    assertTrue(
        newest.out().contains("\npageable -> pageable, order scattered on fake"), newest.out());
    assertTrue(
        newest.out().contains("fast, not tried: the run did not ask for it\n"), newest.out());
    assertTrue(newest.out().contains("limit 1ms: "), newest.out());
    Answer both = placement(first, second, "--limit=20us");
    assertTrue(
        both.out().contains("\n" + first.getFileName() + ": pinned -> pageable"), both.out());
    assertTrue(both.out().contains("limit 20us: "), both.out());
  }

  @Test
  void programsReadItAsJsonAndCsv() {
    engine.configuration = Map.of("toAccess", "page cache", "toFileSystem", "ext4");
    Path run = migrate("--set=to=file:" + temp);
    JsonNode json = CommandLineFixture.json(placement(run, "--format=json").out());
    Path schema = CommandLineFixture.ROOT.resolve("configs/schemas/placement.schema.json");
    assertEquals(
        List.of(),
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(CommandLineFixture.json(CommandLineFixture.read(schema)))
            .validate(json));
    assertEquals(2, json.at("/placements").size());
    assertEquals("page cache", json.at("/placements/0/direction/toAccess").asString());
    assertEquals("only", json.at("/placements/0/median/verdict").asString());
    assertEquals(4096, json.at("/placements/0/bytes").asInt());
    Answer csv = placement(run, "--format=csv");
    assertEquals(3, csv.out().lines().count());
    assertTrue(csv.out().contains(",page cache,ext4,"), csv.out());
    Answer shown = line.execute("show", run.toString());
    assertTrue(
        shown.out().contains("to=file:" + temp + " is page cache (ext4): not storage\n"),
        shown.out());
    assertTrue(shown.out().contains("limit 1ms: "), shown.out());
    Answer rows = line.execute("show", run.toString(), "--format=csv");
    assertTrue(rows.out().lines().findFirst().orElseThrow().contains("toAccess"), rows.out());
  }

  @Test
  void whatIsSkippedIsShownWithItsReason() {
    engine.preparing =
        () -> {
          if (engine.prepared % 2 == 0) {
            throw new EngineException(
                EngineException.Kind.ABSENT, "there is no second device", "add one", null);
          }
        };
    Answer answer = placement(migrate());
    assertEquals(0, answer.exit());
    assertTrue(
        answer.out().contains("call, Skipped: there is no second device; add one\n"), answer.out());
    assertTrue(answer.out().contains("none measured"), answer.out());
  }

  @Test
  void aRunWithoutMigrationsIsNoUse() {
    line.run();
    Path run = line.onlyRun();
    assertEquals(
        new Answer(
            2,
            "",
            "gpubench: "
                + run
                + " has no record of a migration; 'gpubench run --suite migration' measures some\n"),
        placement(run));
    assertEquals(
        "gpubench: "
            + line.store
            + " has no run with a migration; 'gpubench run --suite migration' measures some, and"
            + " --out names another store\n",
        placement("--out", line.store).err());
    Answer nowhere = placement("--out", temp.resolve("nowhere"));
    assertEquals(2, nowhere.exit());
    assertTrue(nowhere.err().contains("nowhere has no run with a migration"), nowhere.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "median  | 7 | does not verify, so that it counts for nothing: run.json: ",
        "cut     | 7 | does not verify, so that it counts for nothing: run.json: ",
        "newer   | 2 | written in the format gpubench.run/9",
        "foreign | 7 | does not verify, so that it counts for nothing: run.json: ",
        "gone    | 7 | does not verify, so that it counts for nothing: run.json: ",
        "samples | 7 | does not verify, so that it counts for nothing: samples/"
      })
  void whatIsNotWholeCountsForNothing(String deed, int exit, String expected) throws IOException {
    Path run = migrate();
    Path file = run.resolve("run.json");
    String json = Files.readString(file);
    switch (deed) {
      case "median" ->
          Files.writeString(file, json.replaceFirst("\"median\" : \\d", "\"median\" : 1"));
      case "cut" -> Files.writeString(file, json.substring(0, json.length() / 2));
      case "newer" -> Files.writeString(file, json.replace("gpubench.run/2", "gpubench.run/9"));
      case "foreign" -> Files.writeString(file, "{}");
      case "gone" -> Files.delete(file);
      default -> {
        try (Stream<Path> files = Files.list(run.resolve("samples"))) {
          Files.writeString(files.sorted().findFirst().orElseThrow(), "");
        }
      }
    }
    Answer answer = placement(run);
    assertEquals(exit, answer.exit(), answer.err());
    assertEquals("", answer.out());
    assertTrue(answer.err().startsWith("gpubench: " + run), answer.err());
    assertTrue(answer.err().contains(expected), answer.err());
    assertEquals(1, answer.err().lines().count());
  }

  /** Also where everything else follows from it, and is sealed anew. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "work/units | 2 | pages of 4096 bytes are Work",
        "work/bytes | 2 | pages of 4096 bytes are Work",
        "amounts/pages  | 4 | a sample that moves",
        "parameters/pages | 4 | pages",
        "parameters/pageBytes | 2 | pageBytes"
      })
  void aForgedMigrationIsFound(String ofRecord, double factor, String expected) {
    String pointer = "/records/0/" + ofRecord;
    Path run = migrate();
    Forger forger =
        Forger.of(run, temp.resolve("forged"), SigningKey.create(temp.resolve("theirs.pem")));
    double before = forger.at(pointer).asDouble();
    forger.set(
        pointer,
        pointer.contains("parameters")
            ? (Object) (long) (factor * before)
            : (Object) (factor * before));
    forger.derive().seal();
    Answer answer = placement(forger.directory());
    assertEquals(7, answer.exit(), answer.out());
    assertTrue(answer.err().contains(expected), answer.err());
  }

  /** Nobody passes a page cache off as storage. */
  @Test
  void aForgedLabelIsFound() {
    engine.configuration = Map.of("toAccess", "memory", "toFileSystem", "tmpfs");
    Path run = migrate("--set=to=file:" + temp);
    assertEquals(0, placement(run).exit());
    Forger forger =
        Forger.of(run, temp.resolve("forged"), SigningKey.create(temp.resolve("theirs.pem")));
    forger.set("/records/0/configuration/toAccess", "direct").seal();
    Answer answer = placement(forger.directory());
    assertEquals(7, answer.exit(), answer.out());
    assertTrue(answer.err().contains("which is not accessed by 'direct'"), answer.err());
  }

  @Test
  void aRunThatWasKilledCountsForNothing() throws IOException {
    Path run = migrate();
    Path file = run.resolve("run.json");
    Files.writeString(
        file,
        Files.readString(file).replace("\"status\" : \"complete\"", "\"status\" : \"running\""));
    try (Stream<Path> files = Files.list(run)) {
      for (Path each : files.filter(one -> one.toString().contains("manifest")).toList()) {
        Files.delete(each);
      }
    }
    Answer answer = placement(run);
    assertEquals(7, answer.exit(), answer.err());
    assertEquals(1, answer.err().lines().count(), answer.err());
    assertFalse(answer.err().contains("internal"), answer.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--limit=soon  | --limit: 'soon' is not a duration; expected numbers with units, such as 500ms, 45s, 1m30s",
        "--limit=0ms   | --limit: expected more than 0",
        "--format=yaml | --format",
        "/dev/null     | /dev/null is not a folder",
        "/             | / is not a run directory"
      })
  void badOptionsAreOneLine(String option, String expected) {
    Answer answer = placement(option);
    assertEquals(2, answer.exit());
    assertTrue(answer.err().lines().findFirst().orElseThrow().contains(expected), answer.err());
  }
}
