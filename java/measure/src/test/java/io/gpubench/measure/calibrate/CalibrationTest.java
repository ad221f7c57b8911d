// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.calibrate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.ceiling.HardwareIdentity;
import io.gpubench.measure.result.DuetComparison.LogRatios;
import io.gpubench.measure.result.RunJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class CalibrationTest {
  private static final Path FILE = Path.of("calibration.json");
  private static final HardwareIdentity MACHINE =
      new HardwareIdentity("processors", Map.of("model", "a processor"));

  private static String json(Calibration... calibrations) {
    return RunJson.pretty(KeptCalibrations.of(MACHINE, List.of(calibrations)));
  }

  @Test
  void aQuietMachineRaisesNoAlarmAndFindsWhatIsInjected() {
    Calibration made = Gates.calibration(new Gates(0.02, 1).play(60, 60, 1.1), "complete");
    Calibration.FalseAlarms alarms = Objects.requireNonNull(made.falseAlarms());
    assertEquals(0, alarms.rate().hits());
    assertEquals(60, alarms.rate().gates());
    assertEquals(60, alarms.same() + alarms.inconclusive());
    assertEquals(59, alarms.gatesNeeded());
    Calibration.Injected injected = Objects.requireNonNull(made.injected());
    assertEquals(60, injected.rate().hits(), "either side");
    assertEquals(0, injected.wrongSide());
    assertEquals(1.1, injected.realised(), 0.005);
    assertTrue(Objects.requireNonNull(injected.lower()) < 1.1);
    assertTrue(Objects.requireNonNull(injected.upper()) > 1.1);
    Spread median = Objects.requireNonNull(made.spreads().get("median"));
    assertEquals(0.02, median.spread(), 0.002);
    assertTrue(median.lower() < 0.0205 && 0.0205 < median.upper(), median.toString());
    Spread p95 = Objects.requireNonNull(made.spreads().get("p95"));
    assertEquals(0.02 * Math.sqrt(5), p95.spread(), 0.005);
    assertEquals(made.equalDuets(), p95.duets());
    assertNotNull(made.detectable());
    assertEquals(2.5, Objects.requireNonNull(made.effort()).secondsOfGate());
  }

  /** Seeded: an error of at most 5 % a gate, and far below it as was simulated. */
  @Test
  void aNoisyMachineRaisesFewAlarmsAndFindsLess() {
    Calibration made = Gates.calibration(new Gates(0.15, 2).play(200, 40, 1.1), "interrupted");
    Calibration.FalseAlarms alarms = Objects.requireNonNull(made.falseAlarms());
    assertTrue(alarms.rate().hits() <= 10, alarms.toString());
    Calibration.Injected injected = Objects.requireNonNull(made.injected());
    assertTrue(injected.rate().hits() < 20, injected.toString());
    assertNull(made.detectable(), "there is no time for it");
  }

  @Test
  void whatDoesNotCountIsShownAndNotCounted() {
    var gates = new ArrayList<>(new Gates(0.02, 3).play(2, 0, 1.1));
    PlayedGate last = gates.removeLast();
    gates.add(
        new PlayedGate(
            2,
            last.run(),
            null,
            null,
            "stopped on request",
            "Inconclusive",
            null,
            1,
            3,
            last.duets().subList(0, 3)));
    Calibration made = Gates.calibration(gates, "interrupted");
    assertEquals(1, Objects.requireNonNull(made.falseAlarms()).rate().gates());
    assertNull(made.injected());
    assertEquals(2, made.gates().size());
    assertEquals(gates.getFirst().duets().size() + 3, made.equalDuets());
    Calibration nothing = Gates.calibration(List.of(gates.getLast()), "interrupted");
    assertNull(nothing.falseAlarms());
    assertNull(nothing.effort());
    assertEquals(Map.of(), nothing.spreads());
  }

  @Test
  void aReaderComputesTheSameFromTheFile() throws IOException {
    Calibration made = Gates.calibration(new Gates(0.03, 4).play(6, 4, 1.08), "complete");
    String text = json(made);
    KeptCalibrations read = Calibrations.parse(FILE, text.getBytes(UTF_8));
    assertEquals(text, json(read.calibrations().getFirst().recomputed()));
    Path schema =
        Path.of(System.getProperty("gpubench.root"), "configs/schemas/calibration.schema.json");
    var mapper = JsonMapper.shared();
    assertEquals(
        List.of(),
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(mapper.readTree(Files.readString(schema)))
            .validate(mapper.readTree(text)));
  }

  @Test
  void aVerdictThatDoesNotFollowFromTheDuetsIsNotBelieved() {
    Calibration made = Gates.calibration(new Gates(0.02, 5).play(1, 0, 1.1), "interrupted");
    String forged = json(made).replace("\"verdict\" : \"Same\"", "\"verdict\" : \"Changed\"");
    Calibration read = Calibrations.parse(FILE, forged.getBytes(UTF_8)).calibrations().getFirst();
    assertTrue(read.gates().getFirst().changed());
    Calibration anew = read.recomputed();
    assertEquals(0, Objects.requireNonNull(anew.falseAlarms()).rate().hits());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "gpubench.calibration/1" | "gpubench.ceilings/1"
          "alpha" : 0.05           | "alpha" : 5
          "median" : 0.05          | "medium" : 0.05
          "median" : 0.05          | "median" : 0
          "confirmations" : 10     | "confirmations" : 1000000000
          "firstStage" : 8         | "firstStage" : 80
          "p95" : -                | "p95" : 1e999
          "seconds" : 2.5          | "seconds" : NaN
          "number" : 1             | "numbers" : 1
          """)
  void aFileThatMakesNoSenseIsOneLine(String from, String to) {
    Calibration made = Gates.calibration(new Gates(0.02, 5).play(2, 0, 1.1), "interrupted");
    String text = json(made);
    assertTrue(text.contains(from.strip()), text);
    byte[] wrong = text.replaceFirst(java.util.regex.Pattern.quote(from), to).getBytes(UTF_8);
    var refused = assertThrows(ResultFormatException.class, () -> Calibrations.parse(FILE, wrong));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.startsWith("calibration.json:"), message);
    assertEquals(1, message.lines().count(), message);
  }

  @Test
  void gatesAreAddedToThoseOfTheSameOnly() {
    List<PlayedGate> all = new Gates(0.02, 6).play(4, 2, 1.1);
    Calibration first = Gates.calibration(all.subList(0, 3), "interrupted");
    Calibration more = Gates.calibration(all.subList(3, 6), "interrupted");
    Calibration both = first.plus(more);
    assertEquals(all, both.gates());
    assertEquals("interrupted", both.ended());
    assertEquals(4, Objects.requireNonNull(both.falseAlarms()).rate().gates());
    assertEquals(2, Objects.requireNonNull(both.injected()).rate().gates());
    var other =
        new Calibration(
            Gates.subject("host", 401),
            first.rule(),
            first.asked(),
            first.measuredAt(),
            1,
            "complete",
            1,
            null,
            null,
            Map.of(),
            null,
            null,
            List.of());
    assertThrows(ConfigException.class, () -> first.plus(other), "by more samples");
    Calibration slower = made(first, new Calibration.Asked(1, 1, 1.2));
    assertThrows(ConfigException.class, () -> first.plus(slower), "by another slowdown");
    Calibration none = made(first, new Calibration.Asked(1, 0, null));
    assertEquals(1.1, none.plus(more).asked().slowdown());
  }

  private static Calibration made(Calibration like, Calibration.Asked asked) {
    return new Calibration(
        like.subject(),
        like.rule(),
        asked,
        like.measuredAt(),
        1,
        "interrupted",
        1,
        null,
        null,
        Map.of(),
        null,
        null,
        List.of());
  }

  @Test
  void theSideThatWasSlowedDownHasToBeTheOneThatIsFound() {
    PlayedGate found = new Gates(0.01, 7).play(1, "a", 1.2);
    assertTrue(found.found());
    assertTrue(Objects.requireNonNull(found.ratio()) < 1);
    List<LogRatios> turned =
        found.duets().stream().map(duet -> new LogRatios(-duet.median(), -duet.p95())).toList();
    var wrong =
        new PlayedGate(1, "run", "a", 1.2, null, "Same", null, 1, found.firstStage(), turned)
            .rejudged(io.gpubench.measure.compare.TrialRule.DEFAULT);
    assertTrue(wrong.changed() && !wrong.found());
    Calibration made = Gates.calibration(List.of(wrong), "interrupted");
    assertEquals(1, Objects.requireNonNull(made.injected()).wrongSide());
    assertEquals(0, Objects.requireNonNull(made.injected()).rate().hits());
  }
}
