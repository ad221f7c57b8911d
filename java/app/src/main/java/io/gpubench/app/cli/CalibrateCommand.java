// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.measuring.CalibrateRequest;
import io.gpubench.app.measuring.EngineSelector;
import io.gpubench.app.report.CalibrationReport;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.StoreErrors;
import io.gpubench.measure.calibrate.Calibration;
import io.gpubench.measure.calibrate.Calibrations;
import io.gpubench.measure.calibrate.KeptCalibrations;
import io.gpubench.measure.calibrate.PlayedGate;
import io.gpubench.measure.ceiling.CeilingStore;
import io.gpubench.measure.ceiling.HardwareIdentity;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Slowdown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Finds out how often gates are wrong on this machine, and what they find. */
@Command(
    name = "calibrate",
    mixinStandardHelpOptions = true,
    description = {
      "Find out how often comparisons are wrong on this machine, and how small a slowdown they find: whole gates by"
          + " fresh duets of a side against itself, and of a side that is slowed down on purpose against one that is"
          + " not. Both kinds come in random order.",
      "",
      "The result is kept for this machine, beside its ceilings: 'gpubench gate' looks there whether a p95 may be gated."
          + " The evidence of each gate is a run directory of the store."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gpubench calibrate                             59 gates of consensus against itself",
      "  gpubench calibrate consensus --engine host --gates 60 --injected 60 --slowdown 10%%",
      "  gpubench calibrate --gates 10 --max-time 10m --add   ten more, for ten minutes at most",
      "  gpubench calibrate --from calibration.json     its figures anew, from the duets in it"
    })
