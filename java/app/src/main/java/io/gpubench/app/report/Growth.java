// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.stats.PowerLaw;
import io.gpubench.measure.stats.QuantileInterval;
import io.gpubench.measure.stats.Statistics;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How the median time of a sample (of a piece, where it is of several) and the throughput grow with
 * the size: the exponents of power laws over stretches of a curve. Records that are to be doubted
 * are left out. Pure.
 *
 * @param stretch which one
 * @param from its smallest size
 * @param to its largest size
 * @param time of the median
 * @param rate of the throughput; null where a record has none
 */
record Growth(Stretch stretch, double from, double to, PowerLaw time, @Nullable PowerLaw rate) {
  /** A part of a curve, by its knee. */
  enum Stretch {
    ALL("all"),
    BEFORE("before"),
    KNEE("knee"),
    BEYOND("beyond");

    /** In a table for programs. */
    final String word;

    Stretch(String word) {
      this.word = word;
    }
  }

  /** A law through fewer sizes would be no observation. */
  private static final int FEWEST_SIZES = 3;

  private static final int FEWEST_OF_PART = 2;

  /**
   * Those of a whole curve and of its parts: before its knee, in it, and beyond.
   *
   * @param bySize records of one way
   * @param knee where the curve is near its best; null where that is not known
   * @return first the whole curve, then parts, if there is more than one and each has at least two
   *     sizes; nothing for fewer than three sizes
   */
  static List<Growth> of(SortedMap<Double, ResultRecord> bySize, @Nullable Knee knee) {
    var sound = new TreeMap<>(bySize);
    sound.values().removeIf(record -> RunTable.marked(record) || !(median(record) > 0));
    sound.keySet().removeIf(size -> !(size > 0));
    if (sound.size() < FEWEST_SIZES) {
      return List.of();
    }
    var growths = new ArrayList<Growth>();
    growths.add(over(Stretch.ALL, sound));
    if (knee != null) {
      var parts = new ArrayList<Growth>();
      part(Stretch.BEFORE, sound.headMap(knee.from()), parts);
      part(Stretch.KNEE, sound.subMap(knee.from(), true, knee.to(), true), parts);
      part(Stretch.BEYOND, sound.tailMap(knee.to(), false), parts);
      if (parts.size() > 1) {
        growths.addAll(parts);
      }
    }
    return growths;
  }

  private static void part(
      Stretch stretch, SortedMap<Double, ResultRecord> records, List<Growth> parts) {
    if (records.size() >= FEWEST_OF_PART) {
      parts.add(over(stretch, records));
    }
  }

  private static Growth over(Stretch stretch, SortedMap<Double, ResultRecord> records) {
    double[] sizes = records.keySet().stream().mapToDouble(size -> size).toArray();
    double[] times = records.values().stream().mapToDouble(Growth::median).toArray();
    double[] rates =
        records.values().stream()
            .map(ResultRecord::throughput)
            .mapToDouble(rate -> rate == null ? 0 : rate.median())
            .filter(rate -> rate > 0 && Double.isFinite(rate))
            .toArray();
    return new Growth(
        stretch,
        records.firstKey(),
        records.lastKey(),
        PowerLaw.of(sizes, times, QuantileInterval.CONFIDENCE),
        rates.length < sizes.length
            ? null
            : PowerLaw.of(sizes, rates, QuantileInterval.CONFIDENCE));
  }

  private static double median(ResultRecord record) {
    Statistics statistics = record.statistics();
    return statistics == null ? 0 : statistics.median() / record.piecesOfSample();
  }
}
