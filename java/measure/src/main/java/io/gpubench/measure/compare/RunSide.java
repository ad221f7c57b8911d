// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import io.gpubench.measure.Printable;
import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.ceiling.HardwareIdentity;
import io.gpubench.measure.compare.RecordedCase.Work;
import io.gpubench.measure.result.Conditions;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunDocument.EngineChoice;
import io.gpubench.measure.result.RunReader;
import io.gpubench.measure.run.Throttling;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.stats.Statistics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A run of gpubench as a side. Its document has the statistics of every process already, so its raw
 * samples are not read.
 */
final class RunSide {
  /** Options of a JVM that say where things are and how fast it starts, not how fast it is. */
  private static final List<String> INDIFFERENT =
      List.of("-Xlog", "-Xshare", "-XX:AOT", "-XX:SharedArchive", "-XX:+Display", "-XX:-UsePerf");

  private final String name;
  private final RunDocument run;
  private final Map<String, String> processors;

  RunSide(String name, RunDocument run) {
    this.name = name;
    this.run = run;
    this.processors = HardwareIdentity.of(Session.PROCESSORS, run.environment(), Map.of()).parts();
  }

  /**
   * The side.
   *
   * @throws ResultFormatException when the run holds something that no measurement gives, or
   *     compares two sides itself
   */
  RecordedSide side() {
    if (run.duets() != null) {
      throw new ResultFormatException(
          name + ": a run that compares two sides itself; 'gpubench show' tells what came of it");
    }
    var cases = new ArrayList<RecordedCase>();
    var seen = new HashSet<String>();
    for (ResultRecord record : run.records()) {
      RecordedCase one = of(record);
      if (!seen.add(one.label() + '\n' + one.settingsText())) {
        throw new ResultFormatException(
            "%s: %s: %s is there a second time".formatted(name, record.id(), one.label()));
      }
      cases.add(one);
    }
    return new RecordedSide(name, run.schema(), tool(), conditions(), cases, notes());
  }

  private Map<String, String> tool() {
    var tool = new LinkedHashMap<String, String>();
    tool.put("tool", run.tool().name());
    tool.put("version", run.tool().version());
    tool.put("commit", run.tool().commit() + (run.tool().modified() ? ", modified" : ""));
    if (run.environment().get("java") instanceof Map<?, ?> java) {
      put(tool, "java", java.get("version"));
      put(tool, "vm", java.get("vm"));
      put(tool, "collectors", java.get("collectors"));
      if (java.get("flags") instanceof List<?> flags) {
        tool.put(
            "vm options",
            flags.stream()
                .map(Object::toString)
                .filter(flag -> flag.startsWith("-X"))
                .filter(flag -> INDIFFERENT.stream().noneMatch(flag::startsWith))
                .collect(Collectors.joining(" ")));
      }
    }
    return tool;
  }

  private Map<String, String> conditions() {
    Conditions conditions = run.conditions();
    var all = new LinkedHashMap<String, String>();
    all.put("profile", run.profile());
    all.put("isolation", conditions.isolation());
    put(all, "cpus", conditions.cpus());
    put(all, "cool-down", conditions.coolDown());
    if (conditions.faults() != null) {
      all.put("faults", conditions.faults().name());
    }
    return all;
  }

  private List<String> notes() {
    var notes = new ArrayList<String>();
    String status = RunReader.status(run);
    if (!status.equals(RunDocument.COMPLETE)) {
      notes.add(
          "%s, with %d of %d planned runs%s"
              .formatted(
                  status,
                  run.records().size(),
                  run.planned().size(),
                  run.statusReason() == null ? "" : ": " + Printable.line(run.statusReason())));
    }
    run.conditions().overridden().forEach(line -> notes.add("overridden: " + Printable.line(line)));
    if (run.conditions().isolation().equals(Conditions.IN_PROCESS)) {
      notes.add("measured in one process, which is one draw");
    }
    return notes;
  }

