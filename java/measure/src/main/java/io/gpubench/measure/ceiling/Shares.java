// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.ceiling;

import io.gpubench.measure.result.CeilingShare;
import io.gpubench.measure.result.MeasuredCeiling;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunCeilings;
import io.gpubench.measure.stats.Statistics;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Relates times to ceilings: the one place that derives it, for who measures and for who verifies.
 * Pure.
 */
public final class Shares {
  /**
   * A share above this is more than a ceiling that was measured a while ago can be off by; that
   * ceiling is measured again.
   */
  public static final double MOST_SHARE = 1.05;

  private Shares() {}

  /**
   * What a sample takes, and how long it took.
   *
   * @param workload that it is a sample of
   * @param unit of the throughput, such as {@code bytes/s}
   * @param demands what it takes at least: a ceiling's id, and the amount in that ceiling's unit
   * @param medianNanos more than 0
   */
  public record Taken(
      String workload, String unit, Map<String, Double> demands, double medianNanos) {
    /** Whether it measures a ceiling, so that no other one is above it. */
    boolean isCeiling() {
      return workload.startsWith(RunCeilings.PREFIX);
    }
  }

  /** What a record says of it; empty where it has no times or demands nothing. */
  public static Optional<Taken> taken(ResultRecord record) {
    Statistics times = record.statistics();
    ResultRecord.WorkPart work = record.work();
    Map<String, Double> demands = record.demands();
    boolean believed = record.outcomeValue() instanceof Outcome.Measured;
    return !believed || times == null || work == null || demands == null || !(times.median() > 0)
        ? Optional.empty()
        : Optional.of(new Taken(record.workload(), work.unit() + "/s", demands, times.median()));
  }

  /**
   * The share of the ceiling that binds; of a workload that measures a ceiling, the share of the
   * physical bound. Null where none is known that the sample demands.
   *
   * @param bounds physical limits: a ceiling's id, and units per second
   * @param hardware that did the work; null where it is not known
   * @param used ceilings of whatever hardware; of several of one id the highest counts
   */
  public static @Nullable CeilingShare of(
      Taken taken,
      Map<String, Double> bounds,
      @Nullable String hardware,
      List<RunCeilings.Used> used) {
    if (taken.isCeiling()) {
      return ofBound(taken, bounds, hardware);
    }
    CeilingShare binding = null;
    var shares = new TreeMap<String, Double>();
    for (String id : new TreeSet<>(taken.demands().keySet())) {
      RunCeilings.Used known = best(used, hardware, id).orElse(null);
      Double amount = taken.demands().get(id);
      if (known == null || amount == null || !(amount > 0)) {
        continue;
      }
      MeasuredCeiling ceiling = known.ceiling();
      double floor = 1e9 * amount / ceiling.rate();
      double share = floor / taken.medianNanos();
      shares.put(id, share);
      if (binding == null || floor > binding.floorNanos()) {
        binding =
            new CeilingShare(
                CeilingShare.CEILING,
                id,
                hardware,
                ceiling.unit(),
                ceiling.rate(),
                floor,
                share,
                ceiling.measuredAt(),
                ceiling.run(),
                share > MOST_SHARE ? doubt(share, known) : null,
                null);
      }
    }
    return binding == null ? null : with(binding, shares);
  }

  private static CeilingShare with(CeilingShare binding, SortedMap<String, Double> shares) {
    var others = new TreeMap<>(shares);
    others.remove(binding.ceiling());
    return others.isEmpty() ? binding : binding.withOthers(others);
  }

  private static @Nullable CeilingShare ofBound(
      Taken taken, Map<String, Double> bounds, @Nullable String hardware) {
    Double bound = bounds.get(taken.workload());
    Double amount = taken.demands().get(taken.workload());
    if (bound == null || amount == null || !(amount > 0)) {
      return null;
    }
    double floor = 1e9 * amount / bound;
    return new CeilingShare(
        CeilingShare.BOUND,
        taken.workload(),
        hardware,
        taken.unit(),
        bound,
        floor,
        floor / taken.medianNanos(),
        null,
        null,
        null,
        null);
  }

  private static String doubt(double share, RunCeilings.Used known) {
    return String.format(
        Locale.ROOT,
        "%.2f times the measured %s, which %s: the work is less than it is said to be, or the ceiling was disturbed",
        share,
        known.ceiling().id(),
        known.measuredNow() == null ? "was not measured again" : "was measured in this run");
  }

  /** The ceilings that something demands and that are not known, in alphabetical order. */
  public static SequencedSet<String> missing(
      Iterable<Taken> all, @Nullable String hardware, List<RunCeilings.Used> used) {
    var missing = new TreeSet<String>();
    for (Taken taken : all) {
      if (!taken.isCeiling()) {
        taken
            .demands()
            .forEach((id, amount) -> {
              if (amount > 0 && best(used, hardware, id).isEmpty()) {
                missing.add(id);
              }
            });
      }
    }
    return missing;
  }

  /**
   * The ceilings that something exceeds by more than they can be off, in alphabetical order, also
   * where another one binds.
   */
  public static SequencedSet<String> exceeded(
      Iterable<Taken> all, @Nullable String hardware, List<RunCeilings.Used> used) {
    var exceeded = new TreeSet<String>();
    for (Taken taken : all) {
      if (!taken.isCeiling()) {
        taken
            .demands()
            .forEach((id, amount) ->
                best(used, hardware, id)
                    .filter(known ->
                        1e9 * amount / known.ceiling().rate() > MOST_SHARE * taken.medianNanos())
                    .ifPresent(_ -> exceeded.add(id)));
      }
    }
    return exceeded;
  }

  /** The highest of those with an id, by whichever engine. */
  private static Optional<RunCeilings.Used> best(
      List<RunCeilings.Used> used, @Nullable String hardware, String id) {
    return used.stream()
        .filter(one -> one.hardware().equals(hardware) && one.ceiling().id().equals(id))
        .max(Comparator.comparingDouble(one -> one.ceiling().rate()));
  }
}
