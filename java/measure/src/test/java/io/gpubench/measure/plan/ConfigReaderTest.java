// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import static io.gpubench.measure.plan.Fakes.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.Dialects;
import io.gpubench.measure.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ConfigReaderTest {
  private static final String SUITE =
      """
      schema: 1
      runs:
        - workload: consensus
          set:
            validators: [1000, 10000]
      """;

  private ConfigFolder folder;

  @BeforeEach
  void open() throws IOException {
    folder = new ConfigFolder();
  }

  @AfterEach
  void close() throws IOException {
    folder.close();
  }

  @Test
  void shippedSchemasAgreeWithTheMetaSchemaAndDescribeEveryProperty() throws IOException {
    var registry = SchemaRegistry.withDialect(Dialects.getDraft202012());
    var meta =
        registry.getSchema(
            com.networknt.schema.SchemaLocation.of(
                SpecificationVersion.DRAFT_2020_12.getDialectId()));
    try (Stream<Path> schemas = Files.list(ConfigFolder.SHIPPED.resolve("schemas"))) {
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
    var shipped = new ConfigReader(ConfigFolder.SHIPPED);
    var forSuites = List.of("comprehensive", "full", "quick", "standard");
    var names = new ArrayList<>(forSuites);
    names.addAll(0, List.of("ceilings", "claims"));
    assertEquals(names, shipped.profileNames());
    assertEquals(
        List.of(
            "ceilings",
            "ceilings-cuda",
            "consensus-scaling",
            "consensus-scaling-cuda",
            "cuda",
            "default",
            "launch",
            "launch-cuda",
            "migration",
            "migration-cuda",
            "migration-scaling",
            "migration-scaling-cuda",
            "synthesis",
            "synthesis-cuda",
            "synthesis-scaling",
            "synthesis-scaling-cuda",
            "utilization",
            "utilization-cuda"),
        shipped.suiteNames());
    var minutes =
        List.of("quick", "standard", "full", "comprehensive").stream()
            .map(name -> shipped.profile(name).budget().toMinutes())
            .toList();
    assertEquals(List.of(1L, 5L, 10L, 20L), minutes);
    for (String name : shipped.profileNames()) {
      // whoever measures a ceiling takes few samples, each of them long
      assertEquals(!name.equals("ceilings"), shipped.profile(name).minSamples() >= 1000, name);
      assertFalse(shipped.profile(name).description().isEmpty(), name);
      assertTrue(
          Files.readString(ConfigFolder.SHIPPED.resolve("profiles").resolve(name + ".yaml"))
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
        folder.suite(
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
            new Reference("consensus", folder.at(5, "runs[0].workload")),
            new Reference("host", folder.at(6, "runs[0].engine")),
            new Reference("call", folder.at(7, "runs[0].path")),
            null,
            null,
            List.of(
                new Setting(
                    "consensus",
                    "validators",
                    "1024:1048576:x4",
                    folder.at(9, "runs[0].set.validators")),
                new Setting(
                    "consensus",
                    "byzantine",
                    "0.10,0.2:0.3:+0.1",
                    folder.at(10, "runs[0].set.byzantine")))),
        suite.runs().getFirst());
    assertEquals("other", suite.runs().getLast().workload().name());
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
    assertEquals(expected, message(() -> folder.suite(yaml)));
  }

  @Test
  void filesThatCannotBeRead(@org.junit.jupiter.api.io.TempDir Path temporary) throws IOException {
    assertEquals("none.yaml: file does not exist", message(() -> folder.reader.suite("none.yaml")));
    assertEquals(
        "configs: is a folder; expected a YAML file",
        message(() -> folder.reader.suite("configs/")));
    Files.write(folder.file, "schema: 1\nruns: \u00e4\n".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals("x.yaml:2: is not UTF-8 text", message(() -> folder.reader.suite("x.yaml")));
    Files.write(folder.file, new byte[] {'a', ':', ' ', (byte) 0xC3});
    assertEquals("x.yaml:1: is not UTF-8 text", message(() -> folder.reader.suite("x.yaml")));
    Files.writeString(folder.file, SUITE + "#".repeat(YamlReader.BYTES_LIMIT));
    assertEquals(
        "x.yaml: is too large; expected at most 1 MiB",
        message(() -> folder.reader.suite("x.yaml")));
    assertTrue(
        message(() -> new ConfigReader(ConfigFolder.SHIPPED).suite("a\0.yaml"))
            .contains("is no file name"));
    Path locked = Files.writeString(temporary.resolve("locked.yaml"), SUITE);
    assertTrue(locked.toFile().setReadable(false));
    if (!Files.isReadable(locked)) { // the super-user reads everything
      assertEquals(
          locked + ": no permission to read the file",
          message(() -> new ConfigReader(ConfigFolder.SHIPPED).suite(locked.toString())));
    }
  }

  @Test
  void namesThatDoNotExist() {
    var shipped = new ConfigReader(ConfigFolder.SHIPPED);
    assertEquals(
        "unknown profile 'quik'; did you mean 'quick'?", message(() -> shipped.profile("quik")));
    assertEquals(
        "unknown suite 'everything'; known: ceilings, ceilings-cuda, consensus-scaling, consensus-scaling-cuda, cuda, default, launch, launch-cuda, migration, migration-cuda, migration-scaling, migration-scaling-cuda, synthesis, synthesis-cuda, synthesis-scaling, synthesis-scaling-cuda, utilization, utilization-cuda",
        message(() -> shipped.suite("everything")));
    assertEquals(
        "nowhere/profiles: the folder cannot be listed: "
            + "java.nio.file.NoSuchFileException: nowhere/profiles",
        message(() -> new ConfigReader(Path.of("nowhere")).profileNames()));
  }

  @Test
  void schemasThatCannotBeUsed() throws IOException {
    Path schema = folder.memory.getPath("configs/schemas/suite.schema.json");
    Files.writeString(schema, "{");
    assertTrue(
        message(() -> folder.suite(SUITE)).startsWith(schema + ": is not a usable schema: "));
    Files.delete(schema);
    assertEquals(
        schema + ": schema does not exist; the configuration folder is incomplete",
        message(() -> folder.suite(SUITE)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aDamagedFileIsAConfigExceptionThatNamesTheFile(long seed) throws IOException {
    var random = new Random(seed);
    byte[] shipped =
        Files.readAllBytes(ConfigFolder.SHIPPED.resolve("suites").resolve("default.yaml"));
    byte[] profile =
        Files.readAllBytes(ConfigFolder.SHIPPED.resolve("profiles").resolve("quick.yaml"));
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
      Files.write(folder.file, bytes);
      try {
        Object read = aSuite ? folder.reader.suite("x.yaml") : folder.reader.profile("x.yaml");
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
