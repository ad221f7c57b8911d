// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.measure.result.CeilingShare;
import io.gpubench.measure.result.Faults;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.stats.QuantileInterval;
import io.gpubench.measure.stats.Statistics;
import io.gpubench.measure.stats.Variation;
import io.gpubench.measure.telemetry.TelemetryPart.Energy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A run as CSV (RFC 4180, line feeds): one row for each record; an empty cell where there is no
 * value. Times in ns, of all {@code pieces} of a sample together.
 */
public final class RunCsv {
  private static final List<String> BEFORE_PARAMETERS =
      List.of("run", "id", "workload", "engine", "path");
  private static final List<String> AFTER_PARAMETERS =
      List.of(
          "outcome",
          "reason",
          "device",
          "synthetic",
          "clock",
          "cache",
          "pieces",
          "unit",
          "processes",
          "sampleCount",
          "underSampled",
          "median",
          "medianLower",
          "medianUpper",
          "p95",
          "p95Lower",
          "p95Upper",
          "p99",
          "p99Lower",
          "p99Upper",
          "p999",
          "p999Lower",
          "p999Upper",
          "min",
          "max",
          "mean",
          "stdDev",
          "mad",
          "cv",
          "drift",
          "lag1",
          "withinProcesses",
          "betweenProcesses",
          "throughput",
          "throughputUnit",
          "throttledBy",
          "faults",
          "powerInstantWatts",
          "powerAverageWatts",
          "temperatureCelsius",
          "clockMegahertz",
          "timeBusyPercent",
          "joulesPerUnit",
          "joulesPerUnitLower",
          "joulesPerUnitUpper",
          "ceilingOf",
          "ceiling",
          "ceilingShare",
          "ceilingRate",
          "ceilingUnit",
          "ceilingFloor",
          "ceilingMeasuredAt",
          "ceilingRun",
          "ceilingDoubt");

  /** Power at a moment and power averaged by the driver are not the same quantity. */
  private static final List<String> SENSORS =
      List.of(
          Sensor.POWER_INSTANT,
          Sensor.POWER_AVERAGE,
          Sensor.TEMPERATURE,
          Sensor.CLOCK,
          Sensor.TIME_BUSY);

  private RunCsv() {}

  /**
   * The header and one row a record; parameters are columns named {@code workload.parameter}, and
   * what else a sample does, and its rates, are {@code amounts.name} and {@code rates.name}; what
   * processes went through once is {@code stages.name}, the median over them. Where pages lie in
   * files, the last columns say whether that is storage.
   */
  public static String of(RunDocument run) {
    var parameters = new LinkedHashSet<String>();
    var amounts = new LinkedHashSet<String>();
    var stages = new LinkedHashSet<String>();
    boolean files = run.records().stream().anyMatch(RunCsv::hasFiles);
    for (ResultRecord result : run.records()) {
      result.parameters().keySet().forEach(name -> parameters.add(result.workload() + "." + name));
      amounts.addAll(amounts(result).keySet());
      stages.addAll(stages(result).keySet());
    }
    var header = new ArrayList<>(BEFORE_PARAMETERS);
    header.addAll(parameters);
    header.addAll(AFTER_PARAMETERS);
    amounts.forEach(name -> header.addAll(List.of("amounts." + name, "rates." + name)));
    stages.forEach(name -> header.add("stages." + name));
    if (files) {
      header.addAll(FileTiers.NAMES);
    }
    var csv = new Csv();
    csv.row(header);
    for (ResultRecord result : run.records()) {
      List<@Nullable Object> row = row(run, result, parameters);
      for (String name : amounts) {
        row.add(amounts(result).get(name));
        ResultRecord.Throughput rate = result.rates() == null ? null : result.rates().get(name);
        row.add(rate == null ? null : rate.median());
      }
      stages.forEach(name -> row.add(stages(result).get(name)));
      if (files) {
        FileTiers.NAMES.forEach(
            name -> row.add(hasFiles(result) ? result.configuration().get(name) : null));
      }
      csv.row(row);
    }
    return csv.toString();
  }

