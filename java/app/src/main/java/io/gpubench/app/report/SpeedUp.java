// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.stats.QuantileInterval;
import io.gpubench.measure.stats.ShiftInterval;
import io.gpubench.measure.stats.SignedRankInterval;
import io.gpubench.measure.stats.Statistics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What more of something that works at once brings: threads, streams, requests under way, GPUs. Of
 * records that differ in nothing else, the throughput over that of the fewest (the speed-up), and
 * over the ratio of the numbers (the parallel efficiency; G. M. Amdahl, "Validity of the Single
 * Processor Approach to Achieving Large Scale Computing Capabilities", 1967). Pure.
 *
 * <p>The interval rests on duets, where the two were compared so; else on fresh processes, as
 * {@link ShiftInterval} of the logarithms of their rates; where there are too few of them, on the
 * records' own intervals, of which the outermost quotients are taken.
 *
 * @param axis what there is more of
 * @param setting engine, device, path, clock and every parameter but the axis, in words
 * @param points by the number, at least two; the first one has a speed-up of 1
 */
record SpeedUp(String workload, String axis, Setting setting, SortedMap<Double, Point> points) {
  /** What counts how much works at once, of whichever workload or engine. */
  static final Set<String> AXES =
      Set.of("threads", "streams", "gpus", "devices", "inFlight", "slots", "depth");

  private static final String THREADS = "threads";

  /** What the records share. */
  record Setting(
      String engine,
      @Nullable String device,
      String path,
      String clock,
      boolean synthetic,
      Map<String, Object> parameters) {}

  /**
   * At one number.
   *
   * @param speedUp over the fewest; null where one of both is to be doubted, or has no throughput
   * @param efficiency the speed-up over the ratio of the numbers; null exactly where that is
   */
  record Point(ResultRecord record, @Nullable Ratio speedUp, @Nullable Ratio efficiency) {}

  /**
   * A ratio with its interval.
   *
   * @param lower null where it is not known
   * @param upper null where it is not known
   */
  record Ratio(double value, @Nullable Double lower, @Nullable Double upper) {
    private Ratio over(double divisor) {
      return new Ratio(
          value / divisor,
          lower == null ? null : (Double) (lower / divisor),
          upper == null ? null : (Double) (upper / divisor));
    }
  }

  /** One of an axis and what the records share. */
  private record Key(String workload, String axis, Setting setting) {}

  /**
   * All of a run: by each parameter of {@link #AXES}, and by the threads that records say they had,
   * where they were not set as a parameter.
   */
  static List<SpeedUp> of(RunDocument run) {
    var groups = new LinkedHashMap<Key, SortedMap<Double, ResultRecord>>();
    for (ResultRecord record : run.records()) {
      if (Sweep.measured(record)) {
        for (String axis : AXES) {
          add(groups, record, axis, record.parameters().get(axis));
        }
        if (!record.parameters().containsKey(THREADS)) {
          add(groups, record, THREADS, record.configuration().get(THREADS));
        }
      }
    }
    var all = new ArrayList<SpeedUp>();
    groups.forEach((key, byNumber) -> {
      if (byNumber.size() > 1) {
        all.add(new SpeedUp(key.workload, key.axis, key.setting, points(run, byNumber)));
      }
    });
    return all;
  }

  private static void add(
      Map<Key, SortedMap<Double, ResultRecord>> groups,
      ResultRecord record,
      String axis,
      @Nullable Object number) {
    if (number instanceof Number value && value.doubleValue() > 0) {
      var others = new LinkedHashMap<>(record.parameters());
      others.remove(axis);
      var setting =
          new Setting(
              record.engine(),
              record.device(),
              record.path(),
              RunTable.clock(record),
              record.synthetic(),
              others);
      groups
          .computeIfAbsent(new Key(record.workload(), axis, setting), _ -> new TreeMap<>())
          .putIfAbsent(value.doubleValue(), record);
    }
  }

  private static SortedMap<Double, Point> points(
      RunDocument run, SortedMap<Double, ResultRecord> byNumber) {
    double fewest = byNumber.firstKey();
    ResultRecord first = byNumber.values().iterator().next();
    var points = new TreeMap<Double, Point>();
    byNumber.forEach((number, record) -> {
      Ratio speedUp = number == fewest ? alone(record) : ratio(run, first, record);
      points.put(
          number,
          new Point(record, speedUp, speedUp == null ? null : speedUp.over(number / fewest)));
    });
    return points;
  }

  private static @Nullable Ratio alone(ResultRecord first) {
    return usable(first) ? new Ratio(1, null, null) : null;
  }

  private static boolean usable(ResultRecord record) {
    ResultRecord.Throughput rate = record.throughput();
    return !RunTable.marked(record) && rate != null && rate.median() > 0;
  }

  /** How much faster the other one is. */
  private static @Nullable Ratio ratio(RunDocument run, ResultRecord first, ResultRecord other) {
    ResultRecord.Throughput slow = first.throughput();
    ResultRecord.Throughput fast = other.throughput();
    if (!usable(first) || !usable(other) || slow == null || fast == null) {
      return null;
    }
    Ratio paired = paired(run, first, other);
    if (paired != null) {
      return paired;
    }
    double[] slowLogs = logarithms(first);
    double[] fastLogs = logarithms(other);
    if (slowLogs.length > 0 && fastLogs.length > 0) {
      ShiftInterval shift = ShiftInterval.of(slowLogs, fastLogs, QuantileInterval.CONFIDENCE);
      if (shift.lower() != null && shift.upper() != null) {
        return new Ratio(
            Math.exp(shift.estimate()), Math.exp(shift.lower()), Math.exp(shift.upper()));
      }
    }
    return new Ratio(
        fast.median() / slow.median(),
        quotient(fast.lower(), slow.upper()),
        quotient(fast.upper(), slow.lower()));
  }

  /** Null where one of both is not known; rates above 0 have both bounds or none. */
  private static @Nullable Double quotient(@Nullable Double over, @Nullable Double under) {
    return over == null || under == null || !(under > 0) ? null : (Double) (over / under);
  }

  /** Of the duets of the two, if there were any and enough: what disturbed both is not in it. */
  private static @Nullable Ratio paired(RunDocument run, ResultRecord first, ResultRecord other) {
    ResultRecord.WorkPart less = first.work();
    ResultRecord.WorkPart more = other.work();
    if (run.duets() == null || less == null || more == null) {
      return null;
    }
    for (DuetComparison duets : run.duets()) {
      boolean forth =
          duets.a().record().equals(first.id()) && duets.b().record().equals(other.id());
      boolean back = duets.a().record().equals(other.id()) && duets.b().record().equals(first.id());
      double[] faster =
          duets.played().stream()
              .map(DuetComparison.Played::logRatios)
              .filter(Objects::nonNull)
              .mapToDouble(ratios ->
                  Math.log(more.units() / less.units()) + (back ? 1 : -1) * ratios.median())
              .filter(Double::isFinite)
              .toArray();
      if ((forth || back) && faster.length > 0) {
        var centre = SignedRankInterval.of(faster, QuantileInterval.CONFIDENCE);
        if (centre.lower() != null && centre.upper() != null) {
          return new Ratio(
              Math.exp(centre.estimate()), Math.exp(centre.lower()), Math.exp(centre.upper()));
        }
      }
    }
    return null;
  }

  /** ln of the rate of each process, by its median; none where the work is not known. */
  private static double[] logarithms(ResultRecord record) {
    ResultRecord.WorkPart work = record.work();
    if (work == null || !(work.units() > 0)) {
      return new double[0];
    }
    return record.processes().stream()
        .map(ProcessPart::statistics)
        .mapToDouble(statistics -> log(work.units(), statistics))
        .filter(Double::isFinite)
        .toArray();
  }

  private static double log(double units, @Nullable Statistics statistics) {
    return statistics == null ? Double.NaN : Math.log(units / statistics.median());
  }
}
