// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a curve is near its largest value: all sizes in a row, that of the largest value among
 * them, whose values are at least {@link #NEAR} of it. Where a ceiling binds, its edges are the
 * knees of the curve. Pure.
 *
 * @param from the smallest of these sizes
 * @param to the largest of them
 * @param fromStart whether the curve begins with them
 * @param toEnd whether it ends with them
 * @param largestAt the size of the largest value; the smallest such size
 * @param largest that value
 */
record Knee(
    double from, double to, boolean fromStart, boolean toEnd, double largestAt, double largest) {
  static final double NEAR = 0.9;

  /** A curve of fewer sizes has none. */
  static final int FEWEST_SIZES = 3;

  /**
   * That of a curve.
   *
   * @param curve from a size to a value, the larger the better
   * @return null where there are too few sizes, or no value is above 0
   */
  static @Nullable Knee of(SortedMap<Double, Double> curve) {
    List<Map.Entry<Double, Double>> points = new ArrayList<>(curve.entrySet());
    int most = 0;
    for (int i = 1; i < points.size(); i++) {
      if (points.get(i).getValue() > points.get(most).getValue()) {
        most = i;
      }
    }
    if (points.size() < FEWEST_SIZES || !(points.get(most).getValue() > 0)) {
      return null;
    }
    double least = NEAR * points.get(most).getValue();
    int from = most;
    while (from > 0 && points.get(from - 1).getValue() >= least) {
      from--;
    }
    int to = most;
    while (to < points.size() - 1 && points.get(to + 1).getValue() >= least) {
      to++;
    }
    return new Knee(
        points.get(from).getKey(),
        points.get(to).getKey(),
        from == 0,
        to == points.size() - 1,
        points.get(most).getKey(),
        points.get(most).getValue());
  }
}
