// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import io.gpubench.ffi.NativeLibraries;
import io.gpubench.ffi.nvml.NvmlApi;
import io.gpubench.ffi.nvml.nvmlFieldValue_st;
import io.gpubench.ffi.nvml.nvmlMemory_st;
import io.gpubench.ffi.nvml.nvmlPciInfo_st;
import io.gpubench.ffi.nvml.nvmlUtilization_st;
import io.gpubench.ffi.nvml.nvmlValue_st;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What NVML tells about a device: facts, which hardly change, and readings of this moment. What the
 * device does not have, or does not tell to everybody, is empty and never zero, also where a driver
 * gives a number for it that no such sensor can read. Lives as long as its {@link Nvml}, on the
 * same thread.
 */
public final class NvmlDevice {
  private static final int TEXT_BYTES = 96;
  private static final int MOST_PROCESSES = 1 << 16;
  private static final int SPARE_PROCESSES = 8;

  /** No device has as many rows or pages to spare. */
  private static final int MOST_REPAIRS = 1_000_000;

  private final Nvml nvml;
  private final MemorySegment handle;

  NvmlDevice(Nvml nvml, MemorySegment handle) {
    this.nvml = nvml;
    this.handle = handle;
  }

  /** A clock of a device. */
  public enum Clock {
    /** Of the graphics units. */
    GRAPHICS(NvmlApi.NVML_CLOCK_GRAPHICS(), SensorRange.MEGAHERTZ),
    /** Of the multiprocessors. */
    MULTIPROCESSOR(NvmlApi.NVML_CLOCK_SM(), SensorRange.MEGAHERTZ),
    /** Of the memory. */
    MEMORY(NvmlApi.NVML_CLOCK_MEM(), SensorRange.MEMORY_MEGAHERTZ);

    private final int number;
    private final SensorRange range;

    Clock(int number, SensorRange range) {
      this.number = number;
      this.range = range;
    }
  }

  /** Who may have a context on a device. */
  public enum ComputeMode {
    /** Any number of processes. */
    SHARED,
    /** One thread, on drivers that still have this. */
    EXCLUSIVE_THREAD,
    /** Nobody. */
    PROHIBITED,
    /** One process at a time. */
    EXCLUSIVE_PROCESS
  }

  /** What stands between the device and whoever uses it. */
  public enum Virtualisation {
    /** Nothing. */
    NONE,
    /** It is passed through to a virtual machine as a whole. */
    PASSTHROUGH,
    /** This is a share of a device. */
    SHARE,
    /** This machine gives shares of it to others. */
    HOST_OF_SHARES
  }

  /**
   * Memory that was found to be broken; what the device does not count is empty. A device has rows
   * that are remapped, or on older ones pages that are retired.
   *
   * @param corrected rows or pages that were replaced after errors that had been corrected
   * @param uncorrected those replaced after errors that had not
   * @param pending whether more are to be replaced at the next reset
   * @param failed whether a replacement failed
   */
  public record Repairs(
      OptionalInt corrected,
      OptionalInt uncorrected,
      Optional<Boolean> pending,
      Optional<Boolean> failed) {}

  /** Memory of a device in bytes, of which the driver keeps some for itself. */
  public record Memory(long usedBytes, long freeBytes) {}

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

  /** Its UUID, by which CUDA knows it too: {@code GPU-…}. */
  public Optional<String> uuid() {
    return NativeLibraries.has("nvml", "nvmlDeviceGetUUID")
        ? text("nvmlDeviceGetUUID()", out -> NvmlApi.nvmlDeviceGetUUID(handle, out, TEXT_BYTES))
        : Optional.empty();
  }

