// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.app.measuring.EngineSelector.Selection;
import io.gpubench.app.workers.Measurers;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.claim.ClaimCase;
import io.gpubench.measure.claim.Hardware;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.Environment;
import io.gpubench.measure.spi.Engine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which engines work here; each is asked once, when it is needed for the first time. One that does
 * not is an answer, not an error. For one thread.
 */
final class WorkingEngines {
  private final List<Engine> engines;
  private final Measurers measurers;
  private final @Nullable String device;
  private final Map<String, Selection> working = new HashMap<>();
  private final Map<String, String> broken = new HashMap<>();
  private final @Nullable String processor = Hardware.processor(Environment.capture());

  /**
   * Of some engines.
   *
   * @param measurers where they are opened; owned by the caller
   * @param device on which those are that use devices; null for their own choice
   */
  WorkingEngines(List<Engine> engines, Measurers measurers, @Nullable String device) {
    this.engines = engines;
    this.measurers = measurers;
    this.device = device;
  }

  /** One that works; null for one that does not. */
  @Nullable Selection selection(String id) {
    if (!working.containsKey(id) && !broken.containsKey(id)) {
      try {
        working.put(id, select(id));
      } catch (EngineException e) {
        broken.put(id, String.valueOf(e.getMessage()).replaceFirst("^no engine: ", ""));
      }
    }
    return working.get(id);
  }

  private Selection select(String id) {
    boolean placed =
        device != null
            && engines.stream().anyMatch(one -> one.id().equals(id) && one.on(device).isPresent());
    return placed
        ? EngineSelector.selectOn(Objects.requireNonNull(device), id, engines, measurers)
        : EngineSelector.select(id, engines, measurers);
  }

  /** Why a case cannot be tested here, in one line; null where it can. */
  @Nullable String whyNot(ClaimCase of) {
    Selection own = selection(of.own().engine());
    if (own == null) {
      return absent(of.own().engine());
    }
    ClaimCase.Side baseline = of.baseline();
    if (baseline != null && selection(baseline.engine()) == null) {
      return "the baseline: " + absent(baseline.engine());
    }
    if (own.facts().synthetic()) {
      return null; // a rehearsal, which the judge never takes for more
    }
    return of.claim()
        .requires()
        .lacking(
            new Hardware(
                own.engine().id(),
                own.facts().device(),
                false,
                own.facts().description(),
                processor));
  }

  private String absent(String id) {
    return "%s; there is %s"
        .formatted(broken.get(id), processor == null ? "nothing but processors" : processor);
  }

  /** Says what measures, and why. */
  void announce(List<PlannedRun> runs, Listener listener) {
    runs.stream()
        .map(PlannedRun::engine)
        .distinct()
        .forEach(id ->
            listener.say("engine " + id + ": " + Objects.requireNonNull(working.get(id)).why()));
  }
}
