// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ranges as a tool sees them that attaches by the variable. */
class NvtxTest {
  private static final Path HOME = Path.of(System.getProperty("gpubench.home"));
  private static final Path RECORDER = HOME.resolve("native/build/test/libnvtx_recorder.so");

  @TempDir private Path temp;

  @Test
  void nothingIsOpenedWhereNoProfilerIs() {
    assertEquals(Optional.empty(), Nvtx.attach("gpubench", Map.of()));
    assertEquals(Optional.empty(), Nvtx.attach("gpubench", Map.of(Nvtx.VARIABLE, "")));
  }

  @Test
  void aLibraryThatIsNoProfilerIsNamed() {
    assertRefused("the profiler's library /no/such.so cannot be opened", "/no/such.so");
    assertRefused(
        "the profiler's library libc.so.6 has no function InitializeInjectionNvtx2", "libc.so.6");
  }

  private static void assertRefused(String problem, String library) {
    var environment = Map.of(Nvtx.VARIABLE, library);
    var refused =
        assertThrows(NativeUnavailableException.class, () -> Nvtx.attach("gpubench", environment));
    assertEquals(problem, refused.getMessage());
  }

  /** In a process of its own, since what is attached stays, and writes where its variable says. */
  @Test
  void aToolSeesRangesNestOnEachThread() throws Exception {
    boolean built = Files.exists(RECORDER);
    assertFalse(!built && System.getenv("GPUBENCH_REQUIRE_HOST") != null, "no recorder is built");
    assumeTrue(built, "no recorder is built");
    long pid = execute(temp.resolve("log"));
    assertEquals(
        List.of(
            "1 gpubench push outer",
            "1 gpubench push inner",
            "1 gpubench pop",
            "2 gpubench push inner",
            "2 gpubench pop",
            "1 gpubench push inner",
            "1 gpubench pop",
            "1 gpubench pop",
            "1 gpubench pop nothing"),
        Files.readAllLines(temp.resolve("log." + pid)));
  }

  private static long execute(Path log) throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Ranges.class.getName())
            .redirectErrorStream(true);
    builder.environment().put(Nvtx.VARIABLE, RECORDER.toString());
    builder.environment().put("GPUBENCH_NVTX_LOG", log.toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), said);
    assertEquals("", said);
    return process.pid();
  }

  /** The process with ranges. */
  static final class Ranges {
    private Ranges() {}

    public static void main(String[] args) throws InterruptedException {
      Nvtx nvtx = Nvtx.attach("gpubench", System.getenv()).orElseThrow();
      nvtx.push("outer");
      nvtx.push("inner");
      nvtx.pop();
      Thread.ofPlatform()
          .start(() -> {
            nvtx.push("inner");
            nvtx.pop();
          })
          .join();
      nvtx.push("inner");
      nvtx.pop();
      nvtx.pop();
      nvtx.pop();
    }
  }
}
