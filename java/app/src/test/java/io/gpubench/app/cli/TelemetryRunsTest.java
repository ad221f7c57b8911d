// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * Whole runs whose sensors are recorded: what is in the record, and what becomes of bad sensors.
 */
@Timeout(180)
@ExtendWith(RecordedClasses.Ready.class)
class TelemetryRunsTest {
  private static final Path DRIVER =
      CommandLineFixture.ROOT.resolve("native/build/cudasim/libcuda.so.1");

  @TempDir private Path temp;

  @BeforeEach
  void requireTheSimulator() {
    boolean built = Files.exists(DRIVER);
    assertTrue(built || System.getenv("GPUBENCH_REQUIRE_HOST") == null, DRIVER + " is not built");
    assumeTrue(built, DRIVER + " is not built");
  }

  /** A gap with a name, in the file and in the record; FaultRunsTest has the other scripts. */
  @ParameterizedTest
  @CsvSource({
    "sensor-refused, powerInstantWatts, no-permission",
    "sensor-frozen, powerInstantWatts, frozen",
  })
  void aSensorThatCannotBeBelievedIsAGapWithAName(String script, String sensor, String gap)
      throws IOException {
    // on a busy machine a sensor may seem dear, and is read once a second then
    JsonNode telemetry = telemetry(run(0, script, "--duration=4s", "--samples=1000000"));
    JsonNode part = telemetry.at("/sensors/" + sensor);
    assertEquals(gap, part.at("/missing").asString(), telemetry.toString());
    assertEquals(0, part.at("/readings").asInt());
    for (String statistic : List.of("min", "mean", "max")) {
      assertTrue(part.at("/" + statistic).isNull(), part.toString());
    }
    assertTrue(
        telemetry
            .at("/gaps")
            .valueStream()
            .anyMatch(each ->
                each.at("/sensor").asString().equals(sensor)
                    && each.at("/reason").asString().equals(gap)),
        telemetry.at("/gaps").toString());
    List<String> cells = cells(telemetry.at("/file").asString(), sensor);
    assertTrue(cells.contains(gap), cells.toString());
    assertTrue(
        cells.stream().allMatch(cell -> cell.isEmpty() || cell.equals(gap)), cells.toString());
  }

  @Test
  void theSeriesOfADeviceThatIsLostEndInAGap() throws IOException {
    String script = script("- sensors: live", "- lostDevice: {after: 8s}");
    JsonNode run = run(3, script, "--duration=30s", "--samples=1000000");
    assertEquals("Failed", run.at("/records/0/outcome").asString());
    JsonNode telemetry = telemetry(run);
    List<String> cells = cells(telemetry.at("/file").asString(), "powerInstantWatts");
    assertEquals("lost", cells.getLast());
    assertFalse(cells.getFirst().equals("lost"), cells.toString());
  }

  @Test
  void liveSensorsAreJoinedToTheSamplesAndTellTheirEnergy() throws IOException {
    String script =
        script(
            "- sensors: live",
            "- sensor: {name: energy, updates: 60ms}",
            "- throttle: {after: 1500ms, reason: sw-power-cap}");
    JsonNode run = run(0, script, "--duration=4s", "--samples=1000000");
    JsonNode telemetry = telemetry(run);
    JsonNode clock = telemetry.at("/sensors/clockMegahertz");
    assertTrue(clock.at("/readings").asInt() > 0, telemetry.toString());
    assertTrue(clock.at("/mean").asDouble() > 500, clock.toString());
    double update = telemetry.at("/sensors/energyJoules/updateSeconds").asDouble();
    assertTrue(update >= 0.05, "not sooner than the script says: " + update);
    JsonNode energy = telemetry.at("/energy");
    assertTrue(energy.isObject(), telemetry.at("/energyWhyNot").asString(""));
    assertTrue(energy.at("/lower").asDouble() <= energy.at("/joulesPerUnit").asDouble());
    assertTrue(energy.at("/joulesPerUnit").asDouble() <= energy.at("/upper").asDouble());
    JsonNode throttled = telemetry.at("/throttled/0");
    assertEquals("sw-power-cap", throttled.at("/reason").asString(), telemetry.toString());
    assertTrue(throttled.at("/first").asInt() <= throttled.at("/last").asInt());
    assertTrue(telemetry.at("/cost/medianNanos").asLong() > 0);
    String shown = Evidence.execute("show", store().toString()).out();
    assertTrue(shown.contains(" per unit of work (messages)"), shown);
    assertTrue(shown.contains("\nsensors: "), shown);
    String csv = Evidence.execute("show", store().toString(), "--format=csv").out();
    assertTrue(csv.lines().findFirst().orElse("").contains(",joulesPerUnit,"), csv);
  }

