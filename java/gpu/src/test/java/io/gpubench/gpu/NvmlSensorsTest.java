// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.gpu.NvmlSensors.Status;
import io.gpubench.gpu.SensorProcess.Answer;
import io.gpubench.gpu.SensorProcess.Reading;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sensors of the simulated device, and each way in which they can be of no use. */
class NvmlSensorsTest {
  private static final Set<NvmlSensor> FIELDS =
      Stream.of(NvmlSensor.values())
          .filter(sensor -> sensor.questions().getFirst() instanceof NvmlQuestion.Fields)
          .collect(Collectors.toSet());

  private static final Set<NvmlSensor> GROWING =
      Set.of(NvmlSensor.ENERGY, NvmlSensor.PCIE_SENT, NvmlSensor.PCIE_RECEIVED);

  @BeforeEach
  void needsTheSimulator() {
    TestDrivers.simulator();
  }

  /** Rules of the simulator's names. */
  private static String name(NvmlSensor sensor) {
    return sensor == NvmlSensor.CLOCK_EVENT_REASONS
        ? "event_reasons"
        : sensor.name().toLowerCase(Locale.ROOT);
  }

  private static Answer read(String faults) throws Exception {
    return SensorProcess.run(faults, "", 3, 5, 0);
  }

  private static void assertIncreasing(List<Double> values) {
    for (int i = 1; i < values.size(); i++) {
      assertTrue(values.get(i) > values.get(i - 1), values.toString());
    }
  }

  /** For 2.5 s, in which the counters of PCIe, which have 32 bits, wrap. */
  @Test
  void whatLivesIsReadInItsUnit() throws Exception {
    Answer answer = SensorProcess.run("sensors live;throttle 0ms sw_power_cap", "", 50, 50, 0);
    for (NvmlSensor sensor : NvmlSensor.values()) {
      assertEquals(Status.READ, answer.status(sensor), sensor.name());
      assertTrue(answer.values(sensor).stream().allMatch(Double::isFinite), sensor.name());
    }
    GROWING.forEach(sensor -> assertIncreasing(answer.values(sensor)));
    Reading last = answer.of(NvmlSensor.PCIE_RECEIVED).getLast();
    assertTrue(last.value() > 0x1p32, last.toString());
    assertEquals(350, answer.values(NvmlSensor.POWER_INSTANT).getLast());
    assertEquals(350, answer.values(NvmlSensor.POWER_AVERAGE).getLast(), 0.1);
    assertEquals(350, answer.values(NvmlSensor.POWER_USAGE).getLast());
    double joules =
        answer.values(NvmlSensor.ENERGY).getLast() - answer.values(NvmlSensor.ENERGY).getFirst();
    double seconds =
        answer.values(NvmlSensor.THROTTLED_BY_POWER).getLast()
            - answer.values(NvmlSensor.THROTTLED_BY_POWER).getFirst();
    assertTrue(seconds > 2 && seconds < 60, "seconds: " + seconds);
    assertEquals(350 * seconds, joules, 20, "energy is power times time");
    assertEquals(0, answer.values(NvmlSensor.THROTTLED_BY_HEAT).getLast());
    assertEquals(
        (double) ClockEventReason.POWER_CAP.bit(),
        answer.values(NvmlSensor.CLOCK_EVENT_REASONS).getLast());
    assertEquals(2, answer.values(NvmlSensor.ECC_CORRECTED).getLast());
    assertEquals(0, answer.values(NvmlSensor.RETIRED_PAGES).getLast());
    assertEquals(1, answer.values(NvmlSensor.REMAPPED_ROWS).getLast());
    assertEquals(0, answer.values(NvmlSensor.PERFORMANCE_STATE).getLast());
    double busy = answer.values(NvmlSensor.TIME_BUSY).getLast();
    double memory = answer.values(NvmlSensor.MEMORY_TIME_BUSY).getLast();
    assertTrue(busy >= 90 && memory < 50, busy + ", " + memory);
  }

