// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.report.SpeedUp.Ratio;
import io.gpubench.app.report.Sweep.Way;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.stats.PowerLaw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is said of the curves of a run as CSV (RFC 4180, line feeds), a row for each value; an empty
 * cell where there is none. Intervals are at 95 %.
 *
 * <ul>
 *   <li>{@code timeExponent} and {@code rateExponent}: how the median time and the throughput grow
 *       with the axis; {@code part} is {@code all}, {@code before} the knee, in the {@code knee},
 *       or {@code beyond};
 *   <li>{@code knee}: where the curve is near its best, which {@code value} is; {@code unit} is
 *       {@code ceilingShare}, or that of the throughput where ceilings are not known;
 *   <li>{@code speedUp} and {@code efficiency} of more threads, streams or GPUs over the fewest.
 * </ul>
 */
public final class CurvesCsv {
  private static final List<String> HEADER =
      List.of(
          "run",
          "workload",
          "engine",
          "device",
          "synthetic",
          "path",
          "clock",
          "setting",
          "axis",
          "what",
          "part",
          "from",
          "to",
          "value",
          "lower",
          "upper",
          "unit");

  private CurvesCsv() {}

  /** The header and all rows. */
  public static String of(RunDocument run) {
    var csv = new Csv();
    csv.row(HEADER);
    for (Sweep sweep : Sweep.of(run.records())) {
      sweep.curves().forEach((way, records) -> curve(csv, run, sweep, way, records));
    }
    for (SpeedUp speedUp : SpeedUp.of(run)) {
      speedUps(csv, run, speedUp);
    }
    return csv.toString();
  }

  private static void curve(
      Csv csv, RunDocument run, Sweep sweep, Way way, SortedMap<Double, ResultRecord> records) {
    Knee knee = KneeText.knee(records);
    var setting = new LinkedHashMap<>(sweep.constants());
    setting.putAll(way.tuning());
    List<@Nullable Object> about =
        about(
            run,
            sweep.workload(),
            way.engine(),
            way.device(),
            sweep.synthetic(),
            way.path(),
            sweep.clock(),
            setting,
            sweep.axis());
    ResultRecord.Throughput throughput = records.values().iterator().next().throughput();
    for (Growth growth : Growth.of(records, knee)) {
      row(csv, about, "timeExponent", growth, growth.time());
      row(csv, about, "rateExponent", growth, growth.rate());
    }
    if (knee != null) {
      row(
          csv,
          about,
          "knee",
          null,
          knee.from(),
          knee.to(),
          knee.largest(),
          null,
          null,
          KneeText.byShare(records)
              ? "ceilingShare"
              : throughput == null ? null : throughput.unit());
    }
  }

  private static void row(
      Csv csv, List<@Nullable Object> about, String what, Growth growth, @Nullable PowerLaw law) {
    if (law != null) {
      row(
          csv,
          about,
          what,
          growth.stretch().word,
          growth.from(),
          growth.to(),
          law.exponent(),
          law.lower(),
          law.upper(),
          null);
    }
  }

  private static void speedUps(Csv csv, RunDocument run, SpeedUp speedUp) {
    SpeedUp.Setting setting = speedUp.setting();
    List<@Nullable Object> about =
        about(
            run,
            speedUp.workload(),
            setting.engine(),
            setting.device(),
            setting.synthetic(),
            setting.path(),
            setting.clock(),
            setting.parameters(),
            speedUp.axis());
    speedUp
        .points()
        .forEach((number, point) -> {
          row(csv, about, "speedUp", number, point.speedUp());
          row(csv, about, "efficiency", number, point.efficiency());
        });
  }

  private static void row(
      Csv csv, List<@Nullable Object> about, String what, double number, @Nullable Ratio ratio) {
    if (ratio != null) {
      row(
          csv,
          about,
          what,
          null,
          number,
          number,
          ratio.value(),
          ratio.lower(),
          ratio.upper(),
          null);
    }
  }

  private static List<@Nullable Object> about(
      RunDocument run,
      String workload,
      String engine,
      @Nullable String device,
      boolean synthetic,
      String path,
      String clock,
      Map<String, Object> setting,
      String axis) {
    String settings =
        setting.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(" "));
    return Arrays.asList(
        run.id(), workload, engine, device, synthetic, path, clock, settings, axis);
  }

  private static void row(
      Csv csv,
      List<@Nullable Object> about,
      String what,
      @Nullable String part,
      double from,
      double to,
      double value,
      @Nullable Double lower,
      @Nullable Double upper,
      @Nullable String unit) {
    var cells = new ArrayList<@Nullable Object>(about);
    cells.addAll(Arrays.asList(what, part, from, to, value, lower, upper, unit));
    csv.row(cells);
  }
}
