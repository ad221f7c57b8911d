// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.report.Curves.Stretch;
import io.gpubench.app.report.Curves.Value;
import io.gpubench.app.report.Figures.TimeUnit;
import io.gpubench.app.report.Sweep.Point;
import io.gpubench.app.report.Sweep.Way;
import io.gpubench.app.report.TextTable.Align;
import io.gpubench.measure.result.ResultRecord;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
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

  /** More ways do not fit beside each other; then each size has the best alone. */
  private static final int MOST_COLUMNS = 6;

  private static final int MOST_TABLES = 8;
  private static final String DOUBTED = "*";

  private ScalingText() {}

  /** Lines that end with a line feed; empty where nothing was swept in several ways. */
  static String of(Collection<ResultRecord> records) {
    List<String> tables =
        Sweep.of(records).stream().flatMap(sweep -> curves(sweep).stream()).toList();
    var text = new StringBuilder();
    tables.stream().limit(MOST_TABLES).forEach(table -> text.append('\n').append(table));
    if (tables.size() > MOST_TABLES) {
      text.append(
          "%n%d more tables of curves are left out; --format csv has all values, show --curves what is said of them%n"
              .formatted(tables.size() - MOST_TABLES));
    }
    if (text.indexOf("\nknee of ") >= 0) {
      text.append('\n').append(KneeText.RULE);
      if (text.indexOf("\n  grows: ") >= 0) {
        text.append(GrowthText.RULE);
      }
    }
    return text.toString();
  }

  /** The tables of a sweep: one for all whose samples are the same work, and one of rates. */
  private static List<String> curves(Sweep sweep) {
    List<List<Point>> sameWork = sameWork(sweep.points());
    var tables = new ArrayList<String>();
    sameWork.forEach(same -> tables.add(times(sweep, same)));
    if (sameWork.size() > 1) {
      tables.add(rates(sweep));
    }
    tables.removeIf(String::isEmpty);
    String knees = knees(sweep.curves());
    if (!tables.isEmpty()) {
      tables.addLast(tables.removeLast() + knees);
    } else if (!knees.isEmpty()) {
      tables.add(
          "%s over %s, %s%n%s".formatted(sweep.workload(), sweep.axis(), sweep.setting(), knees));
    }
    return tables;
  }

  /** Where each curve over a size is near its best, and how it grows. */
  private static String knees(Map<Way, SortedMap<Double, ResultRecord>> curves) {
    var text = new StringBuilder();
    curves.forEach((way, records) -> {
      String knee = KneeText.of(records, ScalingText::grouped);
      if (!knee.isEmpty()) {
        String name =
            curves.size() == 1 ? way.engine() + ", path " + way.path() : way.name(curves.keySet());
        text.append("knee of %s: %s%n".formatted(name, knee));
        String growth = GrowthText.of(records);
        text.append(growth.isEmpty() ? "" : "  grows: %s%n".formatted(growth));
      }
    });
    return text.toString();
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
        if (one.size() == other.size()) {
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

  private static String times(Sweep sweep, List<Point> points) {
    var curves = new Curves<Way>(true);
    double smallest = Double.POSITIVE_INFINITY;
    for (Point point : points) {
      double pieces = point.record().piecesOfSample();
      var statistics = Objects.requireNonNull(point.record().statistics());
      var interval = statistics.intervals().median();
      double median = statistics.median() / pieces;
      smallest = Math.min(smallest, median);
      curves.add(
          point.way(),
          point.size(),
          new Value(
              median,
              divided(interval.lower(), pieces),
              divided(interval.upper(), pieces),
              sound(point.record())));
    }
    TimeUnit unit = TimeUnit.fitting(smallest);
    return table(sweep, points, curves, "median in " + unit.symbol, "fastest", unit::of);
  }

  private static boolean sound(ResultRecord record) {
    return !RunTable.marked(record);
  }

  private static @Nullable Double divided(@Nullable Double nanos, double pieces) {
    return nanos == null ? null : (Double) (nanos / pieces);
  }

  private static String rates(Sweep sweep) {
    var curves = new Curves<Way>(false);
    String unit = "";
    for (Point point : sweep.points()) {
      ResultRecord.Throughput rate = point.record().throughput();
      if (rate != null) {
        unit = rate.unit();
        curves.add(
            point.way(),
            point.size(),
            new Value(rate.median(), rate.lower(), rate.upper(), sound(point.record())));
      }
    }
    return table(sweep, sweep.points(), curves, unit, "most " + unit, Figures::rate);
  }

  private static String table(
      Sweep sweep,
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
    var table = new TextTable().column(sweep.axis(), Align.RIGHT);
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
            sweep.workload(),
            sweep.axis(),
            what,
            sweep.setting(),
            table,
            doubted ? "* see the note of that record above: nothing is decided there\n" : "",
            summary(best, curves, names));
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
                    .filter(point -> point.size() == size && point.way().equals(way))
                    .map(point -> Ceilings.cell(point.record().ceiling()))
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
