// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ceiling.HardwareIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationsTest {
  private static final HardwareIdentity MACHINE =
      new HardwareIdentity("processors", Map.of("model", "a processor", "kernel", "6.1"));

  private static final long SECOND = 1_000_000_000;

  @TempDir private Path state;

  private static Calibration of(double spread) {
    return Gates.calibration(new Gates(spread, 1).play(8, 0, 1.1), "interrupted");
  }

  /** A parameter that was read is an Integer, and one that was planned a Long. */
  private static Calibrations.Wanted wanted(String engine, long samples) {
    return new Calibrations.Wanted(
        "consensus", engine, "call", "host", "hot", Map.of("validators", 1000L), samples, SECOND);
  }

  private String whyNot(double tolerance) {
    return String.valueOf(
        Calibrations.kept(state, MACHINE).whyNotP95(wanted("host", 400), tolerance));
  }

  @Test
  void aP95IsGatedWhereItsSpreadIsShownToBeSmall() {
    assertEquals("this machine is not calibrated; 'gpubench calibrate' measures it", whyNot(0.05));
    Path file = Calibrations.keep(state, MACHINE, List.of(of(0.01)));
    assertEquals(state.resolve("calibrations/processors.json"), file);
    Calibrations kept = Calibrations.kept(state, MACHINE);
    assertNull(kept.why());
    assertNull(kept.whyNotP95(wanted("host", 400), 0.05));
    assertTrue(whyNot(0.01).startsWith("the p95 of consensus on host varies by "), whyNot(0.01));
    assertEquals(
        "consensus on java is not calibrated on this machine; 'gpubench calibrate' measures it",
        kept.whyNotP95(wanted("java", 400), 0.05));
    String other =
        "consensus on host is calibrated with other parameters, another path or clock, or more samples only; 'gpubench calibrate' measures it";
    assertEquals(other, kept.whyNotP95(wanted("host", 399), 0.05));
    assertNull(kept.whyNotP95(wanted("host", 100_000), 0.05));
    var wanted = wanted("host", 400);
    for (Calibrations.Wanted one :
        List.of(
            new Calibrations.Wanted(
                "consensus", "host", "graph", "host", "hot", wanted.parameters(), 400, SECOND),
            new Calibrations.Wanted(
                "consensus", "host", "call", "host", "cold", wanted.parameters(), 400, SECOND),
            new Calibrations.Wanted(
                "consensus", "host", "call", "host", "hot", Map.of("validators", 9), 400, SECOND),
            new Calibrations.Wanted(
                "consensus", "host", "call", "host", "hot", wanted.parameters(), 400, 1))) {
      assertEquals(other, kept.whyNotP95(one, 0.05), one.toString());
    }
  }

  @Test
  void theLaterOneOfTheSameTakesThePlace() {
    Calibrations.keep(state, MACHINE, List.of(of(0.01)));
    Calibrations.keep(state, MACHINE, List.of(of(0.04)));
    assertEquals(1, Calibrations.kept(state, MACHINE).calibrations().size());
    assertTrue(whyNot(0.05).contains("more than the tolerance of 5.0 %"), whyNot(0.05));
  }

  @Test
  void whatWasMeasuredOnAnotherMachineDoesNotHold() {
    Calibrations.keep(state, MACHINE, List.of(of(0.01)));
    var now = new HardwareIdentity("processors", Map.of("model", "a processor", "kernel", "6.2"));
    Calibrations stale = Calibrations.kept(state, now);
    assertEquals(List.of(), stale.calibrations());
    assertEquals(
        "what was calibrated is out of date: kernel 6.1 -> 6.2; 'gpubench calibrate' measures it",
        stale.whyNotP95(wanted("host", 400), 0.05));
    Calibrations.keep(state, now, List.of(of(0.01)));
    assertNull(Calibrations.kept(state, now).whyNotP95(wanted("host", 400), 0.05));
  }

  @Test
  void aDamagedFileIsSaidAndMovedAside() throws IOException {
    Path file = Calibrations.keep(state, MACHINE, List.of(of(0.01)));
    Files.writeString(file, "{");
    assertTrue(whyNot(0.05).startsWith(file.toString()), whyNot(0.05));
    Calibrations.keep(state, MACHINE, List.of(of(0.01)));
    assertEquals("null", whyNot(0.05));
    assertEquals("{", Files.readString(file.resolveSibling("processors.json.damaged")));
  }
}
