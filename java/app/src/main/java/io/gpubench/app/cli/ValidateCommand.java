// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.measuring.ClaimRequest;
import io.gpubench.app.measuring.Journey;
import io.gpubench.app.measuring.StoredRun;
import io.gpubench.app.report.ClaimPlanText;
import io.gpubench.app.report.ClaimsReport;
import io.gpubench.measure.BenchException;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.Names;
import io.gpubench.measure.claim.Claim;
import io.gpubench.measure.claim.ClaimFile;
import io.gpubench.measure.claim.ClaimVerdict;
import io.gpubench.measure.claim.Evidence;
import io.gpubench.measure.plan.ConfigReader;
import io.gpubench.measure.result.RunReader;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.verify.Finding;
import io.gpubench.measure.verify.Verifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Judges claims, by what it measures for them or by stored runs. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = {
      "Judge claims: measure what they are about in fresh processes, and say of each whether it is Supported,"
          + " Refuted, Inconclusive or NotTested.",
      "",
      "A claim is judged by the interval of the very number it is about, over the processes, never by an"
          + " estimate. What is missing never supports it, and what a simulated device says is no evidence.",
      "Exit code 5 when one is refuted; 6 when one is inconclusive or not tested."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gpubench validate                          the claims of configs/claims/stratoswarm.yaml",
      "  gpubench validate relative                 claims that any machine can test",
      "  gpubench validate my-claims.yaml --claim fast-enough --format junit > claims.xml",
      "  gpubench validate --from results/RUN       judge what has been measured",
      "  gpubench validate --list                   what would be measured"
    })
final class ValidateCommand implements Callable<Integer> {
  private static final String USUAL = "stratoswarm";
  private static final double NANOS = 1e9;

  /** Options about how and where something is measured. */
  private static final List<String> MEASURING =
      List.of(
          "--device",
          "--threads",
          "--repetitions",
          "--cpus",
          "--timeout",
          "--memory-limit",
          "--cool-down",
          "--order-seed",
          "--ceilings",
          "--wait",
          "--anyway",
          "--out",
          "--key",
          "--no-key");

