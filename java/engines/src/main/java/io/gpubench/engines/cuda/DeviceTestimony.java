// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaDevice;
import io.gpubench.measure.spi.EngineEvidence;
import io.gpubench.measure.spi.EngineEvidence.Contradiction;
import io.gpubench.measure.spi.EngineEvidence.Kind;
import io.gpubench.measure.spi.Telemetry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Judges what a stored run says of its CUDA device: by itself, and by what is known of such cards.
 * What a run does not say is not held against it.
 */
public final class DeviceTestimony {
  /** Threads of a multiprocessor that can begin an instruction in one cycle, on any generation. */
  private static final double LANES = 128;

  // Of the simulated device; its libraries say so in each of these ways.
  private static final String SIMULATED_UUID = "GPU-67707562-656e-6368-2d73-696d756c6174";
  private static final String SIMULATED_DRIVER = "simulated";

  /** Sensors are read a little after the fact, and boost beyond the nominal limit for moments. */
  private static final double CLOCK_MARGIN = 1.05;

  private static final double POWER_MARGIN = 1.5;

  private final EngineEvidence evidence;
  private final Map<String, Object> description;
  private final List<Contradiction> found = new ArrayList<>();

  private DeviceTestimony(EngineEvidence evidence) {
    this.evidence = evidence;
    this.description = evidence.description();
  }

  /** What cannot be; empty where all can. */
  public static List<Contradiction> contradictions(EngineEvidence evidence) {
    var testimony = new DeviceTestimony(evidence);
    testimony.checkName();
    testimony.checkSynthetic();
    testimony.checkCard();
    testimony.checkBound();
    testimony.checkBounds();
    evidence.readings().forEach(testimony::checkReading);
    return testimony.found;
  }

  /**
   * A generous bound: an operation on 64 bits in each lane of each multiprocessor in every cycle,
   * though most take two instructions.
   */
  static double operationsPerSecond(double multiprocessors, double clockKilohertz) {
    return multiprocessors * LANES * clockKilohertz * 1e3;
  }

  private void checkName() {
    String device = evidence.device();
    Object described = description.get("name");
    if (device == null) {
      add(Kind.DEVICE, "an engine of CUDA works on a device, and none is named");
    } else if (described != null && !described.equals(device)) {
      add(
          Kind.DEVICE,
          String.format(
              Locale.ROOT,
              "the device is called '%s', and describes itself as '%s'",
              device,
              described));
    }
  }

  private void checkSynthetic() {
    if (evidence.synthetic()) {
      return;
    }
    String mark = simulationMark();
    if (mark != null) {
      add(
          Kind.SYNTHETIC,
          String.format(
              Locale.ROOT,
              "it is not marked as synthetic, but %s is that of the simulated device",
              mark));
    }
  }

  private @Nullable String simulationMark() {
    if (CudaEngine.SIMULATOR.equals(evidence.deviceAsked())) {
      return "the device that was asked for";
    }
    if (CudaDevice.SIMULATED.equals(evidence.device())
        || CudaDevice.SIMULATED.equals(text("name"))) {
      return "the name";
    }
    if (SIMULATED_UUID.equals(text("uuid"))) {
      return "the UUID";
    }
    if (text("driver").startsWith(SIMULATED_DRIVER)) {
      return "the driver's version";
    }
    if (description.get("kernels") instanceof Map<?, ?> kernels) {
      for (Object kernel : kernels.values()) {
        if (kernel instanceof Map<?, ?> image
            && String.valueOf(image.get("origin")).endsWith(".so")) {
          return "the kernel image, a shared object for processors,";
        }
      }
    }
    return null;
  }

  private void checkCard() {
    String device = evidence.device();
    KnownCard card = device == null ? null : KnownCard.of(device).orElse(null);
    if (card == null) {
      return;
    }
    String capability = text("computeCapability");
    if (!capability.isEmpty() && !capability.equals(card.computeCapability())) {
      add(
          Kind.DEVICE,
          String.format(
              Locale.ROOT,
              "an %s has compute capability %s, not %s",
              card.name(),
              card.computeCapability(),
              capability));
    }
    Double multiprocessors = number("multiprocessors");
    if (multiprocessors != null && multiprocessors > card.multiprocessors()) {
      add(
          Kind.DEVICE,
          String.format(
              Locale.ROOT,
              "an %s has %d multiprocessors at most, not %.0f",
              card.name(),
              card.multiprocessors(),
              multiprocessors));
    }
    Double memory = number("memoryBytes");
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

  private void checkBound() {
    Double multiprocessors = number("multiprocessors");
    Double clock = number("clockKilohertz");
    Double bound = evidence.operationsPerSecond();
    if (multiprocessors == null || clock == null || bound == null) {
      return;
    }
    double expected = operationsPerSecond(multiprocessors, clock);
    if (Math.abs(bound - expected) > 1e-6 * expected) {
      add(
          Kind.DEVICE,
          String.format(
              Locale.ROOT,
              "%.0f multiprocessors at %.0f kHz are bounded by %.4g operations/s, not %.4g",
              multiprocessors,
              clock,
              expected,
              bound));
    }
  }

  /** A bound that does not follow from the device's attributes; later versions may know more. */
  private void checkBounds() {
    Map<String, Double> follow = CudaBounds.of(description);
    for (Map.Entry<String, Double> said : new TreeMap<>(evidence.bounds()).entrySet()) {
      Double bound = follow.get(said.getKey());
      if (bound == null || Math.abs(said.getValue() - bound) > 1e-6 * bound) {
        add(
            Kind.DEVICE,
            String.format(
                Locale.ROOT,
                "its attributes bound %s by %s, not by %.4g a second",
                said.getKey(),
                bound == null ? "nothing" : String.format(Locale.ROOT, "%.4g", bound),
                said.getValue()));
        return;
      }
    }
  }

  private void checkReading(Telemetry reading) {
    checkAtMost(
        "clock of the multiprocessors, in MHz,",
        reading.clockMegahertz(),
        number("maxClockMegahertz.multiprocessor"),
        CLOCK_MARGIN);
    checkAtMost(
        "clock of the memory, in MHz,",
        reading.memoryClockMegahertz(),
        number("maxClockMegahertz.memory"),
        CLOCK_MARGIN);
    Double limit = number("powerLimitMilliwatts");
    checkAtMost(
        "power, in W,", reading.powerWatts(), limit == null ? null : limit / 1e3, POWER_MARGIN);
  }

  private void checkAtMost(
      String sensor, @Nullable Double reading, @Nullable Double most, double margin) {
    if (reading != null && most != null && most > 0 && reading > margin * most) {
      add(
          Kind.TELEMETRY,
          String.format(
              Locale.ROOT, "the %s is %.1f, and the most is %.1f", sensor, reading, most));
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
