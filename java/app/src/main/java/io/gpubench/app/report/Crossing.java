// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.report.Placement.Direction;
import io.gpubench.app.report.Placement.On;
import io.gpubench.app.report.Placement.Time;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.stats.Statistics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Between which measured sizes a way to move pages crosses a limit of time. Pure.
 *
 * @param run its id
 * @param name of the way: the path, with what was set of its tuning
 * @param tuning what was set
 * @param over the parameter that was swept: {@code pages} or {@code pageBytes}
 * @param pageBytes that all sizes share; null where they are what was swept
 * @param pages likewise
 * @param sizes how many were measured
 * @param median by the median of each size
 * @param p95 by the 95th percentile
 */
public record Crossing(
    String run,
    On on,
    Direction direction,
    String name,
    String path,
    Map<String, Object> tuning,
    String over,
    @Nullable Long pageBytes,
    @Nullable Long pages,
    int sizes,
    Sides median,
    Sides p95) {
  private static final String PAGES = "pages";
  private static final String PAGE_BYTES = "pageBytes";

  /**
   * Both sides of a limit.
   *
   * @param below the largest size whose time is at most the limit; null for none
   * @param above the smallest size whose time is longer; null for none
   * @param ordered whether every size that takes longer is larger than every one that does not;
   *     else the curve comes back, and nothing is crossed once
   */
  public record Sides(@Nullable Size below, @Nullable Size above, boolean ordered) {}

  /**
   * A size that was measured.
   *
   * @param bytes that move, of both ways together
   * @param nanos its quantile, in nanoseconds
   * @param certain whether the whole interval lies on that side of the limit, several processes
   *     measured it, and nothing is in doubt
   */
  public record Size(long pageBytes, long pages, long bytes, double nanos, boolean certain) {}

  private record Point(ResultRecord record, PageMove move, Statistics times) {}

  private record Curve(
      On on,
      Direction direction,
      String path,
      Map<String, Object> tuning,
      String over,
      long constant) {}

  /**
   * Those of all ways of a run, in its order.
   *
   * @param limitNanos the limit, in nanoseconds
   */
  static List<Crossing> of(RunDocument run, long limitNanos) {
    var curves = new LinkedHashMap<Curve, List<Point>>();
    for (ResultRecord record : run.records()) {
      PageMove move = PageMove.of(record);
      Statistics times = record.statistics();
      if (move != null && times != null && record.outcomeValue() instanceof Outcome.Measured) {
        var point = new Point(record, move, times);
        add(curves, point, PAGES, move.pageBytes());
        add(curves, point, PAGE_BYTES, move.pages());
      }
    }
    // a size alone is a curve only where it is in no other one
    var swept =
        curves.values().stream().filter(points -> points.size() > 1).flatMap(List::stream).toList();
    curves
        .entrySet()
        .removeIf(entry ->
            entry.getValue().size() == 1
                && (entry.getKey().over.equals(PAGE_BYTES)
                    || swept.contains(entry.getValue().getFirst())));
    var crossings = new ArrayList<Crossing>();
    curves.forEach((curve, points) -> crossings.add(of(run.id(), curve, points, limitNanos)));
    return crossings;
  }

  private static void add(Map<Curve, List<Point>> curves, Point point, String over, long constant) {
    PageMove move = point.move;
    var curve =
        new Curve(
            Placements.on(point.record),
            move.direction(),
            point.record.path(),
            move.tuning(),
            over,
            constant);
    curves.computeIfAbsent(curve, _ -> new ArrayList<>()).add(point);
  }

  private static Crossing of(String run, Curve curve, List<Point> points, long limitNanos) {
    boolean overPages = curve.over.equals(PAGES);
    List<Point> bySize =
        points.stream().sorted(Comparator.comparingLong(point -> point.move.bytes())).toList();
    return new Crossing(
        run,
        curve.on,
        curve.direction,
        points.getFirst().move.way(curve.path),
        curve.path,
        curve.tuning,
        curve.over,
        overPages ? (Long) curve.constant : null,
        overPages ? null : (Long) curve.constant,
        points.size(),
        sides(bySize, limitNanos, Crossing::median),
        sides(bySize, limitNanos, Crossing::p95));
  }

  private static Time median(Point point) {
    return Placements.time(
        point.times.median(), point.times.intervals().median(), point.record.piecesOfSample());
  }

  private static Time p95(Point point) {
    return Placements.time(
        point.times.p95(), point.times.intervals().p95(), point.record.piecesOfSample());
  }

  private static Sides sides(List<Point> bySize, long limitNanos, Function<Point, Time> quantile) {
    Size below = null;
    Size above = null;
    for (Point point : bySize) {
      Time time = quantile.apply(point);
      boolean within = time.nanos() <= limitNanos;
      Double farther = within ? time.upper() : time.lower();
      boolean certain =
          farther != null
              && farther <= limitNanos == within
              && Placements.processes(point.record) >= Placements.FEWEST_PROCESSES
              && !RunTable.marked(point.record);
      PageMove move = point.move;
      var size = new Size(move.pageBytes(), move.pages(), move.bytes(), time.nanos(), certain);
      if (within) {
        below = size;
      } else if (above == null) {
        above = size;
      }
    }
    return new Sides(below, above, below == null || above == null || below.bytes() < above.bytes());
  }
}
