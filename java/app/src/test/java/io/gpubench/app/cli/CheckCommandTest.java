// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.gpubench.app.cli.CommandLineFixture.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Files through the whole of {@code gpubench check}. */
class CheckCommandTest {
  private static final Path FILES =
      CommandLineFixture.ROOT.resolve("java/app/src/test/resources/check");
  private static final Path SIMTCC = CommandLineFixture.ROOT.resolve("native/build/cudasim/simtcc");
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(
              CommandLineFixture.json(
                  CommandLineFixture.read(
                      CommandLineFixture.ROOT.resolve("configs/schemas/check.schema.json"))));

  @TempDir private Path temp;
  private CommandLineFixture line;

  @BeforeEach
  void open() {
    line = new CommandLineFixture(temp);
    line.engines = List.of();
  }

  private static void requireTheSimulator() {
    boolean built = Files.exists(SIMTCC);
    assertTrue(built || System.getenv("GPUBENCH_REQUIRE_HOST") == null, SIMTCC + " is not built");
    assumeTrue(built, SIMTCC + " is not built");
  }

  private Answer check(Object... arguments) {
    requireTheSimulator();
    var all = new ArrayList<>(List.of("check"));
    for (Object argument : arguments) {
      all.add(argument.toString());
    }
    return line.execute(all.toArray(String[]::new));
  }

  private JsonNode valid(int exit, Object... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.add("--format=json");
    Answer answer = check(all.toArray());
    assertEquals(exit, answer.exit(), answer.out() + answer.err());
    assertEquals("", answer.err());
    JsonNode document = CommandLineFixture.json(answer.out());
    assertEquals(List.of(), SCHEMA.validate(document));
    return document;
  }

  private static Map<String, JsonNode> kernels(JsonNode document) {
    var kernels = new TreeMap<String, JsonNode>();
    for (JsonNode file : document.path("files")) {
      for (JsonNode kernel : file.path("kernels")) {
        kernels.put(kernel.path("name").asString(), kernel);
      }
    }
    return kernels;
  }

  @Test
  void nothingIsFoundInRightKernels() {
    JsonNode document = valid(0, FILES.resolve("right.cu"), "--seeds=3");
    assertEquals(9, document.path("ok").asInt(), document.toString());
    assertEquals(0, document.path("accused").asInt());
    assertEquals(2, document.path("skipped").asInt());
    Map<String, JsonNode> kernels = kernels(document);
    assertTrue(kernels.get("scale").path("reason").asString().startsWith("a template"));
    assertEquals("as its comment says", kernels.get("skipped").path("reason").asString());
    assertEquals(3, kernels.get("simple::saxpy").path("launches").asInt());
    assertEquals("[16,16,1]", kernels.get("transpose").at("/launch/block").toString());
    assertEquals("[32,8,1]", kernels.get("transpose_by_rows").at("/launch/block").toString());
    assertEquals("[128,1,1]", kernels.get("reversed128").at("/launch/block").toString());
    assertEquals("[1024,1,1]", kernels.get("sum1024").at("/launch/block").toString());
    assertEquals(16384, kernels.get("histogram").at("/launch/sharedBytes").asInt());
  }

  /** The lines that are accused say of what. */
  @Test
  void everyWrongKernelIsAccusedAtItsLine() {
    Path file = FILES.resolve("wrong.cu");
    JsonNode document = valid(4, file);
    List<String> lines = CommandLineFixture.read(file).lines().toList();
    Map<String, JsonNode> kernels = kernels(document);
    assertEquals(10, kernels.size());
    kernels.forEach((name, kernel) -> {
      JsonNode finding = kernel.path("finding");
      int at = finding.at("/place/line").asInt();
      assertTrue(at > kernel.path("line").asInt(), kernel.toString());
      String accused = lines.get(at - 1);
      assertTrue(
          accused.endsWith("// expect: " + finding.path("what").asString()), kernel.toString());
      assertEquals(accused.strip(), finding.at("/place/text").asString());
    });
  }

  @Test
  void theReportNamesWhatIsNeededToSeeItAgain() {
    Path file = FILES.resolve("wrong.cu");
    Answer first = check(file, "--kernel=lost_updates", "-DUNUSED_ONE=1", "--arg=data=u8[n]");
    assertEquals(4, first.exit(), first.err());
    List<String> lines = first.out().lines().toList();
    assertTrue(lines.get(0).startsWith("FAIL lost_updates (" + file + ":12): race: "), first.out());
    assertEquals("       " + file + ":16: bins[data[i]]++; // expect: race", lines.get(1));
    assertEquals("1 kernel: 0 ok, 1 accused, 0 skipped", lines.getLast());
    String again = lines.get(lines.size() - 2);
    String command =
        "       again: gpubench check "
            + file
            + " -D UNUSED_ONE=1 --arg data=u8[n] --kernel lost_updates";
    assertTrue(again.replace("'", "").startsWith(command + " --seed "), again);
    assertTrue(lines.get(lines.size() - 3).startsWith("       hint: block=256, grid=4, n were"));
    var arguments =
        List.of(again.replace("       again: gpubench check ", "").replace("'", "").split(" "));
    assertEquals(first.out(), check(arguments.toArray()).out());
  }

  @Test
  void whatIsSaidOnTheCommandLineComesFirst() {
    JsonNode document =
        valid(
            4,
            FILES.resolve("wrong.cu"),
            "--kernel=not_filled",
            "--args=,f32[n0]".replace("n0", "1024"),
            "--arg=data=f32[255]",
            "--seeds=2");
    JsonNode kernel = kernels(document).get("not_filled");
    assertEquals("f32[255]", kernel.at("/launch/arguments/0/value").asString());
    assertEquals("f32[1024]", kernel.at("/launch/arguments/1/value").asString());
    assertEquals("out of bounds", kernel.at("/finding/what").asString());
  }