  /** Where it is on the bus, as the kernel writes it: {@code 0000:c1:00.0}. */
  public Optional<String> pciBusId() {
    if (!NativeLibraries.has("nvml", "nvmlDeviceGetPciInfo_v3")) {
      return Optional.empty();
    }
    return ask("nvmlDeviceGetPciInfo_v3()", out -> NvmlApi.nvmlDeviceGetPciInfo_v3(handle, out))
        .map(out ->
            "%04x:%02x:%02x.0"
                .formatted(
                    nvmlPciInfo_st.domain(out),
                    nvmlPciInfo_st.bus(out),
                    nvmlPciInfo_st.device(out)));
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

  /** Whether its memory will correct errors after the next restart. */
  public Optional<Boolean> eccAfterRestart() {
    return ask(
            "nvmlDeviceGetEccMode()",
            out -> NvmlApi.nvmlDeviceGetEccMode(handle, out, out.asSlice(Integer.BYTES)))
        .map(out -> out.get(ValueLayout.JAVA_INT, Integer.BYTES))
        .flatMap(NvmlDevice::mode);
  }

  /** What has been replaced of its memory. */
  public Repairs repairs() {
    OptionalInt corrected = field(NvmlApi.NVML_FI_DEV_REMAPPED_COR());
    return corrected.isPresent()
        ? new Repairs(
            corrected,
            field(NvmlApi.NVML_FI_DEV_REMAPPED_UNC()),
            flag(NvmlApi.NVML_FI_DEV_REMAPPED_PENDING()),
            flag(NvmlApi.NVML_FI_DEV_REMAPPED_FAILURE()))
        : new Repairs(
            field(NvmlApi.NVML_FI_DEV_RETIRED_SBE()),
            field(NvmlApi.NVML_FI_DEV_RETIRED_DBE()),
            flag(NvmlApi.NVML_FI_DEV_RETIRED_PENDING()),
            Optional.empty());
  }

  /** How full its memory is now. */
  public Optional<Memory> memory() {
    if (!NativeLibraries.has("nvml", "nvmlDeviceGetMemoryInfo")) {
      return Optional.empty();
    }
    return ask("nvmlDeviceGetMemoryInfo()", out -> NvmlApi.nvmlDeviceGetMemoryInfo(handle, out))
        .map(out -> new Memory(nvmlMemory_st.used(out), nvmlMemory_st.free(out)))
        .filter(memory ->
            SensorRange.BYTES.holds(memory.usedBytes())
                && SensorRange.BYTES.holds(memory.freeBytes()));
  }

  /** Who may use it. */
  public Optional<ComputeMode> computeMode() {
    return constant(
        ComputeMode.values(),
        optional(
            "nvmlDeviceGetComputeMode",
            SensorRange.MODE,
            out -> NvmlApi.nvmlDeviceGetComputeMode(handle, out)));
  }

  /** Whether it is the card itself that is used. */
  public Optional<Virtualisation> virtualisation() {
    OptionalInt mode =
        optional(
            "nvmlDeviceGetVirtualizationMode",
            SensorRange.MODE,
            out -> NvmlApi.nvmlDeviceGetVirtualizationMode(handle, out));
    return constant(Virtualisation.values(), mode);
  }

  /** Its performance state now: 0 is the fastest, 15 the slowest. */
  public OptionalInt performanceState() {
    return optional(
        "nvmlDeviceGetPerformanceState",
        SensorRange.PERFORMANCE_STATE,
        out -> NvmlApi.nvmlDeviceGetPerformanceState(handle, out));
  }

  /** The temperature of the chip at which it slows down. */
  public OptionalInt slowdownCelsius() {
    return optional(
        "nvmlDeviceGetTemperatureThreshold",
        SensorRange.CELSIUS,
        out ->
            NvmlApi.nvmlDeviceGetTemperatureThreshold(
                handle, NvmlApi.NVML_TEMPERATURE_THRESHOLD_SLOWDOWN(), out));
  }

  /** The power that it may draw unless somebody changes that. */
  public OptionalInt defaultPowerLimitMilliwatts() {
    return optional(
        "nvmlDeviceGetPowerManagementDefaultLimit",
        SensorRange.MILLIWATTS,
        out -> NvmlApi.nvmlDeviceGetPowerManagementDefaultLimit(handle, out));
  }

  /** What somebody asked a clock to be while something runs. */
  public OptionalInt applicationClockMegahertz(Clock clock) {
    return optional(
        "nvmlDeviceGetApplicationsClock",
        clock.range,
        out -> NvmlApi.nvmlDeviceGetApplicationsClock(handle, clock.number, out));
  }

  /** What it is where nobody asked. */
  public OptionalInt defaultApplicationClockMegahertz(Clock clock) {
    return optional(
        "nvmlDeviceGetDefaultApplicationsClock",
        clock.range,
        out -> NvmlApi.nvmlDeviceGetDefaultApplicationsClock(handle, clock.number, out));
  }

  /** The highest generation of a link that the card could have in a better slot. */
  public OptionalInt cardPcieGeneration() {
    return optional(
        "nvmlDeviceGetGpuMaxPcieLinkGeneration",
        SensorRange.PCIE_GENERATION,
        out -> NvmlApi.nvmlDeviceGetGpuMaxPcieLinkGeneration(handle, out));
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
        SensorRange.MILLIWATTS,
        out -> NvmlApi.nvmlDeviceGetEnforcedPowerLimit(handle, out));
  }

