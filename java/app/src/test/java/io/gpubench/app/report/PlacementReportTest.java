// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.gpubench.app.report.Placement.Decision;
import io.gpubench.app.report.Placement.NotTried;
import io.gpubench.app.report.PlacementReport.Verified;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class PlacementReportTest {
  private static final LeftPaths LEFT =
      (_, _, planned) ->
          planned.contains("uring")
              ? List.of()
              : List.of(new NotTried("uring", "the path 'uring' moves pages of files"));

  private static PlacementReport report(PlacementFixture... records) {
    return report(RunFixture.document("complete", records(records)));
  }

  private static PlacementReport report(RunDocument run) {
    return PlacementReport.of(
        List.of(new Verified("results/" + run.id(), run)), Duration.ofMillis(1), LEFT);
  }

  private static List<ResultRecord> records(PlacementFixture... records) {
    return Stream.of(records).map(PlacementFixture::record).toList();
  }

  private static PlacementFixture copies(long pages) {
    return PlacementFixture.by("copies", pages);
  }

  private static PlacementFixture kernel(long pages) {
    return PlacementFixture.by("kernel", pages);
  }

  private static PlacementFixture toFile(String path, String access) {
    return PlacementFixture.by(path, 16)
        .set("to", "file:/mnt/nvme")
        .found("toAccess", access)
        .found("toFileSystem", "ext4");
  }

  @Test
  void theFastestIsNamedWithItsMargin() {
    Placement one =
        report(copies(1).took(20), kernel(1).took(10), PlacementFixture.by("batched", 1).took(30))
            .placements()
            .getFirst();
    Decision decision = one.median();
    assertEquals("fastest", decision.verdict());
    assertEquals(List.of("kernel"), decision.fastest());
    assertEquals("copies", decision.runnerUp());
    assertEquals(2.0, Objects.requireNonNull(decision.margin()), 1e-9);
    assertEquals(19.6 / 10.2, Objects.requireNonNull(decision.marginLower()), 1e-9);
    assertEquals(20.4 / 9.8, Objects.requireNonNull(decision.marginUpper()), 1e-9);
    assertEquals(decision, one.p95());
    assertEquals(4096, one.bytes());
    assertEquals(List.of("copies", "kernel", "batched"), names(one));
  }

  private static List<String> names(Placement placement) {
    return placement.candidates().stream().map(Placement.Candidate::name).toList();
  }

  @Test
  void overlappingIntervalsAreNotToldApart() {
    Decision decision =
        report(copies(1).took(10.3), kernel(1).took(10), PlacementFixture.by("batched", 1).took(30))
            .placements()
            .getFirst()
            .median();
    assertEquals("not-distinguished", decision.verdict());
    assertEquals(List.of("kernel", "copies"), decision.fastest());
    assertEquals("copies", decision.runnerUp());
    assertTrue(Objects.requireNonNull(decision.marginLower()) < 1);
  }

  /** What is missing may lie anywhere, and is no evidence that they are equal. */
  @Test
  void withoutAnIntervalNothingIsDecided() {
    Decision decision =
        report(copies(1).took(200, null, null), kernel(1).took(10))
            .placements()
            .getFirst()
            .median();
    assertEquals("undecided", decision.verdict());
    assertEquals("too little was measured for an interval of copies", decision.why());
    assertEquals(List.of(), decision.fastest());
    assertEquals("kernel", decision.shortest());
    assertEquals(20.0, Objects.requireNonNull(decision.margin()), 1e-9);
    assertNull(decision.marginLower());
    assertNull(decision.marginUpper());
    Decision other =
        report(copies(1).took(200), kernel(1).took(10, 9.0, null)).placements().getFirst().p95();
    assertEquals("too little was measured for an interval of kernel", other.why());
    Decision enough =
        report(copies(1).took(200, 190.0, null), kernel(1).took(10, null, 11.0))
            .placements()
            .getFirst()
            .p95();
    assertEquals("fastest", enough.verdict());
  }

  @Test
  void oneProcessDecidesNothing() {
    PlacementReport report = report(copies(1).took(200), kernel(1).took(10).processes(1));
    Decision decision = report.placements().getFirst().median();
    assertEquals("undecided", decision.verdict());
    assertEquals(
        "kernel was measured by one process, which says nothing of how processes differ",
        decision.why());
    assertTrue(report.text().contains("not decided *"), report.text());
    assertTrue(report.text().contains("\n* kernel was measured by one process"), report.text());
    assertFalse(Objects.requireNonNull(report.crossings().getLast().median().below()).certain());
    Decision two =
        report(copies(1).took(200).processes(2), kernel(1).took(10).processes(2))
            .placements()
            .getFirst()
            .median();
    assertEquals("fastest", two.verdict());
  }

  @Test
  void nothingIsDecidedWhereOneIsInDoubt() {
    Placement one =
        report(copies(1).took(20), kernel(1).took(10).underSampled()).placements().getFirst();
    assertEquals("doubted", one.median().verdict());
    assertEquals("kernel: under-sampled: 10 of 100 samples", one.median().why());
    assertEquals(List.of(), one.median().fastest());
    assertEquals("kernel", one.median().shortest());
    assertEquals("under-sampled: 10 of 100 samples", one.candidates().getLast().doubt());
    assertNotNull(one.candidates().getLast().median());
  }

  @Test
  void whatSomebodyElseServesIsSaidToBeSo() {
    PlacementFixture served = toFile("copies", "direct").found("toFileSystem", "nfs4").took(1);
    assertTrue(report(served).text().contains("(direct, but nfs4)"));
    assertEquals(
        "to=file:/mnt/nvme is past the page cache of this machine, with whoever serves it (nfs4)\n",
        FileTiers.of(records(served)));
    assertEquals(
        "to=file:/mnt/nvme is memory (tmpfs): not storage\n",
        FileTiers.of(records(toFile("copies", "memory").found("toFileSystem", "tmpfs").took(1))));
  }

  @Test
  void whatDidNotMeasureIsListedAndDecidesNothing() {
    Placement one =
        report(
                copies(1).took(20),
                kernel(1).ended(new Outcome.Skipped("no second device")),
                PlacementFixture.by("batched", 1)
                    .took(1)
                    .ended(new Outcome.Rejected("implausible")))
            .placements()
            .getFirst();
    assertEquals("only", one.median().verdict());
    assertEquals(List.of("copies"), one.median().fastest());
    assertNull(one.candidates().getLast().median(), "its times do not count");
    assertEquals("no second device", one.candidates().get(1).reason());
    assertEquals(
        List.of(new NotTried("uring", "the path 'uring' moves pages of files")), one.notTried());
    Placement none =
        report(kernel(1).ended(new Outcome.Skipped("no device"))).placements().getFirst();
    assertEquals("none", none.median().verdict());
  }

  @Test
  void whatMovesOtherwiseIsNotCompared() {
    List<Placement> all =
        report(
                copies(1).took(20),
                kernel(1).took(10).set("ways", "both"),
                kernel(1).took(10).set("order", "contiguous"),
                kernel(1).took(10).set("sync", "data"),
                kernel(1).took(10).set("from", "pageable"),
                kernel(1).took(10).set("pageBytes", 8192L),
                kernel(1).took(10).set("seed", 2L),
                kernel(1).took(10).onDevice(),
                kernel(1).took(1000).pieces(100),
                kernel(2).took(10))
            .placements();
    assertEquals(10, all.size());
    all.forEach(one -> assertEquals("only", one.median().verdict()));
    assertEquals(
        8192,
        all.stream()
            .filter(one -> one.direction().ways().equals("both"))
            .findFirst()
            .orElseThrow()
            .bytes());
  }

  /** A page cache would win against any drive. */
  @Test
  void thePageCacheIsNotComparedWithStorage() {
    List<Placement> all =
        report(
                toFile("copies", "page cache").took(1),
                toFile("uring", "direct").took(100),
                toFile("staging", "direct").took(200))
            .placements();
    assertEquals(2, all.size());
    assertEquals("page cache", all.getFirst().direction().toAccess());
    assertEquals("only", all.getFirst().median().verdict());
    assertEquals(List.of("uring"), all.getLast().median().fastest());
    assertEquals("fastest", all.getLast().median().verdict());
  }

  @Test
  void whatWasSkippedStandsBesideThoseThatOpenedTheirFiles() {
    PlacementFixture skipped =
        PlacementFixture.by("uring", 16)
            .set("to", "file:/mnt/nvme")
            .ended(new Outcome.Skipped("no io_uring"));
    List<Placement> all = report(skipped, toFile("copies", "direct").took(100)).placements();
    assertEquals(1, all.size());
    assertEquals(List.of("copies", "uring"), names(all.getFirst()));
    assertEquals("direct", all.getFirst().direction().toAccess());
  }

  @Test
  void tuningTellsWaysApart() {
    Placement one =
        report(
                copies(1).took(20).set("depth", 32L),
                copies(1).took(10).set("depth", 64L),
                copies(1).took(30))
            .placements()
            .getFirst();
    assertEquals(List.of("copies depth=32", "copies depth=64", "copies"), names(one));
    assertEquals(List.of("copies depth=64"), one.median().fastest());
  }

  @Test
  void aBatchIsDividedByItsPieces() {
    Placement one = report(copies(1).took(1000).pieces(100)).placements().getFirst();
    assertEquals(10_000, Objects.requireNonNull(one.candidates().getFirst().median()).nanos());
  }

  @Test
  void rowsAreInTheOrderOfTheBytesThatMove() {
    List<Long> bytes =
        report(
                copies(64).took(1),
                copies(1).took(1),
                copies(2).took(1).set("pageBytes", 1L << 20),
                copies(16).took(1))
            .placements()
            .stream()
            .map(Placement::bytes)
            .toList();
    assertEquals(bytes.stream().sorted().toList(), bytes);
  }

  @Test
  void aRunThatEndedEarlySaysWhatWasLeft() {
    RunDocument whole =
        RunFixture.document("interrupted", records(copies(1).took(20), kernel(1).took(10)));
    var cut =
        new RunDocument(
            whole.schema(),
            whole.id(),
            whole.status(),
            null,
            whole.pid(),
            whole.suite(),
            whole.profile(),
            whole.startedAt(),
            whole.endedAt(),
            whole.elapsedSeconds(),
            whole.plannedSeconds(),
            whole.tool(),
            whole.argv(),
            whole.engines(),
            whole.conditions(),
            whole.environment(),
            whole.planned(),
            whole.records().subList(0, 1));
    Placement one = report(cut).placements().getFirst();
    assertEquals("only", one.median().verdict());
    assertEquals(
        new NotTried("kernel", "the run ended before it was its turn"), one.notTried().getFirst());
  }

  @ParameterizedTest
  @CsvSource({
    "10, 20, 16384, none",
    "10, 2000, 4096, 16384",
    "2000, 3000, none, 4096",
    "2000, 10, 16384, 4096"
  })
  void theLimitIsCrossedBetweenTwoSizes(double one, double four, String below, String above) {
    Crossing crossing = report(copies(1).took(one), copies(4).took(four)).crossings().getFirst();
    assertEquals("pages", crossing.over());
    assertEquals(2, crossing.sizes());
    assertEquals(below, bytes(crossing.median().below()));
    assertEquals(above, bytes(crossing.median().above()));
    assertEquals(one < 2000 || four > 1000, crossing.median().ordered());
  }

  private static String bytes(Crossing.Size size) {
    return size == null ? "none" : "" + size.bytes();
  }

  @Test
  void theLimitIsCrossedByP95Before() {
    Crossing crossing =
        report(copies(1).took(10), copies(4).took(600), copies(8).took(1010))
            .crossings()
            .getFirst();
    assertEquals("16384", bytes(crossing.median().below()));
    assertEquals("32768", bytes(crossing.median().above()));
    assertFalse(Objects.requireNonNull(crossing.median().above()).certain(), "0.99 .. 1.03 ms");
    assertTrue(Objects.requireNonNull(crossing.median().below()).certain());
    assertEquals("4096", bytes(crossing.p95().below()));
    assertEquals("16384", bytes(crossing.p95().above()));
  }

  @Test
  void aLimitIsCrossedOverEitherParameterThatIsSwept() {
    List<Crossing> all =
        report(
                copies(1).took(1),
                copies(2).took(2),
                copies(1).took(4).set("pageBytes", 16384L),
                kernel(1).took(1))
            .crossings();
    assertEquals(
        List.of("copies pages 2", "copies pageBytes 2", "kernel pages 1"),
        all.stream().map(one -> one.name() + " " + one.over() + " " + one.sizes()).toList());
  }

  private static PlacementReport everything() {
    var records = new ArrayList<PlacementFixture>();
    for (long pages : new long[] {1, 1024}) {
      records.add(copies(pages).took(4.0 * pages).share("ceiling.hostcopy", 0.5));
      records.add(kernel(pages).took(pages < 1024 ? 4 : 2000));
      records.add(PlacementFixture.by("staging", pages).ended(new Outcome.Skipped("no staging")));
    }
    records.add(toFile("copies", "page cache").took(1));
    records.add(toFile("uring", "direct").took(100).set("depth", 32L));
    records.add(toFile("uring", "direct").took(90, null, null).set("depth", 64L));
    records.add(copies(8).took(77).onDevice().set("from", "device").set("ways", "both"));
    records.add(
        kernel(8).took(70).onDevice().set("from", "device").set("ways", "both").underSampled());
    return report(records.toArray(PlacementFixture[]::new));
  }

  @Test
  void theJsonIsWhatItWasAndItsSchemaAcceptsIt() throws IOException {
    String json = RunJson.pretty(everything());
    var mapper = JsonMapper.builder().build();
    Path schema =
        Path.of(System.getProperty("gpubench.root"), "configs/schemas/placement.schema.json");
    assertEquals(
        List.of(),
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(mapper.readTree(Files.readString(schema)))
            .validate(mapper.readTree(json)));
    assertEquals(golden("placement.json", json), json);
  }

  @Test
  void theTableIsWhatItWas() throws IOException {
    String text = everything().text();
    assertEquals(golden("placement.txt", text), text);
    assertTrue(text.contains("file:/mnt/nvme (page cache, not storage)"), text);
  }

  @Test
  void theCsvIsWhatItWas() throws IOException {
    String csv = everything().csv();
    assertEquals(golden("placement.csv", csv), csv);
  }

  /** Each property of the format is described, and none is allowed that is not. */
  @Test
  void theSchemaDescribesEachProperty() throws IOException {
    var schema =
        JsonMapper.builder()
            .build()
            .readTree(
                Files.readString(
                    Path.of(
                        System.getProperty("gpubench.root"),
                        "configs/schemas/placement.schema.json")));
    int described = 0;
    for (var parent : schema.findParents("properties")) {
      for (var property : parent.get("properties").properties()) {
        assertTrue(property.getValue().has("description"), property.getKey());
        described++;
      }
      assertFalse(parent.get("additionalProperties").asBoolean());
    }
    assertTrue(described > 60, "" + described);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "consensus"})
  void otherRecordsAreNoMigrations(String workload) {
    RunDocument run =
        RunFixture.document("complete", List.of(RunFixture.result("a", new Outcome.Measured())));
    assertFalse(PlacementReport.hasMigrations(run), workload);
    assertEquals(List.of(), report(run).placements());
  }

  /** What the file of that name says; -Dgpubench.golden=write makes it say this. */
  private static String golden(String name, String now) throws IOException {
    Path file =
        Path.of(System.getProperty("gpubench.root"), "java/app/src/test/resources/placement", name);
    if ("write".equals(System.getProperty("gpubench.golden"))) {
      Files.writeString(file, now);
    }
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
