// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.BuiltIn;
import io.gpubench.app.report.Curves.Stretch;
import io.gpubench.app.report.Curves.Value;
import io.gpubench.app.report.Figures.TimeUnit;
import io.gpubench.app.report.TextTable.Align;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.Workload;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a table for people says of a parameter that was swept: the times of every engine, path and
 * variant beside each other, and which of them is the fastest at which value. Pure.
 *
 * <p>Times are compared where a sample is the same work by each of them. Where it is not, as of a
 * round against a thousand of them, rates are, in a table of their own.
 */
final class ScalingText {
  /** A parameter with fewer values has no curve. */
  private static final int FEWEST_SIZES = 3;

  private static final String SEED = "seed";

  /** More ways do not fit beside each other; then each size has the best alone. */
  private static final int MOST_COLUMNS = 6;

  private static final int MOST_TABLES = 8;
  private static final String DOUBTED = "*";

  /**
   * A way to do the work.
   *
   * @param tuning what was set of how the engine does it
   */
  private record Way(
      String engine, @Nullable String device, String path, Map<String, Object> tuning) {
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
  private record Point(ResultRecord record, Way way, double size) {
    double work() {
      ResultRecord.WorkPart work = record.work();
      return work == null ? 0 : work.units() / record.piecesOfSample();
    }
  }

  private ScalingText() {}

  /** Lines that end with a line feed; empty where nothing was swept in several ways. */
  static String of(Collection<ResultRecord> records) {
    var byWorkload = new LinkedHashMap<String, List<ResultRecord>>();
    for (ResultRecord record : records) {
      if (record.outcomeValue() instanceof Outcome.Measured && record.statistics() != null) {
        byWorkload.computeIfAbsent(record.workload(), _ -> new ArrayList<>()).add(record);
      }
    }
    var tables = new ArrayList<String>();
    byWorkload.forEach((workload, measured) -> {
      Set<String> own = own(workload, measured);
      for (String axis : own) {
        if (!axis.equals(SEED)) {
          tables.addAll(curves(axis, own, measured));
        }
      }
    });
    var text = new StringBuilder();
    tables.stream().limit(MOST_TABLES).forEach(table -> text.append('\n').append(table));
    if (tables.size() > MOST_TABLES) {
      text.append(
          "%n%d more tables of curves are left out; --format csv has all values%n"
              .formatted(tables.size() - MOST_TABLES));
    }
    if (text.indexOf("\nknee of ") >= 0) {
      text.append('\n').append(KneeText.RULE);
    }
    return text.toString();
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

  /** The tables of all that differs in nothing but the axis and the way. */
  private static List<String> curves(String axis, Set<String> own, List<ResultRecord> records) {
    var groups = new LinkedHashMap<String, List<Point>>();
    for (ResultRecord record : records) {
      if (record.parameters().get(axis) instanceof Number size) {
        var constants = new LinkedHashMap<>(record.parameters());
        constants.keySet().retainAll(own);
        constants.remove(axis);
        var tuning = new LinkedHashMap<>(record.parameters());
        tuning.keySet().removeAll(own);
        var way = new Way(record.engine(), record.device(), record.path(), tuning);
        String group =
            "clock %s%s\n%s"
                .formatted(
                    RunTable.clock(record),
                    record.synthetic() ? "; SYNTHETIC" : "",
                    constants.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining("  ")));
        groups
            .computeIfAbsent(group, _ -> new ArrayList<>())
            .add(new Point(record, way, size.doubleValue()));
      }
    }
    var tables = new ArrayList<String>();
    groups.forEach((group, points) -> {
      List<List<Point>> sameWork = sameWork(points);
      var ofGroup = new ArrayList<String>();
      sameWork.forEach(same -> ofGroup.add(times(axis, group, same)));
      if (sameWork.size() > 1) {
        ofGroup.add(rates(axis, group, points));
      }
      ofGroup.removeIf(String::isEmpty);
      String knees = knees(axis, points);
      if (!ofGroup.isEmpty()) {
        ofGroup.addLast(ofGroup.removeLast() + knees);
      } else if (!knees.isEmpty()) {
        ofGroup.add("%s over %s, %s%n%s".formatted(workload(points), axis, group, knees));
      }
      tables.addAll(ofGroup);
    });
    return tables;
  }

  /** Where each curve over a size is near its best, a line for each; empty over what is no size. */
  private static String knees(String axis, List<Point> points) {
    if (points.stream().anyMatch(point -> !isWhole(point.record.parameters().get(axis)))) {
      return "";
    }
    var curves = new LinkedHashMap<Way, SortedMap<Double, ResultRecord>>();
    points.forEach(point ->
        curves.computeIfAbsent(point.way, _ -> new TreeMap<>()).put(point.size, point.record));
    var text = new StringBuilder();
    curves.forEach((way, records) -> {
      String knee = KneeText.of(records, ScalingText::grouped);
      if (!knee.isEmpty()) {
        String name =
            curves.size() == 1 ? way.engine + ", path " + way.path : way.name(curves.keySet());
        text.append("knee of %s: %s%n".formatted(name, knee));
      }
    });
    return text.toString();
  }

  private static boolean isWhole(@Nullable Object value) {
    return value instanceof Long || value instanceof Integer;
  }

  /** Those ways together whose samples are the same work at every size that they share. */
  private static List<List<Point>> sameWork(List<Point> points) {
    var byWay =
        points.stream()
            .collect(Collectors.groupingBy(Point::way, LinkedHashMap::new, Collectors.toList()));
    var together = new ArrayList<List<Point>>();
    for (List<Point> way : byWay.values()) {
      together.stream()
          .filter(others -> sameWork(way, others))
          .findFirst()
          .orElseGet(() -> {
            var first = new ArrayList<Point>();
            together.add(first);
            return first;
          })
          .addAll(way);
    }
    return together;
  }

  /** Whether there is a size at which both are, and they are the same work wherever both are. */
  private static boolean sameWork(List<Point> way, List<Point> others) {
    boolean together = false;
    for (Point one : way) {
      for (Point other : others) {
        if (one.size == other.size) {
          double most = Math.max(one.work(), other.work());
          if (Math.abs(one.work() - other.work()) > DuetTable.SAME_WORK * most) {
            return false;
          }
          together = true;
        }
      }
    }
    return together;
  }

  private static String times(String axis, String group, List<Point> points) {
    var curves = new Curves<Way>(true);
    double smallest = Double.POSITIVE_INFINITY;
    for (Point point : points) {
      double pieces = point.record.piecesOfSample();
      var statistics = Objects.requireNonNull(point.record.statistics());
      var interval = statistics.intervals().median();
      double median = statistics.median() / pieces;
      smallest = Math.min(smallest, median);
      curves.add(
          point.way,
          point.size,
          new Value(
              median,
              divided(interval.lower(), pieces),
              divided(interval.upper(), pieces),
              sound(point.record)));
    }
    TimeUnit unit = TimeUnit.fitting(smallest);
    return table(axis, group, points, curves, "median in " + unit.symbol, "fastest", unit::of);
  }

  private static boolean sound(ResultRecord record) {
    return !RunTable.marked(record);
  }

  private static @Nullable Double divided(@Nullable Double nanos, double pieces) {
    return nanos == null ? null : (Double) (nanos / pieces);
  }

  private static String rates(String axis, String group, List<Point> points) {
    var curves = new Curves<Way>(false);
    String unit = "";
    for (Point point : points) {
      ResultRecord.Throughput rate = point.record.throughput();
      if (rate != null) {
        unit = rate.unit();
        curves.add(
            point.way,
            point.size,
            new Value(rate.median(), rate.lower(), rate.upper(), sound(point.record)));
      }
    }
    return table(axis, group, points, curves, unit, "most " + unit, Figures::rate);
  }

  private static String table(
      String axis,
      String group,
      List<Point> points,
      Curves<Way> curves,
      String what,
      String best,
      Function<Double, String> cell) {
    if (curves.ways().size() < 2 || curves.sizes().size() < FEWEST_SIZES) {
      return "";
    }
    var names = new LinkedHashMap<Way, String>();
    curves.ways().forEach(way -> names.put(way, way.name(curves.ways())));
    Set<Way> columns = names.size() <= MOST_COLUMNS ? names.keySet() : Set.of();
    var table = new TextTable().column(axis, Align.RIGHT);
    columns.forEach(way -> table.column(String.valueOf(names.get(way)), Align.RIGHT));
    table.column(best, Align.LEFT);
    String related = Ceilings.title(points.stream().map(Point::record).toList());
    if (related != null) {
      table.column(related, Align.LEFT);
    }
    boolean doubted = false;
    for (double size : curves.sizes()) {
      var cells = new ArrayList<String>();
      cells.add(plain(size));
      for (Way way : columns) {
        Value value = curves.value(way, size);
        cells.add(value == null ? "-" : cell.apply(value.value()) + (value.sound() ? "" : DOUBTED));
      }
      doubted |= curves.doubted(size);
      Set<Way> fastest = curves.best(size);
      String who = fastest.isEmpty() ? "-" : names(fastest, names, " = ");
      cells.add(columns.isEmpty() ? who + firstValue(curves, size, fastest, cell) : who);
      if (related != null) {
        cells.add(shares(points, size, fastest));
      }
      table.row(cells);
    }
    return "%s over %s, %s, %s%n%s%s%s%n"
        .formatted(
            workload(points),
            axis,
            what,
            group,
            table,
            doubted ? "* see the note of that record above: nothing is decided there\n" : "",
            summary(best, curves, names));
  }

  private static String workload(List<Point> points) {
    return points.getFirst().record.workload();
  }

  private static String firstValue(
      Curves<Way> curves, double size, Set<Way> fastest, Function<Double, String> cell) {
    return fastest.stream()
        .findFirst()
        .map(way -> ": " + cell.apply(Objects.requireNonNull(curves.value(way, size)).value()))
        .orElse("");
  }

  /** How near the best come to the ceilings that bind them, in the same order. */
  private static String shares(List<Point> points, double size, Set<Way> best) {
    return best.isEmpty()
        ? "-"
        : best.stream()
            .map(way ->
                points.stream()
                    .filter(point -> point.size == size && point.way.equals(way))
                    .map(point -> Ceilings.cell(point.record.ceiling()))
                    .reduce("-", (_, last) -> last))
            .collect(Collectors.joining(" = "));
  }

  private static String summary(String best, Curves<Way> curves, Map<Way, String> names) {
    var parts = new ArrayList<String>();
    for (Stretch<Way> stretch : curves.stretches()) {
      String where =
          stretch.from() == stretch.to()
              ? "at " + grouped(stretch.from())
              : "from %s to %s".formatted(grouped(stretch.from()), grouped(stretch.to()));
      parts.add(
          stretch.best().size() == 1
              ? names(stretch.best(), names, "") + " " + where
              : where + " not decided between " + names(stretch.best(), names, ", "));
    }
    return best + ": " + (parts.isEmpty() ? "not decided" : String.join("; ", parts));
  }

  private static String names(Set<Way> ways, Map<Way, String> names, String between) {
    return ways.stream().map(names::get).collect(Collectors.joining(between));
  }

  private static String plain(double size) {
    return BigDecimal.valueOf(size).stripTrailingZeros().toPlainString();
  }

  private static String grouped(double size) {
    return size == Math.rint(size) ? String.format(Locale.ROOT, "%,d", (long) size) : plain(size);
  }
}