  /** The highest that a clock can be. */
  public OptionalInt maxClockMegahertz(Clock clock) {
    return number(
        "nvmlDeviceGetMaxClockInfo(%s)".formatted(clock),
        clock.range,
        out -> NvmlApi.nvmlDeviceGetMaxClockInfo(handle, clock.number, out));
  }

  /** The best link that device and slot can have. */
  public Optional<PcieLink> maxPcieLink() {
    return link(
        number(
            "nvmlDeviceGetMaxPcieLinkGeneration()",
            SensorRange.PCIE_GENERATION,
            out -> NvmlApi.nvmlDeviceGetMaxPcieLinkGeneration(handle, out)),
        number(
            "nvmlDeviceGetMaxPcieLinkWidth()",
            SensorRange.PCIE_LANES,
            out -> NvmlApi.nvmlDeviceGetMaxPcieLinkWidth(handle, out)));
  }

  /** The link now, which may be slower while the device is idle. */
  public Optional<PcieLink> pcieLink() {
    return link(
        number(
            "nvmlDeviceGetCurrPcieLinkGeneration()",
            SensorRange.PCIE_GENERATION,
            out -> NvmlApi.nvmlDeviceGetCurrPcieLinkGeneration(handle, out)),
        number(
            "nvmlDeviceGetCurrPcieLinkWidth()",
            SensorRange.PCIE_LANES,
            out -> NvmlApi.nvmlDeviceGetCurrPcieLinkWidth(handle, out)));
  }

  /** A clock now. */
  public OptionalInt clockMegahertz(Clock clock) {
    return number(
        "nvmlDeviceGetClockInfo(%s)".formatted(clock),
        clock.range,
        out -> NvmlApi.nvmlDeviceGetClockInfo(handle, clock.number, out));
  }

  /** The power that it draws now. */
  public OptionalInt powerMilliwatts() {
    return number(
        "nvmlDeviceGetPowerUsage()",
        SensorRange.MILLIWATTS,
        out -> NvmlApi.nvmlDeviceGetPowerUsage(handle, out));
  }

  /** The temperature of the chip now. */
  public OptionalInt temperatureCelsius() {
    return number(
        "nvmlDeviceGetTemperature()",
        SensorRange.CELSIUS,
        out -> NvmlApi.nvmlDeviceGetTemperature(handle, NvmlApi.NVML_TEMPERATURE_GPU(), out));
  }

