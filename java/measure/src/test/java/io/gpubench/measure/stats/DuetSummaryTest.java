// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class DuetSummaryTest {
  /** The example of a published table; see the test of the signed-rank interval. */
  private static final double[] LOG_RATIOS = {
    .031, .048, -.012, .052, .067, .024, .039, .081, .044, .058
  };

  private static Statistics constant(double nanos) {
    long[] samples = new long[30];
    Arrays.fill(samples, Math.round(nanos));
    return Statistics.of(samples);
  }

  @Test
  void theCentreAndItsIntervalAreThoseOfTheLogarithms() {
    // so long that rounding to whole nanoseconds does not show
    double[] levels = {1e12, 2e12, 1.5e12, 3e12, 1e12, 2.5e12, 4e12, 1.2e12, 1e12, 3e12};
    var a = new ArrayList<Statistics>();
    var b = new ArrayList<Statistics>();
    for (int i = 0; i < levels.length; i++) {
      a.add(constant(levels[i]));
      b.add(constant(levels[i] * Math.exp(LOG_RATIOS[i])));
    }
    var summary = DuetSummary.of(a, b);
    assertEquals(10, summary.duets());
    var median = summary.median();
    assertEquals(.0455, Math.log(median.ratio()), 1e-9);
    assertEquals(.024, Math.log(median.lower()), 1e-9);
    assertEquals(.060, Math.log(median.upper()), 1e-9);
    assertEquals(.9511718750, median.coverage(), 1e-9);
    assertEquals(.025598611073, median.spread(), 1e-9, "Python: statistics.stdev(d)");
    assertEquals(summary.median(), summary.p95(), "all samples are equal");
  }

  @Test
  void theSpreadOfUnpairedProcessesAddsUpBothSides() {
    double e = Math.E;
    // ln A is 0, 1, 2 and ln B is 2, 1, 0 above ln 1e9: each has a variance of 1
    var a = List.of(constant(1e9), constant(1e9 * e), constant(1e9 * e * e));
    var summary = DuetSummary.of(a, a.reversed());
    assertEquals(Math.sqrt(2), summary.median().unpairedSpread(), 1e-8);
    assertEquals(2, summary.median().spread(), 1e-8, "2, 0 and -2");
    assertEquals(1, summary.median().ratio(), 1e-8);
    assertEquals(1e9 * e, summary.median().nanosA(), 10);
    assertEquals(1e9 * e, summary.median().nanosB(), 10);
    assertNull(summary.median().lower(), "three duets bound nothing");
    assertNull(summary.median().upper());
    assertNull(summary.median().coverage());
  }

  @Test
  void whatHitsBothSidesAlikeIsNotInTheSpread() {
    var a = List.of(constant(1_000_000), constant(3_000_000), constant(2_000_000));
    var b = List.of(constant(1_100_000), constant(3_300_000), constant(2_200_000));
    var median = DuetSummary.of(a, b).median();
    assertEquals(1.1, median.ratio(), 1e-12);
    assertEquals(0, median.spread(), 1e-12);
    assertEquals(.78, median.unpairedSpread(), .01);
  }

  @Test
  void aSingleDuetHasARatioAndNothingElse() {
    var median = DuetSummary.of(List.of(constant(100)), List.of(constant(250))).median();
    assertEquals(2.5, median.ratio(), 1e-12);
    assertNull(median.spread());
    assertNull(median.unpairedSpread());
    assertNull(median.lower());
  }

  @Test
  void sidesThatDoNotMatchAreRefused() {
    var one = List.of(constant(100));
    assertThrows(IllegalArgumentException.class, () -> DuetSummary.of(List.of(), List.of()));
    assertThrows(
        IllegalArgumentException.class,
        () -> DuetSummary.of(one, Collections.nCopies(2, one.get(0))));
    assertThrows(IllegalArgumentException.class, () -> DuetSummary.of(one, List.of(constant(0))));
  }
}
