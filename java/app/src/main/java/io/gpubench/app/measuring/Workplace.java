// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.app.faults.InjectedFaults;
import io.gpubench.app.workers.InProcess;
import io.gpubench.app.workers.Launcher;
import io.gpubench.app.workers.Measurers;
import io.gpubench.app.workers.Workers;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.conditions.CpuSet;
import io.gpubench.measure.plan.ConfigReader;
import io.gpubench.measure.plan.Machine;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Slowdown;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The processes and processors that measure.
 *
 * @param isolated whether each repetition has a process of its own
 * @param cpus to which workers are bound; null for all
 * @param patience how long a worker may be silent while it prepares, verifies or measures; null for
 *     the usual times
 * @param faults of the simulated device, in workers only; null for none
 * @param memoryLimitBytes no run may need more; null for what this machine has
 * @param recorded whether sensors are recorded beside the samples, where an engine has any
 * @param recordings folder for a flight recording of each process; null for none
 */
public record Workplace(
    boolean isolated,
    @Nullable CpuSet cpus,
    @Nullable Duration patience,
    @Nullable InjectedFaults faults,
    @Nullable Long memoryLimitBytes,
    boolean recorded,
    @Nullable Path recordings) {

  /**
   * As it is asked for.
   *
   * @param patience how long a worker may be silent; null for the usual times
   * @param faults a script of {@code configs/faults}, or a YAML file; null for none
   * @throws ConfigException when that contradicts itself or this machine
   */
  public static Workplace asked(
      Installation installation,
      boolean inProcess,
      @Nullable CpuSet cpus,
      @Nullable Duration patience,
      @Nullable String faults,
      @Nullable Long memoryLimitBytes,
      boolean recorded) {
    if (inProcess && (cpus != null || patience != null || faults != null)) {
      throw new ConfigException(
          (cpus != null ? "--cpus" : patience != null ? "--timeout" : "--faults")
              + " is about workers, and --in-process has none; leave one of them out");
    }
    CpuSet allowed = CpuSet.allowed();
    if (cpus != null && !cpus.isSubsetOf(allowed)) {
      throw new ConfigException("--cpus " + cpus + ": this process may use " + allowed + " only");
    }
    return new Workplace(
        !inProcess,
        cpus,
        patience,
        faults == null
            ? null
            : InjectedFaults.read(new ConfigReader(installation.configs()), faults),
        memoryLimitBytes,
        recorded,
        null);
  }

  /**
   * The same, where each process makes a flight recording of itself.
   *
   * @param folder for the recordings; null for none
   */
  public Workplace recording(@Nullable Path folder) {
    return new Workplace(isolated, cpus, patience, faults, memoryLimitBytes, recorded, folder);
  }

  /** The same, where sensors are recorded or not. */
  Workplace recorded(boolean now) {
    return new Workplace(isolated, cpus, patience, faults, memoryLimitBytes, now, recordings);
  }

  /** The processors that workers may use. */
  CpuSet usable() {
    return cpus == null ? CpuSet.allowed() : cpus;
  }

  /** This machine now, as far as workers may use it. */
  MachineFacts machine() {
    MachineFacts facts = Machine.facts(memoryLimitBytes);
    return cpus == null
        ? facts
        : new MachineFacts(
            Math.min(facts.processors(), cpus.size()),
            facts.availableBytes(),
            facts.lastLevelCacheBytes());
  }

  /**
   * Where engines are to run; the caller closes it.
   *
   * @param home of the installation
   * @param device for engines that use devices; null for their own choice
   * @param options from {@link #engineOptions}
   */
  Measurers measurers(
      Path home, @Nullable String device, Engine.Options options, Cancellation cancellation) {
    return measurers(home, device, options, null, cancellation);
  }

  /**
   * The same where samples are slowed down on purpose.
   *
   * @param slowdown null for not at all
   */
  Measurers measurers(
      Path home,
      @Nullable String device,
      Engine.Options options,
      @Nullable Slowdown slowdown,
      Cancellation cancellation) {
    return isolated
        ? new Workers(
            home,
            options,
            device,
            cpus,
            patience,
            faults,
            recorded,
            recordings,
            slowdown,
            cancellation)
        : new InProcess(options, device, recorded, slowdown);
  }

  /**
   * The same, where a launcher starts the workers of our own.
   *
   * @param launcher null for this gpubench's own classes
   * @throws ConfigException when there is one, and there are no workers
   */
  static Measurers launched(Measurers measurers, @Nullable Launcher launcher) {
    if (launcher == null) {
      return measurers;
    }
    if (!(measurers instanceof Workers workers)) {
      measurers.close();
      throw new ConfigException(
          "version= is about workers, and --in-process has none; leave one of them out");
    }
    return workers.launchedBy(launcher);
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

  /** How long a worker may be silent, in seconds; null for the usual times. */
  @Nullable Double timeoutSeconds() {
    return patience == null ? null : (Double) (patience.toNanos() / 1e9);
  }
}
