// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.workers;

import io.gpubench.app.faults.InjectedFaults;
import io.gpubench.app.onlookers.FlightRecording;
import io.gpubench.engines.tornado.TornadoEngine;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.conditions.CpuSet;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Measurer;
import io.gpubench.measure.run.Slowdown;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Engine.SelfCheck;
import io.gpubench.measure.worker.InputFolder;
import io.gpubench.measure.worker.Step;
import io.gpubench.measure.worker.Worker;
import io.gpubench.measure.worker.WorkerCommand;
import io.gpubench.measure.worker.WorkerException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A fresh process for each measurer. Owns the input files of foreign engines. */
public final class Workers implements Measurers {
  private final Path home;
  private final Engine.Options options;
  private final @Nullable String device;
  private final @Nullable CpuSet cpus;
  private final @Nullable Duration patience;
  private final @Nullable InjectedFaults faults;
  private final boolean recorded;
  private final @Nullable Path recordings;
  private final @Nullable Slowdown slowdown;
  private final Cancellation cancellation;

  /** By which workers of our own are started; null for this gpubench's own classes. */
  private @Nullable Launcher launcher;

  /** By engine: on which device it was when it was checked. */
  private final Map<String, String> devices = new HashMap<>();

  private final InputFolder inputs = new InputFolder(Path.of(System.getProperty("java.io.tmpdir")));

  /** One whose workers make no flight recordings and are as fast as they are; see below. */
  public Workers(
      Path home,
      Engine.Options options,
      @Nullable String device,
      @Nullable CpuSet cpus,
      @Nullable Duration patience,
      @Nullable InjectedFaults faults,
      boolean recorded,
      Cancellation cancellation) {
    this(home, options, device, cpus, patience, faults, recorded, null, null, cancellation);
  }

  /**
   * Starts nothing yet.
   *
   * @param home holds the guard, as the build or a bundle puts it
   * @param device for engines that use devices; null for their own choice
   * @param cpus processors to which workers are bound; null for all
   * @param patience how long preparing and measuring may be silent, where a user says so
   * @param faults of the simulated device; null for none
   * @param recorded whether sensors are recorded beside the samples
   * @param recordings folder for a flight recording of each worker of our own; null for none
   * @param slowdown of each sample, on purpose, by workers of our own; null for none
   * @param cancellation when requested, a worker that does not answer soon is killed
   * @throws EngineException when processors are named and there is no guard to bind workers to them
   */
  public Workers(
      Path home,
      Engine.Options options,
      @Nullable String device,
      @Nullable CpuSet cpus,
      @Nullable Duration patience,
      @Nullable InjectedFaults faults,
      boolean recorded,
      @Nullable Path recordings,
      @Nullable Slowdown slowdown,
      Cancellation cancellation) {
    this.home = home;
    this.options = options;
    this.device = device;
    this.cpus = cpus;
    this.patience = patience;
    this.faults = faults;
    this.recorded = recorded;
    this.recordings = recordings;
    this.slowdown = slowdown;
    this.cancellation = cancellation;
    if (cpus != null && guard() == null) {
      throw new EngineException(
          "--cpus needs the worker guard, which is not built; install a C compiler, make and CMake,"
              + " or leave out --cpus");
    }
  }

  /**
   * Lets workers of our own be started by a launcher, which may be that of another version. To be
   * called before any is.
   *
   * @param other null for this gpubench's own classes
   * @return this
   * @throws ConfigException when flags are to be passed on that a launcher cannot take
   */
  public Workers launchedBy(@Nullable Launcher other) {
    if (other != null && recordings != null && recordings.toString().contains(" ")) {
      throw new ConfigException(
          "--jfr %s: a launcher takes no folder with a blank; choose another"
              .formatted(recordings));
    }
    launcher = other;
    return this;
  }

  @Override
  public Map<String, Object> origin() {
    return launcher == null ? Map.of() : launcher.facts();
  }

  /** Whether there is a guard that leaves no process of a worker behind. */
  public boolean guarded() {
    return guard() != null;
  }

  private @Nullable Path guard() {
    return Guard.below(home).orElse(null);
  }

