// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.tornado;

import io.gpubench.engines.cuda.CudaEngine;
import io.gpubench.engines.cuda.DeviceTestimony;
import io.gpubench.engines.cuda.KnownCard;
import io.gpubench.gpu.CudaDevice;
import io.gpubench.measure.spi.EngineEvidence;
import io.gpubench.measure.spi.EngineEvidence.Contradiction;
import io.gpubench.measure.spi.EngineEvidence.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What TornadoVM ran on, as its session describes it, and whether what a stored run says of it can
 * be. Each session tells its backend, and the name and kind of its device.
 */
public final class TornadoTestimony {
  /** The {@linkplain TornadoBackend#word word} of the backend. */
  public static final String BACKEND = "backend";

  /** Whose driver it is, such as {@code Portable Computing Language}. */
  public static final String PLATFORM = "platform";

  /** The device as its driver calls it, processors too. */
  public static final String DEVICE_NAME = "deviceName";

  /** What kind of device it is: {@link #CPU}, {@code GPU} or another word of TornadoVM's. */
  public static final String DEVICE_TYPE = "deviceType";

  /** Multiprocessors, or whatever the driver counts in their place. */
  public static final String COMPUTE_UNITS = "computeUnits";

  /** Of the device, in bytes. */
  public static final String MEMORY_BYTES = "memoryBytes";

  /** The highest clock that the driver tells. */
  public static final String CLOCK_MEGAHERTZ = "clockMegahertz";

  /** A compute unit does no more in a cycle. */
  private static final double OPERATIONS_PER_CYCLE = 1024;

  /** The kind of a device that is the processors. */
  public static final String CPU = "CPU";

  /** Names that PoCL gives to processors begin so; it may drive GPUs too. */
  private static final List<String> PROCESSORS_OF_POCL = List.of("pthread", "cpu", "basic");

  private static final String POCL = "Portable Computing Language";

  private final TornadoBackend backend;
  private final EngineEvidence evidence;
  private final Map<String, Object> description;
  private final List<Contradiction> found = new ArrayList<>();

  private TornadoTestimony(TornadoBackend backend, EngineEvidence evidence) {
    this.backend = backend;
    this.evidence = evidence;
    this.description = evidence.description();
  }

  /**
   * On what it ran, for people: {@code OpenCL (Portable Computing Language) on the processors},
   * {@code CUDA on NVIDIA H200}.
   *
   * @param description of its session
   */
  public static String place(TornadoBackend backend, Map<String, Object> description) {
    return CPU.equals(description.get(DEVICE_TYPE))
        ? "%s (%s) on the processors".formatted(backend.title(), description.get(PLATFORM))
        : "%s on %s".formatted(backend.title(), description.get(DEVICE_NAME));
  }

  /**
   * What a device of OpenCL cannot exceed; generous, since compute units are of many kinds.
   *
   * @param clockMegahertz the most that its driver tells
   */
  public static double operationsPerSecond(double computeUnits, double clockMegahertz) {
    return 2e6 * clockMegahertz * computeUnits * OPERATIONS_PER_CYCLE;
  }

  static List<Contradiction> contradictions(TornadoBackend backend, EngineEvidence evidence) {
    var testimony = new TornadoTestimony(backend, evidence);
    testimony.checkBackend();
    testimony.checkDevice();
    testimony.checkSynthetic();
    if (backend == TornadoBackend.OPENCL) {
      testimony.checkCard();
      testimony.checkBounds();
    } else { // what the driver says of the card is told as by the engine of CUDA
      testimony.found.addAll(DeviceTestimony.contradictions(evidence));
    }
    return testimony.found;
  }

  private void checkBackend() {
    if (!backend.word().equals(text(BACKEND))) {
      add(
          Kind.DEVICE,
          String.format(
              Locale.ROOT,
              "the engine is %s, and its backend describes itself as '%s'",
              backend.engine(),
              text(BACKEND)));
    }
  }

