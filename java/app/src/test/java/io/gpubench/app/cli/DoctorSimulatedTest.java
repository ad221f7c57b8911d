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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The doctor where there is a GPU: the simulated device plays it, in a process of its own. */
@Timeout(120)
@ExtendWith(RecordedClasses.Ready.class)
class DoctorSimulatedTest {
  private static final Path SIMULATOR = CommandLineFixture.ROOT.resolve("native/build/cudasim");
  private static final String SMI = "sudo nvidia-smi -i GPU-67707562-656e-6368-2d73-696d756c6174 ";

  @TempDir private Path temp;
  private final Schema schema =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(
              CommandLineFixture.json(
                  CommandLineFixture.read(
                      CommandLineFixture.ROOT.resolve("configs/schemas/doctor.schema.json"))));

  @BeforeEach
  void requireTheSimulator() {
    boolean built = Files.exists(SIMULATOR.resolve("libnvidia-ml.so.1"));
    assertTrue(built || System.getenv("GPUBENCH_REQUIRE_HOST") == null, "no simulator");
    assumeTrue(built, "no simulator");
  }

  private Answer execute(String faults, String... arguments) {
    try (var process =
        new OwnProcess(temp)
            .property("gpubench.library.cuda=" + SIMULATOR.resolve("libcuda.so.1"))
            .property("gpubench.library.nvml=" + SIMULATOR.resolve("libnvidia-ml.so.1"))
            .variable("GPUBENCH_SIM_FAULTS", faults)) {
      return process.execute(arguments);
    }
  }

  private JsonNode findings(String faults) {
    Answer answer = execute(faults, "doctor", "--format", "json");
    assertEquals(0, answer.exit(), answer.err());
    JsonNode document = CommandLineFixture.json(answer.out());
    assertEquals(List.of(), schema.validate(document));
    assertTrue(document.path("usable").asBoolean());
    return document.path("findings");
  }

  private static Optional<JsonNode> ofDevice(JsonNode findings, String what) {
    return StreamSupport.stream(findings.spliterator(), false)
        .filter(one -> one.path("about").asString("").equals("device 0"))
        .filter(one -> one.path("what").asString().equals(what))
        .findFirst();
  }

  @Test
  void whatItsSensorsTellIsJudged() {
    JsonNode findings = findings("sensors frozen");
    JsonNode heat = ofDevice(findings, "temperature").orElseThrow();
    assertEquals("ok", heat.path("state").asString());
    assertEquals("41 C, slows down at 90 C", heat.path("detail").asString());
    JsonNode link = ofDevice(findings, "PCIe link").orElseThrow();
    assertEquals("warning", link.path("state").asString());
    assertTrue(link.path("effect").asString().contains("31.5 GB/s instead of 63.0"));
    assertEquals(
        "350 W, the default",
        ofDevice(findings, "power limit").orElseThrow().path("detail").asString());
    assertEquals(
        "ok", ofDevice(findings, "other processes").orElseThrow().path("state").asString());
  }

  @Test
  void aThrottledDeviceIsAWarning() {
    JsonNode throttling =
        ofDevice(findings("throttle 0ms hw_thermal_slowdown"), "throttling").orElseThrow();
    assertEquals("warning", throttling.path("state").asString());
    assertEquals("hw-thermal-slowdown now", throttling.path("detail").asString());
  }

  @Test
  void sentinelsAndRefusalsAreUnknownAndNeverZero() {
    for (String faults :
        new String[] {
          "sensors sentinel", "sensors absent", "fail nvmlDeviceGetTemperature * code 999"
        }) {
      JsonNode findings = findings(faults);
      for (String what : new String[] {"power limit", "temperature", "ECC", "clocks"}) {
        JsonNode finding =
            ofDevice(findings, what).orElseThrow(() -> new AssertionError(faults + what));
        boolean asked = faults.startsWith("sensors") || what.equals("temperature");
        assertTrue(!asked || finding.path("state").asString().equals("unknown"), faults + finding);
      }
    }
  }

  /** The device's own line, which has no indent. */
  private static String stateOfDevice(JsonNode findings) {
    return StreamSupport.stream(findings.spliterator(), false)
        .filter(one -> one.path("what").asString().equals("device 0"))
        .findFirst()
        .orElseThrow()
        .path("state")
        .asString();
  }

