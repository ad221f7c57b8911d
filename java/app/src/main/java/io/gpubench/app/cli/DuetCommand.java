// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.cli.EngineSelector.Selection;
import io.gpubench.app.workers.Measurers;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.duet.Duet;
import io.gpubench.measure.duet.DuetPlan;
import io.gpubench.measure.duet.DuetRunner;
import io.gpubench.measure.plan.ConfigReader;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.plan.Profile;
import io.gpubench.measure.result.Conditions;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.seal.SigningKey;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.suite.Workbench;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares two configurations by duets, and keeps the evidence. */
@Command(
    name = "duet",
    mixinStandardHelpOptions = true,
    description = {
      "Compare two configurations, A and B: fresh processes of both measure in turn, a few milliseconds each,"
          + " so that the noise of the machine meets both alike.",
      "",
      "A SIDE is a list of settings, separated by commas: engine, path, device, threads, and values of"
          + " parameters, such as consensus.tags=none."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gpubench duet engine=host engine=java",
      "  gpubench duet engine=host engine=host      two equal sides: how much is noise?",
      "  gpubench duet engine=host engine=host,consensus.tags=none consensus --duets 16",
      "  gpubench duet engine=host,threads=1 engine=host,threads=2 --set consensus.validators=50000"
    })
final class DuetCommand implements Callable<Integer> {
  private final App app;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "SIDE", description = "A, such as engine=host,path=call.")
  private String sideA = "";

  @Parameters(index = "1", paramLabel = "SIDE", description = "B, which is compared with A.")
  private String sideB = "";

  @Parameters(
      index = "2..*",
      arity = "0..*",
      paramLabel = "WORKLOAD",
      description = "Workloads to compare with (default: all that both sides can run).")
  private List<String> workloads = new ArrayList<>();

  @Option(
      names = "--duets",
      paramLabel = "N",
      defaultValue = "8",
      description = "So many duets, each of fresh processes (default: ${DEFAULT-VALUE}).")
  private int duets = 8;

  @Option(
      names = "--samples",
      paramLabel = "N",
      description =
          "Samples of each side in a duet, if its share of the time allows (default: the profile's fewest, at"
              + " least "
              + DuetPlan.FEWEST_SAMPLES
              + ", and for its shortest time).")
  private @Nullable Long samples;

  @Option(
      names = "--slice",
      paramLabel = "TIME",
      defaultValue = "3ms",
      description = "How long the sides measure in turn (default: ${DEFAULT-VALUE}).")
  private String slice = "3ms";

  @Mixin private MeasuringOptions options = new MeasuringOptions();

  @Mixin private ConditionOptions conditions = new ConditionOptions();

  @Mixin private StoreOptions store = new StoreOptions();

  DuetCommand(App app) {
    this.app = app;
  }

  /** Everything that was decided before anything is measured. */
  private record Prepared(
      Profile profile,
      List<DuetPlan> plans,
      Selection a,
      Selection b,
      Measurers ofA,
      Measurers ofB) {
    List<PlannedRun> runs() {
      return plans.stream().flatMap(plan -> Stream.of(plan.a().run(), plan.b().run())).toList();
    }

    Duration budget() {
      return plans.stream()
          .map(plan -> plan.a().run().budget().multipliedBy(plan.duets()))
          .reduce(Duration.ZERO, Duration::plus);
    }
  }

  @Override
  public Integer call() {
    check("--duets", duets, DuetPlan.MOST_DUETS);
    check("--samples", samples == null ? 1 : samples, Duet.Rule.MOST_SAMPLES);
    DuetSide a = DuetSide.parse(sideA);
    DuetSide b = DuetSide.parse(sideB);
    SigningKey signingKey = store.signingKey(app, spec.commandLine());
    var cancellation = new Cancellation();
    try (Measurers ofA = measurers(a, cancellation);
        Measurers ofB = measurers(b, cancellation);
        var interrupt = new Interrupt(cancellation)) {
      conditions.awaitProcessors(options.usable(), app.err(), cancellation);
      Prepared prepared = prepare(a, ofA, b, ofB);
      announce(a, b, prepared);
      try (var secured =
          conditions.secure(
              List.of(prepared.a(), prepared.b()), options.usable(), app.err(), cancellation)) {
        return measure(prepared, secured, signingKey, cancellation, interrupt);
      }
    }
  }

  private static void check(String option, long value, long most) {
    if (value < 1 || value > most) {
      throw new ConfigException(
          String.format(
              Locale.ROOT, "%s %d is out of range; expected 1 .. %d", option, value, most));
    }
  }

  private Measurers measurers(DuetSide side, Cancellation cancellation) {
    Engine.Options threads = options.engineOptions(side.text() + ": threads", side.threads());
    return options.measurers(app, side.device(), threads, cancellation);
  }

  private Prepared prepare(DuetSide a, Measurers ofA, DuetSide b, Measurers ofB) {
    Duration turn = MeasuringOptions.option("--slice", slice, Durations::parse);
    if (turn.isZero()) {
      throw new ConfigException("--slice: expected more than 0");
    }
    Profile profile = options.profile(new ConfigReader(app.configs()));
    List<Engine> engines = app.engines(List.of(a.engine(), b.engine()));
    Engine namedA = a.named(app.engineNames(), engines);
    Engine namedB = b.named(app.engineNames(), engines);
    var planner =
        new DuetPlanner(
            app.workloads(),
            options.machine(),
            profile,
            options.settings(),
            options.seed(),
            duets,
            samples,
            turn);
    if (namedA != null && namedB != null) { // a mistake costs no start of a worker
      planner.plan(party(a, namedA), party(b, namedB), workloads);
    }
    Selection chosenA = a.select(engines, ofA);
    Selection chosenB = b.sameEngine(a) ? chosenA : b.select(engines, ofB);
    List<DuetPlan> plans =
        planner.plan(party(a, chosenA.engine()), party(b, chosenB.engine()), workloads);
    return new Prepared(profile, plans, chosenA, chosenB, ofA, ofB);
  }

  private static DuetPlanner.Party party(DuetSide side, Engine engine) {
    return new DuetPlanner.Party(side, engine);
  }

  private void announce(DuetSide a, DuetSide b, Prepared prepared) {
    app.err().println("A: " + a.text() + ": " + prepared.a().why());
    app.err().println("B: " + b.text() + ": " + prepared.b().why());
    int comparisons = prepared.plans().size();
    app.err()
        .println(
            "%d %s by %d %s, at most %s"
                .formatted(
                    comparisons,
                    comparisons == 1 ? "comparison" : "comparisons",
                    duets,
                    duets == 1 ? "duet" : "duets",
                    Durations.format(prepared.budget())));
    app.err().flush();
  }

  private int measure(
      Prepared prepared,
      ConditionOptions.Secured secured,
      @Nullable SigningKey signingKey,
      Cancellation cancellation,
      Interrupt interrupt) {
    long roleSeed = conditions.orderSeed();
    RunDocument document =
        NewRun.document(
            "duet",
            prepared.profile().name(),
            prepared.budget(),
            spec.commandLine(),
            Stream.of(
                    NewRun.choice(prepared.a(), prepared.ofA()),
                    NewRun.choice(prepared.b(), prepared.ofB()))
                .distinct()
                .toList(),
            new Conditions(
                options.isolated() ? Conditions.WORKERS : Conditions.IN_PROCESS,
                duets,
                roleSeed,
                options.boundTo() == null ? null : options.usable().toString(),
                conditions.coolDownText(),
                secured.overridden(),
                secured.notes(),
                options.timeoutSeconds(),
                null),
            prepared.runs());
    Workbench.Source source = source(prepared);
    return store.keep(
        app,
        spec.commandLine(),
        document,
        signingKey,
        interrupt,
        writer -> {
          var bench =
              new Workbench(source, writer, options.machine(), conditions.coolDown(), cancellation);
          try (var progress =
              new DuetProgress(app.err(), app.terminal().progressBar(), prepared.plans())) {
            new DuetRunner(bench, progress, roleSeed).run(prepared.plans());
          }
        });
  }

  /** The sides differ in the ids of their runs. */
  private static Workbench.Source source(Prepared prepared) {
    var sources = new HashMap<String, Workbench.Source>();
    for (DuetPlan plan : prepared.plans()) {
      sources.put(plan.a().run().id(), _ -> prepared.ofA().open(prepared.a().engine()));
      sources.put(plan.b().run().id(), _ -> prepared.ofB().open(prepared.b().engine()));
    }
    return run -> Objects.requireNonNull(sources.get(run.id())).open(run);
  }
}