  @Test
  void telemetryCanBeTurnedOff() throws IOException {
    JsonNode run = run(0, "sensor-frozen", "--samples=20", "--telemetry=off");
    assertTrue(run.at("/records/0/processes/0/telemetry").isMissingNode(), run.toString());
    assertFalse(run.at("/engines/0/telemetry").asBoolean(true));
    assertTrue(Files.notExists(store().resolve("telemetry")));
    Answer answer = Evidence.execute("run", "consensus", "--telemetry=maybe");
    assertEquals(2, answer.exit());
    assertEquals("gpubench: --telemetry: expected on or off, found 'maybe'\n", answer.err());
  }

  @Test
  void aSideOfADuetCanBeWithoutSoThatItsEffectIsMeasured() throws IOException {
    Answer answer =
        Evidence.execute(
            "duet",
            "engine=cuda,device=sim",
            "engine=cuda,device=sim,telemetry=off",
            "consensus",
            "--duets=1",
            "--samples=50",
            "--set=consensus.validators=50",
            "--ceilings=off",
            "--out=" + temp.resolve("store"));
    assertEquals(0, answer.exit(), answer.err());
    JsonNode run = document();
    assertTrue(run.at("/records/0/processes/0/telemetry/polls").asInt() > 0);
    assertTrue(run.at("/records/1/processes/0/telemetry").isMissingNode());
    Answer verified = Evidence.execute("verify", store().toString());
    assertEquals(0, verified.exit(), verified.out());
  }

  private String script(String... faults) throws IOException {
    Path file = temp.resolve("script.yaml");
    Files.writeString(
        file,
        "schema: 1\ndescription: for a test\nfaults:\n  " + String.join("\n  ", faults) + "\n");
    return file.toString();
  }

  private JsonNode run(int exit, String script, String... options) throws IOException {
    var arguments =
        new ArrayList<>(
            List.of(
                "run",
                "consensus",
                "--device=sim",
                "--warmup=5",
                "--repetitions=1",
                "--set=consensus.validators=50",
                "--ceilings=off",
                "--faults=" + script,
                "--out=" + temp.resolve("store")));
    arguments.addAll(List.of(options));
    Answer answer = Evidence.execute(arguments.toArray(String[]::new));
    assertEquals(exit, answer.exit(), answer.err());
    Answer verified = Evidence.execute("verify", store().toString());
    assertEquals(0, verified.exit(), verified.out());
    return document();
  }

  private static JsonNode telemetry(JsonNode run) {
    JsonNode telemetry = run.at("/records/0/processes/0/telemetry");
    assertTrue(telemetry.isObject(), run.toString());
    return telemetry;
  }

  private Path store() throws IOException {
    try (Stream<Path> runs = Files.list(temp.resolve("store"))) {
      return runs.findFirst().orElseThrow();
    }
  }

  private JsonNode document() throws IOException {
    return CommandLineFixture.json(Files.readString(store().resolve("run.json")));
  }

  /** A column of the file. */
  private List<String> cells(String file, String sensor) throws IOException {
    List<String> lines = Files.readAllLines(store().resolve(file));
    int column = List.of(lines.getFirst().split(",", -1)).indexOf(sensor);
    assertTrue(column > 0, lines.getFirst());
    return lines.stream().skip(1).map(line -> line.split(",", -1)[column]).toList();
  }
}
