// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.measuring.AvailableSides;
import io.gpubench.app.measuring.DuetRequest;
import io.gpubench.app.measuring.Journey;
import io.gpubench.app.measuring.LiveSide;
import io.gpubench.app.measuring.StoredRun;
import io.gpubench.app.report.CompareReport;
import io.gpubench.app.report.LiveReport;
import io.gpubench.app.report.RecordedReport;
import io.gpubench.measure.BenchException;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.compare.Difference.Kind;
import io.gpubench.measure.compare.Differences;
import io.gpubench.measure.compare.RecordedCase;
import io.gpubench.measure.compare.RecordedComparison;
import io.gpubench.measure.compare.RecordedSide;
import io.gpubench.measure.compare.SkippedSide;
import io.gpubench.measure.compare.TrialRule;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.run.Cancellation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says whether sides differ, be they recorded or to be measured now. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = {
      "Compare sides: is one faster or slower than another by more than does not matter?",
      "",
      "A SIDE is a run directory, a JSON file of JMH or nvbench or a folder of such files, or settings to"
          + " measure now, such as engine=host,path=call. Sides of settings alone are measured as duets until it"
          + " is decided; beside a recorded side they are measured first, by fresh processes, and compared as"
          + " recorded. A side whose engine does not work on this machine is skipped, and the others are"
          + " compared.",
      "",
      "Exit code 0 when all could be decided, whatever was found; 6 when something could not, a side was"
          + " skipped, or no configuration is on two sides; 3 when fewer than two sides are left; 2 for unlike"
          + " machines, tools or parameters."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gpubench compare engine=host engine=java consensus",
      "  gpubench compare engine=cuda engine=tornado engine=host engine=java consensus synthesis.match",
      "  gpubench compare results/RUN results/OTHER --tolerance 3%%",
      "  gpubench compare results/RUN engine=host        what is it today?",
      "  gpubench compare before.json after.json         results of JMH or nvbench",
      "  gpubench compare engine=host engine=java engine=host,threads=1 --format markdown"
    })
final class CompareCommand implements Callable<Integer> {
  /** Processes of a side that is measured now, where the recorded ones have fewer. */
  private static final int FEWEST_PROCESSES = 6;

  private static final int MOST_SIDES = 12;

