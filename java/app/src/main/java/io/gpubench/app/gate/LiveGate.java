// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.gate;

import io.gpubench.app.measuring.DuetRequest;
import io.gpubench.app.measuring.EngineSelector;
import io.gpubench.app.measuring.Journey;
import io.gpubench.app.measuring.StoredRun;
import io.gpubench.app.measuring.SuiteRequest;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.compare.TrialRule;
import io.gpubench.measure.plan.Overrides;
import io.gpubench.measure.result.RunDocument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * This gpubench against another version of it, by duets until it is decided. Whatever disturbs the
 * machine meets both.
 *
 * @param request what is measured
 * @param version with what it is compared, as {@link io.gpubench.app.versions.Versions} takes it
 * @param tolerances from a metric to the relative difference that does not matter
 * @param maxTime no duet begins later; null for no limit
 * @param tail whether p95 may be judged
 */
public record LiveGate(
    SuiteRequest request,
    String version,
    Map<String, Double> tolerances,
    @Nullable Duration maxTime,
    TailBar tail) {
  private static final Duration SLICE = Duration.ofMillis(3);

  /**
   * Checks what cannot be asked of duets.
   *
   * @throws ConfigException when something was
   */
  public LiveGate {
    tolerances = Map.copyOf(tolerances);
    if (!request.workplace().isolated()) {
      throw new ConfigException(
          "--baseline %s is measured live, in workers, and --in-process has none; leave it out"
              .formatted(version));
    }
    Overrides asked = request.overrides();
    String useless =
        request.suite() != null
            ? "--suite"
            : asked.duration() != null
                ? "--duration"
                : asked.warmup() != null
                    ? "--warmup"
                    : asked.repetitions() != null ? "--repetitions" : null;
    if (useless != null) {
      throw new ConfigException(
          useless + " is for recorded baselines, and this one is measured live; leave it out");
    }
    if (version.contains(",")) {
      throw new ConfigException(
          "--baseline %s: a version's folder may have no comma; rename it, or make a link"
              .formatted(version));
    }
  }

  /**
   * Measures and judges.
   *
   * @throws ConfigException when something does not exist or does not fit
   * @throws io.gpubench.measure.EngineException when an engine or the version does not work
   */
  public GateResult run(Journey journey) {
    long began = System.nanoTime();
    Judgeable judgeable = judgeable();
    if (judgeable.tolerances().isEmpty()) {
      return judgeable.nothing(GateResult.Mode.LIVE, version, began);
    }
    StoredRun run = duets(judgeable.tolerances()).measure(journey);
    RunDocument document = run.document();
    var notes = new ArrayList<>(LiveCases.versions(document));
    notes.addAll(Remarks.of(document));
    if (run.failure() != null) {
      throw run.failure();
    }
    return new GateResult(
        GateResult.Mode.LIVE,
        version,
        LiveCases.of(document, judgeable.barred()),
        notes,
        List.of(run.directory()),
        document.status().equals(RunDocument.INTERRUPTED),
        (System.nanoTime() - began) / 1e9);
  }

  private Judgeable judgeable() {
    if (tolerances.containsKey(TrialRule.P95)
        && (request.workloads().isEmpty() || engine().equals(EngineSelector.AUTO))) {
      throw new ConfigException(
          "--tolerance p95: whether it can be judged is known by workload and engine; name the workloads, and --engine");
    }
    return Judgeable.of(
        tolerances,
        request.workloads().stream()
            .map(workload -> new Judgeable.Subject(workload, engine()))
            .toList(),
        tail);
  }

  private String engine() {
    String asked = request.overrides().engine();
    return asked == null ? EngineSelector.AUTO : asked;
  }

  private DuetRequest duets(Map<String, Double> judged) {
    Overrides asked = request.overrides();
    var side = new StringBuilder("engine=" + engine());
    add(side, "path", asked.path());
    add(side, "clock", asked.clock());
    add(side, "cache", asked.cache());
    add(side, "device", request.device());
    add(side, "threads", request.threads());
    return new DuetRequest(
        side + ",version=" + version,
        side.toString(),
        request.workloads(),
        TrialRule.DEFAULT.fewest(),
        asked.samples(),
        SLICE,
        request.profile(),
        asked.settings(),
        asked.seed(),
        request.workplace(),
        request.coolDown(),
        request.orderSeed(),
        request.ceilings(),
        "gate",
        TrialRule.DEFAULT.withTolerances(judged).withMaxTime(maxTime),
        List.of());
  }

  private static void add(StringBuilder side, String key, @Nullable Object value) {
    if (value != null) {
      side.append(',').append(key).append('=').append(value);
    }
  }
}
