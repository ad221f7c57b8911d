// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gpubench.measure.result.CeilingShare;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ResultRecord;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KneeTextTest {
  /** A share of a measured ceiling. */
  static CeilingShare share(String ceiling, double share) {
    return new CeilingShare(
        CeilingShare.CEILING,
        ceiling,
        "processors",
        "bytes/s",
        1e9,
        1,
        share,
        "2026-11-21T03:56:22Z",
        "run",
        null,
        null);
  }

  private final TreeMap<Double, ResultRecord> records = new TreeMap<>();

  /** One second for so many units. */
  private void add(double size, double units, @Nullable CeilingShare share) {
    records.put(
        size, RunFixture.timed("host", "call", Map.of("nodes", 1L), units, 1e9, share, null));
  }

  private String text() {
    return KneeText.of(records, size -> String.valueOf((long) size));
  }

  @Test
  void byTheShareWhereItIsKnownEverywhere() {
    add(1, 9e9, share("ceiling.read", 0.2));
    add(2, 8e9, share("ceiling.read", 0.76));
    add(4, 7e9, share("ceiling.int32", 0.8));
    add(8, 1e9, share("ceiling.int32", 0.8));
    assertEquals(
        "from 2 on, by ceiling.read, then ceiling.int32; the largest share, 80 %, at 4", text());
    add(16, 1, share("ceiling.int32", 0.1));
    assertEquals(
        "from 2 to 8, by ceiling.read, then ceiling.int32; the largest share, 80 %, at 4", text());
    add(0.5, 1, share("ceiling.read", 1));
    assertEquals("up to 0, by ceiling.read; the largest share, 100 %, at 0", text());
  }

  /** Small inputs that a cache may hold have no share of memory. */
  @Test
  void fromTheFirstSizeOnWhoseShareIsKnown() {
    add(1, 9e9, null);
    add(2, 9e9, null);
    add(4, 1e9, share("ceiling.read", 0.5));
    add(8, 1e9, share("ceiling.read", 0.78));
    assertEquals(
        "up to 2, by throughput; the most, 9.000 G messages/s, at 1; a ceiling is known at 4, 8",
        text());
    add(16, 1e9, share("ceiling.read", 0.8));
    assertEquals(
        "from 8 on, by ceiling.read; the largest share, 80 %, at 16; not known up to 2", text());
    add(32, 1e9, null);
    assertEquals(
        "up to 2, by throughput; the most, 9.000 G messages/s, at 1; a ceiling is known at 4, 8, 16",
        text());
  }

  @Test
  void byThroughputElsewhere() {
    add(1, 1e6, null);
    add(2, 3e6, null);
    add(4, 3e6, null);
    assertEquals(
        "from 2 on, by throughput; the most, 3.000 M messages/s, at 2; no ceiling is known",
        text());
    add(8, 2.9e6, share("ceiling.read", 0.5));
    assertEquals(
        "from 2 on, by throughput; the most, 3.000 M messages/s, at 2; a ceiling is known at 8",
        text());
    add(16, 9e6, null);
    assertEquals(
        "none yet: throughput still rises at 16, the last size, to 9.000 M messages/s; a ceiling is known at 8",
        text());
  }

  @Test
  void aShareThatStillRises() {
    add(1, 9e9, share("ceiling.read", 0.2));
    add(2, 8e9, share("ceiling.read", 0.4));
    add(4, 7e9, share("ceiling.int32", 0.8));
    assertEquals(
        "none yet: the share still rises at 4, the last size, to 80 % of ceiling.int32", text());
  }

  @Test
  void whatIsDoubtedDoesNotCount() {
    add(1, 1e6, null);
    add(2, 3e6, null);
    assertEquals("", text());
    records.put(4.0, RunFixture.result("x", new Outcome.Rejected("implausible")));
    assertEquals("not decided: fewer than 3 sizes are free of doubt", text());
    add(8, 3e6, null);
    assertEquals(
        "from 2 on, by throughput; the most, 3.000 M messages/s, at 2; no ceiling is known",
        text());
  }

  @Test
  void nothingAboveZero() {
    for (int size = 1; size < 5; size++) {
      add(size, 0, null);
    }
    assertEquals("none: no throughput is above 0", text());
    records.clear();
    for (int size = 1; size < 5; size++) {
      add(size, 1, share("ceiling.read", 0));
    }
    assertEquals("none: no share is above 0", text());
  }
}