  @Override
  public Check check(Engine engine) {
    try (Worker worker = start(engine, InjectedFaults.CHECK)) {
      devices.put(engine.id(), worker.facts().deviceId());
      return new Check(worker.selfCheck(), worker.facts(), worker.telemetry());
    } catch (WorkerException e) {
      return Check.of(
          e.getCause() instanceof EngineException cause
              ? SelfCheck.failed(cause)
              : SelfCheck.failed(String.valueOf(e.getMessage()), null));
    } catch (EngineException e) {
      return Check.of(SelfCheck.failed(e));
    }
  }

  @Override
  public Measurer open(Engine engine, int repetition) {
    Worker worker = start(engine, repetition);
    String id = worker.facts().deviceId();
    String before = devices.getOrDefault(engine.id(), id);
    if (!id.equals(before)) {
      worker.close();
      throw new EngineException(
          "the engine '%s' is on the device %s now, and was on %s before"
              .formatted(engine.id(), id, before));
    }
    return worker;
  }

  private Worker start(Engine engine, int repetition) {
    return Worker.start(launch(engine, repetition), inputs, cancellation);
  }

  @Override
  public @Nullable List<String> command(Engine engine) {
    return engine instanceof ForeignEngine foreign ? foreign.commandLine() : null;
  }

  /** How a worker of an engine is started. */
  private Worker.Launch launch(Engine engine, int repetition) {
    String bound = cpus == null ? null : cpus.toString();
    if (engine instanceof ForeignEngine foreign) {
      Map<Step, Duration> steps = steps(foreign.patience());
      return new Worker.Launch(
          engine.id(),
          foreign.command(guard(), bound),
          steps,
          true,
          options.threads(),
          device,
          false);
    }
    InjectedFaults injected = InjectedFaults.canHave(engine.id()) ? faults : null;
    List<String> flags = flags(injected, repetition);
    Map<String, String> variables =
        new HashMap<>(injected == null ? Map.of() : injected.environment(repetition));
    if (launcher == null && engine instanceof TornadoEngine tornado) {
      variables.putAll(TornadoProcess.environment(tornado, home, device));
      return launch(engine, TornadoProcess.command(tornado, home, flags), variables, bound);
    }
    if (launcher != null) {
      variables.putAll(launcher.environment(flags, System.getenv()));
    }
    List<String> command =
        launcher == null ? OwnWorker.command(engine.id(), flags) : launcher.command(engine.id());
    return launch(engine, command, variables, bound);
  }

  /** Of one of our own engines. */
  private Worker.Launch launch(
      Engine engine,
      List<String> arguments,
      Map<String, String> variables,
      @Nullable String bound) {
    var command =
        new WorkerCommand(arguments, variables, Path.of("").toAbsolutePath(), guard(), bound);
    boolean uses = device != null && engine.on(device).isPresent();
    return new Worker.Launch(
        engine.id(),
        command,
        steps(Map.of()),
        false,
        options.threads(),
        uses ? device : null,
        recorded,
        slowdown);
  }

  /** For a worker's Java. */
  private List<String> flags(@Nullable InjectedFaults injected, int repetition) {
    var flags = new ArrayList<String>(injected == null ? List.of() : injected.flags());
    if (recordings != null && repetition != InjectedFaults.CHECK) {
      flags.add(FlightRecording.flag(recordings));
    }
    return flags;
  }

  private Map<Step, Duration> steps(Map<Step, Duration> configured) {
    var steps = new EnumMap<Step, Duration>(Step.class);
    steps.putAll(configured);
    if (patience != null) {
      steps.put(Step.PREPARE, patience);
      steps.put(Step.MEASURE, patience);
      steps.put(Step.VERIFY, patience);
    }
    return steps;
  }

  @Override
  public Engine.Options options() {
    return options;
  }

  @Override
  public @Nullable String device() {
    return device;
  }

  @Override
  public boolean recorded() {
    return recorded;
  }

  @Override
  public @Nullable Slowdown slowdown() {
    return slowdown;
  }

  @Override
  public void close() {
    inputs.close();
  }
}
