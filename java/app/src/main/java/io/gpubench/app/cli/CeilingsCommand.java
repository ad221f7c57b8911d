// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.cli.CeilingOptions.StateOption;
import io.gpubench.app.measuring.CeilingRequest;
import io.gpubench.app.measuring.EngineSelector;
import io.gpubench.app.measuring.StoredRun;
import io.gpubench.app.report.CeilingsReport;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.ceiling.CeilingStore;
import io.gpubench.measure.ceiling.CeilingStore.Found;
import io.gpubench.measure.ceiling.KeptCeilings;
import io.gpubench.measure.result.RunJson;
import io.gpubench.measure.run.Cancellation;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows or measures what this machine can do at all. */
@Command(
    name = "ceilings",
    mixinStandardHelpOptions = true,
    description = {
      "Show what this machine can do at all, as it was measured once and is kept: memory, link, arithmetic."
          + " Results of other runs are shown as shares of these ceilings.",
      "",
      "They hold as long as the hardware, its driver and its settings are the same."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gpubench ceilings",
      "  gpubench ceilings --refresh               measure all of them, about a minute",
      "  gpubench ceilings --refresh --engine java",
      "  gpubench ceilings --format json"
    })
final class CeilingsCommand implements Callable<Integer> {
  private final App app;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--refresh", description = "Measure them anew, as a run in the store.")
  private boolean refresh;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      defaultValue = EngineSelector.AUTO,
      description = "cuda, host or java; auto takes the best for each piece of hardware.")
  private String engine = EngineSelector.AUTO;

  @Option(
      names = "--device",
      paramLabel = "INDEX|UUID|sim",
      description = "The device of the engine cuda, see 'gpubench list devices'.")
  private @Nullable String device;

  @Option(
      names = "--in-process",
      description = "Measure in this process, without workers: for debugging.")
  private boolean inProcess;

  @Mixin private StateOption state = new StateOption();

  @Mixin private SharingOptions sharing = new SharingOptions();

  @Mixin private StoreOptions store = new StoreOptions();

  CeilingsCommand(App app) {
    this.app = app;
  }

  @Override
  public Integer call() {
    if (store.format() == FormatOption.Format.csv) {
      throw new ConfigException("--format csv: ceilings are shown as table or json");
    }
    CeilingStore kept =
        state
            .store(app)
            .orElseThrow(() ->
                new ConfigException(
                    "HOME is not set; name the folder of the ceilings with --state DIR"));
    var request = new CeilingRequest(engine, device, !inProcess, kept);
    var code = ExitCode.OK;
    List<CeilingRequest.Hardware> hardware;
    try (var interrupt = new Interrupt(new Cancellation())) {
      if (refresh) {
        CeilingRequest.Refreshed refreshed =
            request.refresh(store.journey(app, spec.commandLine(), sharing, interrupt, false));
        for (StoredRun run : refreshed.runs()) {
          code = ExitCode.worst(code, ExitCode.of(run));
        }
        hardware = refreshed.hardware();
      } else {
        hardware = request.read(app.installation(), interrupt.cancellation());
      }
      var report = new CeilingsReport(hardware.stream().map(CeilingsCommand::shown).toList());
      app.out()
          .print(
              store.format() == FormatOption.Format.json ? RunJson.pretty(report) : report.text());
      return code.number;
    }
  }

  private static CeilingsReport.Hardware shown(CeilingRequest.Hardware one) {
    KeptCeilings ceilings =
        switch (one.found()) {
          case Found.Current current -> current.kept();
          case Found.Stale stale -> stale.kept();
          default -> KeptCeilings.none(one.identity());
        };
    return new CeilingsReport.Hardware(
        one.hardware(),
        one.facts().device(),
        one.facts().synthetic(),
        one.found().getClass().getSimpleName().toLowerCase(Locale.ROOT),
        why(one.found()),
        one.identity(),
        one.facts().bounds(),
        ceilings.ceilings());
  }

  private static String why(Found found) {
    return switch (found) {
      case Found.Current _ -> "";
      case Found.Stale stale ->
          String.join(", ", stale.changes()) + "; 'gpubench ceilings --refresh' measures them anew";
      case Found.Absent _ -> "'gpubench ceilings --refresh' measures them";
      case Found.Damaged damaged -> damaged.reason();
      case Found.Newer newer -> newer.reason();
    };
  }
}