  /** How busy it is now. */
  public Optional<Utilization> utilization() {
    return ask(
            "nvmlDeviceGetUtilizationRates()",
            out -> NvmlApi.nvmlDeviceGetUtilizationRates(handle, out))
        .flatMap(out -> {
          OptionalInt kernel = SensorRange.PERCENT.judge(nvmlUtilization_st.gpu(out));
          OptionalInt memory = SensorRange.PERCENT.judge(nvmlUtilization_st.memory(out));
          return kernel.isPresent() && memory.isPresent()
              ? Optional.of(new Utilization(kernel.getAsInt(), memory.getAsInt()))
              : Optional.empty();
        });
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

  /** Its sensors, for who reads them again and again and wants to know why one has no number. */
  public NvmlSensors sensors() {
    return new NvmlSensors(nvml, handle);
  }

  /**
   * The processes that have a context on it now, this one too if it has; empty if the driver does
   * not tell. In a container that is often none, though others have.
   */
  public Optional<List<ComputeProcess>> computeProcesses() {
    if (!NativeLibraries.has("nvml", "nvmlDeviceGetComputeRunningProcesses_v3")) {
      return Optional.empty();
    }
    int room = 0;
    while (true) {
      try (Arena scratch = Arena.ofConfined()) {
        MemorySegment processes =
            scratch.allocate((long) room * ComputeProcess.ROOM_BYTES, Long.BYTES);
        ComputeProcess.mark(processes);
        MemorySegment count = nvml.out();
        count.set(ValueLayout.JAVA_INT, 0, room);
        int code =
            NvmlApi.nvmlDeviceGetComputeRunningProcesses_v3(
                handle, count, room == 0 ? MemorySegment.NULL : processes);
        int known = count.get(ValueLayout.JAVA_INT, 0);
        if (code == NvmlApi.NVML_ERROR_INSUFFICIENT_SIZE() && room < MOST_PROCESSES) {
          room = Math.clamp(known + SPARE_PROCESSES, room + 1, MOST_PROCESSES);
          continue;
        }
        return answered(code, "nvmlDeviceGetComputeRunningProcesses_v3()")
            ? ComputeProcess.read(processes, known)
                .map(all ->
                    all.stream().map(process -> process.named(nameOf(process.pid()))).toList())
            : Optional.empty();
      }
    }
  }

  /** A process may be gone, or of another user, or in another container: then it has no name. */
  private @Nullable String nameOf(long pid) {
    if (!NativeLibraries.has("nvml", "nvmlSystemGetProcessName")) {
      return null;
    }
    MemorySegment name = nvml.out();
    int code = NvmlApi.nvmlSystemGetProcessName((int) pid, name, (int) name.byteSize());
    return code == NvmlApi.NVML_SUCCESS() ? name.getString(0) : null;
  }

  /** A call that leaves its answer in memory and returns a code. */
  @FunctionalInterface
  private interface Question {
    int ask(MemorySegment out);
  }

  private Optional<MemorySegment> ask(String call, Question question) {
    MemorySegment out = nvml.out();
    return answered(question.ask(out), call) ? Optional.of(out) : Optional.empty();
  }

  /** Whether there is an answer; not if the device has none, or none for everybody. */
  private static boolean answered(int code, String call) {
    if (code == NvmlApi.NVML_ERROR_NOT_SUPPORTED() || code == NvmlApi.NVML_ERROR_NO_PERMISSION()) {
      return false;
    }
    NvmlException.check(code, call);
    return true;
  }

  private Optional<String> text(String call, Question question) {
    return ask(call, question).map(out -> out.getString(0)).filter(text -> !text.isBlank());
  }

  private OptionalInt number(String call, SensorRange range, Question question) {
    Optional<MemorySegment> answer = ask(call, question);
    return answer.isPresent()
        ? range.judge(answer.get().get(ValueLayout.JAVA_INT, 0))
        : OptionalInt.empty();
  }

  private Optional<Boolean> mode(String call, Question question) {
    return ask(call, question)
        .map(out -> out.get(ValueLayout.JAVA_INT, 0))
        .flatMap(NvmlDevice::mode);
  }

  private static Optional<Boolean> mode(int number) {
    return number == 0 || number == NvmlApi.NVML_FEATURE_ENABLED()
        ? Optional.of(number != 0)
        : Optional.empty();
  }

  private static <E> Optional<E> constant(E[] all, OptionalInt number) {
    return number.isPresent() && number.getAsInt() < all.length
        ? Optional.of(all[number.getAsInt()])
        : Optional.empty();
  }

  /** What a function tells that not every driver has. */
  private OptionalInt optional(String function, SensorRange range, Question question) {
    return NativeLibraries.has("nvml", function)
        ? number(function + "()", range, question)
        : OptionalInt.empty();
  }

  /** A field that counts, or says yes by a number. */
  private OptionalInt field(int id) {
    if (!NativeLibraries.has("nvml", "nvmlDeviceGetFieldValues")) {
      return OptionalInt.empty();
    }
    Optional<MemorySegment> answer =
        ask(
            "nvmlDeviceGetFieldValues()",
            out -> {
              out.fill((byte) 0);
              nvmlFieldValue_st.fieldId(out, id);
              return NvmlApi.nvmlDeviceGetFieldValues(handle, 1, out);
            });
    if (answer.isEmpty() || nvmlFieldValue_st.nvmlReturn(answer.get()) != NvmlApi.NVML_SUCCESS()) {
      return OptionalInt.empty();
    }
    MemorySegment value = nvmlFieldValue_st.value(answer.get());
    int type = nvmlFieldValue_st.valueType(answer.get());
    long number =
        type == NvmlApi.NVML_VALUE_TYPE_UNSIGNED_INT()
            ? Integer.toUnsignedLong(nvmlValue_st.uiVal(value))
            : type == NvmlApi.NVML_VALUE_TYPE_UNSIGNED_LONG()
                    || type == NvmlApi.NVML_VALUE_TYPE_UNSIGNED_LONG_LONG()
                ? nvmlValue_st.ullVal(value)
                : -1;
    return number >= 0 && number <= MOST_REPAIRS
        ? OptionalInt.of((int) number)
        : OptionalInt.empty();
  }

  private Optional<Boolean> flag(int id) {
    OptionalInt number = field(id);
    return number.isPresent() ? Optional.of(number.getAsInt() != 0) : Optional.empty();
  }

  private Optional<Set<ClockEventReason>> reasons(String call, Question question) {
    return ask(call, question)
        .map(out -> out.get(ValueLayout.JAVA_LONG, 0))
        .filter(SensorRange::areReasons)
        .map(ClockEventReason::of);
  }

  private static Optional<PcieLink> link(OptionalInt generation, OptionalInt lanes) {
    return generation.isPresent() && lanes.isPresent()
        ? Optional.of(new PcieLink(generation.getAsInt(), lanes.getAsInt()))
        : Optional.empty();
  }
}
