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
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationsTest {
  private static final HardwareIdentity MACHINE =
      new HardwareIdentity("processors", Map.of("model", "a processor", "kernel", "6.1"));

  @TempDir private Path state;

  private static Calibration of(double spread) {
    return Gates.calibration(new Gates(spread, 1).play(8, 0, 1.1), "interrupted");
  }

  private String whyNot(double tolerance) {
    return String.valueOf(
        Calibrations.kept(state, MACHINE).whyNotP95("consensus", "host", tolerance));
  }

  @Test
  void aP95IsGatedWhereItsSpreadIsShownToBeSmall() {
    assertEquals("this machine is not calibrated; 'gpubench calibrate' measures it", whyNot(0.05));
    Path file = Calibrations.keep(state, MACHINE, List.of(of(0.01)));
    assertEquals(state.resolve("calibrations/processors.json"), file);
    Calibrations kept = Calibrations.kept(state, MACHINE);
    assertNull(kept.why());
    assertNull(kept.whyNotP95("consensus", "host", 0.05));
    assertTrue(whyNot(0.01).startsWith("the p95 of consensus on host varies by "), whyNot(0.01));
    assertEquals(
        "consensus on java is not calibrated on this machine; 'gpubench calibrate' measures it",
        kept.whyNotP95("consensus", "java", 0.05));
    assertEquals(Optional.empty(), kept.of("launch.empty", "host"));
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
        stale.whyNotP95("consensus", "host", 0.05));
    Calibrations.keep(state, now, List.of(of(0.01)));
    assertNull(Calibrations.kept(state, now).whyNotP95("consensus", "host", 0.05));
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
