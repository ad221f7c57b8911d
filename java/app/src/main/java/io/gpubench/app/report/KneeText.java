// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.measure.Printable;
import io.gpubench.measure.result.CeilingShare;
import io.gpubench.measure.result.ResultRecord;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * In words where a curve over a size is near its best: by the share of the ceiling that binds at
 * each size, from the first one on at which it is known, as small inputs may lie in a cache; or by
 * throughput where it is not known at three sizes or all from there on. Pure.
 */
final class KneeText {
  /** What a knee is; to be said once where any is told. */
  static final String RULE =
      "knee: the sizes in a row at which a curve has at least 90 %% of its largest share of the ceiling that binds there, from the first size on where that is known; of its largest throughput where it is not%n"
          .formatted();

  private KneeText() {}

  /**
   * {@code from 65,536 on, by ceiling.read; the largest share, 83 %, at 1,048,576}; empty where
   * there are too few sizes for a curve.
   *
   * @param bySize records of one way, with throughput; those that are to be doubted are left out
   * @param size how sizes are written
   */
  static String of(SortedMap<Double, ResultRecord> bySize, DoubleFunction<String> size) {
    if (bySize.size() < Knee.FEWEST_SIZES) {
      return "";
    }
    Known known = known(bySize);
    SortedMap<Double, ResultRecord> sound = known.sound;
    if (sound.size() < Knee.FEWEST_SIZES) {
      return "not decided: fewer than %d sizes are free of doubt".formatted(Knee.FEWEST_SIZES);
    }
    return known.byShare()
        ? byShare(sound.tailMap(known.shares.firstKey()), known.shares, size)
            + unknown(sound, known.shares, size)
        : byThroughput(sound, known.shares, known.rates, size);
  }

  /**
   * The knee that {@link #of} tells of.
   *
   * @return null where there is none
   */
  static @Nullable Knee knee(SortedMap<Double, ResultRecord> bySize) {
    Known known = known(bySize);
    return Knee.of(known.byShare() ? known.shares : known.rates);
  }

  /** Whether the knee goes by shares of ceilings, or by throughput. */
  static boolean byShare(SortedMap<Double, ResultRecord> bySize) {
    return known(bySize).byShare();
  }

  /**
   * What is known at which size.
   *
   * @param sound the records that are not to be doubted
   */
  private record Known(
      SortedMap<Double, ResultRecord> sound,
      SortedMap<Double, Double> shares,
      SortedMap<Double, Double> rates) {
    boolean byShare() {
      return shares.size() >= Knee.FEWEST_SIZES
          && shares.size() == sound.tailMap(shares.firstKey()).size();
    }
  }

  private static Known known(SortedMap<Double, ResultRecord> bySize) {
    var sound = new TreeMap<>(bySize);
    sound.values().removeIf(record -> RunTable.marked(record) || record.throughput() == null);
    var shares = new TreeMap<Double, Double>();
    var rates = new TreeMap<Double, Double>();
    sound.forEach((at, record) -> {
      CeilingShare share = record.ceiling();
      if (share != null) {
        shares.put(at, share.share());
      }
      rates.put(at, Objects.requireNonNull(record.throughput()).median());
    });
    return new Known(sound, shares, rates);
  }

  /** What is said of the sizes below the first one whose share is known. */
  private static String unknown(
      SortedMap<Double, ResultRecord> records,
      SortedMap<Double, Double> shares,
      DoubleFunction<String> size) {
    SortedMap<Double, ResultRecord> below = records.headMap(shares.firstKey());
    return below.isEmpty() ? "" : "; not known up to " + size.apply(below.lastKey());
  }

  private static String byShare(
      SortedMap<Double, ResultRecord> records,
      SortedMap<Double, Double> shares,
      DoubleFunction<String> size) {
    Knee knee = Knee.of(shares);
    if (knee == null) {
      return "none: no share is above 0";
    }
    String names = ceilings(records.subMap(knee.from(), Math.nextUp(knee.to())));
    String largest = Figures.percent(knee.largest());
    return rises(knee)
        ? "none yet: the share still rises at %s, the last size, to %s of %s"
            .formatted(size.apply(knee.to()), largest, names)
        : "%s, by %s; the largest share, %s, at %s"
            .formatted(where(knee, size), names, largest, size.apply(knee.largestAt()));
  }

  private static String byThroughput(
      SortedMap<Double, ResultRecord> records,
      SortedMap<Double, Double> shares,
      SortedMap<Double, Double> rates,
      DoubleFunction<String> size) {
    Knee knee = Knee.of(rates);
    if (knee == null) {
      return "none: no throughput is above 0";
    }
    ResultRecord best = Objects.requireNonNull(records.get(knee.largestAt()));
    var throughput = Objects.requireNonNull(best.throughput());
    String most = Figures.rate(knee.largest()) + " " + Printable.line(throughput.unit());
    String known =
        shares.isEmpty()
            ? "no ceiling is known"
            : "a ceiling is known at "
                + String.join(", ", shares.keySet().stream().map(size::apply).toList());
    return rises(knee)
        ? "none yet: throughput still rises at %s, the last size, to %s; %s"
            .formatted(size.apply(knee.to()), most, known)
        : "%s, by throughput; the most, %s, at %s; %s"
            .formatted(where(knee, size), most, size.apply(knee.largestAt()), known);
  }

  /** Whether the last size alone is near its own value. */
  private static boolean rises(Knee knee) {
    return knee.toEnd() && knee.from() == knee.to();
  }

  private static String where(Knee knee, DoubleFunction<String> size) {
    if (knee.fromStart() && knee.toEnd()) {
      return "at every size";
    }
    if (knee.toEnd()) {
      return "from %s on".formatted(size.apply(knee.from()));
    }
    if (knee.fromStart()) {
      return "up to %s".formatted(size.apply(knee.to()));
    }
    return knee.from() == knee.to()
        ? "at %s".formatted(size.apply(knee.from()))
        : "from %s to %s".formatted(size.apply(knee.from()), size.apply(knee.to()));
  }

  /** The names of those that bind, the one at the smallest size first. */
  private static String ceilings(Map<Double, ResultRecord> records) {
    Set<String> names = new LinkedHashSet<>();
    for (ResultRecord record : records.values()) {
      CeilingShare share = Objects.requireNonNull(record.ceiling());
      names.add(
          (share.of().equals(CeilingShare.BOUND) ? "the bound of " : "")
              + Printable.line(share.ceiling()));
    }
    return String.join(", then ", names);
  }
}
