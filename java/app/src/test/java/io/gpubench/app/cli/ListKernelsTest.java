// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.app.kernels.CompiledKernel;
import io.gpubench.app.kernels.MadeUpImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code list kernels}, with compiled kernels of no use and with those of the build. */
class ListKernelsTest {
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(
              CommandLineFixture.json(
                  CommandLineFixture.read(
                      CommandLineFixture.ROOT.resolve("configs/schemas/kernels.schema.json"))));

  @TempDir private Path temp;
  private CommandLineFixture line;
  private Path tally;

  private static CompiledKernel kernel(
      String name, int architecture, int registers, int spilled, @Nullable Integer bound) {
    return new CompiledKernel(
        name, "sm_" + architecture, registers, 1, 8368, spilled, spilled, spilled, bound);
  }

  @BeforeEach
  void makeUp() throws IOException {
    line = new CommandLineFixture(temp);
    line.engines = List.of();
    line.home = Files.createDirectory(temp.resolve("home"));
    tally =
        MadeUpImages.write(
            line.home,
            "tally",
            List.of(
                kernel("tally_count", 80, 40, 0, 128),
                kernel("tally_wide", 80, 168, 24, null),
                kernel("tally_count", 120, 54, 0, 128),
                kernel("tally_wide", 120, 64, 0, null)));
    MadeUpImages.write(line.home, "sweep", List.of(kernel("sweep_in", 80, 16, 0, 256)));
  }

  private String list(String... more) {
    Answer answer = execute(more);
    assertEquals("", answer.err());
    assertEquals(0, answer.exit());
    return answer.out();
  }

  private Answer execute(String... more) {
    return line.execute(
        Stream.concat(Stream.of("list", "kernels"), Stream.of(more)).toArray(String[]::new));
  }

  private void refused(int exit, String message, String... more) {
    assertEquals(new Answer(exit, "", "gpubench: " + message + "\n"), execute(more));
  }

  @Test
  void theOverviewHasALineForEachKernel() {
    assertEquals(
        """
        kernel       threads  registers  shared  stack  spilled  blocks   warps  occupancy
        sweep_in         256         16    8368      0        0       8      64      100 %
        tally_count      128     40..54    8368      0        0   9..12  36..48       75 %
        tally_wide      1024    64..168    8368  0..24  0..48 !    0..1   0..32    0..67 %

        ! tally_wide spills registers on sm_80: a thread writes 24 bytes and reads 24
        without a launch bound, so in blocks of 1024: tally_wide
        compiled for sm_80, sm_120 by nvcc release 12.9, V12.9.86
        registers of a thread; shared, stack and spilled in bytes; occupancy of a multiprocessor with blocks of the launch bound
        dynamic shared memory is not counted unless --dynamic-shared says how much
        by architecture: gpubench list kernels NAME
        """,
        list());
  }

  @Test
  void aNamedOneHasALineForEachArchitecture() {
    String rows =
        """
        kernel       arch    threads  registers  shared  stack  spilled  blocks  warps  occupancy  limited by
        tally_count  sm_80       128         40    8368      0        0      12     48       75 %  registers
        tally_count  sm_120      128         54    8368      0        0       9     36       75 %  registers

        compiled for sm_80, sm_120 by nvcc release 12.9, V12.9.86
        registers of a thread; shared, stack and spilled in bytes; occupancy of a multiprocessor with blocks of the launch bound
        dynamic shared memory is not counted unless --dynamic-shared says how much
        """;
    assertEquals(rows, list("tally_count"));
    assertEquals(
        rows.lines().skip(1).findFirst().orElseThrow().replaceAll(" +", " "),
        list("tally_count", "--architecture", "sm_80")
            .replaceFirst("(?s)[^\n]*\n([^\n]*)\n\ncompiled for sm_80 by .*", "$1")
            .replaceAll(" +", " "));
    assertEquals(
        List.of("sweep_in", "tally_count", "tally_count"),
        list("tally_count", "sweep")
            .lines()
            .skip(1)
            .limit(3)
            .map(row -> row.split(" ")[0])
            .toList());
  }

  @Test
  void otherBlocksAreCalculated() {
    String rows = list("tally", "--block=256", "--dynamic-shared=40000", "--architecture=sm_80");
    assertEquals(
        List.of(
            "tally_count  sm_80      256         40  8368+40000      0        0       -      -          -"
                + "  its launch bound, 128 threads",
            "tally_wide   sm_80      256        168  8368+40000     24     48 !       1      8       13 %"
                + "  registers"),
        rows.lines().skip(1).limit(2).toList());
    assertTrue(rows.endsWith(" with blocks of 256 threads\n"), rows);
    assertTrue(rows.contains("\nwithout a launch bound: tally_wide\n"), rows);
    refused(
        2,
        "--block 256: none of these kernels may have blocks of more than 128 threads",
        "tally_count",
        "--block=256");
    refused(2, "--block 0 is out of range; expected 1 .. 1024", "--block=0");
    refused(2, "--block 1025 is out of range; expected 1 .. 1024", "--block=1025");
    refused(2, "--dynamic-shared -1 is out of range; expected 0 .. 1048576", "--dynamic-shared=-1");
  }

