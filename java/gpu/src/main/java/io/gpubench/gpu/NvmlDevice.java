// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import io.gpubench.ffi.NativeLibraries;
import io.gpubench.ffi.nvml.NvmlApi;
import io.gpubench.ffi.nvml.nvmlUtilization_st;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What NVML tells about a device: facts, which hardly change, and readings of this moment. What the
 * device does not have, or does not tell to everybody, is empty and never zero. Lives as long as
 * its {@link Nvml}, on the same thread.
 */
public final class NvmlDevice {
  private static final int TEXT_BYTES = 96;

  private final Nvml nvml;
  private final MemorySegment handle;

  NvmlDevice(Nvml nvml, MemorySegment handle) {
    this.nvml = nvml;
    this.handle = handle;
  }

  /** A clock of a device. */
  public enum Clock {
    /** Of the graphics units. */
    GRAPHICS(NvmlApi.NVML_CLOCK_GRAPHICS()),
    /** Of the multiprocessors. */
    MULTIPROCESSOR(NvmlApi.NVML_CLOCK_SM()),
    /** Of the memory. */
    MEMORY(NvmlApi.NVML_CLOCK_MEM());

    private final int number;

    Clock(int number) {
      this.number = number;
    }
  }

  /** A link to the host. */
  public record PcieLink(int generation, int lanes) {}

  /**
   * Shares of the last moments in which the device was busy.
   *
   * @param kernelPercent of the time a kernel was running
   * @param memoryPercent of the time device memory was read or written
   */
  public record Utilization(int kernelPercent, int memoryPercent) {}

  /** The product's name. */
  public Optional<String> name() {
    return text("nvmlDeviceGetName()", out -> NvmlApi.nvmlDeviceGetName(handle, out, TEXT_BYTES));
  }

  /** The version of its firmware. */
  public Optional<String> vbiosVersion() {
    return text(
        "nvmlDeviceGetVbiosVersion()",
        out -> NvmlApi.nvmlDeviceGetVbiosVersion(handle, out, TEXT_BYTES));
  }

  /** Whether its memory corrects errors. */
  public Optional<Boolean> eccEnabled() {
    return mode(
        "nvmlDeviceGetEccMode()",
        out -> NvmlApi.nvmlDeviceGetEccMode(handle, out, out.asSlice(Integer.BYTES)));
  }

  /** Whether the driver stays loaded while nobody uses the device. */
  public Optional<Boolean> persistent() {
    return mode(
        "nvmlDeviceGetPersistenceMode()", out -> NvmlApi.nvmlDeviceGetPersistenceMode(handle, out));
  }

  /** Whether it is divided into several devices (MIG). */
  public Optional<Boolean> divided() {
    return mode(
        "nvmlDeviceGetMigMode()",
        out -> NvmlApi.nvmlDeviceGetMigMode(handle, out, out.asSlice(Integer.BYTES)));
  }

  /** The power that it may draw. */
  public OptionalInt powerLimitMilliwatts() {
    return number(
        "nvmlDeviceGetEnforcedPowerLimit()",
        out -> NvmlApi.nvmlDeviceGetEnforcedPowerLimit(handle, out));
  }

  /** The highest that a clock can be. */
  public OptionalInt maxClockMegahertz(Clock clock) {
    return number(
        "nvmlDeviceGetMaxClockInfo(%s)".formatted(clock),
        out -> NvmlApi.nvmlDeviceGetMaxClockInfo(handle, clock.number, out));
  }

  /** The best link that device and slot can have. */
  public Optional<PcieLink> maxPcieLink() {
    return link(
        number(
            "nvmlDeviceGetMaxPcieLinkGeneration()",
            out -> NvmlApi.nvmlDeviceGetMaxPcieLinkGeneration(handle, out)),
        number(
            "nvmlDeviceGetMaxPcieLinkWidth()",
            out -> NvmlApi.nvmlDeviceGetMaxPcieLinkWidth(handle, out)));
  }

