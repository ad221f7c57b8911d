// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.measuring.DuetRequest;
import io.gpubench.app.measuring.Journey;
import io.gpubench.app.measuring.LiveSide;
import io.gpubench.app.measuring.StoredRun;
import io.gpubench.app.report.CompareReport;
import io.gpubench.app.report.LiveReport;
import io.gpubench.app.report.RecordedReport;
import io.gpubench.measure.BenchException;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.Names;
import io.gpubench.measure.compare.Difference.Kind;
import io.gpubench.measure.compare.Differences;
import io.gpubench.measure.compare.RecordedCase;
import io.gpubench.measure.compare.RecordedComparison;
import io.gpubench.measure.compare.RecordedSide;
import io.gpubench.measure.compare.TrialRule;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.run.Cancellation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
          + " recorded.",
      "",
      "Exit code 0 when all could be decided, whatever was found; 6 when something could not, or no"
          + " configuration is on two sides; 2 for unlike machines, tools or parameters."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gpubench compare engine=host engine=java --workload consensus",
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
      paramLabel = "SIDE",
      arity = "0..*",
      description = "What to compare with each other, the first of them with the rest.")
  private List<String> sides = new ArrayList<>();

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

  CompareCommand(App app) {
    this.app = app;
  }

  @Override
  public Integer call() {
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
    boolean live = sides.stream().allMatch(LiveSide::isLive);
    boolean recorded = sides.stream().noneMatch(LiveSide::isLive);
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
      Journey journey = evidence.journey(app, spec.commandLine(), sharing, interrupt);
      List<DuetRequest> requests = requests(rule);
      var pairs = new ArrayList<LiveReport.Pair>();
      var failures = new ArrayList<LiveReport.Failure>();
      var code = ExitCode.OK;
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
            if (requests.size() == 1 || (e instanceof ConfigException && pairs.isEmpty())) {
              throw e;
            }
            // what the other pairs come to is reported all the same
            failures.add(new LiveReport.Failure(a, b, String.valueOf(e.getMessage())));
            code = ExitCode.worst(code, ExitCode.of(e));
            continue;
          }
          code = ExitCode.worst(code, open.code(decided(run)));
          pairs.add(new LiveReport.Pair(a, b, run.document(), run.directory().toString()));
        }
      }
      return ExitCode.worst(code, print(LiveReport.of(sides, pairs, failures, seconds(started))));
    }
  }

  /** The code of a run: a failed duet that was replaced by another is no failure of it. */
  private static ExitCode decided(StoredRun run) {
    List<DuetComparison> comparisons = run.document().duets();
    if (run.failure() != null || !run.complete() || comparisons == null) {
      return ExitCode.of(run);
    }
    Set<String> decided =
        comparisons.stream()
            .filter(one ->
                one.trial() != null && DuetComparison.Trial.DECIDED.equals(one.trial().ended()))
            .flatMap(one -> Stream.of(one.a().record(), one.b().record()))
            .collect(Collectors.toSet());
    var code = ExitCode.OK;
    for (ResultRecord record : run.records()) {
      Outcome outcome = record.outcomeValue();
      if (outcome instanceof Outcome.Incorrect || !decided.contains(record.id())) {
        code = ExitCode.worst(code, ExitCode.of(outcome));
      }
    }
    return code;
  }

  /** Of each pair of sides: a mistake in the last costs no measurement of the first. */
  private List<DuetRequest> requests(TrialRule rule) {
    var requests = new ArrayList<DuetRequest>();
    for (int a = 0; a < sides.size(); a++) {
      for (int b = a + 1; b < sides.size(); b++) {
        requests.add(
            new DuetRequest(
                sides.get(a),
                sides.get(b),
                workloads,
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
                rule));
      }
    }
    return requests;
  }

  private ExitCode recorded(TrialRule rule, long started) {
    var known = new LinkedHashMap<Integer, RecordedSide>();
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
    known.replaceAll((_, side) -> chosen(side, List.copyOf(known.values())));
    var evidenceKept = new ArrayList<String>();
    var code = ExitCode.OK;
    if (known.size() < sides.size()) {
      code = measure(known, evidenceKept);
    }
    List<RecordedSide> all = new ArrayList<>();
    for (int i = 0; i < sides.size(); i++) {
      RecordedSide side = known.get(i);
      if (side == null) { // interrupted
        return code;
      }
      all.add(side);
    }
    List<RecordedComparison> comparisons =
        RecordedComparison.all(all, rule.alpha(), rule.tolerances());
    Set<Kind> accepted = anyway ? EnumSet.allOf(Kind.class) : EnumSet.noneOf(Kind.class);
    for (RecordedComparison comparison : comparisons) {
      if (!comparison.pairs().isEmpty()) {
        Differences.demandAlike(comparison, accepted, "--anyway-unlike compares them all the same");
      }
    }
    return ExitCode.worst(
        code, print(RecordedReport.of(all, comparisons, evidenceKept, seconds(started))));
  }

  /** What is asked for of a side. */
  private RecordedSide chosen(RecordedSide side, Collection<RecordedSide> all) {
    if (workloads.isEmpty()) {
      return side;
    }
    var there = new TreeSet<String>();
    all.forEach(one -> one.cases().forEach(it -> there.add(it.workload())));
    for (String workload : workloads) {
      if (!there.contains(workload)) {
        throw new ConfigException("--workload: " + Names.unknown("workload", workload, there));
      }
    }
    return new RecordedSide(
        side.name(),
        side.format(),
        side.tool(),
        side.conditions(),
        side.cases().stream().filter(one -> workloads.contains(one.workload())).toList(),
        side.notes());
  }

  /** Measures the sides that are not known, as the others were measured, and makes them known. */
  private ExitCode measure(Map<Integer, RecordedSide> known, List<String> kept) {
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
    List<LiveSide> live = new ArrayList<>();
    for (String side : sides) {
      if (LiveSide.isLive(side)) {
        live.add(side(side, Math.max(FEWEST_PROCESSES, processes)));
      }
    }
    var code = ExitCode.OK;
    try (var interrupt = new Interrupt(new Cancellation())) {
      Journey journey = evidence.journey(app, spec.commandLine(), sharing, interrupt);
      int next = 0;
      for (int i = 0; i < sides.size(); i++) {
        if (LiveSide.isLive(sides.get(i))) {
          LiveSide side = live.get(next++);
          StoredRun run = side.measure(journey, List.copyOf(like));
          code = ExitCode.worst(code, open.code(ExitCode.of(run)));
          kept.add(run.directory().toString());
          if (journey.cancellation().requested()) {
            return code;
          }
          known.put(i, RecordedSide.of(sides.get(i), run.document()).choosing(side.chosen()));
        }
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
