// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.measure.seal.Sha256;
import io.gpubench.measure.seal.SigningKey;
import io.gpubench.workloads.consensus.ConsensusWorkload;
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
import tools.jackson.databind.JsonNode;

/**
 * Ceilings that are measured, kept, out of date or exceeded. The fake engine takes 20 us for a
 * sample: 1,000 things when it measures the ceiling, and as many as a test says for consensus.
 */
class CeilingsTest {
  private static final String CEILING = "ceiling.fake";

  @TempDir private Path temp;
  private CommandLineFixture line;
  private FakeEngine engine;
  private double demanded = 500;

  @BeforeEach
  void open() throws IOException {
    line = new CommandLineFixture(temp);
    line.home = temp.resolve("home");
    Files.createDirectory(line.home);
    CommandLineFixture.copy(
        CommandLineFixture.ROOT.resolve("configs"), line.home.resolve("configs"));
    Files.writeString(
        line.home.resolve("configs/suites/ceilings.yaml"),
        """
        schema: 1
        runs:
          - workload: ceiling.fake
          - workload: ceiling.other
        """);
    Files.writeString(
        line.home.resolve("configs/profiles/ceilings.yaml"),
        """
        schema: 1
        budget: 800ms
        samples: {min: 10, max: 600, relativePrecision: 0.5, minTime: 12ms}
        warmup: {minSamples: 5, minTime: 1ms}
        """);
    line.workloads =
        List.of(
            new ConsensusWorkload(), new FakeCeiling(CEILING), new FakeCeiling("ceiling.other"));
    engine = FakeEngine.passing("fake");
    engine.demands =
        workload ->
            workload.startsWith("ceiling.") ? Map.of(workload, 1_000.0) : Map.of(CEILING, demanded);
    line.engines = List.of(engine);
    line.environment.put("GPUBENCH_STATE", temp.resolve("state").toString());
  }

  @Test
  void nothingIsKeptAtFirst() {
    Answer answer = line.execute("ceilings");
    assertEquals(0, answer.exit(), answer.err());
    assertEquals("processors: absent; 'gpubench ceilings --refresh' measures them\n", answer.out());
    assertFalse(Files.exists(temp.resolve("state")), "looking changes nothing");
  }

  @Test
  void refreshMeasuresAllAsASealedRun() {
    engine.bounds = Map.of(CEILING, 200e6);
    Answer answer = line.execute("ceilings", "--refresh", "--format=json", "--out=" + line.store);
    assertEquals(0, answer.exit(), answer.err());
    JsonNode hardware = CommandLineFixture.json(answer.out()).at("/hardware/0");
    assertEquals("current", hardware.path("state").asString());
    JsonNode kept = kept();
    assertEquals(hardware.path("ceilings"), kept.path("ceilings"));
    assertEquals(2, kept.path("ceilings").size());
    JsonNode first = kept.at("/ceilings/0");
    assertEquals(CEILING, first.path("id").asString());
    assertEquals("things/s", first.path("unit").asString());
    assertTrue(first.path("rate").asDouble() > 1e6 && first.path("rate").asDouble() <= 50e6);
    Path run = line.onlyRun();
    assertEquals(String.valueOf(run.getFileName()), first.path("run").asString());
    assertEquals(
        Sha256.of(CommandLineFixture.read(run.resolve("manifest.json")).getBytes(UTF_8)),
        first.path("manifestSha256").asString());
    JsonNode record = stored(run).at("/records/0");
    assertEquals("bound", record.at("/ceiling/of").asString());
    assertEquals(0.25, record.at("/ceiling/share").asDouble(), 0.1);
    assertVerifies(run);
    String shown = line.execute("ceilings").out();
    assertTrue(shown.startsWith("processors: kept\n"), shown);
    assertTrue(shown.contains("of bound") && shown.contains(" % "), shown);
    assertTrue(
        line.execute("show", run.toString()).out().contains("of bound"), "and so does the run");
  }

  @Test
  void aRunMeasuresWhatItNeedsOnceAndNamesItsShare() {
    JsonNode first = measured();
    assertEquals(2, runs().size(), "the run, and that of its ceiling");
    JsonNode used = first.at("/ceilings/used/0");
    assertEquals(CEILING, used.at("/ceiling/id").asString());
    assertEquals("nothing was kept", used.path("measuredNow").asString());
    assertEquals(1, first.at("/ceilings/used").size(), "only what is demanded is measured");
    JsonNode second = measured();
    assertEquals(3, runs().size(), "the ceiling was kept");
    assertTrue(second.at("/ceilings/used/0/measuredNow").isNull());
    assertEquals(0, second.at("/ceilings/notes").size());
    assertEquals(used.path("ceiling"), second.at("/ceilings/used/0/ceiling"));
    JsonNode share = second.at("/records/0/ceiling");
    assertEquals(0.5, share.path("share").asDouble(), 0.2);
    assertEquals(
        1e9 * demanded / used.at("/ceiling/rate").asDouble(),
        share.path("floorNanos").asDouble(),
        1e-3);
    assertEquals(used.at("/ceiling/run").asString(), share.path("run").asString());
    assertTrue(share.path("doubt").isNull());
    assertTrue(kept().at("/ceilings/0/run").asString().contains("-ceilings-"));
    runs().forEach(this::assertVerifies);
    String shown = line.execute("show", directory(second).toString()).out();
    assertTrue(shown.contains("of ceiling") && shown.contains(" % fake"), shown);
    String csv = line.execute("show", directory(second).toString(), "--format=csv").out();
    assertTrue(csv.contains(",ceiling," + CEILING + ","), csv);
  }

