// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.ceiling;

import io.gpubench.measure.spi.Session;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * On what the ceilings of a piece of hardware depend: what it is, and the settings and software
 * under which it works. When any of it changes, they are measured anew. What cannot be read is left
 * out.
 *
 * @param hardware {@code processors}, or a device's own unique name
 * @param parts such as {@code driver}, {@code ecc} or {@code mig}, in a fixed order
 */
public record HardwareIdentity(String hardware, Map<String, String> parts) {
  /** Of the processors; {@code maxKilohertz} is absent in most virtual machines. */
  private static final List<String> PROCESSOR =
      List.of(
          "model",
          "microcode",
          "availableProcessors",
          "vectorFlags",
          "virtualMachine",
          "smt",
          "governor",
          "maxKilohertz");

  /** Settings such as ECC or the division of a card change what its memory can do. */
  private static final List<String> DEVICE =
      List.of(
          "name",
          "uuid",
          "computeCapability",
          "multiprocessors",
          "memoryBytes",
          "memoryClockKilohertz",
          "clockKilohertz",
          "driver",
          "cudaOfDriver",
          "vbios",
          "ecc",
          "mig",
          "persistenceMode",
          "powerLimitMilliwatts",
          "maxClockMegahertz.multiprocessor",
          "maxClockMegahertz.memory",
          "maxPcieLink");

  private static final long KIBIBYTES_PER_GIBIBYTE = 1 << 20;

  public HardwareIdentity {
    parts = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(parts));
  }

  /**
   * What identifies the hardware, by what a run says of it: {@code processors}, {@code gpu-} and
   * the digits of a UUID, or {@code synthetic} for what only stands for hardware; null for a device
   * without a UUID.
   *
   * @param device name of the device; null when that is the processors
   * @param description of the engine, as {@link Session#description} told it
   */
  public static @Nullable String hardware(
      boolean synthetic, @Nullable String device, Map<String, Object> description) {
    if (synthetic) {
      return "synthetic";
    }
    if (device == null) {
      return Session.PROCESSORS;
    }
    return description.get("uuid") instanceof String uuid
        ? "gpu-" + uuid.replaceFirst("^GPU-", "")
        : null;
  }

  /**
   * The identity of hardware now.
   *
   * @param environment of this machine, as {@link io.gpubench.measure.result.Environment} captures
   *     it
   * @param description of the engine that works on it
   */
  public static HardwareIdentity of(
      String hardware, Map<String, Object> environment, Map<String, Object> description) {
    var parts = new LinkedHashMap<String, String>();
    Map<?, ?> processor = part(environment, "cpu");
    if (hardware.equals(Session.PROCESSORS)) {
      PROCESSOR.forEach(key -> put(parts, key, processor.get(key)));
      put(parts, "memoryGibibytes", gibibytes(part(environment, "memory").get("total")));
      put(parts, "transparentHugePages", part(environment, "memory").get("transparentHugePages"));
    } else {
      DEVICE.forEach(key -> put(parts, key, description.get(key)));
      put(parts, "processor", processor.get("model")); // the link's other end
    }
    put(parts, "kernel", part(environment, "os").get("kernel"));
    return new HardwareIdentity(hardware, parts);
  }

  /** Of the kernel's text; how much it keeps for itself varies by some megabytes. */
  private static @Nullable String gibibytes(@Nullable Object total) {
    String digits = total == null ? "" : total.toString().replaceAll("[^0-9]", "");
    return digits.isEmpty() || digits.length() > 18
        ? null
        : String.valueOf(Math.round((double) Long.parseLong(digits) / KIBIBYTES_PER_GIBIBYTE));
  }

  private static Map<?, ?> part(Map<String, Object> environment, String name) {
    return environment.get(name) instanceof Map<?, ?> map ? map : Map.of();
  }

  private static void put(Map<String, String> parts, String key, @Nullable Object value) {
    if (value != null) {
      parts.put(key, value.toString());
    }
  }

  /**
   * What is not as it was, such as {@code driver 580.65 -> 580.82}, one each; empty when all is.
   *
   * @param now of the same hardware
   */
  public List<String> changes(HardwareIdentity now) {
    var changes = new ArrayList<String>();
    if (!hardware.equals(now.hardware)) {
      changes.add("hardware %s -> %s".formatted(hardware, now.hardware));
    }
    var keys = new java.util.LinkedHashSet<>(parts.keySet());
    keys.addAll(now.parts.keySet());
    for (String key : keys) {
      String then = parts.getOrDefault(key, "unknown");
      String today = now.parts.getOrDefault(key, "unknown");
      if (!then.equals(today)) {
        changes.add("%s %s -> %s".formatted(key, then, today));
      }
    }
    return changes;
  }
}
