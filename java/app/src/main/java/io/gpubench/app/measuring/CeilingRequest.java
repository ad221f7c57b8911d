// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.app.measuring.EngineSelector.Selection;
import io.gpubench.app.workers.Measurers;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.Names;
import io.gpubench.measure.ceiling.CeilingStore;
import io.gpubench.measure.ceiling.CeilingStore.Found;
import io.gpubench.measure.ceiling.HardwareIdentity;
import io.gpubench.measure.result.Environment;
import io.gpubench.measure.result.MeasuredCeiling;
import io.gpubench.measure.result.RunCeilings;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Measurer;
import io.gpubench.measure.spi.Engine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this machine can do at all: as it is kept, or measured anew.
 *
 * @param engine of our own that measures; {@code auto} for the best of each piece of hardware
 * @param device for engines that use devices; null for their own choice
 * @param isolated whether measuring is for a process of its own
 * @param kept where ceilings are kept
 */
public record CeilingRequest(
    String engine, @Nullable String device, boolean isolated, CeilingStore kept) {

  /**
   * A piece of hardware with what is kept of it.
   *
   * @param hardware what identifies it
   * @param facts of the engine that works on it
   */
  public record Hardware(
      String hardware, Measurer.Facts facts, HardwareIdentity identity, Found found) {}

  /**
   * What came of measuring them anew.
   *
   * @param hardware with what is kept then
   */
  public record Refreshed(List<StoredRun> runs, List<Hardware> hardware) {}

  /**
   * What is kept of each piece of hardware; measures nothing.
   *
   * @throws EngineException when no engine passes its self-check
   */
  public List<Hardware> read(Installation installation, Cancellation cancellation) {
    var measuring = new CeilingMeasuring(installation, isolated);
    try (Measurers measurers = measuring.measurers(device, cancellation)) {
      return hardware(selections(installation, measurers));
    }
  }

  /**
   * Measures all ceilings, those of each piece of hardware as a run of its own, and keeps them.
   *
   * @throws ConfigException when what a newer gpubench has kept would be replaced
   * @throws EngineException when no engine passes its self-check, or somebody else uses its device
   */
  public Refreshed refresh(Journey journey) {
    var measuring = new CeilingMeasuring(journey.installation(), isolated);
    try (Measurers measurers = measuring.measurers(device, journey.cancellation())) {
      journey
          .sharing()
          .awaitProcessors(
              measuring.workplace().usable(), journey.listener(), journey.cancellation());
      Map<String, Selection> selections = selections(journey.installation(), measurers);
      var runs = new ArrayList<StoredRun>();
      selections.forEach((hardware, selection) -> {
        if (!journey.cancellation().requested()) {
          runs.add(refresh(measuring, hardware, selection, journey));
        }
      });
      return new Refreshed(runs, hardware(selections));
    }
  }

  private List<Hardware> hardware(Map<String, Selection> selections) {
    return selections.entrySet().stream()
        .map(one -> {
          HardwareIdentity identity = identity(one.getKey(), one.getValue());
          return new Hardware(one.getKey(), one.getValue().facts(), identity, kept.read(identity));
        })
        .toList();
  }

  /** The best engine of each piece of hardware, or the one that was asked for. */
  private Map<String, Selection> selections(Installation installation, Measurers measurers) {
    List<String> names =
        EngineSelector.names(installation.engines().stream().map(Engine::id).toList());
    if (!names.contains(engine)) {
      throw new ConfigException(Names.unknown("engine", engine, names));
    }
    boolean auto = engine.equals(EngineSelector.AUTO);
    var selections = new LinkedHashMap<String, Selection>();
    EngineException failure = null;
    for (Engine made : installation.engines()) {
      if (!EngineSelector.fits(engine, made) || (auto && !measuresAny(installation, made))) {
        continue;
      }
      Engine placed = device == null ? made : made.on(device).orElse(null);
      if (placed == null) {
        if (!auto) {
          throw new ConfigException(
              "the engine '%s' uses no device; leave out --device %s".formatted(engine, device));
        }
        continue;
      }
      try {
        Selection selection = EngineSelector.select(placed.id(), List.of(placed), measurers);
        String hardware = CeilingMeasuring.hardware(selection);
        if (hardware != null) {
          selections.putIfAbsent(hardware, selection);
        }
      } catch (EngineException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (selections.isEmpty()) {
      throw failure == null ? new EngineException("no engine at all uses a device") : failure;
    }
    return selections;
  }

  private static boolean measuresAny(Installation installation, Engine made) {
    return installation.workloads().keySet().stream()
        .anyMatch(id -> id.startsWith(RunCeilings.PREFIX) && !made.paths(id).isEmpty());
  }

  private StoredRun refresh(
      CeilingMeasuring measuring, String hardware, Selection selection, Journey journey) {
    HardwareIdentity identity = identity(hardware, selection);
    if (kept.read(identity) instanceof Found.Newer(String reason)) {
      throw new ConfigException(reason + "; choose another folder with --state");
    }
    journey.say("engine " + selection.engine().id() + ": " + selection.why());
    ReadyRun ready = measuring.ready(selection, null, false);
    ready.announce(journey.listener());
    StoredRun run = ready.measure(journey);
    List<MeasuredCeiling> measured = CeilingMeasuring.measured(run);
    CeilingMeasuring.failures(run.document())
        .forEach(failure -> journey.say("not measured: " + failure));
    if (!measured.isEmpty()) {
      kept.keep(identity, measured);
    }
    return run;
  }

  private static HardwareIdentity identity(String hardware, Selection selection) {
    return HardwareIdentity.of(hardware, Environment.capture(), selection.facts().description());
  }
}
