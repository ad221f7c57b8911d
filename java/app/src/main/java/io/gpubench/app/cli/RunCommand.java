// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.cli.EngineSelector.Selection;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.StoreException;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.Environment;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.suite.SuiteRunner;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures, and keeps the evidence in a new directory of the store. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Measure a suite, or the workloads named, and keep the evidence in the store.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  gpubench run",
      "  gpubench run consensus --engine java --profile standard",
      "  gpubench run consensus --set consensus.validators=1024:65536:x4 --set consensus.tags=none",
      "  gpubench run --samples 5000 --format csv > run.csv"
    })
final class RunCommand implements Callable<Integer> {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final App app;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private SuiteOptions options = new SuiteOptions();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "results",
      description =
          "The store; each run makes its own directory in it (default: ${DEFAULT-VALUE}).")
  private Path store = Path.of("results");

  @Mixin private FormatOption format = new FormatOption();

  RunCommand(App app) {
    this.app = app;
  }

  @Override
  public Integer call() {
    SuiteOptions.Prepared prepared = options.prepare(app);
    List<PlannedRun> plan = prepared.plan().runs();
    prepared
        .engines()
        .forEach((id, selection) -> app.err().println("engine " + id + ": " + selection.why()));
    app.err()
        .println(
            "%d %s, at most %s"
                .formatted(
                    plan.size(),
                    plan.size() == 1 ? "run" : "runs",
                    Durations.format(prepared.plan().budget())));
    app.err().flush();
    var cancellation = new Cancellation();
    try (var sessions = new Sessions();
        var interrupt = new Interrupt(cancellation)) {
      prepared
          .engines()
          .forEach((id, selection) ->
              sessions.add(id, selection.engine().open(prepared.engineOptions())));
      try (var writer =
          RunWriter.create(
              store, Path.of(System.getProperty("java.io.tmpdir")), document(prepared, sessions))) {
        var progress = new Progress(app.err(), app.terminal().progressBar(), plan);
        var runner =
            new SuiteRunner(sessions.byId, writer, prepared.facts(), cancellation, progress);
        try (progress) {
          runner.run(plan);
        } catch (StoreException e) {
          show(writer);
          GpubenchMain.report(app, e, spec.commandLine(), "");
          return ExitCode.of(writer.document()).number;
        }
        show(writer);
        if (interrupt.fired()) {
          app.err().println("gpubench: interrupted; what was measured is kept");
        }
        app.err().println("evidence: " + writer.directory());
        app.err().flush();
        return ExitCode.of(writer.document()).number;
      }
    }
  }

  private void show(RunWriter writer) {
    app.out().print(format.render(writer.document()));
    app.out().flush();
  }

  private RunDocument document(SuiteOptions.Prepared prepared, Sessions sessions) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    byte[] random = new byte[3];
    new SecureRandom().nextBytes(random);
    String name = prepared.suite().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-");
    List<RunDocument.EngineChoice> engines =
        prepared.engines().entrySet().stream()
            .map(entry -> choice(entry.getValue(), sessions.open(entry.getKey())))
            .toList();
    return new RunDocument(
        RunDocument.SCHEMA,
        STAMP.format(now) + "-" + name + "-" + HexFormat.of().formatHex(random),
        RunDocument.RUNNING,
        null,
        ProcessHandle.current().pid(),
        prepared.suite(),
        prepared.profile().name(),
        now.toString(),
        null,
        null,
        prepared.plan().budget().toMillis() / 1e3,
        ToolVersion.tool(),
        spec.root().commandLine().getParseResult().originalArgs(),
        engines,
        Environment.capture(),
        prepared.plan().runs().stream()
            .map(run ->
                new RunDocument.Planned(
                    run.id(), run.workload().id(), run.engine(), run.path(), run.values().asMap()))
            .toList(),
        List.of());
  }

  private static RunDocument.EngineChoice choice(Selection selection, Session session) {
    return new RunDocument.EngineChoice(
        selection.engine().id(),
        selection.requested(),
        selection.why(),
        session.device(),
        session.synthetic(),
        session.description());
  }

  /** A session of each engine in use; closes them in reverse order. */
  private static final class Sessions implements AutoCloseable {
    private final LinkedHashMap<String, Session> byId = new LinkedHashMap<>();

    void add(String id, Session session) {
      byId.put(id, session);
    }

    Session open(String id) {
      return Objects.requireNonNull(byId.get(id));
    }

    @Override
    public void close() {
      var failures = new ArrayList<EngineException>();
      for (Session session : byId.sequencedValues().reversed()) {
        try {
          session.close();
        } catch (EngineException e) {
          failures.add(e);
        }
      }
      if (!failures.isEmpty()) {
        throw failures.getFirst();
      }
    }
  }
}
