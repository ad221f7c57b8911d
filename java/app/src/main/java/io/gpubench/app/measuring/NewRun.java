// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.app.BuiltIn;
import io.gpubench.app.measuring.EngineSelector.Selection;
import io.gpubench.app.plugins.Contents;
import io.gpubench.app.plugins.PluginFile;
import io.gpubench.app.versions.Versions;
import io.gpubench.app.workers.ForeignEngine;
import io.gpubench.app.workers.Measurers;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.Conditions;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.Environment;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.run.Measurer;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.PreparedRun;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a run document says before anything is measured. */
final class NewRun {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private NewRun() {}

  /**
   * A document that begins now.
   *
   * @param suite name of what is measured; the run's id has it too
   * @param budget the most time that the plan allows for
   * @param argv command line that asks for it
   * @param duets none yet for a run that compares, null for one that does not
   */
  static RunDocument document(
      String suite,
      String profile,
      Duration budget,
      List<String> argv,
      List<RunDocument.EngineChoice> engines,
      Conditions conditions,
      List<PlannedRun> runs,
      @Nullable List<DuetComparison> duets) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    byte[] random = new byte[3];
    new SecureRandom().nextBytes(random);
    String name = suite.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-");
    return new RunDocument(
        RunDocument.SCHEMA,
        STAMP.format(now) + "-" + name + "-" + HexFormat.of().formatHex(random),
        RunDocument.RUNNING,
        null,
        ProcessHandle.current().pid(),
        suite,
        profile,
        now.toString(),
        null,
        null,
        budget.toMillis() / 1e3,
        BuiltIn.tool(),
        argv,
        engines,
        conditions,
        Environment.capture(),
        runs.stream()
            .map(run ->
                new RunDocument.Planned(
                    run.id(),
                    run.workload().id(),
                    run.engine(),
                    run.path(),
                    run.values().asMap(),
                    effort(run),
                    run.mode().clock() == PreparedRun.Clock.HOST ? null : run.mode().clock().word(),
                    run.mode().cache() == Mode.Cache.HOT ? null : run.mode().cache().word()))
            .toList(),
        List.of(),
        duets,
        null);
  }

  /**
   * The engine as a document has it.
   *
   * @param runs some of which are measured on it
   */
  static RunDocument.EngineChoice choice(
      Selection chosen, Contents contents, List<PlannedRun> runs) {
    Measurers measurers = chosen.measurers();
    Measurer.Facts facts = chosen.facts();
    return new RunDocument.EngineChoice(
        chosen.engine().id(),
        chosen.requested(),
        chosen.why(),
        facts.device(),
        facts.synthetic(),
        description(chosen, plugins(chosen.engine().id(), contents, runs)),
        measurers.command(chosen.engine()),
        measurers.options().threads(),
        measurers.device(),
        Double.isFinite(facts.operationsPerSecond()) ? (Double) facts.operationsPerSecond() : null,
        facts.bounds().isEmpty() ? null : facts.bounds(),
        recorded(chosen) ? null : false,
        measurers.slowdown() == null ? null : (Double) measurers.slowdown().factor());
  }

  /** Whether its sensors are, as far as there are any; nobody can ask those of a foreign engine. */
  private static boolean recorded(Selection chosen) {
    return chosen.measurers().recorded() && !(chosen.engine() instanceof ForeignEngine);
  }

  /** What the engine found; which file described a foreign one; which plugins have a part. */
  private static Map<String, Object> description(Selection chosen, Map<String, Object> plugins) {
    var all = new LinkedHashMap<>(chosen.facts().description());
    if (chosen.engine() instanceof ForeignEngine foreign) {
      all.put("engineFileSha256", foreign.fileSha256());
    }
    if (!plugins.isEmpty()) {
      all.put("plugins", plugins);
    }
    if (!chosen.measurers().origin().isEmpty()) {
      all.put(Versions.FACT, chosen.measurers().origin());
    }
    return all;
  }

  /** By name, what is known of the plugins that have a part in runs on an engine. */
  private static Map<String, Object> plugins(
      String engine, Contents contents, List<PlannedRun> runs) {
    var plugins = new TreeMap<String, Object>();
    for (PlannedRun run : runs) {
      if (run.engine().equals(engine)) {
        for (PluginFile plugin : contents.takingPart(run.workload().id(), engine)) {
          plugins.computeIfAbsent(plugin.name(), _ -> Map.of("sha256", plugin.sha256()));
        }
      }
    }
    return plugins;
  }

  private static RunDocument.Effort effort(PlannedRun run) {
    return new RunDocument.Effort(run.repetitions(), run.budget().toNanos(), run.stoppingRule());
  }
}
