// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.report.LeftPaths;
import io.gpubench.app.report.Placement.NotTried;
import io.gpubench.app.report.PlacementReport;
import io.gpubench.app.report.PlacementReport.Verified;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunJson;
import io.gpubench.measure.result.RunReader;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.verify.Finding;
import io.gpubench.measure.verify.Verification;
import io.gpubench.measure.verify.Verifier;
import io.gpubench.workloads.migration.MigrationWorkload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells from stored runs by which path pages are best moved. Writes nothing but its report. */
@Command(
    name = "placement",
    mixinStandardHelpOptions = true,
    description = {
      "Show by which path pages are best moved between tiers of memory, and by how much, as stored runs of the"
          + " workload migration have measured it; and up to which size that takes less than a limit.",
      "",
      "Paths are compared within a run, never between two. Paths whose intervals overlap are not told apart, and a process alone"
          + " decides nothing; what was skipped or not tried is listed. Only runs that verify count: exit code 7 where one does not; 2"
          + " where there is none, or it has no migration."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gpubench placement                                 the newest run that has migrations",
      "  gpubench placement results/20261122T131500Z-migration-3f9a1c --limit 200us",
      "  gpubench placement results/RUN1 results/RUN2 --format json > placement.json"
    })
final class PlacementCommand implements Callable<Integer> {
  private final App app;

  @Parameters(
      paramLabel = "RUN",
      arity = "0..*",
      description = "Run directories (default: the newest in the store that has migrations).")
  private List<Path> directories = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "results",
      description = "The store in which the newest run is looked for (default: ${DEFAULT-VALUE}).")
  private Path store = Path.of("results");

  @Option(
      names = "--limit",
      paramLabel = "TIME",
      defaultValue = "1ms",
      description = "Show at which size a migration takes longer (default: ${DEFAULT-VALUE}).")
  private String limit = "1ms";

  @Mixin private FormatOption format = new FormatOption();

  PlacementCommand(App app) {
    this.app = app;
  }

  @Override
  public Integer call() {
    Duration most = most();
    Verifier verifier = app.installation().verifier(Set.of());
    var runs = new ArrayList<Verified>();
    for (Path directory : directories.isEmpty() ? List.of(newest()) : directories) {
      String wrong = doubt(verifier.compare(verifier.verify(directory)));
      if (wrong != null) {
        app.err().println("gpubench: " + directory + wrong);
        app.err().flush();
        return ExitCode.UNVERIFIED.number;
      }
      RunDocument run = RunReader.read(directory);
      if (!PlacementReport.hasMigrations(run)) {
        throw new ConfigException(
            directory
                + " has no record of a migration; 'gpubench run --suite migration' measures some");
      }
      runs.add(new Verified(directory.toString(), run));
    }
    PlacementReport report = PlacementReport.of(runs, most, left());
    app.out()
        .print(
            switch (format.format()) {
              case table -> report.text();
              case json -> RunJson.pretty(report);
              case csv -> report.csv();
            });
    return ExitCode.OK.number;
  }

  private Duration most() {
    try {
      return Durations.positive(limit);
    } catch (ConfigException e) {
      throw new ConfigException("--limit: " + e.getMessage());
    }
  }

  /** What speaks against a run; null for nothing. */
  private static @Nullable String doubt(Verification verification) {
    return verification.verified()
        ? null
        : " does not verify, so that it counts for nothing: %s; 'gpubench verify' says more"
            .formatted(text(verification.findings().getFirst()));
  }

  private static String text(Finding finding) {
    return finding.subject() + ": " + finding.message();
  }

  /** The last run in the store that can be read and has migrations. */
  private Path newest() {
    List<String> ids =
        Files.isDirectory(store)
            ? RunReader.list(store).stream().map(RunReader.Summary::id).toList().reversed()
            : List.of();
    String newest = null;
    String startedAt = "";
    for (String id : ids) {
      if (newest != null && !second(id).equals(second(newest))) {
        break;
      }
      // a name tells the second in which a run began, and no more
      RunDocument run = migrations(store.resolve(id));
      if (run != null && run.startedAt().compareTo(startedAt) > 0) {
        newest = id;
        startedAt = run.startedAt();
      }
    }
    if (newest == null) {
      throw new ConfigException(
          store
              + " has no run with a migration; 'gpubench run --suite migration' measures some, and"
              + " --out names another store");
    }
    return store.resolve(newest);
  }

  private static String second(String id) {
    return id.substring(0, Math.min(id.length(), "20261122T131500Z".length()));
  }

  /** A run that can be read and has migrations; null for any other, which nobody asked for. */
  private static @Nullable RunDocument migrations(Path directory) {
    try {
      RunDocument run = RunReader.read(directory);
      return PlacementReport.hasMigrations(run) ? run : null;
    } catch (ResultFormatException _) {
      return null;
    }
  }

  /** What our engines say of paths that were not planned. */
  private LeftPaths left() {
    List<Engine> engines = app.engines();
    return (id, parameters, planned) -> {
      var left = new ArrayList<NotTried>();
      Optional<Engine> engine = engines.stream().filter(one -> one.id().equals(id)).findFirst();
      for (String path : engine.map(one -> one.paths(MigrationWorkload.ID)).orElse(List.of())) {
        if (!planned.contains(path)) {
          left.add(new NotTried(path, why(engine.orElseThrow(), path, parameters)));
        }
      }
      return left;
    };
  }

  private static String why(Engine engine, String path, Map<String, Object> parameters) {
    try {
      var values = new LinkedHashMap<String, Object>();
      for (Parameter parameter : new MigrationWorkload().parameters()) {
        values.put(
            parameter.name(), parameter.parse(String.valueOf(parameters.get(parameter.name()))));
      }
      engine.check(MigrationWorkload.ID, Mode.of(path), new ParameterValues(values));
      return "the run did not ask for it";
    } catch (ConfigException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