  @Test
  void whateverAKernelDoesToItsProcessIsOneLine() {
    Answer answer = check(FILES.resolve("fatal.cu"), "--timeout=2s", "--seeds=2");
    assertEquals(4, answer.exit(), answer.out() + answer.err());
    List<String> accused = answer.out().lines().filter(text -> text.startsWith("FAIL")).toList();
    assertEquals(3, accused.size(), answer.out());
    assertTrue(
        accused.get(0).matches(".*: (no end: it has not ended after 2s; .*|spinning: .*)"),
        answer.out());
    assertTrue(accused.get(1).contains(": stack overflow: "), answer.out());
    assertTrue(
        accused.get(2).endsWith(": crash: the process of the kernel ended: exit status 3"),
        answer.out());
    assertEquals("", answer.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "__global__ void k(int *p) { *p = unheard_of; }|my.cu:1:33: 'unheard_of' was not declared in this scope",
        "#include \"nothing.cuh\"|my.cu:1:10: nothing.cuh: No such file or directory",
        "int f();|my.cu: it has no kernel, which is a function with __global__",
        "__global__ void k(int *p) { asm(\"bar.sync 0;\"); }|my.cu:1: inline PTX is not supported by the simulated device: guard",
        "__global__ void k(int *p) { __shared__ int s[50000]; s[*p] = 1; __syncthreads(); *p = s[*p]; }|my.cu:1: the __shared__ variables take",
        "template <int N> __global__ void k(int *p) { *p = N; } // gpubench-check: kernel=k n=1|my.cu:1: gpubench-check: kernel 'k' is a template",
        "template <int N> __global__ void k(int *p) { *p = N; }|skip k",
      })
  void problemsAreOneLine(String text, String expected) throws IOException {
    Path file = Files.writeString(temp.resolve("my.cu"), text + "\n");
    Answer answer = check(file);
    if (expected.startsWith("skip")) {
      assertEquals(6, answer.exit(), answer.err());
      assertTrue(answer.out().startsWith("skip k (" + file + ":1): a template"), answer.out());
      return;
    }
    assertEquals(2, answer.exit(), answer.err());
    assertEquals("", answer.out());
    assertEquals(1, answer.err().lines().count(), answer.err());
    assertTrue(answer.err().startsWith("gpubench: " + temp.resolve(expected)), answer.err());
  }

  @Test
  void oneBadFileDoesNotKeepOthersFromIt() throws IOException {
    Path good =
        Files.writeString(
            temp.resolve("good.cu"), "__global__ void k(int *p) { p[threadIdx.x] = 1; }\n");
    JsonNode document = valid(2, temp.resolve("none.cu"), good, "--seeds=1", "--grid=1");
    assertEquals(1, document.path("problems").asInt());
    assertEquals(1, document.path("ok").asInt());
    assertTrue(
        document
            .at("/files/0/problem")
            .asString()
            .endsWith("none.cu: cannot be read: it does not exist"));
  }

  @Test
  void aNameMayBeInAnyOfTheFiles() throws IOException {
    Path one =
        Files.writeString(
            temp.resolve("one.cu"), "__global__ void k(int *p) { p[threadIdx.x] = 1; }\n");
    Path two = Files.writeString(temp.resolve("two.cu"), "__global__ void l(int kernel) { }\n");
    Answer answer = check(one, two, "--kernel=l", "--arg=arg:kernel=5", "--seeds=1");
    assertEquals(0, answer.exit(), answer.out() + answer.err());
    assertTrue(answer.out().contains("kernel=5"), answer.out());
    Answer neither = check(one, two, "--arg=q=5", "--seeds=1");
    assertEquals(2, neither.exit());
    assertEquals("gpubench: --arg q: no such name in any of the files", neither.err().strip());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--grid=0|--grid: '0' is no size; expected X, X,Y or X,Y,Z, each 1 or more",
        "--seeds=0|--seeds 0 is out of range; expected 1 .. 1000000",
        "--seed=-1|--seed -1 is out of range; expected 1 or more",
        "--arg=n|--arg n: expected NAME=SPEC, such as n=1000",
        "--arg=n=f9[1]|--arg n: 'f9' is no type of elements; expected one of i8, u8",
        "--args=1,x|--args: 'x' is no argument; expected a number",
        "--std=c++03|--std c++03: expected c++17, c++20 or c++23",
        "--timeout=soon|--timeout: 'soon' is not a duration",
        "--shared=-1|--shared -1: expected 0 or more",
      })
  void badOptionsAreNamed(String option, String expected) {
    Answer answer = line.execute("check", "my.cu", option);
    assertEquals(2, answer.exit());
    assertTrue(answer.err().startsWith("gpubench: " + expected), answer.err());
  }

  @Test
  void theExamplesShowWhatTheySay() {
    Path examples = CommandLineFixture.ROOT.resolve("examples/check");
    Map<String, JsonNode> kernels =
        kernels(
            valid(
                4,
                examples.resolve("histogram.cu"),
                examples.resolve("saxpy.cu"),
                examples.resolve("sum.cu"),
                "--seeds=4"));
    kernels.forEach((name, kernel) ->
        assertEquals(
            switch (name) {
              case "histogram", "saxpy", "sum_right" -> "";
              case "histogram_plain", "sum_wrong" -> "race";
              case "histogram_short" -> "out of bounds";
              default -> "another name";
            },
            kernel.at("/finding/what").asString(""),
            name));
    assertEquals(6, kernels.size());
  }
}
