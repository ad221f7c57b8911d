// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.check.Description.Kernel;
import io.gpubench.measure.ConfigException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is assumed of a launch, by the words in which it is told. */
class LaunchPlannerTest {
  private static final long GIBIBYTE = 1 << 30;

  /**
   * "int n", "const float* x", ... as images describe them.
   *
   * @param dimensions negative where blockIdx is not used
   */
  private static Kernel kernel(int dimensions, String... parameters) {
    var described = new ArrayList<String>();
    for (String parameter : parameters) {
      int at = parameter.lastIndexOf(' ');
      String type = parameter.substring(0, at);
      String text =
          type.endsWith("*")
              ? "{\"type\":\"%s\",\"bytes\":8,\"kind\":\"pointer\",\"element\":%s"
                  .formatted(type, element(type.substring(0, type.length() - 1)))
              : plain(type);
      described.add(
          text.replaceFirst("\\{", "{\"name\":\"" + parameter.substring(at + 1) + "\",") + "}");
    }
    String json =
        """
        {"kernels":[{"name":"k","symbol":"k","file":"k.cu","line":1,"maxThreads":1024,"bounded":false,"dimensions":%d,
        "dynamicShared":false,"blockIndex":%b,"parameters":[%s]}],"templates":[],"sharedBytes":0,"later":1}
        """
            .formatted(Math.abs(dimensions), dimensions > 0, String.join(",", described));
    return Description.parse(json).kernels().getFirst();
  }

  private static String element(String type) {
    return plain(type.replace("const ", ""))
        + ",\"alignment\":4,\"const\":%b}".formatted(type.startsWith("const "));
  }

  private static String plain(String type) {
    String kind =
        switch (type) {
          case "int", "long", "char" -> "signed";
          case "unsigned", "unsigned char" -> "unsigned";
          case "float", "double" -> "floating";
          case "bool" -> "boolean";
          case "void" -> "void";
          case "float*" -> "pointer";
          default -> "structure";
        };
    int bytes =
        switch (type) {
          case "void" -> 0;
          case "bool", "char", "unsigned char" -> 1;
          case "long", "double", "float*" -> 8;
          case "float4" -> 16;
          case "Config" -> 12;
          default -> 4;
        };
    return "{\"type\":\"%s\",\"bytes\":%d,\"kind\":\"%s\"".formatted(type, bytes, kind);
  }

  private static LaunchPlan plan(Kernel kernel, Settings settings) {
    try {
      return LaunchPlanner.plan(kernel, KernelText.UNKNOWN, settings, GIBIBYTE);
    } catch (LaunchPlanner.Impossible e) {
      throw new AssertionError(e);
    }
  }

  private static String assumed(int dimensions, String... parameters) {
    return plan(kernel(dimensions, parameters), Settings.NONE).assumptions();
  }

  @Test
  void whatIsAssumed() {
    assertEquals(
        "grid=4, block=256, n=1000, a=0.5, x=f32[1000]=random, y=f32[1000]=random",
        assumed(1, "int n", "float a", "const float* x", "float* y"));
    assertEquals(
        "grid=4, block=256, out=i32[1024]=random", assumed(1, "int* out"), "an element a thread");
    assertEquals(
        "grid=2, block=256, a=f32[8300]=random, rows=100, cols=83",
        assumed(1, "float* a", "int rows", "int cols"));
    assertEquals(
        "grid=4,4, block=16,16, a=f64[2500]=random, n=50", assumed(2, "double* a", "int n"));
    assertEquals(
        "grid=4,4, block=16,16, a=f32[18944]=random, width=50, height=37, pitch=512",
        assumed(2, "float* a", "int width", "int height", "int pitch"));
    assertEquals(
        "grid=4, block=256, v=f32[4000]=random, n=1000, offset=0, seed=1, steps=4",
        assumed(1, "float4* v", "long n", "int offset", "unsigned seed", "int steps"));
    assertEquals(
        "grid=4, block=256, flags=u8[1000]=0..1, on=true, raw=u8[8000]=zero, n=1000",
        assumed(1, "bool* flags", "bool on", "void* raw", "unsigned n"));
    assertEquals("grid=4, block=256", assumed(1));
    assertEquals("grid=1, block=256, out=i32[256]=random", assumed(-1, "int* out"), "no blockIdx");
  }

  @Test
  void numbersThatMayBeIndicesStayBelowEveryCount() {
    LaunchPlan plan =
        plan(kernel(1, "const int* index", "unsigned char* bytes", "int n"), Settings.NONE);
    assertEquals(999, plan.arguments().get(0).value().memory().high());
    assertEquals(255, plan.arguments().get(1).value().memory().high());
  }