  /** The link now, which may be slower while the device is idle. */
  public Optional<PcieLink> pcieLink() {
    return link(
        number(
            "nvmlDeviceGetCurrPcieLinkGeneration()",
            out -> NvmlApi.nvmlDeviceGetCurrPcieLinkGeneration(handle, out)),
        number(
            "nvmlDeviceGetCurrPcieLinkWidth()",
            out -> NvmlApi.nvmlDeviceGetCurrPcieLinkWidth(handle, out)));
  }

  /** A clock now. */
  public OptionalInt clockMegahertz(Clock clock) {
    return number(
        "nvmlDeviceGetClockInfo(%s)".formatted(clock),
        out -> NvmlApi.nvmlDeviceGetClockInfo(handle, clock.number, out));
  }

  /** The power that it draws now. */
  public OptionalInt powerMilliwatts() {
    return number("nvmlDeviceGetPowerUsage()", out -> NvmlApi.nvmlDeviceGetPowerUsage(handle, out));
  }

  /** The temperature of the chip now. */
  public OptionalInt temperatureCelsius() {
    return number(
        "nvmlDeviceGetTemperature()",
        out -> NvmlApi.nvmlDeviceGetTemperature(handle, NvmlApi.NVML_TEMPERATURE_GPU(), out));
  }

  /** How busy it is now. */
  public Optional<Utilization> utilization() {
    return ask(
            "nvmlDeviceGetUtilizationRates()",
            out -> NvmlApi.nvmlDeviceGetUtilizationRates(handle, out))
        .map(out -> new Utilization(nvmlUtilization_st.gpu(out), nvmlUtilization_st.memory(out)));
  }

  /** Why its clocks are not higher now. */
  public Optional<Set<ClockEventReason>> clockEventReasons() {
    if (NativeLibraries.has("nvml", "nvmlDeviceGetCurrentClocksEventReasons")) {
      return reasons(
          "nvmlDeviceGetCurrentClocksEventReasons()",
          out -> NvmlApi.nvmlDeviceGetCurrentClocksEventReasons(handle, out));
    }
    if (NativeLibraries.has("nvml", "nvmlDeviceGetCurrentClocksThrottleReasons")) {
      return reasons(
          "nvmlDeviceGetCurrentClocksThrottleReasons()",
          out -> NvmlApi.nvmlDeviceGetCurrentClocksThrottleReasons(handle, out));
    }
    return Optional.empty();
  }

  /** A call that leaves its answer in memory and returns a code. */
  @FunctionalInterface
  private interface Question {
    int ask(MemorySegment out);
  }

  private Optional<MemorySegment> ask(String call, Question question) {
    MemorySegment out = nvml.out();
    int code = question.ask(out);
    if (code == NvmlApi.NVML_ERROR_NOT_SUPPORTED() || code == NvmlApi.NVML_ERROR_NO_PERMISSION()) {
      return Optional.empty();
    }
    NvmlException.check(code, call);
    return Optional.of(out);
  }

  private Optional<String> text(String call, Question question) {
    return ask(call, question).map(out -> out.getString(0));
  }

  private OptionalInt number(String call, Question question) {
    Optional<MemorySegment> answer = ask(call, question);
    return answer.isPresent()
        ? OptionalInt.of(answer.get().get(ValueLayout.JAVA_INT, 0))
        : OptionalInt.empty();
  }

  private Optional<Boolean> mode(String call, Question question) {
    return ask(call, question)
        .map(out -> out.get(ValueLayout.JAVA_INT, 0) == NvmlApi.NVML_FEATURE_ENABLED());
  }

  private Optional<Set<ClockEventReason>> reasons(String call, Question question) {
    return ask(call, question).map(out -> ClockEventReason.of(out.get(ValueLayout.JAVA_LONG, 0)));
  }

  private static Optional<PcieLink> link(OptionalInt generation, OptionalInt lanes) {
    return generation.isPresent() && lanes.isPresent()
        ? Optional.of(new PcieLink(generation.getAsInt(), lanes.getAsInt()))
        : Optional.empty();
  }
}
