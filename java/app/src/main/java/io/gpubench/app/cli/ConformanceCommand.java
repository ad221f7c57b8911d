// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.conformance.Check;
import io.gpubench.app.conformance.Conformance;
import io.gpubench.app.conformance.Report;
import io.gpubench.app.conformance.Verdict;
import io.gpubench.app.workers.Guard;
import io.gpubench.measure.Names;
import io.gpubench.measure.StoreException;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.plan.Machine;
import io.gpubench.measure.worker.ProtocolSchema;
import io.gpubench.measure.worker.Step;
import io.gpubench.measure.worker.WorkerCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tests somebody's worker against the protocol. */
@Command(
    name = "conformance",
    mixinStandardHelpOptions = true,
    description = {
      "Test whether a worker, an engine in any language, keeps to the worker protocol.",
      "%nThe command is started some twenty times, as 'run' would start it. Each check says what"
          + " it found; one that fails says what was sent, what came back and what was expected."
          + " configs/engines/README.md describes the protocol."
    },
    customSynopsis = "gpubench conformance [OPTIONS] -- COMMAND [ARG...]",
    footerHeading = "%nExamples:%n",
    footer = {
      "  gpubench conformance -- python3 examples/engines/python/consensus_worker.py",
      "  gpubench conformance --format json -- ./my_worker --fast > conformance.json",
      "",
      "Exit codes: 0 conforms, 2 usage, 3 the command cannot be started, 4 an answer is wrong,",
      "6 some other check failed."
    })
final class ConformanceCommand implements Callable<Integer> {
  private final App app;

  /** How the result is printed. */
  enum Format {
    text,
    json
  }

  @Parameters(
      paramLabel = "COMMAND",
      arity = "1..*",
      description = "The worker's program and its arguments.")
  private List<String> command = new ArrayList<>();

  @Option(
      names = "--workload",
      paramLabel = "WORKLOAD",
      description = "The workload to test with (default: the first that the worker names).")
  private @Nullable String workload;

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "Its path (default: the first that the worker names).")
  private @Nullable String path;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "Where the command runs (default: the current folder).")
  private Path folder = Path.of("");

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "How long the worker may be silent at any step (default: the protocol's).")
  private @Nullable String timeout;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format = Format.text;

  ConformanceCommand(App app) {
    this.app = app;
  }

  @Override
  public Integer call() {
    var workloads = app.workloads();
    if (workload != null) {
      Names.find("workload", workload, workloads);
    }
    var started =
        new WorkerCommand(
            command, Map.of(), folder.toAbsolutePath(), Guard.below(app.home()).orElse(null), null);
    var subject = new Conformance.Subject(started, workloads, workload, path, patience());
    Verdict verdict = test(subject);
    app.out().print(format == Format.text ? Report.text(verdict) : Report.json(command, verdict));
    return (verdict.conforms()
            ? ExitCode.OK
            : verdict.wrongAnswer() ? ExitCode.INCORRECT : ExitCode.INCONCLUSIVE)
        .number;
  }

  private Verdict test(Conformance.Subject subject) {
    var schema = ProtocolSchema.read(app.configs().resolve("schemas/worker.schema.json"));
    Path scratch = null;
    try {
      scratch = Files.createTempDirectory("gpubench-conformance-");
      return new Conformance(subject, schema, Machine.facts(null), scratch, this::show).run();
    } catch (IOException e) {
      throw new StoreException("inputs cannot be written to a temporary folder: " + e, e);
    } finally {
      delete(scratch);
    }
  }

  private void show(Check check) {
    if (format == Format.text) {
      app.out().print(Report.text(check));
      app.out().flush();
    }
  }

  private Map<Step, Duration> patience() {
    var patience = new EnumMap<Step, Duration>(Step.class);
    if (timeout != null) {
      Duration longest = MeasuringOptions.option("--timeout", timeout, Durations::positive);
      for (Step step : Step.values()) {
        patience.put(step, longest);
      }
    }
    return patience;
  }

  private static void delete(@Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException _) {
      // a temporary folder; the system cleans up
    }
  }
}