  @ParameterizedTest
  @CsvSource({
    "fail nvmlDeviceGetHandleByUUID * code 15, nvmlDeviceGetHandleByUUID",
    "fail nvmlDeviceGetTemperature * code 15, nvmlDeviceGetTemperature",
    "fail nvml * code 999, nvmlInit_v2()"
  })
  void aDeviceThatDoesNotAnswerIsAWarning(String faults, String message) {
    JsonNode findings = findings(faults);
    assertEquals("warning", stateOfDevice(findings));
    JsonNode nvml = ofDevice(findings, "NVML").orElseThrow();
    assertEquals("warning", nvml.path("state").asString());
    assertTrue(nvml.path("detail").asString().contains(message), nvml.toString());
    assertFalse(nvml.path("effect").isNull());
  }

  @Test
  void ofAPartOfADividedDeviceTheWholeIsJudged() {
    JsonNode findings = findings("sensors frozen; fail nvmlDeviceGetHandleByUUID * code 6");
    assertEquals("ok", stateOfDevice(findings));
    assertEquals(
        "350 W, the default",
        ofDevice(findings, "power limit").orElseThrow().path("detail").asString());
  }

  @Test
  void aDeviceThatNvmlDoesNotKnowIsUnknown() {
    JsonNode findings =
        findings(
            "fail nvmlDeviceGetHandleByUUID * code 6; fail nvmlDeviceGetPciInfo_v3 * code 999");
    assertEquals("unknown", stateOfDevice(findings));
    assertEquals(
        "it does not know this device",
        ofDevice(findings, "NVML").orElseThrow().path("detail").asString());
  }

  @Test
  void theTableSaysWhatHelpsBelow() {
    Answer answer = execute("sensors live", "doctor");
    assertEquals(0, answer.exit(), answer.err());
    assertTrue(
        answer.out().matches("(?s).*\n  persistence +ok +the driver stays loaded\n.*"),
        answer.out());
    assertTrue(
        answer.out().matches("(?s).*\nWhat that does to numbers.*\n  device 0, clocks: .*"),
        answer.out());
    assertTrue(answer.out().contains("\n      gpubench doctor --lock-clocks\n"), answer.out());
    answer
        .out()
        .lines()
        .dropWhile(line -> !line.startsWith("What that does"))
        .forEach(line -> assertTrue(line.length() <= 100, line));
  }

  @Test
  void clocksAreLockedByTheUserAlone() {
    Answer answer = execute("sensors live", "doctor", "--lock-clocks");
    assertEquals(0, answer.exit(), answer.err());
    assertTrue(answer.out().startsWith("# gpubench changes no setting of a device."));
    assertTrue(answer.out().contains("\n" + SMI + "-lgc 1800,1800\n" + SMI + "-lmc 2600,2600\n"));
    assertTrue(answer.out().endsWith("\n# To undo it:\n" + SMI + "-rgc\n" + SMI + "-rmc\n"));
    assertFalse(answer.out().contains("engine"), "nothing else is looked at");
  }

  @Test
  void aDeviceThatDoesNotAnswerIsALineOfItsOwn() {
    Answer answer = execute("fail nvmlDeviceGetHandleByUUID * code 15", "doctor", "--lock-clocks");
    assertEquals(0, answer.exit(), answer.err());
    assertTrue(
        answer.out().contains("\n# it does not answer: nvmlDeviceGetHandleByUUID("), answer.out());
    assertFalse(answer.out().contains("sudo"), answer.out());
  }

  @Test
  void withoutAGpuThereAreNoClocksToLock() {
    try (var process =
        new OwnProcess(temp)
            .property("gpubench.library.cuda=" + temp.resolve("libcuda.so.1"))
            .property("gpubench.library.nvml=" + temp.resolve("libnvidia-ml.so.1"))) {
      Answer answer = process.execute("doctor", "--lock-clocks");
      assertEquals(3, answer.exit());
      assertEquals("", answer.out());
      assertTrue(answer.err().startsWith("gpubench: no GPU: native library 'nvml' not found"));
      assertEquals(1, answer.err().lines().count(), answer.err());
    }
  }
}