  /** One of its records. */
  RecordedCase of(ResultRecord record) {
    var parameters = new LinkedHashMap<String, String>();
    record.parameters().forEach((key, value) -> parameters.put(key, String.valueOf(value)));
    EngineChoice engine = run.engine(record.engine()).orElse(null);
    boolean measured = record.outcome().equals("Measured");
    List<ProcessPart> parts =
        record.processes().stream()
            .filter(part -> part.statistics() != null && part.outcome().equals("Measured"))
            .sorted(
                Comparator.comparing(ProcessPart::startedAt)
                    .thenComparingInt(ProcessPart::repetition))
            .toList();
    String unfit =
        measured
            ? parts.isEmpty() ? "no process has samples" : null
            : record.outcome()
                + (record.reason() == null ? "" : ": " + Printable.line(record.reason()));
    return new RecordedCase(
        record.workload(),
        parameters,
        settings(record, engine),
        machine(record, engine),
        record.work() == null
            ? null
            : new Work(record.work().unit(), record.work().units() / record.piecesOfSample()),
        parts.stream().map(part -> process(record, part)).toList(),
        unfit,
        doubt(record),
        remarks(record, parts.size()));
  }

  private static String underSampled(ResultRecord record) {
    return record.underSampledWhy() == null
        ? "under-sampled"
        : "under-sampled: " + Printable.line(record.underSampledWhy());
  }

  /** No verdict rests on too few samples, nor on a device that was slowed down. */
  private static @Nullable String doubt(ResultRecord record) {
    if (record.underSampled()) {
      return underSampled(record);
    }
    List<String> slowdowns =
        record.throttledBy().stream().filter(Throttling.SLOWDOWNS::contains).toList();
    return slowdowns.isEmpty() ? null : "throttled: " + String.join(", ", slowdowns);
  }

  private RecordedProcess process(ResultRecord record, ProcessPart part) {
    Statistics statistics = Objects.requireNonNull(part.statistics());
    try {
      return RecordedProcess.of(statistics, part.sampleCount(), record.piecesOfSample());
    } catch (IllegalArgumentException e) {
      throw new ResultFormatException(
          "%s: %s, process %d: %s".formatted(name, record.id(), part.repetition(), e.getMessage()),
          e);
    }
  }

  private static Map<String, String> settings(ResultRecord record, @Nullable EngineChoice engine) {
    var settings = new LinkedHashMap<String, String>();
    settings.put("engine", record.engine());
    settings.put("path", record.path());
    settings.put("clock", record.clock());
    settings.put("cache", record.cache() == null ? "hot" : record.cache());
    put(settings, "threads", engine == null ? null : engine.threads());
    if (record.synthetic()) {
      settings.put("synthetic", "yes");
    }
    put(settings, "slowdown", record.configuration().get("slowdown"));
    return settings;
  }

  private Map<String, String> machine(ResultRecord record, @Nullable EngineChoice engine) {
    var machine = new LinkedHashMap<String, String>();
    processors.forEach((key, value) -> machine.put("processors " + key, value));
    if (record.device() != null) {
      machine.put("device", record.device());
    }
    String hardware =
        engine == null
            ? null
            : HardwareIdentity.hardware(record.synthetic(), record.device(), engine.description());
    if (engine != null && hardware != null && !hardware.equals(Session.PROCESSORS)) {
      HardwareIdentity.of(hardware, run.environment(), engine.description())
          .parts()
          .forEach((key, value) -> {
            if (!key.equals("processor") && !key.equals("kernel")) {
              machine.put("device " + key, value);
            }
          });
    }
    return machine;
  }

  private static List<String> remarks(ResultRecord record, int counting) {
    var remarks = new ArrayList<String>();
    if (record.underSampled()) {
      remarks.add(underSampled(record));
    }
    if (!record.throttledBy().isEmpty()) {
      remarks.add("throttled: " + Printable.line(String.join(", ", record.throttledBy())));
    }
    if (record.configuration().get("slowdown") != null) {
      remarks.add(
          "slowed down on purpose, by the factor " + record.configuration().get("slowdown"));
    }
    if (record.synthetic()) {
      remarks.add("synthetic: the engine only stands for the hardware it names");
    }
    long unsteady =
        record.processes().stream()
            .map(ProcessPart::warmup)
            .filter(Objects::nonNull)
            .filter(warmup -> !warmup.steady())
            .count();
    if (unsteady > 0) {
      remarks.add(
          String.format(
              Locale.ROOT,
              "in %d of %d processes the times had not settled when measuring began",
              unsteady,
              record.processes().size()));
    }
    if (counting < record.repetitions()) {
      remarks.add("%d of %d planned processes count".formatted(counting, record.repetitions()));
    }
    return remarks;
  }

  private static void put(Map<String, String> map, String key, @Nullable Object value) {
    if (value != null) {
      map.put(key, Printable.line(value.toString()));
    }
  }
}
