// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.plugins.Installed;
import io.gpubench.app.report.Figures;
import io.gpubench.app.report.TextTable;
import io.gpubench.app.report.TextTable.Align;
import io.gpubench.app.workers.Measurers;
import io.gpubench.app.workers.SelfChecks;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.Names;
import io.gpubench.measure.plan.ConfigReader;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.plan.Profile;
import io.gpubench.measure.result.RunReader;
import io.gpubench.measure.run.StoppingRule.Criterion;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists what there is. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description =
        "List workloads with their parameters, engines, plugins, devices, compiled kernels, profiles, or"
            + " the runs in a store.",
    synopsisSubcommandLabel = "[NAME...]",
    subcommands = ListKernelsCommand.class,
    footerHeading = "%nExamples:%n",
    footer = {
      "  gpubench list workloads",
      "  gpubench list kernels consensus",
      "  gpubench list runs --out results"
    })
final class ListCommand implements Callable<Integer> {
  private static final List<String> LISTS =
      List.of("workloads", "engines", "plugins", "devices", "kernels", "profiles", "runs");

  private final App app;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** For shell completion. */
  static final class Lists implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return LISTS.iterator();
    }
  }

  @Parameters(
      paramLabel = "WHAT",
      arity = "0..1", // none where it is a command of its own, as kernels is
      hideParamSyntax = true,
      completionCandidates = Lists.class,
      description = "One of ${COMPLETION-CANDIDATES}.")
  private String what = "";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "results",
      description = "The store whose runs are listed (default: ${DEFAULT-VALUE}).")
  private Path store = Path.of("results");

  ListCommand(App app) {
    this.app = app;
  }

  @Override
  public Integer call() throws InterruptedException {
    app.out()
        .print(
            switch (what) {
              case "workloads" -> workloads();
              case "engines" -> engines();
              case "plugins" -> plugins();
              case "devices" -> new GpuReport(app).devices();
              case "profiles" -> profiles();
              case "runs" -> runs();
              case "" ->
                  throw new ParameterException(
                      spec.commandLine(), "Missing required parameter: 'WHAT'");
              default -> throw new ConfigException(Names.unknown("list", what, LISTS));
            });
    return ExitCode.OK.number;
  }

  private String workloads() {
    var text = new StringBuilder();
    for (Workload workload : app.workloads().values()) {
      text.append(text.isEmpty() ? "" : "\n")
          .append("%s: %s%n".formatted(workload.id(), workload.summary()));
      var table =
          new TextTable()
              .column("parameter", Align.LEFT)
              .column("values", Align.LEFT)
              .column("default", Align.LEFT)
              .column("meaning", Align.LEFT);
      for (Parameter parameter : workload.parameters()) {
        table.row(
            List.of(
                workload.id() + "." + parameter.name(),
                parameter.domain(),
                parameter.defaults().stream().map(String::valueOf).collect(Collectors.joining(",")),
                parameter.summary()));
      }
      tuning(workload)
          .forEach((parameter, paths) ->
              table.row(
                  List.of(
                      workload.id() + "." + parameter.name(),
                      parameter.domain(),
                      "auto",
                      parameter.summary() + " (" + String.join(", ", paths) + ")")));
      text.append(table);
    }
    return text.toString();
  }

  /** From what engines let be tuned to where: {@code cuda launch}. */
  private Map<Parameter, List<String>> tuning(Workload workload) {
    var where = new LinkedHashMap<Parameter, List<String>>();
    for (Engine engine : app.engines()) {
      for (String path : engine.paths(workload.id())) {
        for (Parameter parameter : engine.tuning(workload.id(), path)) {
          where.computeIfAbsent(parameter, _ -> new ArrayList<>()).add(engine.id() + " " + path);
        }
      }
    }
    return where;
  }

  private TextTable engines() throws InterruptedException {
    var table =
        new TextTable()
            .column("engine", Align.LEFT)
            .column("state", Align.LEFT)
            .column("paths", Align.LEFT)
            .column("detail", Align.LEFT);
    List<Engine> engines = app.engines();
    Map<String, Measurers.Check> checks =
        SelfChecks.of(engines, app.home(), Engine.SELF_CHECK_THREADS);
    for (Engine engine : engines) {
      Engine.SelfCheck check = Objects.requireNonNull(checks.get(engine.id())).selfCheck();
      table.row(
          List.of(
              engine.id(),
              check.passed() ? "ok" : "missing",
              paths(engine),
              engine.summary()
                  + "; "
                  + check.detail()
                  + (check.remedy() == null ? "" : "; " + check.remedy())));
    }
    for (String name : app.foreignEngineNames()) {
      try {
        Engine engine = app.engines(List.of(name)).getLast();
        table.row(List.of(name, "foreign", paths(engine), engine.summary()));
      } catch (ConfigException e) {
        table.row(List.of(name, "mistaken", "", String.valueOf(e.getMessage())));
      }
    }
    return table;
  }

  private String plugins() {
    var leftOut = new ArrayList<String>();
    var installed = new Installed(app.home(), app.environment(), leftOut::add);
    var text = new StringBuilder();
    for (Installed.Guest guest : installed.guests()) {
      text.append(guest.file().path())
          .append(brought("workloads", guest.workloads(), Workload::id))
          .append(
              brought("adapters", guest.adapters(), one -> one.workload() + " on " + one.engine()))
          .append(brought("engines", guest.engines(), Engine::id))
          .append('\n');
    }
    leftOut.forEach(problem -> text.append(problem).append('\n'));
    return text.isEmpty()
        ? "no plugins; GPUBENCH_PLUGINS names jars, or folders of them\n"
        : text.toString();
  }

  private static <T> String brought(String what, List<T> things, Function<T, String> name) {
    return things.isEmpty()
        ? ""
        : things.stream().map(name).collect(Collectors.joining(", ", "\n  " + what + ": ", ""));
  }

  /** Workloads of a family that have the same paths. */
  private record Family(String name, List<String> paths) {
    static Family of(String workload, List<String> paths) {
      return new Family(workload.replaceFirst("[.].*", ".*"), paths);
    }

    String text(int members) {
      String number = members == 1 ? "" : " (" + members + ")";
      return name + number + ": " + String.join(" ", paths);
    }
  }

  /** Families stand together: {@code consensus: call, ceiling.* (7): call}. */
  private String paths(Engine engine) {
    var members = new LinkedHashMap<Family, Integer>();
    for (String workload : app.workloads().keySet()) {
      List<String> paths = engine.paths(workload);
      if (!paths.isEmpty()) {
        members.merge(Family.of(workload, paths), 1, Integer::sum);
      }
    }
    return members.entrySet().stream()
        .map(entry -> entry.getKey().text(entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  private TextTable profiles() {
    var configs = new ConfigReader(app.configs());
    var table =
        new TextTable()
            .column("profile", Align.LEFT)
            .column("budget", Align.RIGHT)
            .column("processes", Align.RIGHT)
            .column("samples of each", Align.RIGHT)
            .column("stops at", Align.RIGHT)
            .column("for", Align.LEFT);
    configs.profileNames().stream()
        .map(configs::profile)
        .sorted(Comparator.comparing(Profile::budget))
        .forEach(profile ->
            table.row(
                List.of(
                    profile.name(),
                    Durations.format(profile.budget()),
                    String.valueOf(profile.repetitions()),
                    samples(profile),
                    stop(profile),
                    profile.description())));
    return table;
  }

  private static String samples(Profile profile) {
    String least = String.format(Locale.ROOT, "%,d", profile.minSamples());
    return profile.criterion() == Criterion.COUNT
        ? least
        : least + String.format(Locale.ROOT, " .. %,d", profile.maxSamples());
  }

  /** What ends a process of it before its time. */
  private static String stop(Profile profile) {
    return profile.criterion() == Criterion.PRECISION
        ? "+-" + Figures.percent(profile.relativePrecision())
        : profile.criterion().word();
  }

  private String runs() {
    var runs = Files.exists(store) ? RunReader.list(store) : List.<RunReader.Summary>of();
    if (runs.isEmpty()) {
      return "no runs in " + store + "\n";
    }
    var table =
        new TextTable()
            .column("run", Align.LEFT)
            .column("status", Align.LEFT)
            .column("records", Align.RIGHT)
            .column("note", Align.LEFT);
    for (RunReader.Summary run : runs) {
      table.row(List.of(run.id(), run.status(), run.records() + "/" + run.planned(), run.note()));
    }
    return table.toString();
  }
}
