// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.gate.Baselines;
import io.gpubench.app.gate.GateCase;
import io.gpubench.app.gate.GateResult;
import io.gpubench.app.gate.KeptTail;
import io.gpubench.app.gate.LiveGate;
import io.gpubench.app.gate.RecordedGate;
import io.gpubench.app.measuring.CeilingUse;
import io.gpubench.app.measuring.Journey;
import io.gpubench.app.measuring.SuiteRequest;
import io.gpubench.app.report.GateReport;
import io.gpubench.app.versions.Versions;
import io.gpubench.app.versions.Versions.Kind;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.ceiling.CeilingStore;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.plan.Overrides;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.run.Cancellation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Fails where this gpubench is slower than another version, or than what was measured before. */
@Command(
    name = "gate",
    mixinStandardHelpOptions = true,
    description = {
      "Find out whether this gpubench has become slower: live by duets against another version of it, which is a"
          + " commit, a checkout or a bundle, or against what this machine has measured before.",
      "",
      "Live, the rate of false alarms is bounded by 5 %% (see 'gpubench calibrate'). Against what was measured"
          + " before it is not: nobody can tell what else has changed since.",
      "",
      "Ends with 5 only for what is slower by more than the tolerance and was confirmed by fresh processes;"
          + " with 4 for a wrong answer, 3 for what no longer works, 6 where nobody can tell or there is no"
          + " baseline; else with 0, also when it became faster."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gpubench gate consensus --engine host --baseline main",
      "  gpubench gate --baseline ../before --tolerance 3%% --max-time 10m --format junit > gate.xml",
      "  gpubench gate --baseline gpubench-1.0-linux-x86_64.tar.xz --on-inconclusive pass",
      "  gpubench gate consensus --update     measure a baseline of this machine, and keep it",
      "  gpubench gate consensus              compare with that"
    })
final class GateCommand implements Callable<Integer> {
  /** Of a recorded baseline and of fresh runs, where nothing else is said. */
  private static final int PROCESSES = 10;

  private static final String FOLDER = "results/baselines";

