// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.app.faults.DriverWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * Whole runs with faults of each kind: what becomes of them, that what was measured before is kept,
 * that nothing is left behind, and that the evidence verifies.
 */
@Timeout(180)
@ExtendWith(RecordedClasses.Ready.class)
class FaultRunsTest {
  private static final Path DRIVER =
      CommandLineFixture.ROOT.resolve("native/build/cudasim/libcuda.so.1");

  @TempDir private Path temp;

  @BeforeEach
  void requireTheSimulator() {
    boolean built = Files.exists(DRIVER);
    assertTrue(built || System.getenv("GPUBENCH_REQUIRE_HOST") == null, DRIVER + " is not built");
    assumeTrue(built, DRIVER + " is not built");
  }

  @Test
  void aCallThatFailsCostsOneProcessAndTheRecordTellsWhy() {
    JsonNode run = measured(3, "out-of-memory-late", "--repetitions=3");
    JsonNode record = run.at("/records/0");
    assertEquals("Failed", record.at("/outcome").asString());
    assertEquals("Measured", record.at("/processes/0/outcome").asString());
    assertEquals(20, record.at("/processes/0/sampleCount").asInt());
    assertNotEquals(0, record.at("/statistics/median").asDouble());
    assertEquals("Failed", record.at("/processes/1/outcome").asString());
    assertEquals("engine", record.at("/processes/1/failure/kind").asString());
    assertEquals(
        "cuMemAlloc_v2(128 bytes) failed: CUDA_ERROR_OUT_OF_MEMORY (2): by fault script: fail"
            + " cuMemAlloc_v2 2 code 2",
        run.at("/records/0/reason").asString());
    assertEquals(2, run.at("/records/0/processes").size(), "what failed is not repeated");
    JsonNode faults = run.at("/conditions/faults");
    assertEquals("out-of-memory-late", faults.at("/name").asString());
    assertEquals(2, faults.at("/process").asInt());
    assertEquals("fail cuMemAlloc_v2 2 code 2", faults.at("/rules/0").asString());
    String line =
        "\nFAULTS: out-of-memory-late (fail cuMemAlloc_v2 2 code 2) in process 2 of each run\n";
    Answer shown = Evidence.execute("show", run("store").toString());
    assertTrue(shown.out().contains(line), shown.out());
    Answer csv = Evidence.execute("show", run("store").toString(), "--format=csv");
    assertTrue(csv.out().lines().toList().get(1).contains(",out-of-memory-late,"), csv.out());
  }

  @Test
  void onlyWhatIsTooLargeRunsOutOfMemoryAndFrozenSensorsAreBelieved() throws IOException {
    JsonNode run =
        measured(
            3,
            script("- outOfMemory: {from: 100 KiB}", "- sensors: frozen"),
            "--set=consensus.validators=100,5000",
            "--repetitions=1");
    for (JsonNode record : run.at("/records")) {
      JsonNode process = record.at("/processes/0");
      if (record.at("/parameters/validators").asLong() == 5000) {
        assertEquals("Failed", record.at("/outcome").asString());
        String reason = record.at("/reason").asString();
        assertTrue(reason.contains(" failed: CUDA_ERROR_OUT_OF_MEMORY (2)"), reason);
      } else {
        assertEquals("Measured", record.at("/outcome").asString());
        JsonNode before = process.at("/telemetryBefore");
        assertEquals(41, before.at("/temperatureCelsius").asDouble());
        assertEquals(96, before.at("/powerWatts").asDouble());
        assertEquals("[]", before.at("/throttledBy").toString());
        assertEquals(before, process.at("/telemetryAfter"));
      }
    }
  }