  /** Whether pages of a migration lie in files. */
  private static boolean hasFiles(ResultRecord result) {
    return PageMove.of(result) != null
        && FileTiers.NAMES.stream().anyMatch(result.configuration()::containsKey);
  }

  private static Map<String, Double> amounts(ResultRecord result) {
    return result.amounts() == null ? Map.of() : result.amounts();
  }

  private static Map<String, Double> stages(ResultRecord result) {
    var medians = new LinkedHashMap<String, Double>();
    StagesOfRecord.of(result).forEach(stage -> medians.put(stage.name(), stage.median()));
    return medians;
  }

  private static List<@Nullable Object> row(
      RunDocument run, ResultRecord result, Iterable<String> parameters) {
    var row = new ArrayList<@Nullable Object>();
    row.addAll(List.of(run.id(), result.id(), result.workload(), result.engine(), result.path()));
    Map<String, Object> values = result.parameters();
    String prefix = result.workload() + ".";
    for (String name : parameters) {
      row.add(name.startsWith(prefix) ? values.get(name.substring(prefix.length())) : null);
    }
    row.add(result.outcome());
    row.add(result.reason());
    row.add(result.device());
    row.addAll(
        List.of(
            result.synthetic(),
            result.clock(),
            result.cache() == null ? Mode.Cache.HOT.word() : result.cache(),
            result.piecesOfSample(),
            result.unit(),
            measured(result),
            result.sampleCount(),
            result.underSampled()));
    times(row, result.statistics());
    Variation variation = result.variation();
    row.add(variation == null ? null : variation.within());
    row.add(variation == null ? null : variation.between());
    ResultRecord.Throughput throughput = result.throughput();
    row.add(throughput == null ? null : throughput.median());
    row.add(throughput == null ? null : throughput.unit());
    row.add(result.throttledBy().isEmpty() ? null : String.join(" ", result.throttledBy()));
    Faults faults = run.conditions().faults();
    row.add(faults == null ? null : faults.name());
    sensors(row, SensorsOfRecord.of(result));
    ceiling(row, result.ceiling());
    return row;
  }

  private static void sensors(List<@Nullable Object> row, SensorsOfRecord sensors) {
    for (String id : SENSORS) {
      OptionalDouble mean = sensors.mean(id);
      row.add(mean.isPresent() ? (Double) mean.getAsDouble() : null);
    }
    Energy energy = sensors.energy();
    row.add(energy == null ? null : energy.joulesPerUnit());
    row.add(energy == null ? null : energy.lower());
    row.add(energy == null ? null : energy.upper());
  }

  private static void ceiling(List<@Nullable Object> row, @Nullable CeilingShare share) {
    if (share == null) {
      for (int i = AFTER_PARAMETERS.indexOf("ceilingOf"); i < AFTER_PARAMETERS.size(); i++) {
        row.add(null);
      }
      return;
    }
    row.add(share.of());
    row.add(share.ceiling());
    row.add(share.share());
    row.add(share.rate());
    row.add(share.unit());
    row.add(share.floorNanos());
    row.add(share.measuredAt());
    row.add(share.run());
    row.add(share.doubt());
  }

  private static long measured(ResultRecord result) {
    return result.processes().stream().filter(part -> part.statistics() != null).count();
  }

  private static void times(List<@Nullable Object> row, @Nullable Statistics times) {
    if (times == null) {
      for (int i = AFTER_PARAMETERS.indexOf("median"); i <= AFTER_PARAMETERS.indexOf("lag1"); i++) {
        row.add(null);
      }
      return;
    }
    quantile(row, times.median(), times.intervals().median());
    quantile(row, times.p95(), times.intervals().p95());
    quantile(row, times.p99(), times.intervals().p99());
    quantile(row, times.p999(), times.intervals().p999());
    row.add(times.min());
    row.add(times.max());
    row.add(times.mean());
    row.add(times.stdDev());
    row.add(times.mad());
    row.add(times.cv());
    row.add(times.drift());
    row.add(times.lag1());
  }

  private static void quantile(
      List<@Nullable Object> row, double value, QuantileInterval interval) {
    row.add(value);
    row.add(interval.lower());
    row.add(interval.upper());
  }
}
