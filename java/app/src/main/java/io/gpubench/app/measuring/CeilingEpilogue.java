// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.app.measuring.EngineSelector.Selection;
import io.gpubench.app.workers.Measurers;
import io.gpubench.measure.BenchException;
import io.gpubench.measure.ceiling.CeilingStore;
import io.gpubench.measure.ceiling.CeilingStore.Found;
import io.gpubench.measure.ceiling.HardwareIdentity;
import io.gpubench.measure.ceiling.Shares;
import io.gpubench.measure.result.MeasuredCeiling;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunCeilings;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.suite.Workbench;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Relates the records of a run to ceilings before it ends, and measures those that lack, are out of
 * date or are exceeded. It does so after the last sample: then it is known what the records demand,
 * and the machine is as warm as it was for them. What goes wrong with a ceiling is a note in the
 * run, never its failure. Used once, by one thread.
 */
final class CeilingEpilogue implements Workbench.Epilogue {
  private final CeilingUse use;
  private final Map<String, Selection> engines;
  private final Workplace workplace;
  private final Nested nested;
  private final Journey journey;
  private final List<RunCeilings.Used> used = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /** Measures a run while another one goes on, on devices that are secured. */
  @FunctionalInterface
  interface Nested {
    /** Measures, and shows no result. */
    StoredRun measure(ReadyRun ready);
  }

  /**
   * Sets it up.
   *
   * @param engines by the id of the planned run
   * @param workplace of the run
   * @param journey of the run
   */
  CeilingEpilogue(
      CeilingUse use,
      Map<String, Selection> engines,
      Workplace workplace,
      Nested nested,
      Journey journey) {
    this.use = use;
    this.engines = engines;
    this.workplace = workplace;
    this.nested = nested;
    this.journey = journey;
  }

  @Override
  public void complete(RunWriter writer) {
    var byHardware = new LinkedHashMap<String, List<ResultRecord>>();
    for (ResultRecord record : writer.document().records()) {
      String hardware = hardware(record);
      if (hardware != null && Shares.taken(record).isPresent()) {
        byHardware.computeIfAbsent(hardware, _ -> new ArrayList<>()).add(record);
      }
    }
    if (byHardware.isEmpty()) {
      return; // nothing is demanded
    }
    if (use.mode() != CeilingUse.Mode.OFF) {
      byHardware.forEach((hardware, records) -> relate(writer, hardware, records));
    }
    notes.forEach(note -> journey.say("ceilings: " + note));
    List<RunCeilings.Used> all = List.copyOf(used);
    writer.relate(
        new RunCeilings(use.mode().word(), all, notes),
        record ->
            Shares.taken(record)
                .map(taken ->
                    Shares.of(taken, selection(record).facts().bounds(), hardware(record), all))
                .orElse(null));
  }

  private Selection selection(ResultRecord record) {
    return Objects.requireNonNull(engines.get(record.id()));
  }

  private @Nullable String hardware(ResultRecord record) {
    return CeilingMeasuring.hardware(selection(record));
  }

  private void relate(RunWriter writer, String hardware, List<ResultRecord> records) {
    List<Shares.Taken> taken =
        records.stream().map(Shares::taken).flatMap(Optional::stream).toList();
    SequencedSet<String> demanded = Shares.missing(taken, hardware, List.of());
    if (demanded.isEmpty()) {
      return; // ceilings themselves have none above them
    }
    Selection engine = selection(records.getFirst());
    var identity =
        HardwareIdentity.of(
            hardware, writer.document().environment(), engine.facts().description());
    CeilingStore store = use.store(journey.installation().environment()).orElse(null);
    String why = store == null ? "nothing is kept" : take(store.read(identity), demanded);
    var measuring = new Measuring(engine, identity, store);
    if (use.mode() == CeilingUse.Mode.REFRESH) {
      measuring.measure(demanded, "asked for", null);
    } else {
      measuring.measure(Shares.missing(taken, hardware, used), why, null);
    }
    SequencedSet<String> exceeded = Shares.exceeded(taken, hardware, used);
    exceeded.removeIf(id -> measuredNow(hardware, id));
    for (String id : exceeded) {
      measuring.measure(
          List.of(id), "a result was more than 5 % above it", measuredBy(hardware, id));
    }
  }