  private final App app;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "NAME|FILE",
      arity = "0..*",
      description = "Files of claims: of configs/claims, or YAML files (default: stratoswarm).")
  private List<String> files = new ArrayList<>();

  @Option(
      names = "--claim",
      paramLabel = "ID",
      description = "Judge this claim only. May be given several times.")
  private List<String> ids = new ArrayList<>();

  @Option(
      names = "--from",
      paramLabel = "RUN",
      description =
          "Measure nothing, and judge by this run directory, which has to verify. May be given several times.")
  private List<Path> stored = new ArrayList<>();

  @Option(names = "--list", description = "Show what would be measured, and measure nothing.")
  private boolean list;

  @Mixin private ClaimOptions options = new ClaimOptions();

  @Mixin private ConditionOptions conditions = new ConditionOptions();

  @Mixin private SharingOptions sharing = new SharingOptions();

  @Mixin private CeilingOptions ceilings = new CeilingOptions();

  @Mixin private EvidenceOptions evidence = new EvidenceOptions();

  @Mixin private JudgedFormat format = new JudgedFormat();

  @Mixin private OnInconclusive open = new OnInconclusive();

  ValidateCommand(App app) {
    this.app = app;
  }

  @Override
  public Integer call() {
    long begun = System.nanoTime();
    List<ClaimFile> read = read();
    ClaimRequest request =
        options.request(
            app,
            read.stream().flatMap(file -> file.claims().stream()).toList(),
            conditions.coolDown(),
            conditions.orderSeed(),
            ceilings.use());
    if (list) {
      return show(request);
    }
    if (!stored.isEmpty()) {
      refuse("--from");
      List<Evidence> runs = stored.stream().map(this::evidence).toList();
      return report(read, request.judge(app.installation(), runs), begun);
    }
    try (var interrupt = new Interrupt(new Cancellation())) {
      Journey journey = evidence.journey(app, spec.commandLine(), sharing, interrupt);
      return report(read, request.measure(journey), begun);
    }
  }

  /** Options that have nothing to do where nothing is measured are a mistake. */
  private void refuse(String reason) {
    for (String option : MEASURING) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new ConfigException(
            "%s has no effect with %s, which measures nothing; leave it out"
                .formatted(option, reason));
      }
    }
  }

  private int show(ClaimRequest request) {
    if (!stored.isEmpty()) {
      throw new ConfigException("--list and --from cannot be combined; leave one out");
    }
    if (format.format() != JudgedFormat.Format.table) {
      throw new ConfigException(
          "--format %s: --list is shown as table only".formatted(format.format()));
    }
    app.out().print(ClaimPlanText.of(request.prospects(app.installation())));
    return ExitCode.OK.number;
  }

  private int report(List<ClaimFile> read, ClaimRequest.Answer answer, long begun) {
    var report =
        new ClaimsReport(
            read, answer.judgements(), answer.evidence(), (System.nanoTime() - begun) / NANOS);
    app.out().print(format.render(report, open));
    app.out().flush();
    ExitCode worst = ExitCode.OK;
    for (StoredRun run : answer.runs()) {
      worst = ExitCode.worst(worst, open.code(ExitCode.of(run)));
    }
    for (BenchException failure : answer.failures()) {
      worst = ExitCode.worst(worst, ExitCode.of(failure));
    }
    for (var one : answer.judgements()) {
      worst = ExitCode.worst(worst, open.code(code(one.verdict())));
    }
    if (answer.evidence().stream().anyMatch(one -> one.flaw() != null)) {
      worst = ExitCode.worst(worst, ExitCode.UNVERIFIED);
    }
    return worst.number;
  }

  private static ExitCode code(ClaimVerdict verdict) {
    return switch (verdict) {
      case ClaimVerdict.Supported _ -> ExitCode.OK;
      case ClaimVerdict.Refuted _ -> ExitCode.REFUTED;
      case ClaimVerdict.Inconclusive _, ClaimVerdict.NotTested _ -> ExitCode.INCONCLUSIVE;
    };
  }

  /** The files, each with the claims that are asked for. */
  private List<ClaimFile> read() {
    var configs = new ConfigReader(app.configs());
    List<ClaimFile> all =
        (files.isEmpty() ? List.of(USUAL) : files)
            .stream().map(name -> ClaimFile.read(configs, name)).toList();
    var known = new LinkedHashMap<String, ClaimFile>();
    for (ClaimFile file : all) {
      for (Claim claim : file.claims()) {
        ClaimFile other = known.put(claim.id(), file);
        if (other != null) {
          throw claim
              .place()
              .error(
                  other.equals(file)
                      ? "the file is given twice"
                      : "'%s' is a claim of %s too".formatted(claim.id(), other.name()));
        }
      }
    }
    for (String id : ids) {
      if (!known.containsKey(id)) {
        throw new ConfigException("--claim: " + Names.unknown("claim", id, known.keySet()));
      }
    }
    return ids.isEmpty()
        ? all
        : all.stream()
            .map(file ->
                new ClaimFile(
                    file.name(),
                    file.description(),
                    file.claims().stream().filter(claim -> ids.contains(claim.id())).toList()))
            .filter(file -> !file.claims().isEmpty())
            .toList();
  }

  private Evidence evidence(Path directory) {
    var run = RunReader.read(directory);
    Verifier verifier = app.installation().verifier(Set.of());
    List<Finding> findings = verifier.verify(directory).findings();
    return new Evidence(String.valueOf(directory), run, flaw(findings));
  }

  private static @Nullable String flaw(List<Finding> findings) {
    if (findings.isEmpty()) {
      return null;
    }
    Finding first = findings.getFirst();
    return "%s: %s%s"
        .formatted(
            first.subject(),
            first.message(),
            findings.size() == 1 ? "" : "; and %d more".formatted(findings.size() - 1));
  }
}
