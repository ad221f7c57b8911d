// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.cli.CeilingOptions.StateOption;
import io.gpubench.app.cli.EngineSelector.Selection;
import io.gpubench.app.report.CeilingsReport;
import io.gpubench.app.workers.Measurers;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.Names;
import io.gpubench.measure.ceiling.CeilingStore;
import io.gpubench.measure.ceiling.CeilingStore.Found;
import io.gpubench.measure.ceiling.HardwareIdentity;
import io.gpubench.measure.ceiling.KeptCeilings;
import io.gpubench.measure.result.Environment;
import io.gpubench.measure.result.MeasuredCeiling;
import io.gpubench.measure.result.RunCeilings;
import io.gpubench.measure.result.RunJson;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.seal.SigningKey;
import io.gpubench.measure.spi.Engine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    SigningKey signingKey = refresh ? store.signingKey(app, spec.commandLine()) : null;
    var measuring = new CeilingMeasuring(app, !inProcess);
    var cancellation = new Cancellation();
    try (Measurers measurers = measuring.measurers(device, cancellation);
        var interrupt = new Interrupt(cancellation)) {
      if (refresh) {
        sharing.awaitProcessors(measuring.workplace().usable(), app.err(), cancellation);
      }
      Map<String, Selection> selections = selections(measurers);
      var code = ExitCode.OK;
      if (refresh) {
        for (Map.Entry<String, Selection> one : selections.entrySet()) {
          if (!cancellation.requested()) {
            code =
                ExitCode.worst(
                    code,
                    refresh(measuring, kept, one.getKey(), one.getValue(), signingKey, interrupt));
          }
        }
      }
      var report =
          new CeilingsReport(
              selections.entrySet().stream()
                  .map(one -> shown(kept, one.getKey(), one.getValue()))
                  .toList());
      app.out()
          .print(
              store.format() == FormatOption.Format.json ? RunJson.pretty(report) : report.text());
      return code.number;
    }
  }

  /** The best engine of each piece of hardware, or the one that was asked for. */
  private Map<String, Selection> selections(Measurers measurers) {
    List<String> names = new ArrayList<>(app.engines().stream().map(Engine::id).toList());
    names.add(EngineSelector.AUTO);
    if (!names.contains(engine)) {
      throw new ConfigException(Names.unknown("engine", engine, names));
    }
    boolean auto = engine.equals(EngineSelector.AUTO);
    var selections = new LinkedHashMap<String, Selection>();
    EngineException failure = null;
    for (Engine made : app.engines()) {
      if (auto ? !measuresAny(made) : !made.id().equals(engine)) {
        continue;
      }
      Engine placed = device == null ? made : made.on(device).orElse(null);
      if (placed == null) {
        if (!auto) {
          throw new ConfigException(
              "the engine '%s' uses no device; leave out --device %s".formatted(engine, device));
        }
        continue;
      }
      try {
        Selection selection = EngineSelector.select(placed.id(), List.of(placed), measurers);
        String hardware = CeilingMeasuring.hardware(selection);
        if (hardware != null) {
          selections.putIfAbsent(hardware, selection);
        }
      } catch (EngineException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (selections.isEmpty()) {
      throw failure == null ? new EngineException("no engine at all uses a device") : failure;
    }
    return selections;
  }

  private boolean measuresAny(Engine made) {
    return app.workloads().keySet().stream()
        .anyMatch(id -> id.startsWith(RunCeilings.PREFIX) && !made.paths(id).isEmpty());
  }

  private ExitCode refresh(
      CeilingMeasuring measuring,
      CeilingStore kept,
      String hardware,
      Selection selection,
      @Nullable SigningKey signingKey,
      Interrupt interrupt) {
    HardwareIdentity identity = identity(hardware, selection);
    if (kept.read(identity) instanceof Found.Newer(String reason)) {
      throw new ConfigException(reason + "; choose another folder with --state");
    }
    app.err().println("engine " + selection.engine().id() + ": " + selection.why());
    ReadyRun ready = measuring.ready(selection, null, false);
    ready.announce(app.err());
    StoreOptions.Kept run =
        ready.measure(app, spec.commandLine(), sharing, store, signingKey, interrupt, false);
    List<MeasuredCeiling> measured = CeilingMeasuring.measured(run);
    CeilingMeasuring.failures(run.document())
        .forEach(failure -> app.err().println("not measured: " + failure));
    if (!measured.isEmpty()) {
      kept.keep(identity, measured);
    }
    return run.exit();
  }

  private static HardwareIdentity identity(String hardware, Selection selection) {
    return HardwareIdentity.of(hardware, Environment.capture(), selection.facts().description());
  }

  private static CeilingsReport.Hardware shown(
      CeilingStore kept, String hardware, Selection selection) {
    HardwareIdentity identity = identity(hardware, selection);
    Found found = kept.read(identity);
    KeptCeilings ceilings =
        switch (found) {
          case Found.Current current -> current.kept();
          case Found.Stale stale -> stale.kept();
          default -> KeptCeilings.none(identity);
        };
    return new CeilingsReport.Hardware(
        hardware,
        selection.facts().device(),
        selection.facts().synthetic(),
        found.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT),
        why(found),
        identity,
        selection.facts().bounds(),
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