  @Test
  void aKernelThatFailsLosesTheContext() throws IOException {
    JsonNode run =
        measured(
            3,
            script("- fail: {launch: 3, code: CUDA_ERROR_ILLEGAL_ADDRESS}", "- sensors: absent"),
            "--repetitions=2",
            "--path=graph");
    assertEquals(
        "lost-device: cuStreamSynchronize() failed: CUDA_ERROR_ILLEGAL_ADDRESS (700): by fault script:"
            + " fail launch 3 code 700",
        run.at("/records/0/reason").asString());
    assertEquals("lost-device", run.at("/records/0/processes/0/failure/kind").asString());
    assertEquals(1, run.at("/records/0/processes").size(), "what failed is not repeated");
    assertTrue(run.at("/records/0/processes/0/telemetryBefore").isNull(), "nothing is invented");
  }

  @Test
  void aLostDeviceIsLostAgainInAReplay() throws IOException {
    String script = script("- lostDevice: {call: 100}");
    JsonNode run = measured(3, script, "--repetitions=1");
    String reason = run.at("/records/0/reason").asString();
    assertTrue(reason.startsWith("lost-device: cu"), reason);
    assertTrue(
        reason.endsWith("CUDA_ERROR_DEVICE_UNAVAILABLE (46): by fault script: lost 100"), reason);
    Files.delete(Path.of(script));
    Answer answer =
        OwnProcess.execute(
            temp, "replay", run("store").toString(), "--no-key", "--out=" + temp.resolve("again"));
    assertEquals(3, answer.exit(), answer.err());
    assertTrue(answer.out().contains("\nFAULTS: script (lost 100)\n"), answer.out());
    JsonNode again = document("again");
    assertEquals(run.at("/conditions/faults"), again.at("/conditions/faults"));
    assertEquals("lost-device", again.at("/records/0/processes/0/failure/kind").asString());
    assertVerifies("again");
  }

  @Test
  void aKernelThatNeverEnds() throws IOException {
    JsonNode run =
        measured(3, script("- hungKernel: {launch: 3}"), "--repetitions=1", "--timeout=4s");
    assertEquals("timeout", run.at("/records/0/processes/0/failure/kind").asString());
    String reason = run.at("/records/0/reason").asString();
    assertTrue(
        reason.matches(
            "timeout: the worker of 'cuda' said nothing for ([4-9]|[0-9]{2,})\\.[0-9] s.*; the last it wrote:"
                + " cuStreamSynchronize\\(\\) waits for the device: a kernel or a copy is still running"),
        reason);
  }

  /** Besides, the device knows every word that a script can have. */
  @Test
  void aNumberThatStandsForNothingIsNotMeasured() throws IOException {
    var faults = new ArrayList<>(List.of("- sensors: sentinel"));
    var words = DriverWords.vocabulary();
    words
        .codes()
        .forEach((library, codes) -> {
          for (String name : codes.keySet()) {
            faults.add(
                "- fail: {library: %s, call: 1000000000, code: %s}".formatted(library, name));
          }
          for (String name : words.functions().getOrDefault(library, List.of())) {
            if (!words.unfailing().contains(name)) {
              faults.add("- fail: {function: %s, call: 1000000000, code: 999}".formatted(name));
            }
          }
        });
    assertTrue(faults.size() > 200, faults.toString());
    JsonNode run = measured(0, script(faults.toArray(String[]::new)), "--repetitions=1");
    JsonNode process = run.at("/records/0/processes/0");
    assertTrue(process.at("/telemetryBefore").isNull(), process.toString());
    assertTrue(process.at("/telemetryAfter").isNull(), process.toString());
    String description = run.at("/engines/0/description").toString();
    assertFalse(description.contains("4294967"), description);
    for (String unknown : List.of("ecc", "AtStart", "powerLimit", "maxClock", "maxPcie")) {
      assertFalse(description.contains("\"" + unknown), description);
    }
  }