  @Test
  void whatIsSaidIsNotAssumed() {
    Settings said =
        Settings.NONE
            .with("block", "128")
            .with("n", "5000")
            .with("x", "f32[n+threads]=zero")
            .with("shared", "64");
    LaunchPlan plan = plan(kernel(1, "int n", "float* x", "float* y"), said);
    assertEquals("block=128, shared=64, n=5000, x=f32[n+threads]=zero", plan.given());
    assertEquals("grid=40, y=f32[5000]=random", plan.assumptions());
    assertEquals(4 * (5000 + 40 * 128), plan.arguments().get(1).value().memory().bytes());
  }

  @Test
  void oneSaysMoreThanTheOther() {
    Settings first = Settings.NONE.with("grid", "2").with("n", "1");
    Settings second = Settings.NONE.with("grid", "3").with("n", "2").with("m", "3").skipping();
    Settings both = first.or(second);
    assertEquals(new Triple(2, 1, 1), both.grid());
    assertEquals(new ArgumentSpec.Scalar("1"), both.arguments().get("n"));
    assertEquals(new ArgumentSpec.Scalar("3"), both.arguments().get("m"));
    assertTrue(both.skip());
  }

  @Test
  void bytesOfNumbers() {
    Kernel kernel =
        kernel(1, "char c", "unsigned u", "long l", "float f", "bool b", "Config s", "float* p");
    Settings said =
        Settings.NONE
            .with("c", "-2")
            .with("u", "0xFFFFFFFF")
            .with("l", "-1e3")
            .with("f", "1")
            .with("b", "false")
            .with("s", "hex:0102")
            .with("p", "null");
    assertEquals(
        List.of(
            "fe",
            "ffffffff",
            "18fcffffffffffff",
            "0000803f",
            "00",
            "010200000000000000000000",
            "0000000000000000"),
        plan(kernel, said).arguments().stream().map(argument -> argument.value().hex()).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "n|f32[4]|n=f32[4]: the parameter is no pointer (int); expected a number",
        "n|3000000000|n=3000000000: int holds -2147483648 .. 2147483647",
        "n|1.5|n=1.5: int takes whole numbers only",
        "n|hex:0001020304|n=hex:0001020304: 5 bytes; int has 4",
        "x|5|x=5: parameter 'x' of k is a pointer (float*); expected a buffer such as f32[1000], or null",
        "x|f64[4]|x=f64[4]: parameter 'x' of k points to float, which has 4 bytes; f64 has 8",
        "x|f32[n-n]|x=f32[n-n]: a buffer has one element at least",
        "x|f32[q]|x=f32[q]: unknown whole number 'q'",
        "x|f32[n*n*n]|f32[n*n*n]: argument 'x' of k does not fit: the simulated device has 1073741824 bytes",
        "s|1|s=1: Config takes no number; expected its bytes, such as hex:00ff",
        "block|32,33|block 32,33: 1056 threads; a device allows 1024 at most",
        "block|1,1,65|grid 1000,1,1",
        "shared|300000|shared 300000: a block has at most 232448 bytes of shared memory",
      })
  void whatDoesNotFit(String key, String value, String expected) {
    Kernel kernel = kernel(1, "int n", "float* x", "Config s");
    Settings said = Settings.NONE.with("s", "hex:00").with(key, value);
    var failure = assertThrows(ConfigException.class, () -> plan(kernel, said));
    String message = String.valueOf(failure.getMessage());
    assertTrue(
        message.startsWith(
            expected.replaceFirst("grid 1000,1,1", "grid 1000, block 1,1,65: the most")),
        message);
  }

  @Test
  void pointersToPointersCannotBeMadeUp() {
    Kernel kernel = kernel(1, "float** rows");
    var failure =
        assertThrows(
            LaunchPlanner.Impossible.class,
            () -> LaunchPlanner.plan(kernel, KernelText.UNKNOWN, Settings.NONE, GIBIBYTE));
    assertEquals(
        "its parameter 'rows' points to pointers (float**), which cannot be made up",
        failure.getMessage());
    assertEquals("rows=null", plan(kernel, Settings.NONE.with("rows", "null")).given());
  }

  @Test
  void nothingIsKnownOfStructures() {
    Kernel kernel = kernel(1, "Config config", "int n");
    var failure =
        assertThrows(
            LaunchPlanner.Impossible.class,
            () -> LaunchPlanner.plan(kernel, KernelText.UNKNOWN, Settings.NONE, GIBIBYTE));
    assertEquals(
        "its parameter 'config' is a structure of 12 bytes (Config) of which nothing is known: give it with --arg config=hex:..",
        failure.getMessage());
  }

