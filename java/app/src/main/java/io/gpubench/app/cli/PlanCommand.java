// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.measuring.CeilingUse;
import io.gpubench.app.measuring.SuiteRequest;
import io.gpubench.app.report.Figures;
import io.gpubench.app.report.TextTable;
import io.gpubench.app.report.TextTable.Align;
import io.gpubench.measure.conditions.CoolDown;
import io.gpubench.measure.plan.ByteSizes;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.StoppingRule;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what {@code run} would do with the same options. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description =
        "Show what 'run' would measure with the same options, and for how long; measure nothing.",
    footerHeading = "%nExample:%n",
    footer = "  gpubench plan --profile full --set consensus.validators=1024:1048576:x4")
final class PlanCommand implements Runnable {
  private final App app;

  @Mixin private SuiteOptions options = new SuiteOptions();

  PlanCommand(App app) {
    this.app = app;
  }

  @Override
  public void run() {
    SuiteRequest request = options.request(app, new CoolDown.None(), null, CeilingUse.OFF);
    print(request.plan(app.installation(), new Cancellation()));
  }

  private void print(SuiteRequest.Prepared prepared) {
    var table =
        new TextTable()
            .column("run", Align.LEFT)
            .column("parameters", Align.LEFT)
            .column("memory", Align.RIGHT)
            .column("processes", Align.RIGHT)
            .column("each at most", Align.RIGHT);
    for (PlannedRun run : prepared.plan().runs()) {
      table.row(
          List.of(
              run.id(),
              run.values().toString(),
              ByteSizes.format(run.footprintBytes()),
              String.valueOf(run.repetitions()),
              Durations.format(run.budget())));
    }
    prepared
        .engines()
        .forEach((id, selection) -> app.out().println("engine " + id + ": " + selection.why()));
    app.out().print(table);
    app.out()
        .println(
            "%s, at most %s in all (profile %s)"
                .formatted(
                    prepared.size(),
                    Durations.format(prepared.plan().budget()),
                    prepared.profile().name()));
    app.out().println("each process " + stop(prepared.plan().runs().getFirst().stoppingRule()));
  }

  /** When a process stops, and its guards. */
  private static String stop(StoppingRule rule) {
    String time = Durations.format(Duration.ofNanos(rule.maxNanos()));
    String least =
        String.format(
            Locale.ROOT,
            ", never before %,d samples and %s, at the latest at %,d or after %s",
            rule.minSamples(),
            Durations.format(Duration.ofNanos(rule.minNanos())),
            rule.maxSamples(),
            time);
    return switch (rule.criterion()) {
      case PRECISION ->
          "stops when its median is known to +-"
              + Figures.percent(rule.relativePrecision())
              + least;
      case ENTROPY -> "stops when more samples no longer change their distribution" + least;
      case COUNT ->
          String.format(Locale.ROOT, "takes %,d samples, in %s at most", rule.minSamples(), time);
      case TIME ->
          String.format(
              Locale.ROOT, "measures for %s, %,d samples at most", time, rule.maxSamples());
    };
  }
}