  @Test
  void aDeviceWithoutSensorsSaysSo() {
    try (var nvml = Nvml.open()) {
      NvmlSensors sensors = nvml.device(0).sensors();
      for (NvmlSensor sensor : NvmlSensor.values()) {
        assertTrue(Double.isNaN(sensors.read(sensor)), sensor.name());
        assertEquals(Status.NOT_SUPPORTED, sensors.status(), sensor.name());
        assertTrue(sensors.status().permanent());
      }
    }
  }

  /** Each in turn: the sensors take the rules one after the other. */
  @Test
  void oneMayBeRefusedWhileTheOthersAreRead() throws Exception {
    List<String> answers = List.of("refused", "no_permission", "too_old", "sentinel");
    List<Status> expected =
        List.of(Status.NOT_SUPPORTED, Status.NO_PERMISSION, Status.TOO_OLD, Status.SENTINEL);
    for (int shift = 0; shift < answers.size(); shift++) {
      Map<NvmlSensor, Status> differing = new EnumMap<>(NvmlSensor.class);
      var rules = new StringBuilder("sensors live");
      int turn = shift;
      for (NvmlSensor sensor : NvmlSensor.values()) {
        int which = turn++ % 5;
        if (which < answers.size() && sensor != NvmlSensor.MEMORY_TIME_BUSY) {
          rules.append(";sensor ").append(name(sensor)).append(' ').append(answers.get(which));
          differing.put(sensor, expected.get(which));
        }
      }
      Status busy = differing.getOrDefault(NvmlSensor.TIME_BUSY, Status.READ);
      differing.put( // one call tells both
          NvmlSensor.MEMORY_TIME_BUSY, busy == Status.SENTINEL ? Status.READ : busy);
      Answer answer = read(rules.toString());
      for (NvmlSensor sensor : NvmlSensor.values()) {
        Status status = differing.getOrDefault(sensor, Status.READ);
        assertEquals(status, answer.status(sensor), sensor + " with " + rules);
        assertEquals(
            status == Status.READ,
            answer.values(sensor).stream().noneMatch(value -> Double.isNaN(value)),
            sensor.name());
      }
    }
  }

  /** What stands for nothing in 32 bits, in 64 bits, and numbers beyond what can be. */
  @ParameterizedTest
  @CsvSource({
    "4294967295, true",
    "2147483634, true",
    "9223372036854775794, false",
    "18446744073709551615, false",
  })
  void aNumberThatNoneCanBeIsNone(String number, boolean narrow) throws Exception {
    String rules =
        Stream.of(NvmlSensor.values())
            .filter(sensor ->
                narrow || FIELDS.contains(sensor) || sensor == NvmlSensor.CLOCK_EVENT_REASONS)
            .filter(sensor -> !narrow || sensor != NvmlSensor.CLOCK_EVENT_REASONS)
            .map(sensor -> ";sensor " + name(sensor) + " reads " + number)
            .collect(Collectors.joining());
    Answer answer = read("sensors live" + rules);
    for (NvmlSensor sensor : NvmlSensor.values()) {
      boolean differs = rules.contains(" " + name(sensor) + " ");
      assertEquals(differs ? Status.SENTINEL : Status.READ, answer.status(sensor), sensor.name());
    }
  }

  @Test
  void zeroIsNoneWhereNoneCanBe() throws Exception {
    String rules =
        Stream.of(NvmlSensor.values())
            .map(sensor -> ";sensor " + name(sensor) + " reads 0")
            .collect(Collectors.joining());
    Answer answer = read("sensors live" + rules);
    for (NvmlSensor sensor : NvmlSensor.values()) {
      boolean none =
          switch (sensor) {
            case POWER_INSTANT,
                POWER_AVERAGE,
                POWER_USAGE,
                POWER_LIMIT,
                ENERGY,
                TEMPERATURE,
                MEMORY_TEMPERATURE,
                CLOCK,
                MEMORY_CLOCK ->
                true;
            default -> false;
          };
      assertEquals(none ? Status.SENTINEL : Status.READ, answer.status(sensor), sensor.name());
    }
  }

  @Test
  void allThatIsUnknownIsNone() throws Exception {
    Answer answer = read("sensors sentinel");
    for (NvmlSensor sensor : NvmlSensor.values()) {
      assertEquals(Status.SENTINEL, answer.status(sensor), sensor.name());
    }
  }

