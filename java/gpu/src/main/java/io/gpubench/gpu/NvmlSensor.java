// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import io.gpubench.ffi.nvml.NvmlApi;
import io.gpubench.ffi.nvml.nvmlUtilization_st;
import io.gpubench.gpu.NvmlQuestion.Call;
import io.gpubench.gpu.NvmlQuestion.Fields;
import java.util.List;

/**
 * What {@link NvmlSensors} reads, in units of the SI and degrees Celsius. Not among them are
 * nvmlDeviceGetPcieThroughput, which watches the link for 20 ms at each call, and the list of
 * processes, which takes milliseconds under the driver's lock.
 */
public enum NvmlSensor {
  /** Power of the moment, in watts; some microseconds a reading. */
  POWER_INSTANT(SensorRange.MILLIWATTS, 1e-3, Fields.one(NvmlApi.NVML_FI_DEV_POWER_INSTANT())),

  /** Power averaged over a second, in watts; milliseconds a reading on some. */
  POWER_AVERAGE(SensorRange.MILLIWATTS, 1e-3, Fields.one(NvmlApi.NVML_FI_DEV_POWER_AVERAGE())),

  /**
   * What nvmlDeviceGetPowerUsage calls power, in watts: averaged over a second on Ampere and newer
   * devices other than GA100, of the moment on others.
   */
  POWER_USAGE(
      SensorRange.MILLIWATTS,
      1e-3,
      Call.narrow("nvmlDeviceGetPowerUsage", NvmlApi::nvmlDeviceGetPowerUsage)),

  /** All energy that was drawn since the driver was loaded, in joules. */
  ENERGY(SensorRange.MILLIJOULES, 1e-3, Fields.one(NvmlApi.NVML_FI_DEV_TOTAL_ENERGY_CONSUMPTION())),

  /** Of the chip, in degrees. */
  TEMPERATURE(
      SensorRange.CELSIUS,
      1,
      Call.narrow(
          "nvmlDeviceGetTemperature",
          (device, out) ->
              NvmlApi.nvmlDeviceGetTemperature(device, NvmlApi.NVML_TEMPERATURE_GPU(), out))),

  /** Of the memory, in degrees. */
  MEMORY_TEMPERATURE(SensorRange.CELSIUS, 1, Fields.one(NvmlApi.NVML_FI_DEV_MEMORY_TEMP())),

  /** Of the multiprocessors, in MHz. */
  CLOCK(
      SensorRange.MEGAHERTZ,
      1,
      Call.narrow(
          "nvmlDeviceGetClockInfo",
          (device, out) -> NvmlApi.nvmlDeviceGetClockInfo(device, NvmlApi.NVML_CLOCK_SM(), out))),

  /** Of the memory, in MHz. */
  MEMORY_CLOCK(
      SensorRange.MEMORY_MEGAHERTZ,
      1,
      Call.narrow(
          "nvmlDeviceGetClockInfo",
          (device, out) -> NvmlApi.nvmlDeviceGetClockInfo(device, NvmlApi.NVML_CLOCK_MEM(), out))),

  /** The share of the last period, of 1/6 s to 1 s, in which a kernel was running, in percent. */
  TIME_BUSY(
      SensorRange.PERCENT,
      1,
      new Call(
          "nvmlDeviceGetUtilizationRates",
          NvmlApi::nvmlDeviceGetUtilizationRates,
          false,
          (int) nvmlUtilization_st.gpu$offset())),

  /** The share of the same period in which device memory was read or written, in percent. */
  MEMORY_TIME_BUSY(
      SensorRange.PERCENT,
      1,
      new Call(
          "nvmlDeviceGetUtilizationRates",
          NvmlApi::nvmlDeviceGetUtilizationRates,
          false,
          (int) nvmlUtilization_st.memory$offset())),

  /** Why the clocks are not higher: bits of {@link ClockEventReason}. */
  CLOCK_EVENT_REASONS(
      SensorRange.REASONS,
      1,
      new Call(
          "nvmlDeviceGetCurrentClocksEventReasons",
          NvmlApi::nvmlDeviceGetCurrentClocksEventReasons,
          true,
          0),
      new Call(
          "nvmlDeviceGetCurrentClocksThrottleReasons",
          NvmlApi::nvmlDeviceGetCurrentClocksThrottleReasons,
          true,
          0)),

