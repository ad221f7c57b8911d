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
      return LaunchPlanner.plan(kernel, settings, GIBIBYTE);
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
        "grid=1, block=256, a=f32[10000]=random, rows=100, cols=100",
        assumed(1, "float* a", "int rows", "int cols"));
    assertEquals(
        "grid=4,4, block=16,16, a=f64[2500]=random, n=50", assumed(2, "double* a", "int n"));
    assertEquals(
        "grid=4,4, block=16,16, a=f32[2500]=random, width=50, height=50, pitch=50",
        assumed(2, "float* a", "int width", "int height", "int pitch"));
    assertEquals(
        "grid=4, block=256, v=f32[4000]=random, n=1000, offset=0, seed=1, steps=4",
        assumed(1, "float4* v", "long n", "int offset", "unsigned seed", "int steps"));
    assertEquals(
        "grid=4, block=256, flags=u8[1000]=0..1, on=true, raw=u8[8000]=zero, config=hex:00 (12 bytes of zero), n=1000",
        assumed(1, "bool* flags", "bool on", "void* raw", "Config config", "unsigned n"));
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
    Settings said = Settings.NONE.with(key, value);
    var failure = assertThrows(ConfigException.class, () -> plan(kernel, said));
    String message = String.valueOf(failure.getMessage());
    assertTrue(
        message.startsWith(
            expected.replaceFirst("grid 1000,1,1", "grid 16, block 1,1,65: the most")),
        message);
  }

  @Test
  void pointersToPointersCannotBeMadeUp() {
    Kernel kernel = kernel(1, "float** rows");
    var failure =
        assertThrows(
            LaunchPlanner.Impossible.class,
            () -> LaunchPlanner.plan(kernel, Settings.NONE, GIBIBYTE));
    assertEquals(
        "its parameter 'rows' points to pointers (float**), which cannot be made up",
        failure.getMessage());
    assertEquals("rows=null", plan(kernel, Settings.NONE.with("rows", "null")).given());
  }
}
