// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.report.TextTable;
import io.gpubench.app.report.TextTable.Align;
import io.gpubench.app.workers.Guard;
import io.gpubench.app.workers.Workers;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.conditions.CpuSet;
import io.gpubench.measure.conditions.DeviceLock;
import io.gpubench.measure.conditions.LockFolder;
import io.gpubench.measure.conditions.ProcessorSensors;
import io.gpubench.measure.plan.ByteSizes;
import io.gpubench.measure.plan.Machine;
import io.gpubench.measure.result.Environment;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Timer;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What this machine has and lacks for measuring, and what to do about it. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = "Show what this machine has and lacks for measuring, and what to do about it.",
    footerHeading = "%nExit code: ",
    footer = "0 when at least one engine passes its self-check, else 3.")
final class DoctorCommand implements Callable<Integer> {
  private final App app;
  private final TextTable table =
      new TextTable()
          .column("what", Align.LEFT)
          .column("state", Align.LEFT)
          .column("detail", Align.LEFT);

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "results",
      description = "The store to check (default: ${DEFAULT-VALUE}).")
  private Path store = Path.of("results");

  DoctorCommand(App app) {
    this.app = app;
  }

  @Override
  public Integer call() {
    Map<String, Object> environment = Environment.capture();
    row("java", "ok", part(environment, "java", "vm") + " " + part(environment, "java", "version"));
    row(
        "processor",
        "ok",
        part(environment, "cpu", "model")
            + ", "
            + part(environment, "cpu", "availableProcessors")
            + " available, vector "
            + part(environment, "cpu", "vectorFlags"));
    MachineFacts facts = Machine.facts(null);
    row("memory", "ok", ByteSizes.format(facts.availableBytes()) + " available to a run");
    row(
        "last-level cache",
        facts.lastLevelCacheBytes() > 0 ? "ok" : "unknown",
        facts.lastLevelCacheBytes() > 0
            ? ByteSizes.format(facts.lastLevelCacheBytes())
            : "its size cannot be read; inputs rotate over a fixed amount");
    clock();
    governor(environment);
    load(environment, facts);
    temperature();
    locks();
    store();
    guard();
    new GpuReport(app).lines().forEach(line -> row(line.what(), line.state(), line.detail()));
    boolean any = false;
    for (Engine engine : app.engines()) {
      any |= engine(engine.id(), engine.selfCheck());
    }
    foreignEngines(facts);
    app.out().print(table);
    return (any ? ExitCode.OK : ExitCode.UNAVAILABLE).number;
  }

  private boolean engine(String name, Engine.SelfCheck check) {
    row(
        "engine " + name,
        check.passed() ? "ok" : "missing",
        check.detail() + (check.remedy() == null ? "" : "; " + check.remedy()));
    return check.passed();
  }

  /** Starts each for its self-check. */
  private void foreignEngines(MachineFacts facts) {
    var options = new Engine.Options(facts.processors());
    try (var workers =
        new Workers(app.home(), options, null, null, null, null, false, new Cancellation())) {
      for (String name : app.foreignEngineNames()) {
        try {
          engine(name, workers.check(app.engines(List.of(name)).getLast()).selfCheck());
        } catch (ConfigException e) {
          row("engine " + name, "mistaken", String.valueOf(e.getMessage()));
        }
      }
    }
  }

  private void clock() {
    Timer timer = Timer.measure(Timer.Clock.SYSTEM);
    row(
        "clock",
        timer.overheadNanos() > 200 ? "slow" : "ok",
        "an empty window shows %d ns, smallest step %d ns"
            .formatted(timer.overheadNanos(), timer.resolutionNanos()));
  }

  private void governor(Map<String, Object> environment) {
    String governor = part(environment, "cpu", "governor");
    switch (governor) {
      case "" ->
          row(
              "frequency governor",
              "unknown",
              "the system does not tell; usual in a virtual machine");
      case "performance" -> row("frequency governor", "ok", governor);
      default ->
          row(
              "frequency governor",
              "warning",
              governor
                  + ": clocks change while measuring; 'cpupower frequency-set -g performance' fixes them");
    }
  }

  private void load(Map<String, Object> environment, MachineFacts facts) {
    String line = String.valueOf(environment.getOrDefault("loadAverage", ""));
    if (!line.isEmpty()) {
      boolean busy = Double.parseDouble(line.split(" ")[0]) > 0.5 * facts.processors();
      row(
          "load",
          busy ? "warning" : "ok",
          line + (busy ? ": other processes are at work and will disturb a measurement" : ""));
    }
  }

  private void temperature() {
    Double celsius = ProcessorSensors.find().read().temperatureCelsius();
    row(
        "processor temperature",
        celsius == null ? "unknown" : "ok",
        celsius == null
            ? "no sensor; usual in a virtual machine"
            : String.format(Locale.ROOT, "%.0f C", celsius));
  }

  /** Takes each lock for a moment. */
  private void locks() {
    LockFolder folder = LockFolder.ofThisMachine();
    var found = new LinkedHashSet<String>();
    for (String device :
        Stream.concat(Stream.of(Session.PROCESSORS), GpuReport.deviceIds().stream()).toList()) {
      switch (DeviceLock.tryAcquire(folder, Set.of(device), CpuSet.allowed())) {
        case DeviceLock.Acquired(DeviceLock lock) -> lock.close();
        case DeviceLock.Held held -> found.add(held.note());
        case DeviceLock.Unavailable unavailable ->
            found.add(
                unavailable.note()
                    + "; -D"
                    + LockFolder.PROPERTY
                    + "=DIR in GPUBENCH_JAVA_OPTS chooses another");
      }
    }
    row(
        "device locks",
        found.isEmpty() ? "ok" : "warning",
        found.isEmpty() ? folder + ": all free" : String.join("; ", found));
  }

  private void guard() {
    Path guard = Guard.below(app.home()).orElse(null);
    row(
        "worker guard",
        guard == null ? "warning" : "ok",
        guard == null
            ? "not built: what a worker leaves behind may survive it, and there is no --cpus; install a"
                + " C compiler, make and CMake"
            : "no process of a worker survives it");
  }

  private void store() {
    Path existing = store.toAbsolutePath();
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    boolean writable =
        existing != null && Files.isDirectory(existing) && Files.isWritable(existing);
    row(
        "store",
        writable ? "ok" : "warning",
        writable
            ? store + " can be written"
            : store + " cannot be written; choose another with --out");
  }

  private void row(String what, String state, String detail) {
    table.row(List.of(what, state, detail));
  }

  private static String part(Map<String, Object> environment, String part, String key) {
    return environment.get(part) instanceof Map<?, ?> map && map.get(key) != null
        ? String.valueOf(map.get(key))
        : "";
  }
}