final class CalibrateCommand implements Callable<Integer> {
  private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?)\\s*%");

  private static final List<String> WITH_FROM = List.of("--from", "--format", "--verbose");

  private final App app;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0..*",
      arity = "0..*",
      paramLabel = "WORKLOAD",
      description = "Workloads, each calibrated by itself (default: consensus).")
  private List<String> workloads = new ArrayList<>();

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      defaultValue = EngineSelector.AUTO,
      description =
          "cuda, host, java or a foreign one; auto takes the best (default: ${DEFAULT-VALUE}).")
  private String engine = EngineSelector.AUTO;

  @Option(
      names = "--side",
      paramLabel = "SETTINGS",
      description = "More settings of the side, as of 'gpubench duet': path=call,threads=1.")
  private @Nullable String side;

  @Option(
      names = "--gates",
      paramLabel = "N",
      defaultValue = "59",
      description =
          "So many gates of a side against itself (default: ${DEFAULT-VALUE}, which without a false alarm show"
              + " that it happens in less than 5 %%).")
  private int gates = 59;

  @Option(
      names = "--injected",
      paramLabel = "N",
      defaultValue = "0",
      description = "So many gates of a side that is slowed down (default: ${DEFAULT-VALUE}).")
  private int injected;

  @Option(
      names = "--slowdown",
      paramLabel = "PERCENT",
      defaultValue = "10%",
      description = "By how much, such as 10%% or 2.5%% (default: 10%%).")
  private String slowdown = "10%";

  @Option(
      names = "--max-time",
      paramLabel = "TIME",
      description = "Begin no gate later than this, such as 40m; what was measured counts.")
  private @Nullable String maxTime;

  @Option(
      names = "--add",
      description =
          "Add the gates to those that are kept of the same. The bounds hold for a number of gates that was fixed"
              + " before: do not add until the result is as you like it.")
  private boolean add;

  @Option(
      names = "--anew",
      description = "Keep the result also in place of one with more gates of the same.")
  private boolean anew;

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description =
          "Measure nothing; compute the figures of a file anew, as --format json prints it and as it is kept.")
  private @Nullable Path from;

  @Mixin private DuetOptions playing = new DuetOptions();

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description =
          "Keep the calibrations of this machine here (default: gpubench in $XDG_STATE_HOME, or else in"
              + " ~/.local/state).")
  private @Nullable Path state;

  @Mixin private MeasuringOptions options = new MeasuringOptions();

  @Mixin private ConditionOptions conditions = new ConditionOptions();

  @Mixin private SharingOptions sharing = new SharingOptions();

  @Mixin private StoreOptions store = new StoreOptions();

  CalibrateCommand(App app) {
    this.app = app;
  }

  @Override
  public Integer call() {
    if (add && anew) {
      throw new ConfigException("--add and --anew cannot be combined; leave one out");
    }
    if (from != null) {
      refuseWithFrom();
      KeptCalibrations anew = read(from);
      print(
          KeptCalibrations.of(
              anew.identity(), anew.calibrations().stream().map(Calibration::recomputed).toList()));
      return ExitCode.OK.number;
    }
    var request =
        new CalibrateRequest(
            workloads.isEmpty() ? List.of("consensus") : workloads,
            "engine=" + engine + (side == null ? "" : "," + side),
            gates,
            injected,
            slowdown(slowdown),
            maxTime == null
                ? null
                : MeasuringOptions.option("--max-time", maxTime, Durations::positive),
            playing.samples(),
            playing.slice(),
            options.profile(),
            options.settings(),
            options.seed(),
            options.workplace(app),
            conditions.coolDown(),
            conditions.orderSeed());
    try (var interrupt = new Interrupt(new Cancellation())) {
      CalibrateRequest.Measured measured =
          request.measure(store.journey(app, spec.commandLine(), sharing, interrupt, false));
      return finish(measured, interrupt).number;
    }
  }

  /** What says how to measure, where nothing is measured; variables say it for all commands. */
  private void refuseWithFrom() {
    if (!workloads.isEmpty()) {
      throw new ConfigException(
          "%s has no effect with --from; leave it out".formatted(workloads.getFirst()));
    }
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      if (!WITH_FROM.contains(option.longestName())) {
        throw new ConfigException(
            "%s has no effect with --from; leave it out".formatted(option.longestName()));
      }
    }
  }

  private ExitCode finish(CalibrateRequest.Measured measured, Interrupt interrupt) {
    ExitCode code =
        measured.runs().stream()
            .map(ExitCode::of)
            .filter(each -> each != ExitCode.INTERRUPTED && each != ExitCode.INCONCLUSIVE)
            .reduce(ExitCode.OK, ExitCode::worst);
    if (measured.failure() != null) {
      code = ExitCode.worst(code, ExitCode.of(measured.failure()));
    }
    boolean counts =
        measured.calibrations().stream()
            .flatMap(one -> one.gates().stream())
            .anyMatch(PlayedGate::counts);
    HardwareIdentity identity = measured.identity();
    print(
        KeptCalibrations.of(
            identity == null ? new HardwareIdentity("unknown", Map.of()) : identity,
            measured.calibrations()));
    if (!measured.runs().isEmpty()) {
      say(
          "evidence: %d runs, the last in %s"
              .formatted(measured.runs().size(), measured.runs().getLast().directory()));
    }
    if (identity == null) {
      say("nothing is kept: the device has no unique name, or no gate was played");
    } else if (counts) {
      try {
        keep(identity, measured.calibrations());
      } catch (ConfigException e) { // what was measured is on stdout already
        say("gpubench: not kept: " + e.getMessage());
        code = ExitCode.worst(code, ExitCode.USAGE);
      }
    }
    if (interrupt.cancellation().requested()) {
      say("gpubench: interrupted; the gates that were played to their end count");
      return ExitCode.INTERRUPTED;
    }
    return counts ? code : ExitCode.worst(code, ExitCode.INCONCLUSIVE);
  }

  /** One that was cut short does not take the place of a longer one. */
  private void keep(HardwareIdentity identity, List<Calibration> calibrations) {
    Path folder = state == null ? CeilingStore.usualState(app.environment()).orElse(null) : state;
    if (folder == null) {
      say("nothing is kept: HOME is not set; name a folder with --state DIR");
      return;
    }
    List<Calibration> before = Calibrations.kept(folder, identity).calibrations();
    var kept = new ArrayList<Calibration>();
    for (Calibration one : calibrations) {
      Calibration old = before.stream().filter(one::sameSubject).findFirst().orElse(null);
      if (old != null && add) {
        kept.add(old.plus(one));
      } else if (old == null || anew || one.equalDuets() >= old.equalDuets()) {
        if (old != null) {
          say("%s: takes the place of what was kept: %s".formatted(workload(one), brief(old)));
        }
        kept.add(one);
      } else {
        say(
            "%s: not kept, since more is kept already: %s; --add adds to it, and --anew replaces it"
                .formatted(workload(one), brief(old)));
      }
    }
    if (!kept.isEmpty()) {
      say("kept: " + Calibrations.keep(folder, identity, kept));
    }
    if (add) {
      kept.stream()
          .filter(one -> !calibrations.contains(one))
          .forEach(one ->
              say(
                  "with those kept before:\n"
                      + CalibrationReport.text(KeptCalibrations.of(identity, List.of(one)))));
    }
  }

  private static String workload(Calibration one) {
    return one.subject().workload();
  }

  private static String brief(Calibration one) {
    Calibration.FalseAlarms alarms = one.falseAlarms();
    return "%d duets of equal sides, of %s, %s"
        .formatted(
            one.equalDuets(),
            one.measuredAt(),
            alarms == null
                ? "no gate that counts"
                : "%d false alarms of %d gates"
                    .formatted(alarms.rate().hits(), alarms.rate().gates()));
  }

  private void say(String line) {
    app.err().println(line);
    app.err().flush();
  }

  private void print(KeptCalibrations calibrations) {
    app.out()
        .print(
            switch (store.format()) {
              case table -> CalibrationReport.text(calibrations);
              case json -> CalibrationReport.json(calibrations);
              case csv -> CalibrationReport.csv(calibrations);
            });
    app.out().flush();
  }

  private static KeptCalibrations read(Path file) {
    try {
      return Calibrations.parse(file, Files.readAllBytes(file));
    } catch (IOException e) {
      throw new ResultFormatException(file + ": cannot be read: " + StoreErrors.text(e), e);
    }
  }

  /** Of a percentage. */
  static Slowdown slowdown(String text) {
    Matcher matcher = PERCENT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new ConfigException(
          "--slowdown: expected a percentage such as 10%%, found '%s'".formatted(text));
    }
    try {
      return new Slowdown(Math.round(1e8 + 1e6 * Double.parseDouble(matcher.group(1))) / 1e8);
    } catch (ConfigException e) {
      throw new ConfigException(
          "--slowdown %s is out of range; expected 0.1%% .. 900%%".formatted(text), e);
    }
  }
}
