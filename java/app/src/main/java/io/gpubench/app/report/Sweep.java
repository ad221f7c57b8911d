// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.BuiltIn;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.Workload;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Records that were measured and differ in nothing but one parameter of the workload, the axis, and
 * in the way in which it was done. Pure.
 *
 * @param clock in words, as tables have it
 * @param constants the workload's other parameters
 */
record Sweep(
    String workload,
    String axis,
    String clock,
    boolean synthetic,
    Map<String, Object> constants,
    List<Point> points) {
  private static final String SEED = "seed";

  /**
   * A way to do the work.
   *
   * @param tuning what was set of how the engine does it
   */
  record Way(String engine, @Nullable String device, String path, Map<String, Object> tuning) {
    /** What tells it from others: what they all share is left out. */
    String name(Collection<Way> all) {
      var words = new ArrayList<String>();
      if (differ(all, Way::engine)) {
        words.add(engine);
      }
      if (differ(all, way -> way.engine + way.device) && !differ(all, Way::engine)) {
        words.add(String.valueOf(device));
      }
      if (differ(all, Way::path)) {
        words.add(path);
      }
      tuning.forEach((name, value) -> {
        if (differ(all, way -> way.tuning.get(name))) {
          words.add(name + "=" + value);
        }
      });
      return words.isEmpty() ? path : String.join(" ", words);
    }

    private static boolean differ(Collection<Way> all, Function<Way, @Nullable Object> what) {
      return all.stream().map(what).map(String::valueOf).distinct().count() > 1;
    }
  }

  /** A record as a point of a curve. */
  record Point(ResultRecord record, Way way, double size) {
    double work() {
      ResultRecord.WorkPart work = record.work();
      return work == null ? 0 : work.units() / record.piecesOfSample();
    }
  }

  /** Every axis of every workload, those of the seed left out; also of a single value. */
  static List<Sweep> of(Collection<ResultRecord> records) {
    var byWorkload = new LinkedHashMap<String, List<ResultRecord>>();
    for (ResultRecord record : records) {
      if (measured(record)) {
        byWorkload.computeIfAbsent(record.workload(), _ -> new ArrayList<>()).add(record);
      }
    }
    var sweeps = new ArrayList<Sweep>();
    byWorkload.forEach((workload, measured) -> {
      Set<String> own = own(workload, measured);
      for (String axis : own) {
        if (!axis.equals(SEED)) {
          sweeps.addAll(over(axis, own, measured));
        }
      }
    });
    return sweeps;
  }

  static boolean measured(ResultRecord record) {
    return record.outcomeValue() instanceof Outcome.Measured && record.statistics() != null;
  }

  /** The workload's own parameters; of an unknown one, those that all records have. */
  private static Set<String> own(String workload, List<ResultRecord> records) {
    var names = new LinkedHashSet<>(records.getFirst().parameters().keySet());
    for (Workload known : BuiltIn.workloads()) {
      if (known.id().equals(workload)) {
        names.retainAll(known.parameters().stream().map(Parameter::name).toList());
      }
    }
    records.forEach(record -> names.retainAll(record.parameters().keySet()));
    return names;
  }

  private static Collection<Sweep> over(String axis, Set<String> own, List<ResultRecord> records) {
    var groups = new LinkedHashMap<List<Object>, Sweep>();
    for (ResultRecord record : records) {
      if (record.parameters().get(axis) instanceof Number size) {
        var constants = new LinkedHashMap<>(record.parameters());
        constants.keySet().retainAll(own);
        constants.remove(axis);
        var tuning = new LinkedHashMap<>(record.parameters());
        tuning.keySet().removeAll(own);
        var way = new Way(record.engine(), record.device(), record.path(), tuning);
        String clock = RunTable.clock(record);
        groups
            .computeIfAbsent(
                List.of(clock, record.synthetic(), constants),
                _ ->
                    new Sweep(
                        record.workload(),
                        axis,
                        clock,
                        record.synthetic(),
                        constants,
                        new ArrayList<>()))
            .points
            .add(new Point(record, way, size.doubleValue()));
      }
    }
    return groups.values();
  }

  /** The clock, and in a line of its own what is constant. */
  String setting() {
    return "clock %s%s\n%s".formatted(clock, synthetic ? "; SYNTHETIC" : "", constantsText("  "));
  }

  /** What is constant, in words. */
  String constantsText(String between) {
    return constants.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(between));
  }

  /** The records of each way by their size; none where the axis is no whole number, a size. */
  Map<Way, SortedMap<Double, ResultRecord>> curves() {
    var curves = new LinkedHashMap<Way, SortedMap<Double, ResultRecord>>();
    if (points.stream().allMatch(point -> isWhole(point.record.parameters().get(axis)))) {
      points.forEach(point ->
          curves.computeIfAbsent(point.way, _ -> new TreeMap<>()).put(point.size, point.record));
    }
    return curves;
  }

  private static boolean isWhole(@Nullable Object value) {
    return value instanceof Long || value instanceof Integer;
  }
}