  @Test
  void anotherIdentityIsSaidAndMeasuredAnew() throws IOException {
    measured();
    rewrite("\"kernel\" : \"", "\"kernel\" : \"0.");
    Answer shown = line.execute("ceilings");
    assertTrue(shown.out().startsWith("processors: stale; kernel 0."), shown.out());
    JsonNode run = measured();
    String why = run.at("/ceilings/used/0/measuredNow").asString();
    assertTrue(why.startsWith("what was kept is out of date: kernel 0."), why);
    assertEquals(4, runs().size());
    assertTrue(line.execute("ceilings").out().startsWith("processors: kept\n"));
  }

  @Test
  void aCeilingThatIsExceededIsMeasuredAgain() throws IOException {
    measured();
    double right = kept().at("/ceilings/0/rate").asDouble();
    rewriteRate(right / 20);
    JsonNode run = measured();
    assertEquals(
        "a result was more than 5 % above it", run.at("/ceilings/used/0/measuredNow").asString());
    assertEquals(0.5, run.at("/records/0/ceiling/share").asDouble(), 0.2);
    assertTrue(run.at("/records/0/ceiling/doubt").isNull());
    assertTrue(kept().at("/ceilings/0/rate").asDouble() > right / 2, "and is kept");
    assertVerifies(directory(run));
  }

  @Test
  void whatIsStillAboveIsADoubt() {
    demanded = 20_000;
    JsonNode run = measured();
    assertEquals(2, runs().size(), "it is measured once in a run");
    String doubt = run.at("/records/0/ceiling/doubt").asString();
    assertTrue(doubt.contains("times the measured ceiling.fake, which was measured in this run"));
    assertEquals("Measured", run.at("/records/0/outcome").asString());
    assertVerifies(directory(run));
    String shown = line.execute("show", directory(run).toString()).out();
    assertTrue(shown.contains("* " + run.at("/records/0/id").asString() + ": "), shown);
    assertTrue(shown.contains(doubt), shown);
  }

  @Test
  void offRelatesToNothing() {
    measured();
    JsonNode run = measured("--ceilings=off");
    assertEquals(3, runs().size());
    assertEquals("off", run.at("/ceilings/mode").asString());
    assertEquals(0, run.at("/ceilings/used").size());
    assertFalse(run.at("/records/0").has("ceiling"));
    assertVerifies(directory(run));
  }

  @Test
  void refreshMeasuresAgain() {
    measured();
    JsonNode run = measured("--ceilings=refresh");
    assertEquals(4, runs().size());
    assertEquals("asked for", run.at("/ceilings/used/0/measuredNow").asString());
  }

  @Test
  void aCeilingThatCannotBeMeasuredFailsNothing() {
    // the first ten answers are those of the run itself
    engine.right = sample -> engine.prepared < 2;
    JsonNode run = measured();
    assertEquals("Measured", run.at("/records/0/outcome").asString());
    assertFalse(run.at("/records/0").has("ceiling"));
    String note = run.at("/ceilings/notes/0").asString();
    assertTrue(note.startsWith("not measured: ceiling.fake: Incorrect: "), note);
    assertFalse(Files.exists(temp.resolve("state")), "nothing wrong is kept");
    assertVerifies(directory(run));
  }

  @Test
  void aStateThatCannotBeWrittenIsANote() throws IOException {
    Files.writeString(temp.resolve("state"), "");
    JsonNode run = measured();
    assertEquals(0.5, run.at("/records/0/ceiling/share").asDouble(), 0.2);
    String notes = run.at("/ceilings/notes").toString();
    assertTrue(notes.contains("cannot keep ceilings in "), notes);
  }

  @Test
  void aDamagedFileIsReplacedAndOneOfANewerGpubenchIsNot() throws IOException {
    measured();
    Files.writeString(file(), "{");
    assertTrue(line.execute("ceilings").out().startsWith("processors: damaged; " + file()));
    measured();
    assertTrue(line.execute("ceilings").out().startsWith("processors: kept\n"));
    String newer = "{\"schema\": \"gpubench.ceilings/2\"}";
    Files.writeString(file(), newer);
    int before = runs().size();
    JsonNode run = measured();
    assertEquals(before + 1, runs().size(), "no ceiling is measured");
    assertFalse(run.at("/records/0").has("ceiling"));
    Answer refused = line.execute("ceilings", "--refresh", "--out=" + line.store);
    assertEquals(2, refused.exit());
    assertEquals(1, refused.err().lines().count(), refused.err());
    assertEquals(newer, Files.readString(file()));
  }

