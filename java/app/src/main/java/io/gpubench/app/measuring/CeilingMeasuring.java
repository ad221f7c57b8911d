// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.app.measuring.EngineSelector.Selection;
import io.gpubench.app.workers.Measurers;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.StoreErrors;
import io.gpubench.measure.StoreException;
import io.gpubench.measure.ceiling.HardwareIdentity;
import io.gpubench.measure.conditions.CoolDown;
import io.gpubench.measure.plan.Catalog;
import io.gpubench.measure.plan.ConfigReader;
import io.gpubench.measure.plan.Overrides;
import io.gpubench.measure.plan.Plan;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.plan.Planner;
import io.gpubench.measure.plan.Profile;
import io.gpubench.measure.plan.RunConfig;
import io.gpubench.measure.plan.SuiteConfig;
import io.gpubench.measure.result.MeasuredCeiling;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Measurement;
import io.gpubench.measure.seal.Manifest;
import io.gpubench.measure.seal.Sha256;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Measures ceilings of a piece of hardware as a run of its own, with all processors, whatever the
 * run is limited to that needs them. Owns nothing between calls.
 *
 * @param isolated whether each repetition has a process of its own
 */
record CeilingMeasuring(Installation installation, boolean isolated) {
  private static final String INTERRUPTED =
      Measurement.Stop.INTERRUPTED.name().toLowerCase(Locale.ROOT);

  /** Name of the suite, and of the profile. */
  static final String NAME = "ceilings";

  /** For those that a run waits for. */
  private static final Duration BRIEFLY = Duration.ofMillis(1_500);

  /**
   * The engine that measures the ceilings of the hardware that another one works on: of processors
   * the first of our own that passes its self-check, since it is the quickest; of a device that
   * engine itself.
   *
   * @param wanted ids of ceilings, one of which it has to be able to measure
   * @param preferred id of the engine that is tried first; null for none
   * @throws EngineException when there is none
   */
  Selection engine(
      Selection of, Collection<String> wanted, @Nullable String preferred, Measurers measurers) {
    if (!Session.PROCESSORS.equals(hardware(of))) {
      return EngineSelector.select(of.engine().id(), List.of(of.engine()), measurers);
    }
    var candidates =
        new ArrayList<>(
            installation.engines().stream()
                .filter(one -> one.on("0").isEmpty())
                .filter(one -> wanted.stream().anyMatch(id -> !one.paths(id).isEmpty()))
                .toList());
    if (candidates.isEmpty()) {
      throw new EngineException("no engine of this gpubench measures " + String.join(", ", wanted));
    }
    candidates.sort((a, b) -> Boolean.compare(b.id().equals(preferred), a.id().equals(preferred)));
    return EngineSelector.select(EngineSelector.AUTO, candidates, measurers);
  }

  /** What identifies the hardware of an engine; null for a device without a UUID. */
  static @Nullable String hardware(Selection selection) {
    return HardwareIdentity.hardware(
        selection.facts().synthetic(), selection.facts().device(), selection.facts().description());
  }

  /** Where ceilings are measured: with all processors. The caller closes it. */
  Measurers measurers(@Nullable String device, Cancellation cancellation) {
    Workplace workplace = workplace();
    return workplace.measurers(
        installation.home(), device, workplace.engineOptions("--threads", null), cancellation);
  }

  Workplace workplace() {
    return new Workplace(isolated, null, null, null, null, true, null);
  }

  /**
   * Plans it.
   *
   * @param wanted ids of ceilings; all that the engine can measure where it is null
   * @param briefly for a run that waits for it: one process each, for a moment
   * @throws ConfigException when there is nothing to measure, or it does not fit into memory
   */
  ReadyRun ready(Selection engine, @Nullable Collection<String> wanted, boolean briefly) {
    var configs = new ConfigReader(installation.configs());
    Profile profile = configs.profile(NAME);
    SuiteConfig suite = suite(configs, engine.engine(), wanted);
    Workplace workplace = workplace();
    MachineFacts facts = workplace.machine();
    Plan plan =
        Planner.plan(
            suite,
            Catalog.of(installation.workloads().values(), List.of(engine.engine())),
            profile,
            facts,
            overrides(engine.engine().id(), briefly));
    List<PlannedRun> runs = plan.runs();
    return new ReadyRun(
        NAME,
        profile.name(),
        new Task.Suite(runs, null),
        runs.stream().collect(Collectors.toMap(PlannedRun::id, _ -> engine)),
        facts,
        workplace,
        new CoolDown.None(),
        null,
        List.of(),
        CeilingUse.OFF);
  }

