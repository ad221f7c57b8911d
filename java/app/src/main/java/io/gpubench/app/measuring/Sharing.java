// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.app.measuring.EngineSelector.Selection;
import io.gpubench.app.workers.Workers;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.conditions.CpuSet;
import io.gpubench.measure.conditions.DeviceLock;
import io.gpubench.measure.conditions.LockFolder;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Measurer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What to do while others use a device or the processors.
 *
 * @param patience to wait for so long, such as {@code 10m}, while another run of gpubench is using
 *     the device; null for not at all
 * @param anyway whether to measure although another run or another process is using the device; the
 *     record says so
 */
public record Sharing(@Nullable String patience, boolean anyway) {
  /** Not at all: who finds the device in use measures nothing. */
  public static final Sharing REFUSED = new Sharing(null, false);

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
   * @param listener is told of a wait
   * @throws EngineException when somebody does and this is not to be overridden
   */
  void awaitProcessors(CpuSet cpus, Listener listener, Cancellation cancellation) {
    switch (lock(Set.of(), cpus, listener, cancellation)) {
      case DeviceLock.Acquired(DeviceLock lock) -> lock.close();
      case DeviceLock.Held held -> refuse(held.note(), waiting(), new ArrayList<>());
      case DeviceLock.Unavailable _ -> {}
    }
  }

  /**
   * Makes sure that nobody else uses the devices, and that nobody will.
   *
   * @param listener is told of a wait
   * @throws EngineException when somebody does and this is not to be overridden
   */
  Secured secure(
      Collection<Selection> engines, CpuSet cpus, Listener listener, Cancellation cancellation) {
    var overridden = new ArrayList<String>();
    var notes = new ArrayList<String>();
    Set<String> devices =
        engines.stream().map(engine -> engine.facts().deviceId()).collect(Collectors.toSet());
    DeviceLock lock = null;
    switch (lock(devices, cpus, listener, cancellation)) {
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
      Set<String> devices, CpuSet cpus, Listener listener, Cancellation cancellation) {
    LockFolder folder = LockFolder.ofThisMachine();
    Duration longest = longest();
    DeviceLock.Result result = DeviceLock.tryAcquire(folder, devices, cpus);
    if (!(result instanceof DeviceLock.Held held) || longest.isZero()) {
      return result;
    }
    listener.say("waiting: " + held.note());
    return DeviceLock.acquire(folder, devices, cpus, longest, cancellation);
  }

  private String waiting() {
    return patience == null
        ? "wait for it with --wait TIME"
        : "wait for it longer than " + patience;
  }

  private Duration longest() {
    try {
      return patience == null ? Duration.ZERO : Durations.parse(patience);
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