  private final App app;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--baseline",
      paramLabel = "DIR|FILE|COMMIT",
      defaultValue = FOLDER,
      description =
          "With what to compare: a commit of this checkout, the folder of another checkout or of a bundle, or a"
              + " bundle's .tar.xz, which are measured live; a run directory; or a folder of baselines, which has"
              + " one of each machine and name (default: ${DEFAULT-VALUE}).")
  private String baseline = FOLDER;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "default",
      description = "Of the baseline in such a folder (default: ${DEFAULT-VALUE}).")
  private String name = "default";

  @Option(
      names = "--update",
      description =
          "Measure a baseline of this machine and keep it, in the place of the one before.")
  private boolean update;

  @Option(
      names = "--dirty",
      description = "Keep it although this gpubench was built from changed sources.")
  private boolean dirty;

  @Option(
      names = "--max-time",
      paramLabel = "TIME",
      description =
          "Begin no measurement later than this after the first, such as 10m, and end it; what is not decided then"
              + " is inconclusive. Building another version is not in it.")
  private @Nullable String maxTime;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description =
          "Where the calibration of this machine is kept (default: gpubench in $XDG_STATE_HOME, or else in"
              + " ~/.local/state).")
  private @Nullable Path state;

  @Mixin private ToleranceOption tolerance = new ToleranceOption();

  @Mixin private SuiteOptions options = new SuiteOptions();

  @Mixin private ConditionOptions conditions = new ConditionOptions();

  @Mixin private SharingOptions sharing = new SharingOptions();

  @Mixin private EvidenceOptions evidence = new EvidenceOptions();

  @Mixin private OnInconclusive open = new OnInconclusive();

  @Mixin private JudgedFormat format = new JudgedFormat();

  GateCommand(App app) {
    this.app = app;
  }

  @Override
  public Integer call() {
    try (var interrupt = new Interrupt(new Cancellation())) {
      Journey journey = evidence.journey(app, spec.commandLine(), sharing, interrupt);
      GateResult result = result(journey);
      ExitCode code = code(result);
      app.out().print(format.render(new GateReport(result, code.number), open));
      app.out().flush();
      return code.number;
    }
  }

  private GateResult result(Journey journey) {
    SuiteRequest request =
        options.request(app, conditions.coolDown(), conditions.orderSeed(), CeilingUse.OFF);
    Duration limit =
        maxTime == null
            ? null
            : MeasuringOptions.option("--max-time", maxTime, Durations::positive);
    var tail =
        new KeptTail(
            Optional.ofNullable(state).or(() -> CeilingStore.usualState(app.environment())),
            request,
            journey.installation(),
            journey.cancellation());
    var versions =
        new Versions(
            app.home(), app.environment(), journey.listener()::say, journey.cancellation());
    Path run = run(baseline);
    if (run == null && isVersion(versions)) {
      if (update) {
        throw new ConfigException(
            "--update keeps what is measured here, and --baseline %s is another version; leave one of them out"
                .formatted(baseline));
      }
      demandUseful(true);
      return new LiveGate(request, baseline, tolerance.tolerances(), limit, tail).run(journey);
    }
    demandUseful(false);
    var recorded =
        new RecordedGate(
            thorough(request),
            new Baselines(Path.of(baseline), name),
            run,
            tolerance.tolerances(),
            limit,
            tail);
    if (!update) {
      return recorded.run(journey);
    }
    if (run != null) {
      throw new ConfigException(
          "--update: --baseline %s is a run; name a folder of baselines, such as %s"
              .formatted(baseline, FOLDER));
    }
    return recorded.update(journey, dirty);
  }

  /** The run directory that is named, or null. */
  private static @Nullable Path run(String named) {
    Path path = Path.of(named);
    if (Files.exists(path.resolve(RunWriter.RUN_FILE))) {
      return path;
    }
    Path folder = path.toAbsolutePath().getParent();
    return path.endsWith(RunWriter.RUN_FILE) && Files.exists(path) ? folder : null;
  }

  /**
   * Whether the baseline is another version; if not, it is a folder of baselines. One that is named
   * has to be there, or a slip of the pen would pass for a first run.
   *
   * @throws ConfigException when it is neither
   */
  private boolean isVersion(Versions versions) {
    if (baseline.equals(FOLDER)) {
      return false;
    }
    if (!baseline.isBlank() && versions.kind(baseline) != Kind.NONE) {
      return true;
    }
    boolean made = update && baseline.contains("/") && !Files.exists(Path.of(baseline));
    if (baseline.isBlank() || !(Files.isDirectory(Path.of(baseline)) || made)) {
      throw new ConfigException(
          "--baseline '%s': expected a commit of %s, the folder of a checkout or a bundle, a bundle's .tar.xz, a run directory, or a folder of baselines"
              .formatted(baseline, app.home().toAbsolutePath().normalize()));
    }
    return false;
  }

  /** What is said and does nothing is a mistake. */
  private void demandUseful(boolean live) {
    var given = spec.commandLine().getParseResult();
    for (String option : List.of("--name", "--dirty")) {
      boolean useful = !live && (update || !option.equals("--dirty"));
      if (given.hasMatchedOption(option) && !useful) {
        throw new ConfigException(
            "%s has no effect %s; leave it out"
                .formatted(option, live ? "on a live gate" : "without --update"));
      }
    }
    if (update && given.hasMatchedOption("--tolerance")) {
      throw new ConfigException("--tolerance has no effect with --update; leave it out");
    }
  }

  /** With as many processes as say something. */
  private static SuiteRequest thorough(SuiteRequest asked) {
    Overrides said = asked.overrides();
    boolean alone = !asked.workplace().isolated();
    var overrides =
        new Overrides(
            said.engine(),
            said.path(),
            said.clock(),
            said.cache(),
            said.samples(),
            said.warmup(),
            said.duration(),
            said.repetitions() == null && !alone ? (Integer) PROCESSES : said.repetitions(),
            said.seed(),
            said.settings());
    return new SuiteRequest(
        asked.workloads(),
        asked.suite(),
        asked.device(),
        asked.threads(),
        asked.profile(),
        overrides,
        asked.workplace(),
        asked.coolDown(),
        asked.orderSeed(),
        asked.ceilings());
  }

  private ExitCode code(GateResult result) {
    ExitCode worst = result.interrupted() ? ExitCode.INTERRUPTED : ExitCode.OK;
    boolean nothing = result.cases().isEmpty() && result.mode() != GateResult.Mode.KEPT;
    if (nothing) {
      worst = ExitCode.worst(worst, open.code(ExitCode.INCONCLUSIVE));
    }
    for (GateCase one : result.cases()) {
      worst =
          ExitCode.worst(
              worst,
              switch (one.outcome()) {
                case PASSED -> ExitCode.OK;
                case REGRESSED -> ExitCode.REFUTED;
                case OPEN ->
                    result.mode() == GateResult.Mode.KEPT // then nothing was kept
                        ? ExitCode.INCONCLUSIVE
                        : open.code(ExitCode.INCONCLUSIVE);
                case INCORRECT -> ExitCode.INCORRECT;
                case FAILED -> ExitCode.UNAVAILABLE;
                case UNVERIFIED -> ExitCode.UNVERIFIED;
              });
    }
    return worst;
  }
}