  /** Each way in which a sensor is of no use is a gap with a name, and nothing else is lost. */
  @ParameterizedTest
  @CsvSource({
    "nvml-missing, 'temperatureCelsius=absent,powerInstantWatts=absent,energyJoules=absent'",
    "nvml-old, 'temperatureCelsius=too-old,powerInstantWatts=too-old,clockMegahertz='",
    "sensor-refused, 'energyJoules=not-supported,powerInstantWatts=no-permission,clockMegahertz='",
    "sensor-sentinel, 'energyJoules=sentinel,powerInstantWatts=sentinel,clockMegahertz=sentinel,"
        + "temperatureCelsius=sentinel,memoryClockMegahertz='",
    "sensor-frozen, 'powerInstantWatts=frozen,energyJoules=,temperatureCelsius='",
  })
  void aSensorThatIsOfNoUseIsAGapWithAName(String script, String gaps) {
    JsonNode run = measured(0, script, "--repetitions=1", "--samples=1000000", "--duration=1500ms");
    JsonNode telemetry = run.at("/records/0/processes/0/telemetry");
    for (String each : gaps.split(",")) {
      String[] words = each.split("=", -1);
      JsonNode sensor = telemetry.at("/sensors/" + words[0]);
      assertEquals(words[1], sensor.at("/missing").asString(""), words[0] + ": " + sensor);
      assertEquals(!words[1].isEmpty(), sensor.at("/readings").asInt() == 0, sensor.toString());
    }
  }

  /** CUDA goes on, so that the series do too. */
  @Test
  void aCardThatIsLostWhileItIsPolledIsAGapFromThenOn() throws IOException {
    JsonNode run =
        measured(
            0,
            script("- sensors: live", "- lostDevice: {after: 2500ms, noticedBy: nvml}"),
            "--repetitions=1",
            "--samples=1000000",
            "--duration=4s");
    JsonNode telemetry = run.at("/records/0/processes/0/telemetry");
    List<String> lost =
        telemetry
            .at("/gaps")
            .valueStream()
            .filter(gap -> gap.at("/reason").asString().equals("lost"))
            .map(gap -> gap.at("/sensor").asString())
            .toList();
    assertTrue(
        lost.containsAll(List.of("powerInstantWatts", "energyJoules", "temperatureCelsius")),
        telemetry.toString());
  }

  @Test
  void aSlowLinkAnOldDriverAndThrottlingOnlyChangeTheTimes() throws IOException {
    JsonNode run =
        measured(
            0,
            script(
                "- slowLink: {bytesPerSecond: 1e9, latency: 1ms}",
                "- sensors: live",
                "- throttle: {after: 0ms, reason: sw-thermal-slowdown}",
                "- oldDriver: {cuda: 11.4, lacks: [cuFuncLoad, nvmlSystemGetProcessName]}"),
            "--repetitions=1",
            "--duration=400ms");
    JsonNode record = run.at("/records/0");
    assertEquals("Measured", record.at("/outcome").asString());
    // a round is copied to the device, and its result back
    assertTrue(record.at("/statistics/min").asLong() >= 2_000_000, record.toString());
    assertEquals("11.4", run.at("/engines/0/description/cudaOfDriver").asString());
    for (String moment : List.of("telemetryBefore", "telemetryAfter")) {
      JsonNode telemetry = record.at("/processes/0/" + moment);
      assertEquals("[\"sw-thermal-slowdown\"]", telemetry.at("/throttledBy").toString());
      assertTrue(telemetry.at("/temperatureCelsius").asDouble() >= 90, telemetry.toString());
      assertTrue(telemetry.at("/clockMegahertz").asDouble() < 1200, telemetry.toString());
    }
    Answer shown = Evidence.execute("show", run("store").toString());
    // it never recovers, so that after a quarter of the time what there is is taken, and said
    JsonNode throttling = record.at("/processes/0/throttling");
    assertTrue(throttling.at("/boundReached").asBoolean(), throttling.toString());
    assertEquals(record.at("/sampleCount"), throttling.at("/throttledSamples"));
    assertTrue(throttling.at("/lostSeconds").asDouble() >= 0.1, throttling.toString());
    assertTrue(record.at("/sampleCount").asLong() > 0);
    String note =
        "\n* " + record.at("/id").asString() + ": throttled: sw-thermal-slowdown; 0 samples were";
    assertTrue(shown.out().contains(note), shown.out());
    String kept =
        "; %1$d of %1$d samples were taken while it was slowed down, and kept, since it did not recover"
            .formatted(record.at("/sampleCount").asLong());
    assertTrue(shown.out().contains(kept), shown.out());
    assertTrue(shown.out().contains("Measured *"), shown.out());
    Answer csv = Evidence.execute("show", run("store").toString(), "--format=csv");
    assertTrue(csv.out().contains(",sw-thermal-slowdown,script,"), csv.out());
  }

