// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.fitness;

import io.gpubench.gpu.ClockEventReason;
import io.gpubench.gpu.ComputeProcess;
import io.gpubench.gpu.NvmlDevice;
import io.gpubench.gpu.NvmlDevice.Clock;
import io.gpubench.gpu.NvmlDevice.ComputeMode;
import io.gpubench.gpu.NvmlDevice.PcieLink;
import io.gpubench.gpu.NvmlDevice.Virtualisation;
import io.gpubench.gpu.NvmlException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a device that a measurement depends on. What nobody tells is null, never 0.
 *
 * @param uuid as {@code nvidia-smi -i} takes it
 * @param persistent whether the driver stays loaded while nobody uses the device
 * @param ecc whether its memory corrects errors
 * @param eccAfterRestart the same after the next restart
 * @param repairs of its memory
 * @param divided whether it is several devices (MIG)
 * @param computeMode who may use it
 * @param occupants processes that use it now
 * @param virtualisation what stands between it and this machine
 * @param performanceState 0 is the fastest
 * @param reasons why its clocks are not higher now
 */
public record DeviceFacts(
    String uuid,
    @Nullable Boolean persistent,
    @Nullable Boolean ecc,
    @Nullable Boolean eccAfterRestart,
    Repairs repairs,
    @Nullable Boolean divided,
    @Nullable ComputeMode computeMode,
    @Nullable List<ComputeProcess> occupants,
    @Nullable Virtualisation virtualisation,
    @Nullable Integer performanceState,
    @Nullable Set<ClockEventReason> reasons,
    Clocks clocks,
    Power power,
    Heat heat,
    Link link,
    PciPlace place) {

  /**
   * Memory that was replaced.
   *
   * @param corrected rows or pages, after errors that had been corrected
   * @param uncorrected the same, after errors that had not
   * @param pending whether more are to be replaced
   * @param failed whether a replacement failed
   */
  public record Repairs(
      @Nullable Integer corrected,
      @Nullable Integer uncorrected,
      @Nullable Boolean pending,
      @Nullable Boolean failed) {}

  /**
   * In megahertz.
   *
   * @param now of the multiprocessors
   * @param most the highest that it can be
   * @param asked for while something runs
   * @param usual what is asked for where nobody changed it
   * @param memoryMost the highest of the memory
   * @param memoryUsual of the memory, where nobody changed it
   */
  public record Clocks(
      @Nullable Integer now,
      @Nullable Integer most,
      @Nullable Integer asked,
      @Nullable Integer usual,
      @Nullable Integer memoryMost,
      @Nullable Integer memoryUsual) {}

  /** In milliwatts: the limit, and what it is where nobody changed it. */
  public record Power(@Nullable Integer limit, @Nullable Integer usual) {}

  /** In degrees Celsius: of the chip now, and where it slows down. */
  public record Heat(@Nullable Integer now, @Nullable Integer slowdown) {}

  /**
   * To the host.
   *
   * @param now at this moment, perhaps idle
   * @param most the best that card and slot can have together
   * @param cardGeneration the best that the card could have
   */
  public record Link(
      @Nullable PcieLink now, @Nullable PcieLink most, @Nullable Integer cardGeneration) {}

  /**
   * Asks for all of it.
   *
   * @param pciBusId as CUDA or NVML write it
   * @param root holds {@code sys}
   * @throws NvmlException if the device is lost
   */
  public static DeviceFacts of(String uuid, String pciBusId, NvmlDevice device, Path root) {
    NvmlDevice.Repairs repairs =
        known(() -> Optional.of(device.repairs()))
            .orElseGet(() ->
                new NvmlDevice.Repairs(
                    OptionalInt.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty()));
    Clock processors = Clock.MULTIPROCESSOR;
    return new DeviceFacts(
        uuid,
        value(device::persistent),
        value(device::eccEnabled),
        value(device::eccAfterRestart),
        new Repairs(
            number(repairs::corrected),
            number(repairs::uncorrected),
            repairs.pending().orElse(null),
            repairs.failed().orElse(null)),
        value(device::divided),
        value(device::computeMode),
        value(device::computeProcesses),
        value(device::virtualisation),
        number(device::performanceState),
        value(device::clockEventReasons),
        new Clocks(
            number(() -> device.clockMegahertz(processors)),
            number(() -> device.maxClockMegahertz(processors)),
            number(() -> device.applicationClockMegahertz(Clock.GRAPHICS)),
            number(() -> device.defaultApplicationClockMegahertz(Clock.GRAPHICS)),
            number(() -> device.maxClockMegahertz(Clock.MEMORY)),
            number(() -> device.defaultApplicationClockMegahertz(Clock.MEMORY))),
        new Power(
            number(device::powerLimitMilliwatts), number(device::defaultPowerLimitMilliwatts)),
        new Heat(number(device::temperatureCelsius), number(device::slowdownCelsius)),
        new Link(
            value(device::pcieLink),
            value(device::maxPcieLink),
            number(device::cardPcieGeneration)),
        PciPlace.read(root, pciBusId));
  }

  /** A question that fails leaves the others their answers. */
  private static <T> Optional<T> known(Supplier<Optional<T>> question) {
    try {
      return question.get();
    } catch (NvmlException e) {
      if (e.lost()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private static <T> @Nullable T value(Supplier<Optional<T>> question) {
    return known(question).orElse(null);
  }

  private static @Nullable Integer number(Supplier<OptionalInt> question) {
    return known(() -> question.get().stream().boxed().findFirst()).orElse(null);
  }
}
