// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import static io.gpubench.measure.plan.Fakes.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.Dialects;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.run.StoppingRule.Criterion;
import io.gpubench.measure.stats.EntropyTrend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ConfigReaderTest {
  private static final Path CONFIGS =
      Path.of(Objects.requireNonNull(System.getProperty("gpubench.root")), "configs");

  private static final String SUITE =
      """
      schema: 1
      runs:
        - workload: consensus
          set:
            validators: [1000, 10000]
      """;

  private static final String PROFILE =
      """
      schema: 1
      budget: 1m
      samples: {min: 10, max: 1e3, relativePrecision: 0.01, minTime: 1s}
      warmup:
        minSamples: 5
        minTime: 500ms
      """;

  private final FileSystem memory = Jimfs.newFileSystem(Configuration.unix());
  private final Path file = memory.getPath("x.yaml");
  private final ConfigReader reader = new ConfigReader(memory.getPath("configs"));

  @BeforeEach
  void copySchemas() throws IOException {
    Path folder = memory.getPath("configs");
    for (String name : List.of("profile", "suite")) {
      Path schema = Path.of("schemas", name + ".schema.json");
      Files.createDirectories(folder.resolve("schemas"));
      Files.createDirectories(folder.resolve(name + "s"));
      Files.copy(CONFIGS.resolve(schema), folder.resolve(schema.toString()));
    }
  }

  @AfterEach
  void close() throws IOException {
    memory.close();
  }

  private SuiteConfig suite(String yaml) throws IOException {
    Files.writeString(file, yaml);
    return reader.suite("x.yaml");
  }

  private Profile profile(String yaml) throws IOException {
    Files.writeString(file, yaml);
    return reader.profile("x.yaml");
  }

  @Test
  void shippedSchemasAgreeWithTheMetaSchemaAndDescribeEveryProperty() throws IOException {
    var registry = SchemaRegistry.withDialect(Dialects.getDraft202012());
    var meta =
        registry.getSchema(
            com.networknt.schema.SchemaLocation.of(
                SpecificationVersion.DRAFT_2020_12.getDialectId()));
    try (Stream<Path> schemas = Files.list(CONFIGS.resolve("schemas"))) {
      for (Path path : schemas.toList()) {
        JsonNode schema = JsonMapper.shared().readTree(path);
        assertEquals(List.of(), meta.validate(schema), path.toString());
        assertEquals(
            "https://gpubench.io/schemas/" + path.getFileName(), schema.get("$id").stringValue());
        for (JsonNode properties : schema.findValues("properties")) {
          properties
              .properties()
              .forEach(property ->
                  assertTrue(
                      property.getValue().has("description"), path + ": " + property.getKey()));
        }
      }
    }
  }

  @Test
  void shippedFilesAreReadAndNameTheirSchema() throws IOException {
    var shipped = new ConfigReader(CONFIGS);
    var forSuites = List.of("comprehensive", "full", "quick", "standard");
    var names = new ArrayList<>(forSuites);
    names.addFirst("ceilings");
    assertEquals(names, shipped.profileNames());
    assertEquals(
        List.of("ceilings", "ceilings-cuda", "cuda", "default", "launch", "launch-cuda"),
        shipped.suiteNames());
    var minutes =
        List.of("quick", "standard", "full", "comprehensive").stream()
            .map(name -> shipped.profile(name).budget().toMinutes())
            .toList();
    assertEquals(List.of(1L, 5L, 10L, 20L), minutes);
    for (String name : shipped.profileNames()) {
      // whoever measures a ceiling takes few samples, each of them long
      assertEquals(forSuites.contains(name), shipped.profile(name).minSamples() >= 1000, name);
      assertFalse(shipped.profile(name).description().isEmpty(), name);
      assertTrue(
          Files.readString(CONFIGS.resolve("profiles").resolve(name + ".yaml"))
              .contains("# yaml-language-server: $schema=../schemas/profile.schema.json\n"));
    }
    Profile quick = shipped.profile("quick");
    assertEquals(1000, quick.minSamples());
    assertEquals(100_000, quick.maxSamples());
    assertEquals(0.005, quick.relativePrecision());
    assertEquals(Duration.ofMillis(250), quick.minWarmup());

    RunConfig run = shipped.suite("default").runs().getFirst();
    assertEquals("consensus", run.workload().name());
    assertNull(run.engine());
    assertEquals(
        List.of("validators=1000,10000", "tags=siphash,none"),
        run.settings().stream().map(s -> s.parameter() + "=" + s.text()).toList());
  }

  @Test
  void readsWhatIsWrittenAndRemembersWhere() throws IOException {
    SuiteConfig suite =
        suite(
            """
            # a comment
            schema: 1
            description: "Two: runs"
            runs:
              - workload: consensus
                engine: host
                path: call
                set:
                  validators: 1024:1048576:x4
                  byzantine: [0.10, '0.2:0.3:+0.1']
              - {workload: other}
            """);
    assertEquals("x", suite.name());
    assertEquals("Two: runs", suite.description());
    assertEquals(
        new RunConfig(
            new Reference("consensus", at(5, "runs[0].workload")),
            new Reference("host", at(6, "runs[0].engine")),
            new Reference("call", at(7, "runs[0].path")),
            null,
            null,
            List.of(
                new Setting(
                    "consensus", "validators", "1024:1048576:x4", at(9, "runs[0].set.validators")),
                new Setting(
                    "consensus",
                    "byzantine",
                    "0.10,0.2:0.3:+0.1",
                    at(10, "runs[0].set.byzantine")))),
        suite.runs().getFirst());
    assertEquals("other", suite.runs().getLast().workload().name());
  }

  private Place.InFile at(int line, String key) {
    return new Place.InFile(file, line, key);
  }

  @Test
  void readsAProfile() throws IOException {
    assertEquals(
        new Profile(
            "x",
            "",
            Duration.ofMinutes(1),
            6,
            10,
            1000,
            0.01,
            null,
            Duration.ofSeconds(1),
            5,
            Duration.ofMillis(500),
            at(3, "samples.min")),
        profile(PROFILE));
    assertEquals(profile(PROFILE), profile("\uFEFF" + PROFILE.replace("\n", "\r\n")));
  }

  @ParameterizedTest
  @CsvSource({
    "'min: 7, max: 9, relativePrecision: 0.1, minTime: 1s',                  PRECISION, 9, 1",
    "'stop: precision, min: 7, max: 9, relativePrecision: 0.1, minTime: 1s', PRECISION, 9, 1",
    "'stop: precision, min: 7, max: 9, relativePrecision: 0, minTime: 1s',   TIME,      9, 1",
    "'stop: entropy, min: 7, max: 9, minTime: 1s',                           ENTROPY,   9, 1",
    "'stop: count, min: 7',                                                  COUNT,     7, 0",
    "'stop: time, min: 7, max: 9',                                           TIME,      9, 0"
  })
  void aProfileStopsForOneThing(String samples, Criterion criterion, long max, long seconds)
      throws IOException {
    Profile read = profile(withSamples(samples));
    assertEquals(criterion, read.criterion());
    assertEquals(7, read.minSamples());
    assertEquals(max, read.maxSamples());
    assertEquals(Duration.ofSeconds(seconds), read.minMeasuring());
    assertEquals(criterion == Criterion.ENTROPY, read.entropy() != null);
    assertEquals(criterion == Criterion.PRECISION, read.relativePrecision() > 0);
  }

  @Test
  void theLimitsOfTheEntropyAreTheUsualOnesUnlessGiven() throws IOException {
    String start = "stop: entropy, min: 7, max: 9, minTime: 1s";
    assertEquals(EntropyTrend.Limits.USUAL, profile(withSamples(start)).entropy());
    assertEquals(
        new EntropyTrend.Limits(32, 0.125, EntropyTrend.Limits.USUAL.maxResidual()),
        profile(withSamples(start + ", entropy: {window: 32, maxSlope: 0.125}")).entropy());
  }

  private static String withSamples(String samples) {
    return PROFILE.replaceFirst("samples: .*", "samples: {" + samples + "}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stop: flat, min: 7     | .stop: expected one of precision, entropy, count, time, found the text 'flat'",
        "min: 7, max: 9         | : missing key 'relativePrecision', which 'stop: precision' needs",
        "min: 7, relativePrecision: 0.1, minTime: 1s | : missing key 'max', which 'stop: precision' needs",
        "stop: entropy, min: 7, max: 9               | : missing key 'minTime', which 'stop: entropy' needs",
        "stop: entropy, min: 7, max: 9, minTime: 1s, relativePrecision: 0.1 | .relativePrecision: 'stop: entropy' does not use it; leave it out",
        "stop: count, min: 7, max: 7        | .max: 'stop: count' does not use it; leave it out",
        "stop: count, min: 7, minTime: 1s   | .minTime: 'stop: count' does not use it; leave it out",
        "stop: time, min: 7, max: 9, entropy: {} | .entropy: 'stop: time' does not use it; leave it out",
        "stop: time, max: 9                 | : missing key 'min'",
        "stop: entropy, min: 7, max: 9, minTime: 1s, entropy: {window: 3} | .entropy.window: expected at least 4, found the number 3"
      })
  void keysThatDoNotFitTheRule(String samples, String expected) {
    assertEquals("x.yaml:3: samples" + expected, message(() -> profile(withSamples(samples))));
  }

  static List<Arguments> brokenSuites() {
    return List.of(
        Arguments.of("", "x.yaml:1: is empty; expected a mapping of keys to values"),
        Arguments.of("# only\n", "x.yaml:1: is empty; expected a mapping of keys to values"),
        Arguments.of("---\n", "x.yaml:2: expected a mapping of keys to values, found nothing"),
        Arguments.of("\n- 1\n", "x.yaml:2: expected a mapping of keys to values, found a list"),
        Arguments.of(
            "hello", "x.yaml:1: expected a mapping of keys to values, found the text 'hello'"),
        Arguments.of("schema: 1\n", "x.yaml:1: missing key 'runs'"),
        Arguments.of("schema: 1\nruns: []\n", "x.yaml:2: runs: expected at least 1 item"),
        Arguments.of(
            "schema: 1\nruns: " + "a".repeat(60) + "\n",
            "x.yaml:2: runs: expected a list, found the text '" + "a".repeat(60) + "'"),
        Arguments.of(
            "schema: 1\nruns: " + "a".repeat(61) + "\n",
            "x.yaml:2: runs: expected a list, found the text '" + "a".repeat(60) + "…'"),
        Arguments.of(
            "schema: 1\nruns: 1" + "0".repeat(64) + "\n",
            "x.yaml:2: runs: a number of more than 64 characters"),
        Arguments.of(
            "schema: 1\nruns: 0." + "5".repeat(62) + "\n",
            "x.yaml:2: runs: expected a list, found the number 0." + "5".repeat(58) + "…"),
        Arguments.of("schema: 1\n&a runs: []\n", "x.yaml:2: anchor &a is not allowed"),
        Arguments.of("schema: 1\n!a runs: []\n", "x.yaml:2: tag !a is not allowed"),
        Arguments.of("runs: 5\nschema: 2\n", "x.yaml:1: runs: expected a list, found the number 5"),
        Arguments.of("schema: 1\nruns: 5\n", "x.yaml:2: runs: expected a list, found the number 5"),
        Arguments.of("schema: 1\nruns:\n", "x.yaml:2: runs: expected a list, found nothing"),
        Arguments.of(
            SUITE.replace("schema: 1", "schema: 2"),
            "x.yaml:1: schema: expected 1, found the number 2"),
        Arguments.of(
            SUITE.replace("runs", "run"), "x.yaml:2: run: unknown key; did you mean 'runs'?"),
        Arguments.of(
            SUITE + "    validtors: 5\n",
            "x.yaml:6: runs[0].validtors: unknown key; known: workload, engine, path, clock, cache, set"),
        Arguments.of(
            SUITE + "    egnine: host\n",
            "x.yaml:6: runs[0].egnine: unknown key; did you mean 'engine'?"),
        Arguments.of(
            SUITE + "    ? 'a b\t!'\n    : 5\n",
            "x.yaml:6: runs[0].'a b !': unknown key; known: workload, engine, path, clock, cache, set"),
        Arguments.of(
            SUITE.replace("workload: consensus", "path: call"),
            "x.yaml:3: runs[0]: missing key 'workload'"),
        Arguments.of(
            SUITE.replace("consensus", "[a]"),
            "x.yaml:3: runs[0].workload: expected text such as consensus, found a list"),
        Arguments.of(
            SUITE.replace("consensus", "''"),
            "x.yaml:3: runs[0].workload: expected text, found the text ''"),
        Arguments.of(
            SUITE.replace("1000,", "true,"),
            "x.yaml:5: runs[0].set.validators[0]: expected text or a number, found true"),
        Arguments.of(
            SUITE.replace("[1000, 10000]", "{a: 1}"),
            "x.yaml:5: runs[0].set.validators: expected text or a number or a list such as"
                + " 1000, [1000,10000], 1024:1048576:x4, found a mapping"),
        Arguments.of(
            SUITE.replace("1000,", ".inf,"),
            "x.yaml:5: runs[0].set.validators[0]: expected a finite number, found .inf"),
        Arguments.of(
            SUITE.replace("1000,", "9".repeat(65) + ","),
            "x.yaml:5: runs[0].set.validators[0]: a number of more than 64 characters"),
        Arguments.of(
            SUITE + "schema: 1\n", "x.yaml:6: schema: duplicate key; first given in line 1"),
        Arguments.of(
            SUITE.replace("  set", "\tset"),
            "x.yaml:4: not valid YAML: a tab where YAML wants spaces"),
        Arguments.of(
            SUITE.replace("10000]", "10000"),
            "x.yaml:6: not valid YAML: while parsing a flow sequence, expected ',' or ']',"
                + " but got <stream end>"),
        Arguments.of(
            SUITE.replace("runs", "a: b: c\nruns"),
            "x.yaml:2: not valid YAML: mapping values are not allowed here"),
        Arguments.of(SUITE + "---\na: 1\n", "x.yaml:6: a second document; expected only one"),
        Arguments.of(
            SUITE.replace("set:", "set: &a"), "x.yaml:4: runs[0].set: anchor &a is not allowed"),
        Arguments.of(
            SUITE.replace("consensus", "*a"),
            "x.yaml:3: runs[0].workload: alias *a is not allowed; write the value out"),
        Arguments.of(
            SUITE.replace("consensus", "!!str 5"),
            "x.yaml:3: runs[0].workload: tag tag:yaml.org,2002:str is not allowed"),
        Arguments.of(SUITE + "? [a]\n: 1\n", "x.yaml:6: expected a name as the key"),
        Arguments.of(
            SUITE.replace("consensus", "a\u0007b"),
            "x.yaml:3: not valid YAML: character U+0007 is not allowed"),
        Arguments.of(
            SUITE.replace("consensus", "\"\\UFFFFFFFF\""),
            "x.yaml:3: not valid YAML: a malformed character or number in or after this line"),
        Arguments.of(
            "%YAML 99999999999.1\n---\n" + SUITE,
            "x.yaml:1: not valid YAML: while scanning a YAML directive, found a number which"
                + " cannot represent a valid version: 99999999999"),
        Arguments.of(
            "schema: 1\nruns: " + "[".repeat(500_000),
            "x.yaml:2: runs" + "[0]".repeat(32) + ": nested more than 32 deep"));
  }

  @ParameterizedTest
  @MethodSource("brokenSuites")
  void mistakesInASuiteNameFileLineAndKey(String yaml, String expected) {
    assertEquals(expected, message(() -> suite(yaml)));
  }

  static List<Arguments> brokenProfiles() {
    return List.of(
        Arguments.of(
            "1m",
            "60",
            "x.yaml:2: budget: expected text such as 500ms, 45s, 1m30s, found the number 60"),
        Arguments.of(
            "1m",
            "1 minute",
            "x.yaml:2: budget: expected text such as 500ms, 45s, 1m30s, found the text '1 minute'"),
        Arguments.of(
            "1m",
            "1s1m",
            "x.yaml:2: budget: '1s1m' is not a duration; expected numbers with units, such as"
                + " 500ms, 45s, 1m30s"),
        Arguments.of("1m", "0s", "x.yaml:2: budget: expected more than 0"),
        Arguments.of(
            "min: 10", "min: 0", "x.yaml:3: samples.min: expected at least 1, found the number 0"),
        Arguments.of(
            "min: 10",
            "min: 1.5",
            "x.yaml:3: samples.min: expected an integer, found the number 1.5"),
        Arguments.of(
            "min: 10",
            "min: ten",
            "x.yaml:3: samples.min: expected an integer, found the text 'ten'"),
        Arguments.of(
            "1e3",
            "10000001",
            "x.yaml:3: samples.max: expected at most 10000000, found the number 10000001"),
        Arguments.of("1e3", "9", "x.yaml:3: samples.max: expected at least min, 10, found 9"),
        Arguments.of("minTime: 500ms", "", "x.yaml:4: warmup: missing key 'minTime'"));
  }

  @ParameterizedTest
  @MethodSource("brokenProfiles")
  void mistakesInAProfileNameFileLineAndKey(String part, String instead, String expected) {
    assertEquals(expected, message(() -> profile(PROFILE.replace(part, instead))));
  }

  @Test
  void filesThatCannotBeRead(@org.junit.jupiter.api.io.TempDir Path temporary) throws IOException {
    assertEquals("none.yaml: file does not exist", message(() -> reader.suite("none.yaml")));
    assertEquals(
        "configs: is a folder; expected a YAML file", message(() -> reader.suite("configs/")));
    Files.write(file, "schema: 1\nruns: \u00e4\n".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals("x.yaml:2: is not UTF-8 text", message(() -> reader.suite("x.yaml")));
    Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xC3});
    assertEquals("x.yaml:1: is not UTF-8 text", message(() -> reader.suite("x.yaml")));
    Files.writeString(file, SUITE + "#".repeat(YamlReader.BYTES_LIMIT));
    assertEquals(
        "x.yaml: is too large; expected at most 1 MiB", message(() -> reader.suite("x.yaml")));
    assertTrue(
        message(() -> new ConfigReader(CONFIGS).suite("a\0.yaml")).contains("is no file name"));
    Path locked = Files.writeString(temporary.resolve("locked.yaml"), SUITE);
    assertTrue(locked.toFile().setReadable(false));
    if (!Files.isReadable(locked)) { // the super-user reads everything
      assertEquals(
          locked + ": no permission to read the file",
          message(() -> new ConfigReader(CONFIGS).suite(locked.toString())));
    }
  }

  @Test
  void namesThatDoNotExist() {
    var shipped = new ConfigReader(CONFIGS);
    assertEquals(
        "unknown profile 'quik'; did you mean 'quick'?", message(() -> shipped.profile("quik")));
    assertEquals(
        "unknown suite 'everything'; known: ceilings, ceilings-cuda, cuda, default, launch, launch-cuda",
        message(() -> shipped.suite("everything")));
    assertEquals(
        "nowhere/profiles: the folder cannot be listed: "
            + "java.nio.file.NoSuchFileException: nowhere/profiles",
        message(() -> new ConfigReader(Path.of("nowhere")).profileNames()));
  }

  @Test
  void schemasThatCannotBeUsed() throws IOException {
    Path schema = memory.getPath("configs/schemas/suite.schema.json");
    Files.writeString(schema, "{");
    assertTrue(message(() -> suite(SUITE)).startsWith(schema + ": is not a usable schema: "));
    Files.delete(schema);
    assertEquals(
        schema + ": schema does not exist; the configuration folder is incomplete",
        message(() -> suite(SUITE)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aDamagedFileIsAConfigExceptionThatNamesTheFile(long seed) throws IOException {
    var random = new Random(seed);
    byte[] shipped = Files.readAllBytes(CONFIGS.resolve("suites").resolve("default.yaml"));
    byte[] profile = Files.readAllBytes(CONFIGS.resolve("profiles").resolve("quick.yaml"));
    String spice = "\t:-[]{}&*!|>'\"%@`#?,\n\r \\x0U\u0000\u00ff9e.~<=";
    for (int round = 0; round < 2_000; round++) {
      boolean aSuite = random.nextBoolean();
      byte[] bytes = (aSuite ? shipped : profile).clone();
      if (random.nextInt(4) == 0) {
        bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
      for (int i = random.nextInt(6); i > 0 && bytes.length > 0; i--) {
        bytes[random.nextInt(bytes.length)] =
            random.nextInt(4) == 0
                ? (byte) random.nextInt(256)
                : (byte) spice.charAt(random.nextInt(spice.length()));
      }
      Files.write(file, bytes);
      try {
        Object read = aSuite ? reader.suite("x.yaml") : reader.profile("x.yaml");
        assertFalse(read.toString().isEmpty());
      } catch (ConfigException e) {
        String message = String.valueOf(e.getMessage());
        assertTrue(message.startsWith("x.yaml:"), message);
        assertFalse(message.contains("\n"), message);
      } catch (RuntimeException | StackOverflowError e) {
        fail(
            "seed "
                + seed
                + " round "
                + round
                + ": "
                + new String(bytes, StandardCharsets.ISO_8859_1),
            e);
      }
    }
  }
}
