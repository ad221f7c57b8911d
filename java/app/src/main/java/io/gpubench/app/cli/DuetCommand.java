// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.cli.EngineSelector.Selection;
import io.gpubench.app.workers.Measurers;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.duet.Duet;
import io.gpubench.measure.duet.DuetPlan;
import io.gpubench.measure.plan.ConfigReader;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.plan.Profile;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.seal.SigningKey;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
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

  @Mixin private SharingOptions sharing = new SharingOptions();

  @Mixin private CeilingOptions ceilings = new CeilingOptions();

  @Mixin private StoreOptions store = new StoreOptions();

  DuetCommand(App app) {
    this.app = app;
  }

  @Override
  public Integer call() {
    check("--duets", duets, DuetPlan.MOST_DUETS);
    check("--samples", samples == null ? 1 : samples, Duet.Rule.MOST_SAMPLES);
    DuetSide a = DuetSide.parse(sideA);
    DuetSide b = DuetSide.parse(sideB);
    SigningKey signingKey = store.signingKey(app, spec.commandLine());
    var cancellation = new Cancellation();
    Workplace workplace = options.workplace(app);
    if (workplace.faults() != null) {
      workplace.faults().demandProcess(duets);
      for (DuetSide side : List.of(a, b)) {
        workplace.faults().demandSimulator(side.engine(), side.device());
      }
    }
    try (Measurers ofA = measurers(a, workplace, cancellation);
        Measurers ofB = measurers(b, workplace, cancellation);
        var interrupt = new Interrupt(cancellation)) {
      sharing.awaitProcessors(workplace.usable(), app.err(), cancellation);
      ReadyRun ready = prepare(a, ofA, b, ofB, workplace);
      ready.announce(app.err());
      return ready
          .measure(app, spec.commandLine(), sharing, store, signingKey, interrupt, true)
          .exit()
          .number;
    }
  }

  private static void check(String option, long value, long most) {
    if (value < 1 || value > most) {
      throw new ConfigException(
          String.format(
              Locale.ROOT, "%s %d is out of range; expected 1 .. %d", option, value, most));
    }
  }

  private Measurers measurers(DuetSide side, Workplace workplace, Cancellation cancellation) {
    Engine.Options threads = workplace.engineOptions(side.text() + ": threads", side.threads());
    return workplace.measurers(app, side.device(), threads, cancellation);
  }

  private ReadyRun prepare(
      DuetSide a, Measurers ofA, DuetSide b, Measurers ofB, Workplace workplace) {
    Duration turn = MeasuringOptions.option("--slice", slice, Durations::parse);
    if (turn.isZero()) {
      throw new ConfigException("--slice: expected more than 0");
    }
    Profile profile = options.profile(new ConfigReader(app.configs()));
    MachineFacts facts = workplace.machine();
    List<Engine> engines = app.engines(List.of(a.engine(), b.engine()));
    Engine namedA = a.named(app.engineNames(), engines);
    Engine namedB = b.named(app.engineNames(), engines);
    var planner =
        new DuetPlanner(
            app.workloads(),
            facts,
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
    Selection chosenB = b.sameEngine(a) ? chosenA.in(ofB) : b.select(engines, ofB);
    List<DuetPlan> plans =
        planner.plan(party(a, chosenA.engine()), party(b, chosenB.engine()), workloads);
    app.err().println("A: " + a.text() + ": " + chosenA.why());
    app.err().println("B: " + b.text() + ": " + chosenB.why());
    var task = new Task.Duets(plans, conditions.orderSeed());
    return new ReadyRun(
        "duet",
        profile.name(),
        task,
        task.sides(chosenA, chosenB),
        facts,
        workplace,
        conditions.coolDown(),
        null,
        List.of(),
        ceilings);
  }

  private static DuetPlanner.Party party(DuetSide side, Engine engine) {
    return new DuetPlanner.Party(side, engine);
  }
}