  private Overrides overrides(String engine, boolean briefly) {
    Overrides none = Overrides.NONE;
    return new Overrides(
        engine,
        none.path(),
        none.clock(),
        none.cache(),
        none.samples(),
        none.warmup(),
        briefly ? BRIEFLY : null,
        briefly || !isolated ? (Integer) 1 : null,
        none.seed(),
        none.settings());
  }

  /** Those of the engine's own suite, where there is one, that are wanted and that it can run. */
  private SuiteConfig suite(
      ConfigReader configs, Engine engine, @Nullable Collection<String> wanted) {
    String own = NAME + "-" + engine.id();
    SuiteConfig all = configs.suite(configs.suiteNames().contains(own) ? own : NAME);
    List<RunConfig> able =
        all.runs().stream()
            .filter(run -> wanted == null || wanted.contains(run.workload().name()))
            .filter(run -> installation.workloads().containsKey(run.workload().name()))
            .filter(run -> !engine.paths(run.workload().name()).isEmpty())
            .toList();
    if (able.isEmpty()) {
      throw new ConfigException(
          "the engine '%s' measures %s"
              .formatted(
                  engine.id(),
                  wanted == null
                      ? "no ceilings"
                      : "none of " + String.join(", ", wanted) + " by the suite " + all.name()));
    }
    return new SuiteConfig(all.name(), all.description(), able);
  }

  /**
   * What a finished run says of ceilings: each that it measured, if its record is to be believed.
   *
   * @throws StoreException when its manifest cannot be read
   */
  static List<MeasuredCeiling> measured(StoredRun kept) {
    RunDocument run = kept.document();
    String sha256 = kept.sealed() ? manifestSha256(kept.directory()) : null;
    return run.records().stream()
        .map(record -> ceiling(run, record, sha256))
        .flatMap(Optional::stream)
        .toList();
  }

  /** What was cut short says nothing of what can be reached. */
  private static Optional<MeasuredCeiling> ceiling(
      RunDocument run, ResultRecord record, @Nullable String sha256) {
    ResultRecord.Throughput rate = record.throughput();
    boolean whole =
        record.processes().stream()
            .noneMatch(part -> INTERRUPTED.equals(part.stop()) || part.sampleCount() == 0);
    return record.outcomeValue() instanceof Outcome.Measured && rate != null && whole
        ? Optional.of(
            new MeasuredCeiling(
                record.workload(),
                rate.unit(),
                rate.median(),
                rate.lower(),
                rate.upper(),
                record.engine(),
                run.startedAt(),
                run.id(),
                sha256))
        : Optional.empty();
  }

  /** Why a run measured less than was planned, a line each. */
  static List<String> failures(RunDocument run) {
    Map<String, ResultRecord> records =
        run.records().stream().collect(Collectors.toMap(ResultRecord::id, record -> record));
    return run.planned().stream()
        .map(planned -> {
          ResultRecord record = records.get(planned.id());
          return record == null
              ? planned.workload()
                  + ": "
                  + Objects.requireNonNullElse(run.statusReason(), "no record")
              : record.outcomeValue() instanceof Outcome.Measured
                  ? null
                  : "%s: %s: %s".formatted(planned.workload(), record.outcome(), record.reason());
        })
        .filter(Objects::nonNull)
        .toList();
  }

  private static String manifestSha256(Path directory) {
    try {
      return Sha256.of(Files.readAllBytes(directory.resolve(Manifest.FILE)));
    } catch (IOException e) {
      throw new StoreException(
          directory.resolve(Manifest.FILE) + ": cannot be read: " + StoreErrors.text(e), e);
    }
  }
}
