// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.workers.InProcess;
import io.gpubench.app.workers.Measurers;
import io.gpubench.app.workers.Workers;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.conditions.CpuSet;
import io.gpubench.measure.plan.ByteSizes;
import io.gpubench.measure.plan.ConfigReader;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.plan.Machine;
import io.gpubench.measure.plan.Profile;
import io.gpubench.measure.plan.Setting;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import java.time.Duration;
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

  Profile profile(ConfigReader configs) {
    return configs.profile(profile);
  }

  /** What {@code --set} says. */
  List<Setting> settings() {
    return settings.stream().filter(text -> !text.isBlank()).map(Setting::parse).toList();
  }

  @Nullable Long seed() {
    return seed;
  }

  /** Whether each repetition has a process of its own. */
  boolean isolated() {
    return !inProcess;
  }

  /** The processors asked for; null for all. */
  @Nullable CpuSet boundTo() {
    if (cpus == null) {
      return null;
    }
    CpuSet set = option("--cpus", cpus, CpuSet::parse);
    CpuSet allowed = CpuSet.allowed();
    if (!set.isSubsetOf(allowed)) {
      throw new ConfigException("--cpus " + set + ": this process may use " + allowed + " only");
    }
    return set;
  }

  /** The processors that workers may use. */
  CpuSet usable() {
    CpuSet bound = boundTo();
    return bound == null ? CpuSet.allowed() : bound;
  }

  /** This machine, as far as workers may use it. */
  MachineFacts machine() {
    MachineFacts facts =
        Machine.facts(
            memoryLimit == null ? null : option("--memory-limit", memoryLimit, ByteSizes::parse));
    CpuSet bound = boundTo();
    return bound == null
        ? facts
        : new MachineFacts(
            Math.min(facts.processors(), bound.size()),
            facts.availableBytes(),
            facts.lastLevelCacheBytes());
  }

  /**
   * Where engines are to run; the caller closes it.
   *
   * @param device for engines that use devices; null for their own choice
   * @param options from {@link #engineOptions}
   */
  Measurers measurers(
      App app, @Nullable String device, Engine.Options options, Cancellation cancellation) {
    Duration patience = patience();
    if (!inProcess) {
      return new Workers(app.home(), options, device, boundTo(), patience, cancellation);
    }
    if (cpus != null || timeout != null) {
      throw new ConfigException(
          (cpus == null ? "--timeout" : "--cpus")
              + " is about workers, and --in-process has none; leave one of them out");
    }
    return new InProcess(options, device);
  }

  private @Nullable Duration patience() {
    return timeout == null ? null : option("--timeout", timeout, Durations::positive);
  }

  /** How long a worker may be silent, in seconds; null for the usual times. */
  @Nullable Double timeoutSeconds() {
    Duration patience = patience();
    return patience == null ? null : (Double) (patience.toNanos() / 1e9);
  }

  /**
   * With how many threads engines are opened.
   *
   * @param option where the number was asked for, for the message
   * @param threads null for all processors
   */
  Engine.Options engineOptions(String option, @Nullable Integer threads) {
    int processors = machine().processors();
    int most = threads == null ? processors : threads;
    if (most < 1 || most > processors) {
      throw new ConfigException(
          option + " " + most + " is out of range; expected 1 .. " + processors);
    }
    return new Engine.Options(most);
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