  /**
   * Bytes that the device sent over PCIe, those of headers too. A driver that counts in 32 bits
   * begins anew after 4 GiB; the reader goes on, and is 4 GiB too low whenever more than that
   * passes between two readings. 0.2 to 0.4 ms a reading.
   */
  PCIE_SENT(SensorRange.BYTES, 1, Fields.one(Numbers.PCIE_COUNT_TX_BYTES)),

  /** Bytes that it received, likewise. */
  PCIE_RECEIVED(SensorRange.BYTES, 1, Fields.one(Numbers.PCIE_COUNT_RX_BYTES)),

  /** Errors of memory that ECC corrected, since the driver was loaded. */
  ECC_CORRECTED(SensorRange.COUNT, 1, Fields.one(NvmlApi.NVML_FI_DEV_ECC_SBE_VOL_TOTAL())),

  /** Errors of memory that it could not correct. */
  ECC_UNCORRECTED(SensorRange.COUNT, 1, Fields.one(NvmlApi.NVML_FI_DEV_ECC_DBE_VOL_TOTAL())),

  /** Pages of memory out of use because of errors; newer devices remap rows instead. */
  RETIRED_PAGES(
      SensorRange.COUNT,
      1,
      new Fields(NvmlApi.NVML_FI_DEV_RETIRED_SBE(), NvmlApi.NVML_FI_DEV_RETIRED_DBE())),

  /** Rows of memory that others stand in for because of errors; older devices retire pages. */
  REMAPPED_ROWS(
      SensorRange.COUNT,
      1,
      new Fields(NvmlApi.NVML_FI_DEV_REMAPPED_COR(), NvmlApi.NVML_FI_DEV_REMAPPED_UNC())),

  /**
   * Seconds in which power held the clocks down. nvml.h calls it a counter and names no unit; we
   * take nanoseconds, which nvmlDeviceGetViolationStatus and DCGM document for the same policies.
   */
  THROTTLED_BY_POWER(
      SensorRange.NANOSECONDS, 1e-9, Fields.one(NvmlApi.NVML_FI_DEV_PERF_POLICY_POWER())),

  /** Seconds in which heat did, likewise. */
  THROTTLED_BY_HEAT(
      SensorRange.NANOSECONDS, 1e-9, Fields.one(NvmlApi.NVML_FI_DEV_PERF_POLICY_THERMAL())),

  /** The power that it may draw, in watts. */
  POWER_LIMIT(
      SensorRange.MILLIWATTS,
      1e-3,
      Call.narrow("nvmlDeviceGetEnforcedPowerLimit", NvmlApi::nvmlDeviceGetEnforcedPowerLimit)),

  /** From 0, the fastest, to 15. */
  PERFORMANCE_STATE(
      SensorRange.PERFORMANCE_STATE,
      1,
      Call.narrow("nvmlDeviceGetPerformanceState", NvmlApi::nvmlDeviceGetPerformanceState));

  /**
   * Numbers of fields that nvml.h has since CUDA 12.6, later than the one that our bindings are
   * made from; its comment says of both that the value can wrap.
   */
  private static final class Numbers {
    static final int PCIE_COUNT_TX_BYTES = 197;
    static final int PCIE_COUNT_RX_BYTES = 198;

    private Numbers() {}
  }

  private final SensorRange range;
  private final double unit;

  @SuppressWarnings("ImmutableEnumChecker") // a List.of of functions, which have no state
  private final List<NvmlQuestion> questions;

  NvmlSensor(SensorRange range, double unit, NvmlQuestion... questions) {
    this.range = range;
    this.unit = unit;
    this.questions = List.of(questions);
  }

  /** What each of its parts can be, in NVML's unit. */
  SensorRange range() {
    return range;
  }

  /** NVML's unit in ours. */
  double unit() {
    return unit;
  }

  /** How to ask, the preferred way first. */
  List<NvmlQuestion> questions() {
    return questions;
  }

  /** Whether the driver's counter may begin anew while it is watched. */
  boolean wraps() {
    return this == PCIE_SENT || this == PCIE_RECEIVED;
  }
}
