// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.fitness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.fitness.DeviceFacts.Clocks;
import io.gpubench.app.fitness.DeviceFacts.Heat;
import io.gpubench.app.fitness.DeviceFacts.Link;
import io.gpubench.app.fitness.DeviceFacts.Power;
import io.gpubench.app.fitness.DeviceFacts.Repairs;
import io.gpubench.app.fitness.Finding.State;
import io.gpubench.gpu.ClockEventReason;
import io.gpubench.gpu.ComputeProcess;
import io.gpubench.gpu.NvmlDevice.ComputeMode;
import io.gpubench.gpu.NvmlDevice.PcieLink;
import io.gpubench.gpu.NvmlDevice.Virtualisation;
import io.gpubench.measure.conditions.CpuSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DeviceFitnessTest {
  private static final String SMI = "sudo nvidia-smi -i " + FactsFixture.UUID + " ";

  private final FactsFixture device = new FactsFixture();

  private void assertWarns(String what, String detail, @Nullable String command) {
    Finding finding = device.judge(what);
    assertEquals(State.WARNING, finding.state(), finding.detail());
    assertEquals(detail, finding.detail());
    assertNotNull(finding.effect());
    assertEquals(command, finding.command());
  }

  private void assertFit(String what, String detail) {
    Finding finding = device.judge(what);
    assertEquals(State.OK, finding.state(), finding.detail());
    assertEquals(detail, finding.detail());
    assertNull(finding.effect());
    assertNull(finding.command());
  }

  @Test
  void aDeviceInTheBestOfConditionsIsFit() {
    for (Finding finding : device.judge()) {
      assertEquals(State.OK, finding.state(), finding.toString());
    }
  }

  @Test
  void whatNobodyTellsIsUnknownAndNeverAWarning() {
    List<Finding> findings = FactsFixture.untold().judge();
    assertEquals(14, findings.size());
    for (Finding finding : findings) {
      assertEquals(State.UNKNOWN, finding.state(), finding.toString());
      assertNull(finding.effect(), finding.toString());
    }
  }

  @Test
  void persistence() {
    device.persistent = false;
    assertWarns(
        "persistence", "off: the driver unloads the device while nobody uses it", SMI + "-pm 1");
  }

  @ParameterizedTest
  @CsvSource({"1979, 1980, true", "1980, 1980, false", "1981, 1980, false"})
  void applicationClocksBelowTheDefault(int asked, int usual, boolean warns) {
    device.clocks = new Clocks(1200, 1980, asked, usual, 2619, 2619);
    if (warns) {
      assertWarns("clocks", "application clock 1979 MHz, default 1980 MHz", SMI + "-rac");
    } else {
      assertFit("clocks", "1200 MHz now, at most 1980 MHz, held by a setting");
    }
  }

  @Test
  void howMuchALowerClockCosts() {
    device.clocks = new Clocks(1200, 1980, 1485, 1980, 2619, 2619);
    assertTrue(String.valueOf(device.judge("clocks").effect()).contains("up to 25 % slower"));
  }

  @Test
  void whetherClocksFloatIsNotToldWhileIdle() {
    device.reasons = Set.of(ClockEventReason.IDLE);
    Finding clocks = device.judge("clocks");
    assertEquals(State.UNKNOWN, clocks.state());
    assertEquals(
        "1755 MHz now, at most 1980 MHz; whether they are locked is not told while the device is"
            + " idle",
        clocks.detail());
    assertNull(clocks.command());
    device.reasons = Set.of(ClockEventReason.IDLE, ClockEventReason.CLOCKS_SETTING);
    assertEquals(State.OK, device.judge("clocks").state());
  }

  @Test
  void whetherClocksFloatIsNotTold() {
    device.reasons = Set.of();
    Finding clocks = device.judge("clocks");
    assertEquals(State.UNKNOWN, clocks.state());
    assertEquals("gpubench doctor --lock-clocks", clocks.command());
    assertEquals(
        "1755 MHz now, at most 1980 MHz; whether they are locked is not told", clocks.detail());
  }

  @ParameterizedTest
  @EnumSource(ClockEventReason.class)
  void onlySomeReasonsAreThrottling(ClockEventReason reason) {
    device.reasons = Set.of(reason);
    assertEquals(
        reason.throttling() ? State.WARNING : State.OK, device.judge("throttling").state());
  }

  @ParameterizedTest
  @CsvSource({
    "700000, 700000, OK, '700 W, the default'",
    "700001, 700000, OK, '700 W, default 700 W'",
    "699999, 700000, WARNING, '699 W, default 700 W'",
    "350000, , OK, 350 W; the default is not told",
    ", 700000, UNKNOWN, the driver does not tell"
  })
  void powerLimit(@Nullable Integer limit, @Nullable Integer usual, State state, String detail) {
    device.power = new Power(limit, usual);
    Finding power = device.judge("power limit");
    assertEquals(state, power.state());
    assertEquals(detail, power.detail());
    assertEquals(state == State.WARNING ? SMI + "-pl 700" : null, power.command());
  }

  @Test
  void howMuchALowerPowerLimitTakes() {
    device.power = new Power(350_000, 700_000);
    assertTrue(String.valueOf(device.judge("power limit").effect()).contains("draws 50 % less"));
  }

  @ParameterizedTest
  @CsvSource({"72, 87, OK", "73, 87, WARNING", "90, 87, WARNING", "90, , OK", ", 87, UNKNOWN"})
  void headRoom(@Nullable Integer now, @Nullable Integer slowdown, State state) {
    device.heat = new Heat(now, slowdown);
    assertEquals(state, device.judge("temperature").state());
  }

  @ParameterizedTest
  @CsvSource({
    "true, true, OK, on, ",
    "true, , OK, on, ",
    "true, false, WARNING, 'on, off after the next restart', -e 1",
    "false, true, WARNING, 'off, on after the next restart', sudo reboot",
    "false, false, WARNING, off, -e 1  # then restart the machine"
  })
  void errorCorrection(
      boolean on, @Nullable Boolean after, State state, String detail, @Nullable String command) {
    device.ecc = on;
    device.eccAfterRestart = after;
    Finding ecc = device.judge("ECC");
    assertEquals(state, ecc.state());
    assertEquals(detail, ecc.detail());
    assertEquals(
        command == null || command.startsWith("sudo") ? command : SMI + command, ecc.command());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, false, false, OK, nothing was replaced",
    "2, 0, false, false, OK, rows or pages replaced after corrected errors: 2",
    "2, 1, false, false, WARNING, rows or pages replaced after uncorrected errors: 1",
    "2, 1, true, false, WARNING, broken memory is to be replaced at the next reset",
    "2, 1, true, true, WARNING, broken memory could not be replaced",
    ", 0, , , OK, nothing was replaced",
    ", , , , UNKNOWN, 'it does not count them, or the driver does not tell'"
  })
  void memoryErrors(
      @Nullable Integer corrected,
      @Nullable Integer uncorrected,
      @Nullable Boolean pending,
      @Nullable Boolean failed,
      State state,
      String detail) {
    device.repairs = new Repairs(corrected, uncorrected, pending, failed);
    assertEquals(state, device.judge("memory errors").state());
    assertEquals(detail, device.judge("memory errors").detail());
  }

  @Test
  void divided() {
    device.divided = true;
    String mig = SMI.replace("nvidia-smi", "nvidia-smi mig");
    assertWarns(
        "MIG",
        "divided into several devices",
        mig + "-dci && " + mig + "-dgi && " + SMI + "-mig 0");
  }

  @ParameterizedTest
  @EnumSource(ComputeMode.class)
  void computeMode(ComputeMode mode) {
    device.computeMode = mode;
    Finding finding = device.judge("compute mode");
    assertEquals(mode == ComputeMode.SHARED, finding.state() == State.OK);
    assertEquals(mode == ComputeMode.SHARED ? null : SMI + "-c DEFAULT", finding.command());
  }

  @ParameterizedTest
  @CsvSource({"NONE, OK", "PASSTHROUGH, OK", "SHARE, WARNING", "HOST_OF_SHARES, WARNING"})
  void virtualisation(Virtualisation kind, State state) {
    device.virtualisation = kind;
    assertEquals(state, device.judge("virtualisation").state());
  }

  @Test
  void otherProcessesAreNamedWhereThereAreSome() {
    assertFit("other processes", "none seen; in a container others may be hidden");
    device.occupants = null;
    assertEquals(State.UNKNOWN, device.judge("other processes").state());
    device.occupants = List.of(new ComputeProcess(4711, "python3", null));
    assertWarns("other processes", "4711 (python3): they will disturb a measurement", null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          5 16 | 5 16 | 5 | 5 16 | 0 | OK      | generation 5 x16, the best of card and slot |
          1 16 | 5 16 | 5 | 5 16 | 8 | OK      | generation 1 x16 now, generation 5 x16 at most: a link is slower while the device is idle |
          1 16 | 5 16 | 5 | 5 16 | 0 | WARNING | generation 1 x16 now, generation 5 x16 at most | carry at most 4.0 GB/s instead of 63.0, if
          5 8  | 5 16 | 5 | 5 16 | 8 | WARNING | generation 5 x8 now, generation 5 x16 at most | carry at most 31.5 GB/s instead of 63.0;
          3 16 | 3 16 | 5 | 5 16 | 0 | WARNING | generation 3 x16 at most here, the card could do generation 5 x16 | carry at most 15.8 GB/s instead of 63.0
          4 4  | 4 4  | 4 | 4 16 | 0 | WARNING | generation 4 x4 at most here, the card could do generation 4 x16 | carry at most 7.9 GB/s instead of 31.5
          """)
  void link(
      String now,
      String most,
      int generation,
      String card,
      int state,
      State verdict,
      String detail,
      @Nullable String effect) {
    device.link = new Link(pcie(now), pcie(most), generation);
    device.place = new PciPlace(1, device.allowed, pcie(card).generation(), pcie(card).lanes());
    device.performanceState = state;
    Finding link = device.judge("PCIe link");
    assertEquals(verdict, link.state());
    assertEquals(detail, link.detail());
    assertTrue(
        effect == null ? link.effect() == null : String.valueOf(link.effect()).contains(effect),
        String.valueOf(link.effect()));
  }

  private static PcieLink pcie(String text) {
    String[] parts = text.split(" ");
    return new PcieLink(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "8-15 | 2 | OK",
        "9    | 2 | OK",
        "7-15 | 2 | WARNING",
        "0-7  | 2 | WARNING",
        "0-7  | 1 | OK",
        "0-7  |   | WARNING"
      })
  void nearTheDevice(String allowed, @Nullable Integer nodes, State state) {
    device.allowed = CpuSet.parse(allowed);
    device.nodes = nodes;
    Finding numa = device.judge("NUMA");
    assertEquals(state, numa.state());
    boolean away = allowed.equals("0-7");
    assertEquals(
        state == State.WARNING && !away
            ? "numactl --cpunodebind=1 --membind=1 gpubench run ..."
            : null,
        numa.command());
    assertEquals(
        state == State.WARNING && away,
        String.valueOf(numa.effect()).contains("only who set the CPUs of this process"));
  }

  private List<String> locking() {
    return LockedClocks.lock(device.facts()).stream()
        .filter(line -> !line.startsWith("# "))
        .toList();
  }

  @Test
  void clocksAreLockedWhereTheyAreUsually() {
    assertEquals(List.of(SMI + "-lgc 1980,1980", SMI + "-lmc 2619,2619"), locking());
    assertEquals(List.of(SMI + "-rgc", SMI + "-rmc"), LockedClocks.undo(device.facts()));
    device.clocks = new Clocks(300, 2100, null, null, 5001, null);
    assertEquals(List.of(SMI + "-lgc 2100,2100", SMI + "-lmc 5001,5001"), locking());
    device.clocks = new Clocks(null, null, null, null, null, null);
    assertEquals(List.of(), locking());
    assertEquals(2, LockedClocks.lock(device.facts()).size());
  }

  @Test
  void persistenceIsSwitchedOnAndOffAgainWhereItIsOff() {
    device.persistent = null;
    assertEquals(2, locking().size());
    device.persistent = false;
    assertEquals(SMI + "-pm 1", locking().getFirst());
    assertEquals(SMI + "-pm 0", LockedClocks.undo(device.facts()).getLast());
  }

  @Test
  void whereTheHighestClockIsNotHeldALowerOneIs() {
    String text = String.join("\n", LockedClocks.lock(device.facts()));
    assertTrue(text.contains("should telemetry show sw-power-cap,\n# choose a lower one of"), text);
  }
}