  @Test
  void withoutAPlaceNothingIsMeasured() {
    line.environment.remove("GPUBENCH_STATE");
    JsonNode run = measured();
    assertEquals(1, runs().size());
    String note = run.at("/ceilings/notes/0").asString();
    assertTrue(note.contains("there is no folder to keep them in"), note);
    Answer shown = line.execute("ceilings");
    assertEquals(2, shown.exit());
    assertEquals(1, shown.err().lines().count(), shown.err());
  }

  @Test
  void aSimulatedDeviceIsMeasuredOnRequestOnly() {
    engine.synthetic = true;
    JsonNode run = measured();
    assertEquals(1, runs().size());
    String note = run.at("/ceilings/notes/0").asString();
    assertTrue(note.contains("the device is simulated"), note);
    Answer answer = line.execute("ceilings", "--refresh", "--out=" + line.store);
    assertEquals(0, answer.exit(), answer.err());
    assertTrue(answer.out().startsWith("synthetic, SYNTHETIC: kept\n"), answer.out());
    assertEquals(0.5, measured().at("/records/0/ceiling/share").asDouble(), 0.2);
  }

  @Test
  void whatIsBeyondTheHardwareIsRejected() {
    engine.bounds = Map.of(CEILING, 1e6);
    Answer answer = line.run();
    assertEquals(6, answer.exit(), answer.err());
    JsonNode record = stored(run("-consensus-")).at("/records/0");
    assertEquals("Rejected", record.path("outcome").asString());
    String reason = record.path("reason").asString();
    assertTrue(
        reason.matches("implausible: 500 of ceiling.fake in \\d+ ns are .* at most"), reason);
    assertTrue(reason.contains("this hardware can do 1.000e+06 at most"), reason);
  }

  @Test
  void aShareThatDoesNotFollowIsFound() {
    JsonNode run = measured();
    for (String pointer : List.of("/records/0/ceiling/share", "/ceilings/used/0/ceiling/rate")) {
      Forger forged =
          Forger.of(
              directory(run),
              temp.resolve("forged" + pointer.length()),
              SigningKey.create(temp.resolve("key" + pointer.length())));
      forged.scale(pointer, 1.5);
      forged.seal();
      Answer answer = line.execute("verify", forged.directory().toString());
      assertEquals(7, answer.exit(), answer.out());
      assertTrue(answer.out().contains("ceiling"), answer.out());
    }
  }

  @Test
  void aDuetIsRelatedToo() {
    measured();
    Answer answer =
        line.execute(
            "duet",
            "engine=fake",
            "engine=fake",
            "consensus",
            line.profile(),
            "--set=consensus.validators=4",
            "--duets=1",
            "--samples=40",
            "--out=" + line.store);
    assertEquals(0, answer.exit(), answer.err());
    assertTrue(answer.out().contains(" % of ceiling.fake"), answer.out());
    assertVerifies(run("-duet-"));
  }

  private JsonNode measured(String... more) {
    List<Path> before = runs();
    Answer answer = line.run(more);
    assertEquals(0, answer.exit(), answer.err());
    return runs().stream()
        .filter(run -> !before.contains(run) && run.toString().contains("-consensus-"))
        .map(CeilingsTest::stored)
        .findFirst()
        .orElseThrow();
  }

  private List<Path> runs() {
    if (!Files.exists(line.store)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(line.store)) {
      return new ArrayList<>(all.sorted().toList());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Path run(String part) {
    return runs().stream().filter(run -> run.toString().contains(part)).findFirst().orElseThrow();
  }

  private Path directory(JsonNode run) {
    return line.store.resolve(run.path("id").asString());
  }

  private static JsonNode stored(Path run) {
    return CommandLineFixture.validRun(CommandLineFixture.read(run.resolve("run.json")));
  }

  private void assertVerifies(Path run) {
    Answer answer = line.execute("verify", run.toString());
    assertEquals(0, answer.exit(), answer.out());
  }

  private Path file() {
    return temp.resolve("state/ceilings/processors.json");
  }

  /** Which the schema accepts. */
  private JsonNode kept() {
    JsonNode kept = CommandLineFixture.json(CommandLineFixture.read(file()));
    Path schema = CommandLineFixture.ROOT.resolve("configs/schemas/ceilings.schema.json");
    assertEquals(
        List.of(),
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(CommandLineFixture.json(CommandLineFixture.read(schema)))
            .validate(kept));
    return kept;
  }

  private void rewrite(String from, String to) throws IOException {
    String text = Files.readString(file());
    assertTrue(text.contains(from), text);
    Files.writeString(file(), text.replace(from, to));
  }

  private void rewriteRate(double rate) throws IOException {
    Files.writeString(
        file(), Files.readString(file()).replaceFirst("\"rate\" : [^,]+", "\"rate\" : " + rate));
  }
}
