// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import io.gpubench.measure.spi.Telemetry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What Linux tells about the processors: the hottest of the sensors that stand for them, and the
 * mean clock of CPUs that this process may use: of all of them, or of 16 that are spread evenly,
 * since kernels before 5.18 take some 10 ms for the clock of a busy CPU. Found once; read on any
 * thread. A virtual machine often has neither.
 */
public final class ProcessorSensors {
  /** Types of thermal zones. */
  private static final Pattern ZONE = Pattern.compile("x86_pkg_temp|cpu[a-z0-9-]*[-_]thermal");

  /** Names of hardware monitors. */
  private static final Pattern MONITOR =
      Pattern.compile("coretemp|k10temp|zenpower|cpu[-_]thermal");

  /** Beyond these a sensor is broken, or there is none behind it. */
  static final double COLDEST_CELSIUS = 0;

  static final double HOTTEST_CELSIUS = 150;

  private static final int MOST_CLOCKS = 16;

  private final List<Path> temperatures;
  private final List<Path> clocks;

  private ProcessorSensors(List<Path> temperatures, List<Path> clocks) {
    this.temperatures = temperatures;
    this.clocks = clocks;
  }

  /** Looks for the sensors of this machine. */
  public static ProcessorSensors find() {
    return find(Path.of("/"));
  }

  /**
   * Looks for sensors below another root folder.
   *
   * @param root holds {@code sys} and {@code proc}
   */
  static ProcessorSensors find(Path root) {
    return new ProcessorSensors(
        Stream.concat(
                entries(root.resolve("sys/class/thermal"), "thermal_zone*").stream()
                    .filter(zone -> ZONE.matcher(text(zone.resolve("type"))).matches())
                    .map(zone -> zone.resolve("temp")),
                entries(root.resolve("sys/class/hwmon"), "hwmon*").stream()
                    .filter(monitor -> MONITOR.matcher(text(monitor.resolve("name"))).matches())
                    .flatMap(ProcessorSensors::inputs))
            .toList(),
        clocks(root));
  }

  /**
   * The inputs of a monitor. Some AMD processors have a control temperature with an offset ({@code
   * Tctl}) beside the true one ({@code Tdie}).
   */
  private static Stream<Path> inputs(Path monitor) {
    List<Path> inputs = entries(monitor, "temp*_input");
    Function<Path, String> label =
        input ->
            text(input.resolveSibling(input.getFileName().toString().replace("_input", "_label")));
    boolean hasTrueOne = inputs.stream().anyMatch(input -> label.apply(input).equals("Tdie"));
    return inputs.stream().filter(input -> !hasTrueOne || !label.apply(input).equals("Tctl"));
  }

  private static List<Path> clocks(Path root) {
    CpuSet allowed = CpuSet.allowed(root);
    var clocks = new ArrayList<Path>();
    for (CpuSet.Range range : allowed.ranges()) {
      for (int cpu = range.first(); cpu <= range.last(); cpu++) {
        Path clock = root.resolve("sys/devices/system/cpu/cpu" + cpu + "/cpufreq/scaling_cur_freq");
        if (Files.exists(clock)) {
          clocks.add(clock);
        }
      }
    }
    int chosen = Math.min(clocks.size(), MOST_CLOCKS);
    return IntStream.range(0, chosen)
        .mapToObj(i -> clocks.get(i * clocks.size() / chosen))
        .toList();
  }

  /** What they say now. */
  public Telemetry read() {
    Double celsius =
        temperatures.stream()
            .map(file -> thousandths(file))
            .filter(Objects::nonNull)
            .filter(degrees -> degrees > COLDEST_CELSIUS && degrees <= HOTTEST_CELSIUS)
            .max(Double::compare)
            .orElse(null);
    var megahertz =
        clocks.stream()
            .map(file -> thousandths(file))
            .filter(Objects::nonNull)
            .mapToDouble(clock -> clock)
            .filter(clock -> clock > 0)
            .average();
    return new Telemetry(
        celsius, null, megahertz.isPresent() ? megahertz.getAsDouble() : null, null);
  }

  /** The number in a file of thousandths: both millidegrees and kilohertz are. */
  private static @Nullable Double thousandths(Path file) {
    try {
      return Long.parseLong(text(file)) / 1000.0;
    } catch (NumberFormatException _) {
      return null;
    }
  }

  /** Files that say the temperatures, in thousandths of degrees. */
  List<Path> temperatures() {
    return temperatures;
  }

  /** Files that say the clocks, in kilohertz. */
  List<Path> clocks() {
    return clocks;
  }

  /** What a folder has, by a pattern of names; nothing where there is no such folder. */
  static List<Path> entries(Path folder, String pattern) {
    var entries = new ArrayList<Path>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, pattern)) {
      found.forEach(entries::add);
    } catch (IOException | DirectoryIteratorException _) {
      return List.of();
    }
    return entries;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    } catch (IOException _) {
      return "";
    }
  }
}