  @Test
  void unknownNamesAreToldFromTheirNeighbours() {
    refused(
        2, "unknown kernel or family 'tally_cuont'; did you mean 'tally_count'?", "tally_cuont");
    refused(2, "unknown kernel or family 'telly'; did you mean 'tally'?", "tally", "telly");
    refused(2, "unknown kernel or family 'saxpy'; known: sweep, tally", "saxpy");
    refused(
        2, "unknown architecture 'sm_12'; did you mean 'sm_120'?", "tally", "--architecture=sm_12");
  }

  @Test
  void programsGetADocument() {
    JsonNode document = CommandLineFixture.json(list("--format=json", "--block=256"));
    assertEquals(List.of(), SCHEMA.validate(document));
    assertEquals("sweep", document.at("/families/0/family").asString());
    assertEquals(5, document.findValues("registers").size());
    JsonNode count = document.at("/families/1/kernels/0");
    assertEquals("tally_count", count.path("kernel").asString());
    assertTrue(count.path("occupancy").isNull(), "beyond its bound");
    assertEquals(0.125, document.at("/families/1/kernels/2/occupancy/share").asDouble());
    assertEquals(
        List.of(), SCHEMA.validate(CommandLineFixture.json(list("tally", "--format=json"))));
    assertFalse(
        SCHEMA
            .validate(CommandLineFixture.json(list("--format=json").replace("\"warps\"", "\"w\"")))
            .isEmpty());
  }

  private void damage(String reason, UnaryOperator<String> how) {
    MadeUpImages.write(line.home, "tally", List.of(kernel("tally_count", 80, 40, 0, 128)), how);
    refused(
        3,
        tally
            + ": "
            + reason
            + "; delete it and build again, where nvcc is, with './mvnw package'");
    assertTrue(list("sweep").contains("sweep_in"), "another family is not harmed");
  }

  @Test
  void whatIsOfNoUseIsOneLine() throws IOException {
    damage(
        "is not about the tally.fatbin that lies beside it",
        text -> text.replaceFirst("\\b[0-9a-f]{64}", "0".repeat(64)));
    damage("is cut off", text -> text.substring(0, text.length() - 5));
    damage(
        "has version 2 of the format, where this gpubench reads 1",
        text -> text.replaceFirst("resources 1", "resources 2"));
    damage("is no file of kernel resources", text -> "");
    Files.write(tally, new byte[] {(byte) 0xff, (byte) 0xfe});
    refused(
        3,
        tally + ": is not text; delete it and build again, where nvcc is, with './mvnw package'");
    Files.delete(tally);
    refused(
        3,
        tally
            + ": is missing: what the kernels take is not known; build again, where nvcc is, with"
            + " './mvnw package'");
  }

  @Test
  void withoutCompiledKernelsItSaysWhatHelps() throws IOException {
    line.home = Files.createDirectory(temp.resolve("without"));
    refused(
        3,
        "no kernels were compiled in advance, since nvcc was missing when gpubench was built; install nvcc"
            + " (of the CUDA toolkit, no GPU is needed) and build again, where nvcc is, with './mvnw package'");
  }

  @Test
  void whatTheBuildCompiledIsListed() throws IOException {
    line.home = CommandLineFixture.ROOT;
    Path built = line.home.resolve("native/build/cuda/consensus.fatbin");
    assumeTrue(Files.exists(built), "nvcc was there");
    JsonNode document = CommandLineFixture.json(list("--format=json"));
    assertEquals(List.of(), SCHEMA.validate(document));
    for (JsonNode family : document.path("families")) {
      String name = family.path("family").asString();
      var sources = new TreeSet<String>();
      Pattern.compile("\"C\" __global__ [^{;]*?\\b(" + name + "_\\w+)\\(")
          .matcher(CommandLineFixture.read(line.home.resolve("cuda/" + name + ".cu")))
          .results()
          .forEach(found -> sources.add(found.group(1)));
      assertTrue(
          new TreeSet<>(family.findValuesAsString("kernel")).containsAll(sources),
          name + ": " + sources);
      assertFalse(family.findValuesAsString("kernel").isEmpty());
    }
    for (JsonNode kernel : document.findParents("registers")) {
      assertTrue(kernel.at("/occupancy/blocks").asInt() > 0, kernel.toString());
    }
    List<String> widths = list().lines().filter(row -> row.matches("\\w+_.* %")).toList();
    assertTrue(widths.stream().allMatch(row -> row.length() <= 100), widths.toString());
  }
}
