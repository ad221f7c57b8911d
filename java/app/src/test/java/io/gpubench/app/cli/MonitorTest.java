// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.app.cli.OwnProcess.Running;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command as a whole; what is about devices and signals, in a process of its own. */
@Timeout(120)
@ExtendWith(RecordedClasses.Ready.class)
class MonitorTest {
  private static final Path SIMULATOR =
      CommandLineFixture.ROOT.resolve("native/build/cudasim/libnvidia-ml.so.1");

  /** A process of a build in the background would ignore Ctrl-C, and so would its children. */
  private static final String[] HEEDING = {"env", "--default-signal=INT"};

  @TempDir private Path temp;

  private Answer inProcess(String... arguments) {
    var line = new CommandLineFixture(temp);
    line.engines = List.of();
    return line.execute(arguments);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --interval 0s           | --interval: expected more than 0
          --interval 0            | --interval: '0' is not a duration; expected numbers with units, such as 500ms, 45s, 1m30s
          --interval 9ms          | --interval: '9ms' is out of range; expected 10ms .. 10m
          --interval 11m          | --interval: '11m' is out of range; expected 10ms .. 10m
          --count 0               | --count 0 is out of range; expected 1 or more
          --device gpu            | --device gpu: expected all, processors, sim, a GPU's number from 0, or its UUID, GPU-...
          --device -1             | --device -1: expected all, processors, sim, a GPU's number from 0, or its UUID, GPU-...
          --prometheus 65536      | --prometheus 65536: expected [HOST:]PORT, with a port of 0 .. 65535
          --prometheus localhost  | --prometheus localhost: expected [HOST:]PORT, with a port of 0 .. 65535
          --prometheus :9400      | --prometheus :9400: expected [HOST:]PORT, with a port of 0 .. 65535
          --prometheus a..b:9     | --prometheus a..b:9: no host 'a..b' is known
          """)
  void aMistakeIsOneLine(String options, String message) {
    assertEquals(
        new Answer(2, "", "gpubench: " + message + "\n"),
        inProcess(("monitor " + options).split(" ")));
  }

  @Test
  void aPortThatIsTakenIsOneLine() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertEquals(
          new Answer(
              3,
              "",
              "gpubench: cannot listen at 127.0.0.1:%d: Address already in use; choose another port\n"
                  .formatted(port)),
          inProcess("monitor", "--device", "processors", "--prometheus", "" + port));
    }
  }

  @Test
  void processorsAreWatchedWithoutAnythingElse() {
    Answer answer =
        inProcess("monitor", "--device", "processors", "--count", "3", "--interval", "10ms");
    assertEquals(0, answer.exit(), answer.err());
    assertEquals(3, answer.out().lines().count());
    answer
        .out()
        .lines()
        .forEach(line -> assertTrue(line.matches("\\S+Z processors: .*energyJoules.*"), line));
    assertEquals("", answer.err());
  }

  private OwnProcess withoutNvml() {
    return new OwnProcess(temp)
        .property("gpubench.library.nvml=" + temp.resolve("libnvidia-ml.so.1"));
  }

  @Test
  void withoutAGpuTheProcessorsAreLeft() {
    try (var process = withoutNvml()) {
      Answer answer = process.execute("monitor", "--count", "1");
      assertEquals(0, answer.exit(), answer.err());
      assertTrue(answer.out().contains("Z processors: "), answer.out());
      assertTrue(answer.err().startsWith("gpubench: no GPU: native library 'nvml' not found"));
      Answer one = process.execute("monitor", "--device", "0");
      assertEquals(3, one.exit());
      assertEquals("", one.out());
      assertTrue(one.err().startsWith("gpubench: native library 'nvml' not found"), one.err());
      assertEquals(1, one.err().lines().count());
    }
  }

  private OwnProcess simulator(String faults) {
    boolean built = Files.exists(SIMULATOR);
    assertTrue(built || System.getenv("GPUBENCH_REQUIRE_HOST") == null, "no simulator");
    assumeTrue(built, "no simulator");
    return new OwnProcess(temp).variable("GPUBENCH_SIM_FAULTS", faults);
  }

  @Test
  void theSimulatedDeviceIsShown() {
    try (var process = simulator("sensors frozen; sensor memory_temperature sentinel")) {
      Answer answer = process.execute("monitor", "--device", "sim", "--count", "1");
      assertEquals(0, answer.exit(), answer.err());
      assertTrue(answer.out().contains("Z sim: energyJoules "), answer.out());
      assertTrue(answer.out().contains(", powerInstantWatts 96 W, "), answer.out());
      assertTrue(answer.out().contains(", temperatureCelsius 41 C, "), answer.out());
      assertTrue(
          answer.out().contains(", not measured (sentinel): memoryTemperatureCelsius"),
          answer.out());
      Answer second = process.execute("monitor", "--device", "sim", "--count", "1");
      assertEquals(0, second.exit());
    }
  }

  @Test
  void anUnknownDeviceIsOneLine() {
    try (var process = simulator("").property("gpubench.library.nvml=" + SIMULATOR)) {
      for (String device : List.of("7", "GPU-0")) {
        assertEquals(
            new Answer(3, "", "gpubench: no GPU " + device + "; NVML knows 1\n"),
            process.execute("monitor", "--device", device));
      }
      Answer known = process.execute("monitor", "--device", "0", "--count", "1");
      assertEquals(0, known.exit(), known.err());
      assertTrue(known.out().contains("Z gpu 0: "), known.out());
    }
  }

  @Test
  void prometheusIsToldUntilSomebodyEndsIt() throws Exception {
    try (var process =
        simulator("sensors live; sensor memory_temperature refused").within(HEEDING)) {
      Running running =
          process.start("monitor", "--device", "sim", "--prometheus", "0", "--interval", "20ms");
      String said = running.out();
      while (!said.endsWith("/metrics\n") && running.isAlive()) {
        running.await(Duration.ofMillis(20));
        said = running.out();
      }
      assertTrue(said.startsWith("for Prometheus: http://127.0.0.1:"), said);
      var uri = URI.create(said.strip().replaceFirst("for Prometheus: ", ""));
      String text = "";
      while (text.isEmpty() && running.isAlive()) {
        var answer = (HttpURLConnection) uri.toURL().openConnection();
        if (answer.getResponseCode() == 200) { // and 503 before the first reading
          try (var body = answer.getInputStream()) {
            text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
          }
        }
      }
      assertTrue(
          text.matches(
              "(?s).*\nDCGM_FI_DEV_GPU_TEMP\\{gpu=\"0\",UUID=\"GPU-67707562-[0-9a-f-]+\","
                  + "pci_bus_id=\"0000[0-9A-F]{4}:[0-9A-F]{2}:[0-9A-F]{2}\\.0\",device=\"nvidia0\","
                  + "modelName=\"Simulated CUDA device\",Hostname=\"[^\"]+\",synthetic=\"true\"}"
                  + " \\d+\n.*"),
          text);
      assertTrue(text.matches("(?s).*\ngpubench_memory_used_bytes\\{[^}]+} 67108864\n.*"), text);
      assertTrue(text.matches("(?s).*\ngpubench_memory_free_bytes\\{[^}]+} 1006632960\n.*"), text);
      assertTrue(text.contains("\n# TYPE DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION counter\n"), text);
      assertTrue(!text.contains("DCGM_FI_DEV_MEMORY_TEMP"), "absent, never 0");
      interrupt(running);
      assertEquals(130, running.exit());
      assertEquals("", running.err());
    }
  }

  /** As Ctrl-C does. */
  private static void interrupt(Running running) throws Exception {
    String pid = Long.toString(running.process.pid());
    assertEquals(0, new ProcessBuilder("kill", "-INT", pid).start().waitFor());
  }

  @Test
  void theViewEndsByCtrlC() throws Exception {
    try (var process = withoutNvml().within(HEEDING)) {
      Running running = process.start("monitor", "--device", "processors", "--interval", "10m");
      while (running.out().isEmpty() && running.isAlive()) {
        running.await(Duration.ofMillis(20));
      }
      interrupt(running);
      assertEquals(130, running.exit());
      assertEquals(1, running.out().lines().count());
    }
  }
}
