// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.BuiltIn;
import io.gpubench.app.cli.EngineSelector.Selection;
import io.gpubench.app.workers.Measurers;
import io.gpubench.measure.StoreException;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.Conditions;
import io.gpubench.measure.result.Environment;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Measurer;
import io.gpubench.measure.suite.SuiteRunner;
import io.gpubench.measure.suite.Turn;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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

  @Mixin private ConditionOptions conditions = new ConditionOptions();

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
    var cancellation = new Cancellation();
    try (Measurers measurers = options.measurers(app, cancellation);
        var interrupt = new Interrupt(cancellation)) {
      SuiteOptions.Prepared prepared = options.prepare(app, measurers);
      announce(prepared);
      try (var secured =
          conditions.secure(prepared.engines().values(), prepared.cpus(), cancellation)) {
        return measure(prepared, measurers, secured, cancellation, interrupt);
      }
    }
  }

  private void announce(SuiteOptions.Prepared prepared) {
    List<PlannedRun> plan = prepared.plan().runs();
    prepared
        .engines()
        .forEach((id, selection) -> app.err().println("engine " + id + ": " + selection.why()));
    app.err()
        .println(
            PlanCommand.size(plan) + ", at most " + Durations.format(prepared.plan().budget()));
    app.err().flush();
  }

  private int measure(
      SuiteOptions.Prepared prepared,
      Measurers measurers,
      ConditionOptions.Secured secured,
      Cancellation cancellation,
      Interrupt interrupt) {
    List<PlannedRun> plan = prepared.plan().runs();
    long orderSeed = conditions.orderSeed();
    List<Turn> turns = options.isolated() ? Turn.shuffled(plan, orderSeed) : Turn.inOrder(plan);
    RunDocument document =
        document(prepared, measurers, secured, options.isolated() ? (Long) orderSeed : null);
    try (var writer =
        RunWriter.create(store, Path.of(System.getProperty("java.io.tmpdir")), document)) {
      var progress = new Progress(app.err(), app.terminal().progressBar(), turns);
      SuiteRunner.Source source =
          run ->
              measurers.open(Objects.requireNonNull(prepared.engines().get(run.engine())).engine());
      var runner =
          new SuiteRunner(
              source, writer, prepared.facts(), conditions.coolDown(), cancellation, progress);
      try (progress) {
        runner.run(turns);
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

  private void show(RunWriter writer) {
    app.out().print(format.render(writer.document()));
    app.out().flush();
  }

  private RunDocument document(
      SuiteOptions.Prepared prepared,
      Measurers measurers,
      ConditionOptions.Secured secured,
      @Nullable Long orderSeed) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    byte[] random = new byte[3];
    new SecureRandom().nextBytes(random);
    String name = prepared.suite().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-");
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
        BuiltIn.tool(),
        spec.root().commandLine().getParseResult().originalArgs(),
        prepared.engines().values().stream().map(chosen -> choice(chosen, measurers)).toList(),
        new Conditions(
            options.isolated() ? Conditions.WORKERS : Conditions.IN_PROCESS,
            prepared.plan().runs().stream().mapToInt(PlannedRun::repetitions).max().orElse(1),
            orderSeed,
            options.boundTo() == null ? null : prepared.cpus().toString(),
            conditions.coolDownText(),
            secured.overridden(),
            secured.notes()),
        Environment.capture(),
        prepared.plan().runs().stream()
            .map(run ->
                new RunDocument.Planned(
                    run.id(), run.workload().id(), run.engine(), run.path(), run.values().asMap()))
            .toList(),
        List.of());
  }

  private static RunDocument.EngineChoice choice(Selection chosen, Measurers measurers) {
    Measurer.Facts facts = chosen.facts();
    return new RunDocument.EngineChoice(
        chosen.engine().id(),
        chosen.requested(),
        chosen.why(),
        facts.device(),
        facts.synthetic(),
        facts.description(),
        measurers.command(chosen.engine()));
  }
}