  /** Takes what is kept and demanded; says why that may not be all. */
  private String take(Found found, Collection<String> demanded) {
    switch (found) {
      case Found.Current(var kept) -> {
        kept.ceilings().stream()
            .filter(ceiling -> demanded.contains(ceiling.id()))
            .forEach(ceiling ->
                used.add(new RunCeilings.Used(kept.identity().hardware(), ceiling, null)));
        return "it was not kept";
      }
      case Found.Stale(_, var changes) -> {
        return "what was kept is out of date: " + String.join(", ", changes);
      }
      case Found.Absent _ -> {
        return "nothing was kept";
      }
      case Found.Damaged(String reason) -> {
        return reason;
      }
      case Found.Newer(String reason) -> {
        return reason;
      }
    }
  }

  private boolean measuredNow(String hardware, String id) {
    return used.stream()
        .anyMatch(one ->
            one.hardware().equals(hardware)
                && one.ceiling().id().equals(id)
                && one.measuredNow() != null);
  }

  /** The engine of the highest. */
  private @Nullable String measuredBy(String hardware, String id) {
    return used.stream()
        .filter(one -> one.hardware().equals(hardware) && one.ceiling().id().equals(id))
        .max((a, b) -> Double.compare(a.ceiling().rate(), b.ceiling().rate()))
        .map(one -> one.ceiling().engine())
        .orElse(null);
  }

  /** Measures ceilings of one piece of hardware. */
  private final class Measuring {
    private final Selection of;
    private final HardwareIdentity identity;
    private final @Nullable CeilingStore store;

    Measuring(Selection of, HardwareIdentity identity, @Nullable CeilingStore store) {
      this.of = of;
      this.identity = identity;
      this.store = store;
    }

    /**
     * Measures, keeps and uses them, as far as that is to be and works.
     *
     * @param why in a few words
     * @param preferred id of the engine that is to do it; null for the usual one
     */
    void measure(Collection<String> ids, String why, @Nullable String preferred) {
      if (ids.isEmpty()) {
        return;
      }
      String names = String.join(", ", ids);
      String not = whyNot();
      if (not != null) {
        notes.add("%s: not measured, since %s (%s)".formatted(names, not, why));
        return;
      }
      journey.say("ceilings: measuring %s (%s)".formatted(names, why));
      var measuring = new CeilingMeasuring(journey.installation(), workplace.isolated());
      try (Measurers measurers =
          measuring.measurers(of.measurers().device(), journey.cancellation())) {
        Selection engine = measuring.engine(of, ids, preferred, measurers);
        StoredRun kept = nested.measure(measuring.ready(engine, ids, true));
        List<MeasuredCeiling> measured = CeilingMeasuring.measured(kept);
        use(measured, why);
        CeilingMeasuring.failures(kept.document())
            .forEach(failure -> notes.add("not measured: " + failure));
        if (!measured.isEmpty()) {
          notes.add(
              "%s: measured by the run %s (%s)"
                  .formatted(
                      measured.stream().map(MeasuredCeiling::id).collect(Collectors.joining(", ")),
                      kept.document().id(),
                      why));
          Objects.requireNonNull(store).keep(identity, measured);
        }
      } catch (BenchException e) {
        notes.add("%s: %s".formatted(names, e.getMessage()));
      } catch (RuntimeException | OutOfMemoryError e) {
        // what has been measured is worth more than its relation to anything
        notes.add("%s: internal error: %s".formatted(names, e));
      }
    }

    /** Why nothing is to be measured; null when it is. */
    private @Nullable String whyNot() {
      if (of.facts().synthetic()) {
        return "the device is simulated; 'gpubench ceilings --refresh --device sim' does it";
      }
      if (workplace.cpus() != null) {
        return "that takes all processors, and --cpus allows for some; 'gpubench ceilings --refresh'"
            + " does it";
      }
      if (store == null) {
        return "there is no folder to keep them in; name one with --state DIR";
      }
      if (journey.cancellation().requested()) {
        return "the run was stopped";
      }
      return store.read(identity) instanceof Found.Newer
          ? "what a newer gpubench has kept is not replaced"
          : null;
    }

    private void use(List<MeasuredCeiling> measured, String why) {
      for (MeasuredCeiling ceiling : measured) {
        used.removeIf(one ->
            one.hardware().equals(identity.hardware())
                && one.ceiling().id().equals(ceiling.id())
                && one.ceiling().engine().equals(ceiling.engine()));
        used.add(new RunCeilings.Used(identity.hardware(), ceiling, why));
      }
    }
  }
}