  private final App app;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "SIDE|WORKLOAD",
      arity = "0..*",
      description =
          "Sides to compare, each with each other one; and workloads, as --workload names them.")
  private List<String> words = new ArrayList<>();

  @Option(
      names = "--workload",
      paramLabel = "WORKLOAD",
      split = ",",
      description =
          "Compare these only (default: all that two sides have, or that live sides can run).")
  private List<String> workloads = new ArrayList<>();

  @Mixin private ToleranceOption tolerance = new ToleranceOption();

  @Option(
      names = "--anyway-unlike",
      description =
          "Compare recorded sides also where machines, tools, parameters, clocks or caches differ; the report"
              + " shows what.")
  private boolean anyway;

  @Mixin private OnInconclusive open = new OnInconclusive();

  @Option(
      names = "--samples",
      paramLabel = "N",
      description =
          "Samples of each process of a live side, if its share of the time allows (default: the profile's).")
  private @Nullable Long samples;

  @Option(
      names = "--slice",
      paramLabel = "TIME",
      defaultValue = "3ms",
      description = "How long the sides of a duet measure in turn (default: ${DEFAULT-VALUE}).")
  private String slice = "3ms";

  @Option(
      names = "--max-time",
      paramLabel = "TIME",
      description = "Begin no duet of a comparison later than this (default: no such limit).")
  private @Nullable String maxTime;

  @Option(
      names = "--repetitions",
      paramLabel = "N",
      description =
          "Fresh processes of a live side beside recorded ones (default: as many as they have, at least 6).")
  private @Nullable Integer repetitions;

  @Mixin private MeasuringOptions options = new MeasuringOptions();

  @Mixin private ConditionOptions conditions = new ConditionOptions();

  @Mixin private SharingOptions sharing = new SharingOptions();

  @Mixin private CeilingOptions ceilings = new CeilingOptions();

  @Mixin private EvidenceOptions evidence = new EvidenceOptions();

  @Mixin private JudgedFormat format = new JudgedFormat();

  private ComparedWords asked = new ComparedWords(List.of(), List.of());

  CompareCommand(App app) {
    this.app = app;
  }

  @Override
  public Integer call() {
    asked = ComparedWords.of(words, workloads, app.workloads().keySet());
    List<String> sides = asked.sides();
    if (sides.size() < 2 || sides.size() > MOST_SIDES) {
      throw new ConfigException(
          "found %d sides; expected 2 .. %d, as each is compared with each other one"
              .formatted(sides.size(), MOST_SIDES));
    }
    refuseWithoutEffect();
    TrialRule rule =
        TrialRule.DEFAULT
            .withTolerances(tolerance.tolerances())
            .withMaxTime(
                maxTime == null
                    ? null
                    : MeasuringOptions.option("--max-time", maxTime, Durations::positive));
    long started = System.nanoTime();
    return (sides.stream().allMatch(LiveSide::isLive)
            ? live(rule, started)
            : recorded(rule, started))
        .number;
  }

  /** An option that would do nothing is a mistake. */
  private void refuseWithoutEffect() {
    boolean live = asked.sides().stream().allMatch(LiveSide::isLive);
    boolean recorded = asked.sides().stream().noneMatch(LiveSide::isLive);
    List<String> useless =
        live
            ? List.of("--anyway-unlike", "--repetitions")
            : recorded
                ? List.of("--samples", "--slice", "--max-time", "--repetitions", "--set", "--seed")
                : List.of("--slice", "--max-time");
    for (String option : useless) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new ConfigException(
            option
                + " has no effect "
                + (live
                    ? "where all sides are measured live"
                    : recorded ? "where all sides are recorded" : "beside a recorded side")
                + "; leave it out");
      }
    }
  }

  private ExitCode live(TrialRule rule, long started) {
    try (var interrupt = new Interrupt(new Cancellation())) {
      Journey here = evidence.journey(app, spec.commandLine(), sharing, interrupt);
      for (DuetRequest request : requests(asked.sides(), rule)) {
        request.check(here.installation()); // a mistake costs no start of a worker
      }
      AvailableSides available = AvailableSides.of(asked.sides(), options.workplace(app), here);
      if (here.cancellation().requested()) {
        return ExitCode.INTERRUPTED;
      }
      Journey journey = available.note(here);
      List<String> sides = available.present();
      List<DuetRequest> requests = requests(sides, rule);
      boolean only = requests.size() == 1 && available.skipped().isEmpty();
      var pairs = new ArrayList<LiveReport.Pair>();
      var failures = new ArrayList<LiveReport.Failure>();
      var code = code(available);
      int next = 0;
      for (int a = 0; a < sides.size(); a++) {
        for (int b = a + 1; b < sides.size(); b++) {
          DuetRequest request = requests.get(next++);
          if (journey.cancellation().requested()) {
            continue;
          }
          StoredRun run;
          try {
            run = request.measure(journey);
          } catch (BenchException e) {
            if (only || (e instanceof ConfigException && pairs.isEmpty())) {
              throw e;
            }
            // what the other pairs come to is reported all the same
            failures.add(new LiveReport.Failure(a, b, String.valueOf(e.getMessage())));
            code = ExitCode.worst(code, ExitCode.of(e));
            continue;
          }
          code = ExitCode.worst(code, open.code(ExitCode.ofDuets(run)));
          pairs.add(new LiveReport.Pair(a, b, run.document(), run.directory().toString()));
        }
      }
      return ExitCode.worst(
          code,
          print(LiveReport.of(sides, available.skipped(), pairs, failures, seconds(started))));
    }
  }

  /** With too few sides an engine is missing; else who is skipped is what nobody can tell. */
  private static ExitCode code(AvailableSides available) {
    return available.present().size() < AvailableSides.FEWEST ? ExitCode.UNAVAILABLE : ExitCode.OK;
  }

  /** Of each pair of sides: a mistake in the last costs no measurement of the first. */
  private List<DuetRequest> requests(List<String> sides, TrialRule rule) {
    var requests = new ArrayList<DuetRequest>();
    for (int a = 0; a < sides.size(); a++) {
      for (int b = a + 1; b < sides.size(); b++) {
        requests.add(
            new DuetRequest(
                sides.get(a),
                sides.get(b),
                asked.workloads(),
                rule.fewest(),
                samples,
                MeasuringOptions.option("--slice", slice, Durations::parse),
                options.profile(),
                options.settings(),
                options.seed(),
                options.workplace(app),
                conditions.coolDown(),
                conditions.orderSeed(),
                ceilings.use(),
                "compare",
                rule,
                asked.sides()));
      }
    }
    return requests;
  }

  private ExitCode recorded(TrialRule rule, long started) {
    List<String> sides = asked.sides();
    var known = new TreeMap<Integer, RecordedSide>();
    var files = new RecordedFiles();
    for (int i = 0; i < sides.size(); i++) {
      if (!LiveSide.isLive(sides.get(i))) {
        Optional<String> altered = files.altered(Path.of(sides.get(i)));
        if (altered.isPresent()) {
          app.err().println("gpubench: " + altered.get());
          return ExitCode.UNVERIFIED;
        }
        known.put(i, files.read(Path.of(sides.get(i))));
      }
    }
    known.replaceAll((_, side) -> asked.chosen(side, List.copyOf(known.values())));
    var evidenceKept = new ArrayList<String>();
    var skipped = new ArrayList<SkippedSide>();
    var code = ExitCode.OK;
    if (known.size() < sides.size()) {
      code = measure(known, skipped, evidenceKept);
    }
    if (known.size() + skipped.size() < sides.size()) { // interrupted
      return code;
    }
    List<RecordedSide> all = List.copyOf(known.values());
    List<RecordedComparison> comparisons =
        RecordedComparison.all(all, rule.alpha(), rule.tolerances());
    Set<Kind> accepted = anyway ? EnumSet.allOf(Kind.class) : EnumSet.noneOf(Kind.class);
    for (RecordedComparison comparison : comparisons) {
      if (!comparison.pairs().isEmpty()) {
        Differences.demandAlike(comparison, accepted, "--anyway-unlike compares them all the same");
      }
    }
    return ExitCode.worst(
        code, print(RecordedReport.of(all, skipped, comparisons, evidenceKept, seconds(started))));
  }

  /**
   * Measures the sides that are not known, as the others were measured, and makes them known.
   *
   * @param skipped gets those that cannot be measured here
   */
  private ExitCode measure(
      Map<Integer, RecordedSide> known, List<SkippedSide> skipped, List<String> kept) {
    List<String> sides = asked.sides();
    var like = new LinkedHashSet<RecordedCase>();
    known.values().forEach(side -> like.addAll(side.cases()));
    Set<String> workloadsKnown = app.installation().workloads().keySet();
    if (like.stream().noneMatch(one -> workloadsKnown.contains(one.workload()))) {
      throw new ConfigException(
          "nothing in "
              + String.join(", ", known.values().stream().map(RecordedSide::name).toList())
              + " is a workload that can be measured now");
    }
    int processes = like.stream().mapToInt(one -> one.processes().size()).max().orElse(1);
    var live = new TreeMap<Integer, LiveSide>();
    for (int i = 0; i < sides.size(); i++) {
      if (LiveSide.isLive(sides.get(i))) {
        live.put(i, side(sides.get(i), Math.max(FEWEST_PROCESSES, processes)));
      }
    }
    try (var interrupt = new Interrupt(new Cancellation())) {
      Journey here = evidence.journey(app, spec.commandLine(), sharing, interrupt);
      AvailableSides available = AvailableSides.of(sides, options.workplace(app), here);
      if (here.cancellation().requested()) {
        return ExitCode.INTERRUPTED;
      }
      Journey journey = available.note(here);
      skipped.addAll(available.skipped());
      var code = code(available);
      for (var one : live.entrySet()) {
        LiveSide side = one.getValue();
        if (!available.present().contains(side.text())) {
          continue;
        }
        StoredRun run = side.measure(journey, List.copyOf(like));
        code = ExitCode.worst(code, open.code(ExitCode.of(run)));
        kept.add(run.directory().toString());
        if (journey.cancellation().requested()) {
          return code;
        }
        known.put(
            one.getKey(), RecordedSide.of(side.text(), run.document()).choosing(side.chosen()));
      }
      return code;
    }
  }

  private LiveSide side(String text, int processes) {
    return new LiveSide(
        text,
        options.profile(),
        samples,
        options.workplace(app).isolated()
            ? Objects.requireNonNullElse(repetitions, processes)
            : repetitions,
        options.settings(),
        options.seed(),
        options.workplace(app),
        conditions.coolDown(),
        conditions.orderSeed(),
        ceilings.use());
  }

  private ExitCode print(CompareReport report) {
    app.out().print(format.render(report, open));
    app.out().flush();
    return report.open() ? open.code(ExitCode.INCONCLUSIVE) : ExitCode.OK;
  }

  private static double seconds(long started) {
    return (System.nanoTime() - started) / 1e9;
  }
}