  /** The processors are no device, and nothing else is. */
  private void checkDevice() {
    String device = evidence.device();
    String type = text(DEVICE_TYPE);
    boolean processors = type.equals(CPU);
    if (type.isEmpty()) {
      add(Kind.DEVICE, "it does not tell what kind of device it is");
    } else if (processors && device != null) {
      add(
          Kind.DEVICE,
          String.format(
              Locale.ROOT, "it worked on the processors, and names the device '%s'", device));
    } else if (!processors && device == null) {
      add(
          Kind.DEVICE,
          String.format(Locale.ROOT, "its device is of the kind %s, and none is named", type));
    }
    if (processors && backend != TornadoBackend.OPENCL) {
      add(
          Kind.DEVICE,
          String.format(Locale.ROOT, "%s has no processors among its devices", backend.title()));
    }
    String name = text(DEVICE_NAME);
    if (device != null && !device.equals(name)) {
      add(
          Kind.DEVICE,
          String.format(
              Locale.ROOT,
              "the device is called '%s', and describes itself as '%s'",
              device,
              name));
    }
    if (!processors
        && text(PLATFORM).equals(POCL)
        && PROCESSORS_OF_POCL.stream().anyMatch(name::startsWith)) {
      add(
          Kind.DEVICE,
          String.format(
              Locale.ROOT,
              "'%s' is what %s calls the processors, and it is said to be of the kind %s",
              name,
              POCL,
              type));
    }
  }

  private void checkSynthetic() {
    boolean simulated =
        CudaDevice.SIMULATED.equals(evidence.device())
            || CudaDevice.SIMULATED.equals(text(DEVICE_NAME))
            || CudaEngine.SIMULATOR.equals(evidence.deviceAsked());
    if (simulated != evidence.synthetic()) {
      add(
          Kind.SYNTHETIC,
          simulated
              ? "it is not marked as synthetic, but it is the simulated device"
              : "it is marked as synthetic, and only the simulated device is");
    }
  }

  private void checkCard() {
    String device = evidence.device();
    KnownCard card = device == null ? null : KnownCard.of(device).orElse(null);
    if (card == null) {
      return;
    }
    Double units = number(COMPUTE_UNITS);
    if (units != null && units > card.multiprocessors()) {
      add(
          Kind.DEVICE,
          String.format(
              Locale.ROOT,
              "an %s has %d multiprocessors at most, not %.0f",
              card.name(),
              card.multiprocessors(),
              units));
    }
    Double memory = number(MEMORY_BYTES);
    if (memory != null && !card.hasMemory(memory)) {
      add(
          Kind.DEVICE,
          String.format(
              Locale.ROOT,
              "an %s has %d GiB of memory, not %.1f",
              card.name(),
              card.gibibytes(),
              memory / (1 << 30)));
    }
  }

  private void checkBounds() {
    Double units = number(COMPUTE_UNITS);
    Double clock = number(CLOCK_MEGAHERTZ);
    Double said = evidence.operationsPerSecond();
    if (units != null && clock != null && said != null) {
      double follows = operationsPerSecond(units, clock);
      if (Math.abs(said - follows) > 1e-6 * follows) {
        add(
            Kind.DEVICE,
            String.format(
                Locale.ROOT,
                "%.0f compute units at %.0f MHz are bounded by %.4g operations/s, not %.4g",
                units,
                clock,
                follows,
                said));
      }
    }
    if (!evidence.bounds().isEmpty()) {
      add(Kind.DEVICE, "OpenCL tells nothing that bounds " + evidence.bounds().keySet());
    }
  }

  private String text(String key) {
    return description.get(key) instanceof String text ? text : "";
  }

  private @Nullable Double number(String key) {
    return description.get(key) instanceof Number number ? (Double) number.doubleValue() : null;
  }

  private void add(Kind kind, String message) {
    found.add(new Contradiction(kind, message));
  }
}