  @Test
  void whereTheQueueIsShortGroupsAreSmaller() {
    JsonNode run = measured(0, "short-queue", "--repetitions=1", "--clock=device");
    JsonNode process = run.at("/records/0/processes/0");
    assertTrue(process.at("/sampleCount").asInt() >= 20, process.toString());
  }

  @Test
  void andBatchesHaveFewerPieces() {
    JsonNode batch = measured(0, "short-queue", "--repetitions=1", "--clock=batch");
    int pieces = batch.at("/records/0/pieces").asInt();
    assertTrue(pieces > 1 && pieces < 24, "in a queue of 24: " + pieces);
  }

  @Test
  void aClockThatDoesNotKeepTimeMeasuresNothing() {
    JsonNode slow = measured(3, "slow-clock", "--repetitions=1", "--clock=device");
    String reason = slow.at("/records/0/reason").asString();
    assertTrue(reason.matches(".*the device's clock runs at 0\\.(49|50) of the host's.*"), reason);
  }

  @Test
  void norDoesOneThatStandsStill() throws IOException {
    JsonNode still =
        measured(3, script("- deviceClock: {percent: 0}"), "--repetitions=1", "--clock=batch");
    assertEquals(
        "the device's clock stands still: its events cannot time anything",
        still.at("/records/0/reason").asString());
  }

  @Test
  void samplesOfADeviceThatIsTooHotAreDiscardedUntilItHasRecovered() {
    JsonNode run =
        measured(0, "overheating", "--repetitions=1", "--duration=8s", "--samples=1000000");
    JsonNode process = run.at("/records/0/processes/0");
    assertEquals("Measured", process.at("/outcome").asString());
    assertEquals("time", process.at("/stop").asString());
    assertTrue(process.at("/discards/throttled: sw-thermal-slowdown").asLong() > 0, run.toString());
    assertTrue(process.at("/discards/warm-up after a pause").asLong() > 0, run.toString());
    JsonNode throttling = process.at("/throttling");
    assertTrue(throttling.at("/seen/sw-thermal-slowdown").asLong() > 0, throttling.toString());
    assertFalse(throttling.at("/boundReached").asBoolean(), throttling.toString());
    assertEquals(0, throttling.at("/throttledSamples").asLong(), "none of them counts");
    double lost = throttling.at("/lostSeconds").asDouble();
    assertTrue(lost > 0.4 && lost < 2.5, throttling.toString());
    Answer shown = Evidence.execute("show", run("store").toString());
    assertTrue(shown.out().contains(": throttled: sw-thermal-slowdown; "), shown.out());
    assertTrue(shown.out().contains(" samples were discarded, and "), shown.out());
    String fewer = " of 1,000,000 samples: a sample takes ";
    assertTrue(shown.out().contains(fewer), shown.out());
    assertTrue(shown.out().contains("; its share is 8 s, of which "), shown.out());
  }

