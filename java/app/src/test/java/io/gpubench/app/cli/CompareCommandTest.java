// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.gpubench.app.cli.CommandLineFixture.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class CompareCommandTest {
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(
              CommandLineFixture.json(
                  CommandLineFixture.read(
                      CommandLineFixture.ROOT.resolve("configs/schemas/compare.schema.json"))));

  @TempDir private Path temp;
  private CommandLineFixture line;
  private FakeEngine fast;
  private FakeEngine slow;

  @BeforeEach
  void open() {
    line = new CommandLineFixture(temp);
    fast = FakeEngine.passing("fast");
    slow = FakeEngine.passing("slow");
    slow.work = _ -> spin(60_000);
    line.engines = List.of(fast, slow);
  }

  private static void spin(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private Answer compare(String... args) {
    return line.execute(
        Stream.concat(Stream.of("compare"), Stream.of(args)).toArray(String[]::new));
  }

  /** Live: for an instant, into the store. */
  private Answer live(String... args) {
    var all = new ArrayList<>(List.of(args));
    all.addAll(
        List.of(
            "--out",
            line.store.toString(),
            line.profile(),
            "--samples=20",
            "--set",
            "consensus.validators=4"));
    return compare(all.toArray(String[]::new));
  }

  private static JsonNode valid(Answer answer) {
    JsonNode report = CommandLineFixture.json(answer.out());
    assertEquals(List.of(), SCHEMA.validate(report));
    return report;
  }

  /** A file of JMH with forks of four iterations around a time in us. */
  private String jmh(String name, double micros, int forks, String more) {
    String raw =
        IntStream.range(0, forks)
            .mapToObj(fork ->
                IntStream.range(0, 4)
                    .mapToObj(i ->
                        String.format(Locale.ROOT, "%.4f", micros * (1 + 0.002 * fork + 0.001 * i)))
                    .collect(Collectors.joining(",", "[", "]")))
            .collect(Collectors.joining(",", "[", "]"));
    String json =
        """
        [{"jmhVersion": "1.37", "benchmark": "a.B.c", "mode": "avgt", "threads": 1, %s
          "primaryMetric": {"score": 1, "scoreUnit": "us/op", "rawData": %s}}]
        """
            .formatted(more, raw);
    return write(temp.resolve(name), json).toString();
  }

  private static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A run that was measured, and then said to have several processes, around a factor. */
  private Path recorded(Path run, String name, double factor, int processes) {
    Path copy = temp.resolve(name);
    try {
      Files.createDirectories(copy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var document =
        (ObjectNode) CommandLineFixture.json(CommandLineFixture.read(run.resolve("run.json")));
    var parts = (ArrayNode) document.at("/records/0/processes");
    var original = (ObjectNode) parts.get(0);
    parts.removeAll();
    ((ObjectNode) document.at("/records/0")).put("underSampled", false);
    for (int i = 0; i < processes; i++) {
      ObjectNode part = original.deepCopy();
      part.put("repetition", i + 1);
      var statistics = (ObjectNode) part.get("statistics");
      for (String metric : List.of("median", "p50", "p95", "p99")) {
        statistics.put(metric, 20_000 * factor * (1 + 0.001 * i));
      }
      parts.add(part);
    }
    write(copy.resolve("run.json"), document.toString());
    return copy;
  }

  private Path run() {
    Answer answer = line.run("--engine=fast", "--samples=30");
    assertEquals(0, answer.exit(), answer.err());
    return line.onlyRun();
  }

  @Test
  void recordedRunsAreComparedProcessByProcess() {
    Path run = run();
    Path a = recorded(run, "a", 1, 6);
    Path b = recorded(run, "b", 1.3, 6);
    Answer answer = compare(a.toString(), b.toString());
    assertEquals(0, answer.exit(), answer.err());
    assertEquals("", answer.err());
    String text = answer.out();
    assertTrue(text.startsWith("A: " + a + " (recorded by gpubench "), text);
    assertTrue(text.contains("\nconsensus validators=4 "), text);
    assertTrue(text.contains("\nA and B: engine fast, path call, clock host, cache hot"), text);
    assertTrue(
        text.matches("(?s).*\nmedian +20\\.0\\d +26\\.0\\d +1\\.300 .* Changed, 30 % slower\n.*"),
        text);
    assertTrue(text.matches("(?s).*\np95 .* \\(reported\\)\n.*"), text);
    assertTrue(text.contains("\n1 judged: 1 slower, 0 faster, 0 the same, 0 inconclusive\n"), text);
    assertTrue(text.contains("\nlimits:\n* The sides were measured one after the other: "), text);

    JsonNode report = valid(compare(a.toString(), b.toString(), "--format=json"));
    assertEquals("processes", report.at("/method").asString());
    assertEquals("slower", report.at("/comparisons/0/metrics/0/direction").asString());
    assertEquals(6, report.at("/comparisons/0/metrics/0/healthA/processes").asInt());
    assertEquals(1, report.at("/summary/slower").asInt());

    Path c = recorded(run, "c", 1, 6);
    JsonNode same = valid(compare(a.toString(), c.toString(), "--format=json"));
    assertEquals("Same", same.at("/comparisons/0/metrics/0/verdict").asString());
    assertEquals(0, same.at("/differences").size());
  }

  @Test
  void theOtherFormatsSayTheSame() throws Exception {
    Path run = run();
    String[] sides = {recorded(run, "a", 1, 6).toString(), recorded(run, "b", 1, 1).toString()};
    List<String> csv = compare(sides[0], sides[1], "--format=csv").out().lines().toList();
    assertEquals(1 + 2, csv.size(), csv.toString());
    assertTrue(csv.getFirst().startsWith("a,b,workload,parametersA,"), csv.getFirst());
    assertTrue(csv.get(1).contains(",processes,median,"), csv.get(1));
    assertEquals(csv.getFirst().split(",").length, csv.get(2).split(",", -1).length);
    String markdown = compare(sides[0], sides[1], "--format=markdown").out();
    assertTrue(markdown.contains("| consensus validators=4 "), markdown);
    Answer junit = compare(sides[0], sides[1], "--format=junit", "--on-inconclusive=fail");
    assertEquals(5, junit.exit());
    var xml = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    var document =
        xml.parse(new ByteArrayInputStream(junit.out().getBytes(StandardCharsets.UTF_8)));
    assertEquals(1, document.getElementsByTagName("testcase").getLength());
    assertEquals(1, document.getElementsByTagName("failure").getLength());
  }

  @Test
  void tooFewProcessesAreInconclusiveAndTheUserSaysWhatThatMeans() {
    Path run = run();
    String one = recorded(run, "a", 1, 1).toString();
    String other = recorded(run, "b", 1, 1).toString();
    Answer answer = compare(one, other);
    assertEquals(6, answer.exit(), answer.err());
    assertTrue(
        answer.out().contains("\n* median: one process each can never show a change; 4 each can\n"),
        answer.out());
    assertEquals(0, compare(one, other, "--on-inconclusive", "pass").exit());
    assertEquals(5, compare(one, other, "--on-inconclusive", "fail").exit());
    valid(compare(one, other, "--format=json"));
  }

  @Test
  void unlikeSidesAreRefusedWithTheListUnlessTold() {
    Path run = run();
    Path a = recorded(run, "a", 1, 6);
    Path b = recorded(run, "b", 1, 6);
    String json = CommandLineFixture.read(b.resolve("run.json"));
    String version = CommandLineFixture.json(json).at("/tool/version").asString();
    write(
        b.resolve("run.json"),
        json.replace("\"version\":\"" + version, "\"version\":\"9")
            .replace("\"validators\":4", "\"validators\":5"));
    Answer refused = compare(a.toString(), b.toString());
    assertEquals(2, refused.exit());
    assertEquals("", refused.out());
    assertEquals(1, refused.err().lines().count(), refused.err());
    assertTrue(
        refused.err().startsWith("gpubench: %s and %s are unlike: ".formatted(a, b)),
        refused.err());
    assertTrue(refused.err().contains("tool: version: " + version + " | 9"), refused.err());
    assertTrue(refused.err().contains("parameters: consensus: validators: 4 | 5"), refused.err());
    assertTrue(
        refused.err().endsWith("; --anyway-unlike compares them all the same\n"), refused.err());
    Answer told = compare(a.toString(), b.toString(), "--anyway-unlike", "--format=json");
    assertEquals(0, told.exit(), told.err());
    JsonNode report = valid(told);
    assertTrue(report.at("/differences/0/unlike").asBoolean());
    assertTrue(report.at("/limits").toString().contains("unlike"), report.toString());
  }

  @Test
  void recordsThatDoNotCountAreSaid() {
    Path run = run();
    Path a = recorded(run, "a", 1, 6);
    Path b = recorded(run, "b", 1, 6);
    write(
        b.resolve("run.json"),
        CommandLineFixture.read(b.resolve("run.json"))
            .replaceFirst(
                "\"outcome\":\"Measured\",\"reason\":null",
                "\"outcome\":\"Rejected\",\"reason\":\"too fast\""));
    Answer answer = compare(a.toString(), b.toString());
    assertEquals(6, answer.exit(), answer.err());
    assertTrue(answer.out().contains("\nInconclusive: B: Rejected: too fast\n"), answer.out());
    assertTrue(answer.out().contains("1 configurations cannot be compared\n"), answer.out());
    JsonNode report = valid(compare(a.toString(), b.toString(), "--format=json"));
    assertEquals(1, report.at("/summary/unfit").asInt());
    assertTrue(
        compare(a.toString(), b.toString(), "--format=csv").out().contains("Rejected: too fast"));
  }

  @Test
  void aSealedRunThatWasChangedIsExit7() {
    Path run = run();
    Path other = temp.resolve("other");
    CommandLineFixture.copy(run, other);
    assertEquals(6, compare(run.toString(), other.toString()).exit());
    Path file = other.resolve("run.json");
    write(file, CommandLineFixture.read(file).replaceFirst("\"median\" : ", "\"median\" : 1"));
    Answer answer = compare(run.toString(), other.toString());
    assertEquals(7, answer.exit(), answer.err());
    assertEquals(
        "gpubench: %s: run.json is not what was sealed; 'gpubench verify %s' tells more\n"
            .formatted(other, other),
        answer.err());
  }

  @Test
  void whatIsUnderSampledIsShownAndNothingRestsOnIt() {
    Path run = run();
    Path a = recorded(run, "a", 1, 6);
    Path b = recorded(run, "b", 2, 6);
    Path file = b.resolve("run.json");
    write(
        file,
        CommandLineFixture.read(file).replace("\"underSampled\":false", "\"underSampled\":true"));
    Answer answer = compare(a.toString(), b.toString());
    assertEquals(6, answer.exit(), answer.err());
    assertTrue(answer.out().contains("\n* median: B is under-sampled"), answer.out());
  }

  @Test
  void aMetricThatWasAskedForAndIsNotThereIsInconclusive() {
    Answer answer =
        compare(
            jmh("a.json", 1, 8, ""),
            jmh("b.json", 1, 8, ""),
            "--tolerance=median=5%,p95=10%",
            "--format=json");
    assertEquals(6, answer.exit(), answer.err());
    JsonNode report = valid(answer);
    assertEquals("Same", report.at("/comparisons/0/metrics/0/verdict").asString());
    assertEquals("p95", report.at("/comparisons/0/metrics/1/metric").asString());
    assertEquals("Inconclusive", report.at("/comparisons/0/metrics/1/verdict").asString());
    assertEquals(0, compare(jmh("a.json", 1, 8, ""), jmh("b.json", 1, 8, "")).exit());
  }

  @Test
  void nothingInCommonIsExit6() {
    String a = jmh("a.json", 1, 5, "\"params\": {\"n\": \"1\"},");
    String b = jmh("b.json", 1, 5, "\"params\": {\"n\": \"2\"},").replace("a.B.c", "x");
    write(Path.of(b), CommandLineFixture.read(Path.of(b)).replace("a.B.c", "a.B.d"));
    Answer answer = compare(a, b);
    assertEquals(6, answer.exit(), answer.err());
    assertTrue(
        answer.out().contains("\nnothing to compare: no configuration is on two sides\n"),
        answer.out());
    assertTrue(answer.out().contains("\n* B has not what A has: a.B.c n=1 "), answer.out());
    valid(compare(a, b, "--format=json"));
    assertTrue(compare(a, b, "--format=markdown").out().contains("nothing to compare"));
  }

  @Test
  void moreThanTwoSidesAreRanked() {
    String a = jmh("a.json", 1, 8, "");
    String b = jmh("b.json", 1.001, 8, "");
    String c = jmh("c.json", 2, 8, "");
    Answer answer = compare(a, b, c, "--format=json");
    assertEquals(0, answer.exit(), answer.err());
    JsonNode report = valid(answer);
    assertEquals(3, report.at("/comparisons").size());
    assertEquals("[1,1,3]", report.at("/rankings/0/ranks").toString());
    String text = compare(a, b, c).out();
    assertTrue(
        text.matches("(?s).*\nrank of +A +B +C +not told\na.B.c, median +1 +1 +3 +-\n.*"), text);
    assertTrue(text.contains("\n  C is 2.000 times slower than A: a.B.c, median\n"), text);
  }

  @Test
  void liveSidesAreDuetsUntilItIsDecided() {
    Answer answer = live("engine=fast", "engine=slow", "--format=json");
    assertEquals(0, answer.exit(), answer.err());
    JsonNode report = valid(answer);
    assertEquals(0, answer.exit(), answer.out());
    assertEquals("duets", report.at("/method").asString());
    // 20 us against 80 us, on a machine that may be busy
    JsonNode median = report.at("/comparisons/0/metrics/0");
    assertEquals("Changed", median.at("/verdict").asString(), report.toString());
    assertEquals("slower", median.at("/direction").asString());
    assertTrue(median.at("/unitsA").asInt() >= 18, median.toString());
    assertTrue(median.at("/healthA/processes").asInt() >= 18, median.toString());
    assertEquals(line.onlyRun().toString(), report.at("/evidence/0").asString());
    JsonNode run =
        CommandLineFixture.validRun(CommandLineFixture.read(line.onlyRun().resolve("run.json")));
    assertEquals("compare", run.at("/suite").asString());
  }

  @Test
  void aLiveSideWhoseEngineIsMissingIsSkippedAndTheOthersAreCompared() {
    FakeEngine broken = FakeEngine.missing("broken");
    line.engines = List.of(fast, slow, broken);
    String said = "engine=broken: Skipped: no engine: broken: broken is not there; buy broken";
    Answer answer = live("engine=broken", "engine=fast", "engine=slow", "consensus");
    assertEquals(6, answer.exit(), answer.err());
    assertTrue(
        answer.out().startsWith("A: engine=fast\nB: engine=slow\n" + said + "\n"), answer.out());
    assertTrue(answer.out().contains("; sides that were skipped: 1\n"), answer.out());
    assertTrue(answer.err().contains(said + "\n"), answer.err());
    JsonNode run =
        CommandLineFixture.validRun(CommandLineFixture.read(line.onlyRun().resolve("run.json")));
    assertTrue(run.at("/conditions/notes").toString().contains(said), run.toString());
  }

  @Test
  void whoeverSkipsASideSaysSoInEveryFormat() {
    FakeEngine broken = FakeEngine.missing("broken");
    line.engines = List.of(fast, slow, broken);
    String[] sides = {"engine=fast", "engine=broken", "engine=slow", "--on-inconclusive=pass"};
    Answer answer =
        live(
            Stream.of(sides, new String[] {"--format=json"})
                .flatMap(Stream::of)
                .toArray(String[]::new));
    assertEquals(0, answer.exit(), answer.err());
    JsonNode report = valid(answer);
    assertEquals("engine=broken", report.at("/skipped/0/side").asString());
    assertEquals(2, report.at("/sides").size());
    assertEquals(1, report.at("/comparisons").size());
  }

  @Test
  void withFewerThanTwoSidesNothingIsComparedAndAnEngineIsMissing() {
    line.engines = List.of(fast, FakeEngine.missing("broken"));
    Answer alone = live("engine=fast", "engine=broken", "--format=json");
    assertEquals(3, alone.exit(), alone.err());
    JsonNode report = valid(alone);
    assertEquals("engine=broken", report.at("/skipped/0/side").asString());
    assertEquals(0, report.at("/comparisons").size());
    assertFalse(Files.exists(line.store));
    List<String> csv = live("engine=fast", "engine=broken", "--format=csv").out().lines().toList();
    assertEquals(2, csv.size());
    assertEquals(csv.getFirst().split(",").length, csv.getLast().split(",", -1).length);
    assertTrue(csv.getLast().contains(",Skipped,"), csv.getLast());
    String markdown = live("engine=fast", "engine=broken", "--format=markdown").out();
    assertTrue(markdown.contains("| Skipped | no engine: broken: "), markdown);
  }

  @Test
  void aMissingSideBesideRecordedOnesIsSkipped() {
    Path run = run();
    Path a = recorded(run, "a", 1, 6);
    Path b = recorded(run, "b", 1, 6);
    line.engines = List.of(fast, FakeEngine.missing("broken"));
    Answer answer = compare(a.toString(), "engine=broken", b.toString(), "consensus");
    assertEquals(6, answer.exit(), answer.err());
    assertTrue(answer.out().contains("\nengine=broken: Skipped: "), answer.out());
    assertTrue(answer.out().contains(" 1 the same, "), answer.out());
    assertEquals(3, compare(a.toString(), "engine=broken").exit());
  }

  @Test
  void wordsThatAreWorkloadsAreWorkloads() throws IOException {
    assertEquals(
        new ComparedWords(List.of("engine=a", "results/x"), List.of("migration", "consensus")),
        ComparedWords.of(
            List.of("engine=a", "consensus", "results/x", "migration"),
            List.of("migration"),
            List.of("consensus", "migration")));
    Answer typo = live("engine=fast", "engine=slow", "consensu");
    assertEquals(2, typo.exit());
    assertEquals(
        "gpubench: unknown workload 'consensu'; did you mean 'consensus'? There is no file of that"
            + " name either\n",
        typo.err());
  }

  @Test
  void aLiveSideBesideARecordedOneIsMeasuredAsThatWas() {
    Path run = run();
    Path a = recorded(run, "a", 1, 6);
    CommandLineFixture.delete(run);
    Answer answer =
        compare(
            a.toString(),
            "engine=slow,consensus.tags=none",
            line.profile(),
            "--samples=30",
            "--out",
            line.store.toString(),
            "--format=json");
    // in this process there is one draw only
    assertEquals(6, answer.exit(), answer.err());
    JsonNode report = valid(answer);
    assertEquals("processes", report.at("/method").asString());
    assertEquals("4", report.at("/comparisons/0/parametersB/validators").asString());
    assertEquals("slow", report.at("/comparisons/0/settingsB/engine").asString());
    assertEquals(line.onlyRun().toString(), report.at("/evidence/0").asString());
    assertEquals(1, report.at("/comparisons/0/metrics/0/unitsB").asInt());
    for (JsonNode difference : report.at("/differences")) {
      assertFalse(difference.at("/unlike").asBoolean(), difference.toString());
    }
    assertTrue(report.at("/differences").toString().contains("\"chosen\""), answer.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "compare engine=fast engine=slow --tolerance 0|--tolerance: median=0.00 %: expected more than 0",
        "compare engine=fast engine=slow --tolerance 100%|expected more than 0 and less than 100 %",
        "compare engine=fast engine=slow --tolerance x|--tolerance: 'x'; expected a share such as 5% or 0.05",
        "compare engine=fast engine=slow --tolerance p98=5%|--tolerance: unknown metric 'p98'; did you mean 'p95'?",
        "compare engine=fast engine=slow --tolerance 5%,median=6%|--tolerance: median is set a second time",
        "compare engine=fas engine=slow|engine=fas: unknown engine 'fas'; did you mean 'fast'?",
        "compare engine=fast|found 1 sides; expected 2 .. 12",
        "compare nowhere engine=slow|nowhere does not exist; a side is a run directory, a JSON file of JMH",
        "compare engine=fast engin=slow|engin=slow: unknown setting 'engin'; did you mean 'engine'?",
        "compare engine=fast engine=slow --max-time 0s|--max-time: ",
        "compare engine=fast engine=slow --anyway-unlike|--anyway-unlike has no effect where all sides are measured live; leave it out"
      })
  void badInputIsOneLineAndExit2(String command, String problem) {
    Answer answer = line.execute(command.split(" "));
    assertEquals(2, answer.exit(), answer.err());
    assertTrue(answer.err().startsWith("gpubench: "), answer.err());
    assertTrue(answer.err().contains(problem), answer.err());
    assertEquals("", answer.out());
  }

  @Test
  void badFilesAreOneLineAndExit2() {
    String good = jmh("a.json", 1, 5, "");
    String bad = jmh("b.json", Double.NaN, 5, "");
    Answer answer = compare(good, bad);
    assertEquals(2, answer.exit());
    assertTrue(
        answer
            .err()
            .matches(
                "gpubench: \\S+/b.json: \\[0].primaryMetric.rawData\\[0]\\[0]: expected a finite number, found .*NaN.*\n"),
        answer.err());
    Answer mixed = compare(good, "engine=fast");
    assertEquals(2, mixed.exit());
    assertEquals(
        "gpubench: nothing in " + good + " is a workload that can be measured now\n", mixed.err());
    assertTrue(compare(good, good).err().contains("is named twice; a side is not compared with"));
    Answer other = compare(good, jmh("c.json", 1, 5, ""), "--workload", "a.B.d");
    assertEquals(2, other.exit());
    assertEquals(
        "gpubench: --workload: unknown workload 'a.B.d'; did you mean 'a.B.c'?\n", other.err());
    Answer useless = compare(good, jmh("c.json", 1, 5, ""), "--slice=1ms");
    assertTrue(useless.err().contains("--slice has no effect where all sides are recorded"));
    write(temp.resolve("cut.json"), CommandLineFixture.read(Path.of(good)).substring(0, 90));
    Answer cut = compare(good, temp.resolve("cut.json").toString());
    assertEquals(2, cut.exit());
    assertFalse(cut.err().matches("(?s).*(Feature|Source|Token).*"), cut.err());
    Answer folder = compare(good, temp.resolve("a.json").getParent().resolve("void").toString());
    assertEquals(2, folder.exit());
  }
}
