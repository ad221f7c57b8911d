// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.fitness.Finding;
import io.gpubench.app.fitness.Finding.State;
import io.gpubench.app.fitness.ProcessorFacts;
import io.gpubench.app.fitness.ProcessorFitness;
import io.gpubench.app.report.DoctorJson;
import io.gpubench.app.report.DoctorText;
import io.gpubench.app.workers.Guard;
import io.gpubench.app.workers.Measurers;
import io.gpubench.app.workers.SelfChecks;
import io.gpubench.app.workers.Workers;
import io.gpubench.engines.tornado.TornadoEngine;
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
import java.time.Duration;
import java.util.ArrayList;
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
    footerHeading = "%nExamples:%n",
    footer = {
      "  gpubench doctor",
      "  gpubench doctor --lock-clocks     the commands; gpubench itself changes no setting",
      "",
      "Exit code: 0 when at least one engine passes its self-check, else 3."
    })
final class DoctorCommand implements Callable<Integer> {
  private static final Duration STEAL_WATCH = Duration.ofMillis(500);

  private final App app;
  private final List<Finding> findings = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "results",
      description = "The store to check (default: ${DEFAULT-VALUE}).")
  private Path store = Path.of("results");

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format = Format.table;

  @Option(
      names = "--lock-clocks",
      description =
          "Print the commands that lock the clocks of all devices, and those that undo it, and do nothing else."
              + " gpubench never runs them.")
  private boolean lockClocks;

  /** How findings are printed. */
  enum Format {
    table,
    json
  }

  DoctorCommand(App app) {
    this.app = app;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (lockClocks && format == Format.json) {
      throw new ConfigException(
          "--lock-clocks prints commands for a shell, and does not go with --format json");
    }
    if (lockClocks) {
      app.out().print(new GpuReport(app).lockingClocks());
      return ExitCode.OK.number;
    }
    Map<String, Object> environment = Environment.capture();
    row(
        "java",
        State.OK,
        part(environment, "java", "vm") + " " + part(environment, "java", "version"));
    row(
        "processor",
        State.OK,
        part(environment, "cpu", "model")
            + ", "
            + part(environment, "cpu", "availableProcessors")
            + " available, vector "
            + part(environment, "cpu", "vectorFlags"));
    MachineFacts facts = Machine.facts(null);
    row("memory", State.OK, ByteSizes.format(facts.availableBytes()) + " available to a run");
    row(
        "last-level cache",
        facts.lastLevelCacheBytes() > 0 ? State.OK : State.UNKNOWN,
        facts.lastLevelCacheBytes() > 0
            ? ByteSizes.format(facts.lastLevelCacheBytes())
            : "its size cannot be read; inputs rotate over a fixed amount");
    clock();
    ProcessorFacts processors = ProcessorFacts.read(Path.of("/"), STEAL_WATCH);
    List<Finding> fitness = ProcessorFitness.judge(processors, !GpuReport.deviceIds().isEmpty());
    findings.add(fitness.getFirst()); // the governor belongs to the clock
    load(environment, facts);
    temperature();
    findings.addAll(fitness.subList(1, fitness.size()));
    locks();
    store();
    guard();
    findings.addAll(new GpuReport(app).findings(processors));
    List<Engine> engines = app.engines();
    Map<String, Measurers.Check> checks =
        SelfChecks.of(engines, app.home(), Engine.SELF_CHECK_THREADS);
    if (engines.stream().anyMatch(TornadoEngine.class::isInstance)) {
      findings.addAll(new TornadoReport(app).findings(checks));
    }
    boolean any = false;
    for (var check : checks.entrySet()) {
      any |= engine(check.getKey(), check.getValue().selfCheck());
    }
    foreignEngines(facts);
    app.out().print(format == Format.json ? DoctorJson.of(findings, any) : DoctorText.of(findings));
    return (any ? ExitCode.OK : ExitCode.UNAVAILABLE).number;
  }

  private boolean engine(String name, Engine.SelfCheck check) {
    row(
        "engine " + name,
        check.passed() ? State.OK : State.MISSING,
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
          row("engine " + name, State.MISTAKEN, String.valueOf(e.getMessage()));
        }
      }
    }
  }

  private void clock() {
    Timer timer = Timer.measure(Timer.Clock.SYSTEM);
    row(
        "clock",
        timer.overheadNanos() > 200 ? State.SLOW : State.OK,
        "an empty window shows %d ns, smallest step %d ns"
            .formatted(timer.overheadNanos(), timer.resolutionNanos()));
  }

  private void load(Map<String, Object> environment, MachineFacts facts) {
    String line = String.valueOf(environment.getOrDefault("loadAverage", ""));
    if (!line.isEmpty()) {
      boolean busy = Double.parseDouble(line.split(" ")[0]) > 0.5 * facts.processors();
      findings.add(
          busy
              ? new Finding(
                  null,
                  "load",
                  State.WARNING,
                  line + ": other processes are at work and will disturb a measurement",
                  "times are longer and scatter more, by as much as the others take; a duet compares"
                      + " despite it",
                  null)
              : Finding.of("load", State.OK, line));
    }
  }

  private void temperature() {
    Double celsius = ProcessorSensors.find().read().temperatureCelsius();
    row(
        "processor temperature",
        celsius == null ? State.UNKNOWN : State.OK,
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
        found.isEmpty() ? State.OK : State.WARNING,
        found.isEmpty() ? folder + ": all free" : String.join("; ", found));
  }

  private void guard() {
    Path guard = Guard.below(app.home()).orElse(null);
    row(
        "worker guard",
        guard == null ? State.WARNING : State.OK,
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
        writable ? State.OK : State.WARNING,
        writable
            ? store + " can be written"
            : store + " cannot be written; choose another with --out");
  }

  private void row(String what, State state, String detail) {
    findings.add(Finding.of(what, state, detail));
  }

  private static String part(Map<String, Object> environment, String part, String key) {
    return environment.get(part) instanceof Map<?, ?> map && map.get(key) != null
        ? String.valueOf(map.get(key))
        : "";
  }
}
