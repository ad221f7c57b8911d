// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.report.Growth.Stretch;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.stats.PowerLaw;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GrowthTest {
  private static final double[] SIZES = {1, 2, 4, 8, 16, 32, 64, 128};

  /** A sample is the size's work. */
  private static SortedMap<Double, ResultRecord> curve(DoubleUnaryOperator nanos) {
    var records = new TreeMap<Double, ResultRecord>();
    for (double size : SIZES) {
      records.put(
          size,
          RunFixture.timed(
              "host", "call", Map.of("nodes", (long) size), size, nanos.applyAsDouble(size)));
    }
    return records;
  }

  @Test
  void aLawIsFoundWithItsInterval() {
    List<Growth> growths = Growth.of(curve(size -> 1e3 * size * size), null);
    assertEquals(1, growths.size());
    Growth all = growths.getFirst();
    assertEquals(Stretch.ALL, all.stretch());
    assertEquals(1, all.from());
    assertEquals(128, all.to());
    assertEquals(2, all.time().exponent(), 1e-9);
    assertEquals(2, present(all.time().lower()), 1e-6);
    PowerLaw rate = all.rate();
    assertNotNull(rate);
    assertEquals(-1, rate.exponent(), 1e-9);
  }

  private static double present(@Nullable Double value) {
    assertNotNull(value);
    return value;
  }

  /** Constant up to 16 by an overhead, then in proportion: one line through both fits neither. */
  @Test
  void partsAroundTheKneeGrowDifferently() {
    var records = curve(size -> 1e3 * Math.max(16, size));
    Knee knee = KneeText.knee(records);
    assertNotNull(knee);
    assertEquals(16, knee.from());
    List<Growth> growths = Growth.of(records, knee);
    assertEquals(
        List.of(Stretch.ALL, Stretch.BEFORE, Stretch.KNEE),
        growths.stream().map(Growth::stretch).toList());
    assertEquals(0, growths.get(1).time().exponent(), 1e-9);
    assertEquals(8, growths.get(1).to());
    assertEquals(1, growths.get(2).time().exponent(), 1e-9);
    assertEquals(
        "time by 0.40 (0.16 .. 0.65), messages/s by 0.60 (0.35 .. 0.84); time before the knee by 0.00 (0.00 .. 0.00), in the knee by 1.00 (1.00 .. 1.00)",
        GrowthText.of(records));
  }

  /** As where a cache no longer holds it. */
  @Test
  void beyondTheKneeIsAPartToo() {
    var records = curve(size -> 1e3 * size * (size > 16 ? size / 8 : 1));
    List<Growth> growths = Growth.of(records, KneeText.knee(records));
    assertEquals(
        List.of(Stretch.ALL, Stretch.KNEE, Stretch.BEYOND),
        growths.stream().map(Growth::stretch).toList());
    assertEquals(2, growths.get(2).time().exponent(), 1e-9);
    assertTrue(GrowthText.of(records).endsWith(", beyond it by 2.00 (2.00 .. 2.00)"));
  }

  @Test
  void whatIsDoubtedAndTooFewSizesSayNothing() {
    var records = curve(size -> 1e3 * size);
    records.put(128.0, RunFixture.result("x", new Outcome.Rejected("implausible")));
    assertEquals(64, Growth.of(records, null).getFirst().to());
    assertEquals(List.of(), Growth.of(records.headMap(4.0), null));
    assertEquals("", GrowthText.of(records.headMap(4.0)));
  }

  @Test
  void withoutThroughputThereIsTheTimeAlone() {
    var records = new TreeMap<Double, ResultRecord>();
    for (double size : SIZES) {
      records.put(size, RunFixture.timed("host", "call", Map.of("nodes", 1L), 0, 1e3 * size));
    }
    Growth all = Growth.of(records, null).getFirst();
    assertNull(all.rate());
    assertEquals("time by 1.00 (1.00 .. 1.00)", GrowthText.of(records));
  }
}