  @Test
  void oneMayBeFrozen() throws Exception {
    Answer answer = SensorProcess.run("sensors live;sensor power_instant frozen", "", 20, 10, 0);
    assertEquals(1, answer.values(NvmlSensor.POWER_INSTANT).stream().distinct().count());
    assertTrue(answer.values(NvmlSensor.POWER_USAGE).stream().distinct().count() > 10);
    assertIncreasing(answer.values(NvmlSensor.ENERGY));
  }

  /** From one reading on, each has none, and says that the device is gone. */
  @Test
  void aDeviceMayBeLostWhileItIsRead() throws Exception {
    Answer answer = SensorProcess.run("sensors live;lost 3000ms", "", 100, 40, 0);
    List<Status> order = answer.readings().stream().map(Reading::status).toList();
    int lost = order.indexOf(Status.LOST);
    assertTrue(lost > 0, () -> "lost at reading " + lost);
    assertEquals(Set.of(Status.READ), Set.copyOf(order.subList(0, lost)));
    assertEquals(Set.of(Status.LOST), Set.copyOf(order.subList(lost, order.size())));
    assertTrue(
        answer.readings().subList(lost, order.size()).stream()
            .allMatch(reading -> Double.isNaN(reading.value())));
  }

  @Test
  void anOldLibraryLacksTheFunctionOfAllFields() throws Exception {
    Answer answer = SensorProcess.run("sensors live", "nvmlDeviceGetFieldValues", 2, 0, 0);
    for (NvmlSensor sensor : NvmlSensor.values()) {
      assertEquals(
          FIELDS.contains(sensor) ? Status.TOO_OLD : Status.READ,
          answer.status(sensor),
          sensor.name());
    }
  }

  @Test
  void anOldLibraryHasAnotherNameForTheReasons() throws Exception {
    String newer = "nvmlDeviceGetCurrentClocksEventReasons";
    String older = "nvmlDeviceGetCurrentClocksThrottleReasons";
    Answer one = SensorProcess.run("sensors live", newer, 1, 0, 0);
    assertEquals(Status.READ, one.status(NvmlSensor.CLOCK_EVENT_REASONS));
    Answer none = SensorProcess.run("sensors live", newer + "," + older, 1, 0, 0);
    assertEquals(Status.TOO_OLD, none.status(NvmlSensor.CLOCK_EVENT_REASONS));
  }

  @Test
  void otherErrorsAreFailures() throws Exception {
    Answer answer =
        read(
            "sensors live;fail nvmlDeviceGetPowerUsage * code 999;"
                + "fail nvmlDeviceGetFieldValues * code 10;fail nvmlDeviceGetTemperature * code 26");
    assertEquals(Status.FAILED, answer.status(NvmlSensor.POWER_USAGE));
    assertEquals(Status.FAILED, answer.status(NvmlSensor.POWER_INSTANT));
    assertEquals(Status.NOT_SUPPORTED, answer.status(NvmlSensor.TEMPERATURE));
    assertEquals(Status.READ, answer.status(NvmlSensor.CLOCK));
  }

  /** Of all sensors, also those that are refused or have no number. */
  @Test
  void readingAllocatesNothing() throws Exception {
    int sweeps = 2000;
    Answer answer =
        SensorProcess.run(
            "sensors live;sensor power_average refused;sensor energy sentinel", "", 1, 0, sweeps);
    assertTrue(answer.allocatedBytes() < sweeps, answer.allocatedBytes() + " bytes");
    assertTrue(answer.nanosPerSweep() > 0);
  }

  @Test
  void theyLiveAsLongAsNvmlOnItsThread() throws Throwable {
    NvmlSensors sensors;
    try (var nvml = Nvml.open()) {
      sensors = nvml.device(0).sensors();
      CudaContract.assertMisuse(
          LifecycleException.Kind.WRONG_THREAD,
          () -> CudaContract.elsewhere(() -> sensors.read(NvmlSensor.CLOCK)));
    }
    assertThrows(LifecycleException.class, () -> sensors.read(NvmlSensor.CLOCK));
  }
}
