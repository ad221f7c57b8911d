// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.report.SpeedUp.Ratio;
import io.gpubench.app.report.SpeedUp.Setting;
import io.gpubench.app.report.TextTable.Align;
import io.gpubench.measure.Printable;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What more threads, streams or GPUs bring, as tables for people. Pure. */
final class SpeedUpText {
  private static final int MOST_TABLES = 8;

  private SpeedUpText() {}

  /** Lines that end with a line feed, a table for each; empty where nothing of the kind differs. */
  static String of(RunDocument run) {
    List<SpeedUp> all = SpeedUp.of(run);
    var text = new StringBuilder();
    all.stream().limit(MOST_TABLES).forEach(one -> text.append('\n').append(table(one)));
    if (all.size() > MOST_TABLES) {
      text.append(
          "%n%d more tables of speed-ups are left out; show --curves has them%n"
              .formatted(all.size() - MOST_TABLES));
    }
    return text.toString();
  }

  private static String table(SpeedUp one) {
    ResultRecord first = one.points().values().iterator().next().record();
    ResultRecord.Throughput throughput = first.throughput();
    var table =
        new TextTable()
            .column(one.axis(), Align.RIGHT)
            .column(
                throughput == null ? "throughput" : Printable.line(throughput.unit()), Align.RIGHT)
            .column("speed-up", Align.LEFT)
            .column("efficiency", Align.LEFT);
    one.points()
        .forEach((number, point) -> {
          ResultRecord.Throughput rate = point.record().throughput();
          table.row(
              List.of(
                  BigDecimal.valueOf(number).stripTrailingZeros().toPlainString(),
                  rate == null ? "-" : Figures.rate(rate.median()),
                  speedUp(point.speedUp()),
                  efficiency(point.efficiency())));
        });
    return "%s over %s, %s%n%s%s%n"
        .formatted(
            Printable.line(one.workload()),
            one.axis(),
            setting(one.setting()),
            one.setting().parameters().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining("  ", "", "\n")),
            table.toString().stripTrailing());
  }

  private static String setting(Setting setting) {
    return "%s%s, path %s, clock %s%s"
        .formatted(
            Printable.line(setting.engine()),
            Place.bracketed(setting.engine(), setting.device()),
            Printable.line(setting.path()),
            setting.clock(),
            setting.synthetic() ? "; SYNTHETIC" : "");
  }

  private static String speedUp(@Nullable Ratio ratio) {
    return ratio == null
        ? "not decided"
        : Figures.ratio(ratio.value())
            + (ratio.lower() == null || ratio.upper() == null
                ? ""
                : " (%s .. %s)"
                    .formatted(Figures.ratio(ratio.lower()), Figures.ratio(ratio.upper())));
  }

  private static String efficiency(@Nullable Ratio ratio) {
    return ratio == null
        ? "-"
        : Figures.percent(ratio.value())
            + (ratio.lower() == null || ratio.upper() == null
                ? ""
                : " (%s .. %s)"
                    .formatted(Figures.percent(ratio.lower()), Figures.percent(ratio.upper())));
  }
}