  @Test
  void lengthsByNames() {
    assertEquals(
        "grid=4, block=256, values=i32[1000]=random, hist=i32[61]=random, n=1000, nbins=61",
        assumed(1, "const int* values", "int* hist", "int n", "int nbins"));
    assertEquals(
        "grid=4, block=256, rows=1000, row_ptr=i32[1001]=0.., x=f32[1000]=random",
        assumed(1, "int rows", "const int* row_ptr", "float* x"));
    assertEquals(
        "grid=4,4, block=16,16, A=f32[1450]=random, B=f32[1073]=random, C=f32[1850]=random, M=50, N=37, K=29",
        assumed(2, "float* A", "float* B", "float* C", "int M", "int N", "int K"));
    LaunchPlan plan =
        plan(kernel(2, "float* in", "int width", "int height", "int channels"), Settings.NONE);
    assertEquals("f32[53650]=random", plan.arguments().getFirst().text());
    assertEquals(
        List.of(
            "the length of in is a guess, and large: a small overrun would not show; --arg says it"),
        plan.notes());
  }

  @Test
  void gridsCoverWhatIsCounted() {
    Kernel kernel = kernel(1, "int n");
    assertEquals("grid=2, block=256", plan(kernel, Settings.NONE.with("n", "5")).assumptions());
    LaunchPlan large = plan(kernel, Settings.NONE.with("n", "1000000000"));
    assertEquals(new Triple(512, 1, 1), large.grid());
    assertEquals(
        List.of("the grid is cut to 512,1,1, so that it does not take long; --grid gives another"),
        large.notes());
    assertEquals(
        "grid=2,7", assumedOf(plan(kernel(2, "int n"), Settings.NONE.with("block", "32,8"))));
  }

  private static String assumedOf(LaunchPlan plan) {
    return plan.assumptions().replaceFirst(", n=.*", "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1|__shared__ float s[128]; s[threadIdx.x] = 0;|128",
        "1|__shared__ float s[N], t[N]; int t = threadIdx.x; t[t] = 0;|512",
        "1|__shared__ float s[256 + 2 * R]; int l = threadIdx.x + R; s[l] = 0;|256",
        "1|__shared__ int s[32]; s[threadIdx.x / 32] = 0;|256",
        "1|__shared__ int s[32]; if (threadIdx.x < 32) { s[threadIdx.x] = 0; }|256",
        "1|__shared__ int s[64]; for (int i = threadIdx.x; i < 64; i += blockDim.x) s[i] = 0;|256",
        "1|int i = blockIdx.x * 64 + threadIdx.x;|64",
        "1|int i = blockIdx.x * BLOCK_SIZE + other(threadIdx.x);|96",
        "1|__shared__ int s[4096]; s[threadIdx.x] = 0;|256",
        "2|__shared__ float s[32][33]; s[threadIdx.y][threadIdx.x] = 0;|32,32",
        "2|__shared__ float s[18][18]; s[threadIdx.y + 1][threadIdx.x + 1] = 0;|16,16",
        "2|__shared__ float s[64]; s[threadIdx.y * 8 + threadIdx.x] = 0;|8,8",
        "2|for (int j = 0; j < 32; j += 8) { s[threadIdx.y + j][threadIdx.x] = 0; } __shared__ float s[32][32];|32,8",
        "2|p[threadIdx.y] = threadIdx.x;|16,16",
        "1|*p = 1;|1",
      })
  void blocksByTheText(int dimensions, String body, String block) {
    List<String> lines =
        List.of(
            "#define R 3 // of the stencil",
            "constexpr int N = 1 << 9, BLOCK_SIZE = 96;",
            "__global__ void k(int *p) /* { */ {",
            body,
            "}",
            "__global__ void l(int *p) { __shared__ int s[4]; s[threadIdx.x] = 0; }");
    var text = KernelText.of(lines, 3, "k", List.of("UNUSED"));
    assertEquals(Triple.parse(block), new Guess(kernel(dimensions, "int* p"), text).usualBlock());
  }

  @Test
  void theHintNamesWhatWasAssumed() {
    Kernel kernel = kernel(1, "int n", "float* x");
    assertEquals(
        "block=256, grid=4, n were assumed; if the kernel is made for others, say so with --block, --grid, --arg",
        plan(kernel, Settings.NONE).hint());
    Settings said = Settings.NONE.with("grid", "4").with("n", "10").with("shared", "0");
    assertEquals(
        "block=256 was assumed; if the kernel is made for others, say so with --block",
        plan(kernel, said).hint());
  }

  @Test
  void argumentsMayHaveTheNamesOfOtherThings() {
    Settings said = Settings.NONE.with("arg:block", "7").with("block", "32");
    assertEquals("block=32, block=7", plan(kernel(-1, "int block"), said).given());
  }
}
