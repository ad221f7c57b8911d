// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.cli.EngineSelector.Selection;
import io.gpubench.app.workers.Workers;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.conditions.CpuSet;
import io.gpubench.measure.conditions.DeviceLock;
import io.gpubench.measure.conditions.LockFolder;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Measurer;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * What to do while others use a device or the processors: the options of every command that
 * measures.
 */
final class SharingOptions {
  @Option(
      names = "--wait",
      paramLabel = "TIME",
      description = "Wait for so long while another run of gpubench is using the device.")
  private @Nullable String wait;

  @Option(
      names = "--anyway",
      description =
          "Measure although another run or another process is using the device; the record says so.")
  private boolean anyway;

  /**
   * What was secured, until it is closed.
   *
   * @param overridden reasons not to measure that were overridden
   * @param notes for the record
   */
  record Secured(@Nullable DeviceLock lock, List<String> overridden, List<String> notes)
      implements AutoCloseable {
    @Override
    public void close() {
      if (lock != null) {
        lock.close();
      }
    }
  }

  /**
   * Before any engine is started: nobody measures on the processors, as far as that can be known.
   *
   * @param err is told of a wait
   * @throws EngineException when somebody does and this is not to be overridden
   */
  void awaitProcessors(CpuSet cpus, PrintWriter err, Cancellation cancellation) {
    switch (lock(Set.of(), cpus, err, cancellation)) {
      case DeviceLock.Acquired(DeviceLock lock) -> lock.close();
      case DeviceLock.Held held -> refuse(held.note(), waiting(), new ArrayList<>());
      case DeviceLock.Unavailable _ -> {}
    }
  }

  /**
   * Makes sure that nobody else uses the devices, and that nobody will.
   *
   * @param err is told of a wait
   * @throws EngineException when somebody does and this is not to be overridden
   */
  Secured secure(
      Collection<Selection> engines, CpuSet cpus, PrintWriter err, Cancellation cancellation) {
    var overridden = new ArrayList<String>();
    var notes = new ArrayList<String>();
    Set<String> devices =
        engines.stream().map(engine -> engine.facts().deviceId()).collect(Collectors.toSet());
    DeviceLock lock = null;
    switch (lock(devices, cpus, err, cancellation)) {
      case DeviceLock.Acquired(DeviceLock acquired) -> lock = acquired;
      case DeviceLock.Held held -> refuse(held.note(), waiting(), overridden);
      case DeviceLock.Unavailable unavailable -> notes.add(unavailable.note());
    }
    if (engines.stream()
        .anyMatch(engine -> engine.measurers() instanceof Workers workers && !workers.guarded())) {
      notes.add("no worker guard: what a worker leaves behind may survive it");
    }
    var secured = new Secured(lock, overridden, notes);
    try {
      engines.forEach(engine -> checkOccupants(engine, overridden));
    } catch (EngineException e) {
      secured.close();
      throw e;
    }
    return secured;
  }

  private void checkOccupants(Selection engine, List<String> overridden) {
    List<String> occupants = engine.facts().occupants();
    if (!occupants.isEmpty()) {
      // a run that was waited for may have been among them
      Measurer.Facts now = engine.measurers().check(engine.engine()).facts();
      occupants = now == null ? occupants : now.occupants();
    }
    if (!occupants.isEmpty()) {
      refuse(
          "other processes use the device %s: %s"
              .formatted(engine.facts().device(), String.join(", ", occupants)),
          "stop them",
          overridden);
    }
  }

  private DeviceLock.Result lock(
      Set<String> devices, CpuSet cpus, PrintWriter err, Cancellation cancellation) {
    LockFolder folder = LockFolder.ofThisMachine();
    Duration patience = patience();
    DeviceLock.Result result = DeviceLock.tryAcquire(folder, devices, cpus);
    if (!(result instanceof DeviceLock.Held held) || patience.isZero()) {
      return result;
    }
    err.println("waiting: " + held.note());
    err.flush();
    return DeviceLock.acquire(folder, devices, cpus, patience, cancellation);
  }

  private String waiting() {
    return wait == null ? "wait for it with --wait TIME" : "wait for it longer than " + wait;
  }

  private Duration patience() {
    try {
      return wait == null ? Duration.ZERO : Durations.parse(wait);
    } catch (ConfigException e) {
      throw new ConfigException("--wait: " + e.getMessage(), e);
    }
  }

  private void refuse(String why, String remedy, List<String> overridden) {
    if (!anyway) {
      throw new EngineException(
          EngineException.Kind.UNAVAILABLE,
          why,
          remedy + ", or measure all the same with --anyway",
          null);
    }
    overridden.add(why);
  }
}