  @Test
  void aDriverThatIsTooOldIsRefused() {
    Answer answer = execute("run", "consensus", "--device=sim", "--faults=too-old-driver");
    assertEquals(3, answer.exit(), answer.err());
    assertEquals(
        "gpubench: no engine: cuda: native library 'cuda' lacks cuGraphLaunch; install a driver for"
            + " CUDA 11.4 or newer\n",
        answer.err());
    assertTrue(Files.notExists(temp.resolve("store")), "nothing was measured");
  }

  @Test
  void aDuetKeepsWhatWasPlayedBeforeAMemoryErrorThatCannotBeCorrected() {
    Answer answer =
        execute(
            "duet",
            "engine=cuda,device=sim",
            "engine=cuda,device=sim,path=graph",
            "consensus",
            "--faults=ecc-error",
            "--duets=2",
            "--samples=100",
            "--set=consensus.validators=100");
    assertEquals(3, answer.exit(), answer.err());
    assertTrue(answer.out().contains("\nFAULTS: ecc-error (ecc 100) in process 2"), answer.out());
    JsonNode run = document("store");
    assertEquals(2, run.at("/duets/0/played").size());
    assertTrue(run.at("/duets/0/played/0/reason").isNull(), run.at("/duets").toString());
    String reason = run.at("/duets/0/played/1/reason").asString();
    assertTrue(
        reason.contains("CUDA_ERROR_ECC_UNCORRECTABLE (214): by fault script: ecc 100"), reason);
    var kinds = new ArrayList<String>();
    for (JsonNode record : run.at("/records")) {
      assertEquals("Measured", record.at("/processes/0/outcome").asString());
      kinds.add(record.at("/processes/1/failure/kind").asString());
    }
    assertTrue(kinds.contains("lost-device"), kinds.toString());
    assertVerifies("store");
  }

  /** The document of a run that was measured to its end, verified. */
  private JsonNode measured(int exit, String script, String... options) {
    var arguments = new ArrayList<>(List.of("run", "consensus", "--device=sim", "--warmup=5"));
    if (List.of(options).stream().noneMatch(option -> option.startsWith("--samples"))) {
      arguments.add("--samples=20");
    }
    if (List.of(options).stream().noneMatch(option -> option.startsWith("--set"))) {
      arguments.add("--set=consensus.validators=100");
    }
    arguments.add("--set=consensus.tags=none");
    arguments.add("--faults=" + script);
    arguments.addAll(List.of(options));
    Answer answer = execute(arguments.toArray(String[]::new));
    assertEquals(exit, answer.exit(), answer.err());
    assertFalse(answer.err().contains("internal error"), answer.err());
    assertTrue(answer.out().contains("\nFAULTS: "), answer.out());
    JsonNode run = document("store");
    assertEquals("complete", run.at("/status").asString());
    assertTrue(run.at("/records/0/synthetic").asBoolean());
    assertVerifies("store");
    return run;
  }

  private Answer execute(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--no-key", "--out=" + temp.resolve("store")));
    return OwnProcess.execute(temp, all.toArray(String[]::new));
  }

  private Path run(String store) {
    return CommandLineFixture.onlyEntry(temp.resolve(store));
  }

  /** The run in a store; no process of it is left. */
  private JsonNode document(String store) {
    JsonNode run =
        CommandLineFixture.validRun(CommandLineFixture.read(run(store).resolve("run.json")));
    for (JsonNode record : run.at("/records")) {
      for (JsonNode process : record.at("/processes")) {
        long pid = process.at("/pid").asLong();
        assertTrue(ProcessHandle.of(pid).isEmpty(), process.toString());
      }
    }
    return run;
  }

  private void assertVerifies(String store) {
    Answer answer = Evidence.verify(List.of(run(store)), List.of());
    assertEquals(0, answer.exit(), answer.out() + answer.err());
  }

  private String script(String... faults) throws IOException {
    Path file = temp.resolve("script.yaml");
    return Files.writeString(file, "schema: 1\nfaults:\n" + String.join("\n", faults) + "\n")
        .toString();
  }
}
