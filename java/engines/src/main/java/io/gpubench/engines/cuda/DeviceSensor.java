// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.ClockEventReason;
import io.gpubench.gpu.NvmlSensor;
import io.gpubench.gpu.NvmlSensors;
import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensor.Kind;
import java.util.List;
import java.util.stream.Stream;

/** What records call the sensors of NVML, and what is to be known of each. */
enum DeviceSensor {
  ENERGY(
      NvmlSensor.ENERGY,
      Sensor.ENERGY,
      "J",
      Kind.COUNTER,
      true,
      "energy since the driver was loaded (NVML field 83)"),
  POWER_INSTANT(
      NvmlSensor.POWER_INSTANT,
      Sensor.POWER_INSTANT,
      "W",
      Kind.LEVEL,
      true,
      "power of the moment (NVML field 186)"),
  POWER_AVERAGE(
      NvmlSensor.POWER_AVERAGE,
      Sensor.POWER_AVERAGE,
      "W",
      Kind.LEVEL,
      false,
      "power averaged over a second (NVML field 185)"),
  POWER_USAGE(
      NvmlSensor.POWER_USAGE,
      "powerUsageWatts",
      "W",
      Kind.LEVEL,
      false,
      "what nvidia-smi shows as power: averaged over a second from Ampere on, except GA100; of the"
          + " moment before"),
  TEMPERATURE(
      NvmlSensor.TEMPERATURE,
      Sensor.TEMPERATURE,
      "C",
      Kind.LEVEL,
      false,
      "temperature of the chip"),
  MEMORY_TEMPERATURE(
      NvmlSensor.MEMORY_TEMPERATURE,
      Sensor.MEMORY_TEMPERATURE,
      "C",
      Kind.LEVEL,
      false,
      "temperature of the memory (NVML field 82)"),
  CLOCK(NvmlSensor.CLOCK, Sensor.CLOCK, "MHz", Kind.LEVEL, false, "clock of the multiprocessors"),
  MEMORY_CLOCK(
      NvmlSensor.MEMORY_CLOCK,
      Sensor.MEMORY_CLOCK,
      "MHz",
      Kind.LEVEL,
      false,
      "clock of the memory"),
  TIME_BUSY(
      NvmlSensor.TIME_BUSY,
      Sensor.TIME_BUSY,
      "%",
      Kind.LEVEL,
      false,
      "time-busy: share of the last period in which any kernel ran, however little of the device"
          + " it used"),
  MEMORY_TIME_BUSY(
      NvmlSensor.MEMORY_TIME_BUSY,
      Sensor.MEMORY_TIME_BUSY,
      "%",
      Kind.LEVEL,
      false,
      "time-busy of the memory: share of the last period in which it was read or written"),
  THROTTLED_BY(
      NvmlSensor.CLOCK_EVENT_REASONS,
      Sensor.THROTTLED_BY,
      "",
      Kind.REASONS,
      false,
      "why it is slower than its settings ask for") {
    @Override // reasons of NVML for something else, such as that nothing runs, are left out
    double read(NvmlSensors sensors) {
      double bits = super.read(sensors);
      if (Double.isNaN(bits)) {
        return bits;
      }
      long reasons = 0;
      for (int i = 0; i < THROTTLING_BITS.length; i++) {
        reasons |= ((long) bits & THROTTLING_BITS[i]) != 0 ? 1L << i : 0;
      }
      return reasons;
    }

    @Override
    List<String> words() {
      return THROTTLING.stream().map(ClockEventReason::word).toList();
    }
  },
  THROTTLED_BY_POWER(
      NvmlSensor.THROTTLED_BY_POWER,
      "throttledByPowerSeconds",
      "s",
      Kind.COUNTER,
      false,
      "time in which power held the clocks down (NVML field 74)"),
  THROTTLED_BY_HEAT(
      NvmlSensor.THROTTLED_BY_HEAT,
      "throttledByHeatSeconds",
      "s",
      Kind.COUNTER,
      false,
      "time in which heat held the clocks down (NVML field 75)"),
  POWER_LIMIT(
      NvmlSensor.POWER_LIMIT, Sensor.POWER_LIMIT, "W", Kind.LEVEL, false, "power that it may draw"),
  PERFORMANCE_STATE(
      NvmlSensor.PERFORMANCE_STATE,
      "performanceState",
      "",
      Kind.LEVEL,
      false,
      "performance state, from 0, the fastest, to 15"),
  PCIE_SENT(
      NvmlSensor.PCIE_SENT,
      "pcieSentBytes",
      "B",
      Kind.COUNTER,
      false,
      "bytes that the device sent over PCIe (NVML field 197); at least so many where the driver counts"
          + " in 32 bits"),
  PCIE_RECEIVED(
      NvmlSensor.PCIE_RECEIVED,
      "pcieReceivedBytes",
      "B",
      Kind.COUNTER,
      false,
      "bytes that it received (NVML field 198), likewise"),
  ECC_CORRECTED(
      NvmlSensor.ECC_CORRECTED,
      "eccCorrectedErrors",
      "",
      Kind.COUNTER,
      false,
      "errors of memory that ECC corrected since the driver was loaded"),
  ECC_UNCORRECTED(
      NvmlSensor.ECC_UNCORRECTED,
      "eccUncorrectedErrors",
      "",
      Kind.COUNTER,
      false,
      "errors of memory that ECC could not correct"),
  RETIRED_PAGES(
      NvmlSensor.RETIRED_PAGES,
      "retiredPages",
      "",
      Kind.COUNTER,
      false,
      "pages of memory out of use because of errors"),
  REMAPPED_ROWS(
      NvmlSensor.REMAPPED_ROWS,
      "remappedRows",
      "",
      Kind.COUNTER,
      false,
      "rows of memory that others stand in for because of errors");

  private static final List<ClockEventReason> THROTTLING =
      Stream.of(ClockEventReason.values()).filter(ClockEventReason::throttling).toList();
  private static final long[] THROTTLING_BITS =
      THROTTLING.stream().mapToLong(ClockEventReason::bit).toArray();

  private final NvmlSensor sensor;
  private final String id;
  private final String unit;
  private final Kind kind;
  private final boolean lively;
  private final String about;

  DeviceSensor(NvmlSensor sensor, String id, String unit, Kind kind, boolean lively, String about) {
    this.sensor = sensor;
    this.id = id;
    this.unit = unit;
    this.kind = kind;
    this.lively = lively;
    this.about = about;
  }

  /**
   * Those of a device.
   *
   * @param withoutAverage whether it tells no average of the power; then what nvidia-smi shows
   *     stands beside the gap, which otherwise would cost the same again
   */
  static Stream<DeviceSensor> of(boolean withoutAverage) {
    return Stream.of(values()).filter(one -> withoutAverage || one != POWER_USAGE);
  }

  /** As a session describes them. */
  static List<Sensor> described(DeviceSensor[] sensors, boolean simulated) {
    String source = simulated ? "simulated nvml" : "nvml";
    return Stream.of(sensors)
        .map(one ->
            new Sensor(one.id, one.unit, one.kind, one.lively, source, one.about, one.words()))
        .toList();
  }

  /** The reading in its unit; NaN for none. Allocates nothing. */
  double read(NvmlSensors sensors) {
    return sensors.read(sensor);
  }

  /** Of bits, the lowest first; none for numbers. */
  List<String> words() {
    return List.of();
  }
}
