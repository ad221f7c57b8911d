// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.fitness;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.conditions.CpuSet;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where Linux says that a device is. What it does not tell is null.
 *
 * @param node of memory that is near it; null also where there is no such distinction
 * @param cpus that are near it
 * @param cardGeneration the best link that the card could have
 * @param cardLanes the most lanes that the card has
 */
public record PciPlace(
    @Nullable Integer node,
    @Nullable CpuSet cpus,
    @Nullable Integer cardGeneration,
    @Nullable Integer cardLanes) {
  /** Nothing is known. */
  static final PciPlace UNKNOWN = new PciPlace(null, null, null, null);

  /** {@code 00000000:3B:00.0} of NVML, {@code 0000:3b:00.0} of CUDA and of Linux. */
  private static final Pattern ADDRESS =
      Pattern.compile("(?:[0-9a-f]{4})?([0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7])");

  private static final Pattern SPEED = Pattern.compile("(\\d+\\.\\d) GT/s.*");

  /** Transfers per second of each generation, in thousands of millions. */
  private static final List<String> SPEEDS = List.of("2.5", "5.0", "8.0", "16.0", "32.0", "64.0");

  /**
   * Reads it.
   *
   * @param root holds {@code sys}
   */
  static PciPlace read(Path root, String busId) {
    Matcher address = ADDRESS.matcher(busId.toLowerCase(Locale.ROOT));
    if (!address.matches()) {
      return UNKNOWN;
    }
    var folder = new SystemFiles(root.resolve("sys/bus/pci/devices").resolve(address.group(1)));
    Integer node = folder.number("numa_node");
    Integer lanes = folder.number("max_link_width");
    return new PciPlace(
        node != null && node >= 0 ? node : null,
        cpus(folder.text("local_cpulist")),
        generation(folder.text("max_link_speed")),
        lanes != null && lanes >= 1 && lanes <= 32 ? lanes : null);
  }

  private static @Nullable Integer generation(@Nullable String text) {
    Matcher speed = SPEED.matcher(text == null ? "" : text);
    int index = speed.matches() ? SPEEDS.indexOf(speed.group(1)) : -1;
    return index < 0 ? null : index + 1;
  }

  private static @Nullable CpuSet cpus(@Nullable String list) {
    try {
      return list == null || list.isEmpty() ? null : CpuSet.parse(list);
    } catch (ConfigException _) {
      return null;
    }
  }
}
