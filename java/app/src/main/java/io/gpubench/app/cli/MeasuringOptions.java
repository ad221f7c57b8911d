// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.measuring.Workplace;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.conditions.CpuSet;
import io.gpubench.measure.plan.ByteSizes;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.plan.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How thoroughly and where to measure: what has the same meaning in every command that plans. */
final class MeasuringOptions {
  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      defaultValue = "quick",
      description =
          "quick, standard, full, comprehensive or a YAML file: a budget of about 1, 5, 10 or 20 minutes for the"
              + " whole suite (default: ${DEFAULT-VALUE}).")
  private String profile = "quick";

  @Option(
      names = "--set",
      paramLabel = "W.P=VALUES",
      split = ";",
      description =
          "Values of a parameter: a list (1000,10000), a range that multiplies (1024:1048576:x4) or adds"
              + " (1000:9000:+2000). Several lists give every combination.")
  private List<String> settings = new ArrayList<>();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of all inputs; the same seed gives the same inputs.")
  private @Nullable Long seed;

  @Option(
      names = "--memory-limit",
      paramLabel = "SIZE",
      description = "Refuse runs that need more memory, such as 512MiB.")
  private @Nullable String memoryLimit;

  @Option(
      names = "--in-process",
      description = "Measure everything once, in this process, without workers: for debugging.")
  private boolean inProcess;

  @Option(
      names = "--cpus",
      paramLabel = "LIST",
      description = "Bind the workers to these processors, such as 0-3,6.")
  private @Nullable String cpus;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description =
          "Kill a worker that says nothing for so long while it prepares, verifies or measures (default: 10m,"
              + " 1m and 1m).")
  private @Nullable String timeout;

  @Option(
      names = "--faults",
      paramLabel = "NAME|FILE",
      description =
          "Let the simulated device fail as a script of configs/faults, or a YAML file, tells; the record says"
              + " so.")
  private @Nullable String faults;

  @Option(
      names = "--jfr",
      paramLabel = "DIR",
      description =
          "Let each process make a flight recording of itself there, with the phases of the measurement; that"
              + " takes time from what is measured.")
  private @Nullable Path recordings;

  @Option(
      names = "--telemetry",
      paramLabel = "on|off",
      defaultValue = "on",
      description =
          "Whether sensors are read beside the samples, on a thread of their own (default: ${DEFAULT-VALUE}).")
  private String telemetry = "on";

  /** Name or file. */
  String profile() {
    return profile;
  }

  /** What {@code --set} says. */
  List<Setting> settings() {
    return settings.stream().filter(text -> !text.isBlank()).map(Setting::parse).toList();
  }

  @Nullable Long seed() {
    return seed;
  }

  /**
   * Where to measure.
   *
   * @throws ConfigException when options contradict each other or this machine
   */
  Workplace workplace(App app) {
    return Workplace.asked(
            app.installation(),
            inProcess,
            cpus == null ? null : option("--cpus", cpus, CpuSet::parse),
            timeout == null ? null : option("--timeout", timeout, Durations::positive),
            faults,
            memoryLimit == null ? null : option("--memory-limit", memoryLimit, ByteSizes::parse),
            option("--telemetry", telemetry, MeasuringOptions::recorded))
        .recording(recordings);
  }

  private static boolean recorded(String text) {
    return switch (text) {
      case "on" -> true;
      case "off" -> false;
      default -> throw new ConfigException("expected on or off, found '" + text + "'");
    };
  }

  /** Parses the text of an option. */
  interface Parser<T> {
    T parse(String text);
  }

  static <T> T option(String name, String text, Parser<T> parser) {
    try {
      return parser.parse(text);
    } catch (ConfigException e) {
      throw new ConfigException(name + ": " + e.getMessage(), e);
    }
  }
}
