// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.ceiling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ceiling.Shares.Taken;
import io.gpubench.measure.result.CeilingShare;
import io.gpubench.measure.result.MeasuredCeiling;
import io.gpubench.measure.result.RunCeilings.Used;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SharesTest {
  private static final String HERE = "processors";
  private static final List<Used> USED =
      List.of(used("ceiling.hostread", 10e9), used("ceiling.int32", 5e9));

  @Test
  void theThingThatTakesLongestBinds() {
    // 1 GB at 10 GB/s takes 100 ms; 2 G operations at 5 G/s take 400 ms
    CeilingShare share =
        of(taken(Map.of("ceiling.hostread", 1e9, "ceiling.int32", 2e9), 800e6), USED);
    assertNotNull(share);
    assertEquals("ceiling.int32", share.ceiling());
    assertEquals("int32", share.shortName());
    assertEquals(400e6, share.floorNanos(), 1e-3);
    assertEquals(0.5, share.share(), 1e-12);
    assertEquals(CeilingShare.CEILING, share.of());
    assertEquals("run-of-ceiling.int32", share.run());
    assertEquals(Map.of("ceiling.hostread", 0.125), share.others());
    assertNull(share.doubt());
  }

  @Test
  void ofSeveralEnginesTheBestIsTheHardwares() {
    var both = new ArrayList<>(USED);
    both.add(
        new Used(
            HERE,
            new MeasuredCeiling(
                "ceiling.int32",
                "operations/s",
                4e9,
                null,
                null,
                "slow",
                "2026-11-21T00:00:00Z",
                "r",
                null),
            null));
    CeilingShare share = of(taken(Map.of("ceiling.int32", 5e9), 2e9), both);
    assertNotNull(share);
    assertEquals(5e9, share.rate());
    assertNull(share.others());
  }

  @Test
  void whatIsNotKnownBindsNothing() {
    assertNull(of(taken(Map.of("ceiling.triad", 1e9), 1e6), USED));
    assertNull(of(taken(Map.of(), 1e6), USED));
    assertNull(of(taken(Map.of("ceiling.hostread", 0.0), 1e6), USED));
    Taken elsewhere = taken(Map.of("ceiling.hostread", 1e9), 1e6);
    assertNull(Shares.of(elsewhere, Map.of(), "gpu-1", USED));
    assertNull(Shares.of(elsewhere, Map.of(), null, USED));
  }

  @Test
  void aLittleAboveACeilingIsNoDoubt() {
    assertDoubt(1.04, null);
    assertDoubt(1.06, "1.06 times the measured ceiling.hostread, which was not measured again");
  }

  private static void assertDoubt(double times, @Nullable String begins) {
    CeilingShare share = of(taken(Map.of("ceiling.hostread", 10e9), 1e9 / times), USED);
    assertNotNull(share);
    assertEquals(times, share.share(), 1e-9);
    assertEquals(begins != null, share.doubt() != null);
    assertTrue(begins == null || Objects.requireNonNull(share.doubt()).startsWith(begins));
  }

  @Test
  void aCeilingsOwnShareIsThatOfTheBound() {
    var read = new Taken("ceiling.read", "bytes/s", Map.of("ceiling.read", 2e9), 1e9);
    CeilingShare share =
        Shares.of(read, Map.of("ceiling.read", 4e9), "gpu-1", List.of(used("ceiling.read", 2.5e9)));
    assertNotNull(share);
    assertEquals(CeilingShare.BOUND, share.of());
    assertEquals(0.5, share.share(), 1e-12);
    assertEquals("bytes/s", share.unit());
    assertNull(share.run());
    assertNull(Shares.of(read, Map.of(), "gpu-1", USED), "without a bound there is no share");
  }

  @Test
  void whatIsMissingOrExceededIsMeasured() {
    List<Taken> all =
        List.of(
            taken(Map.of("ceiling.hostread", 1.2e9, "ceiling.triad", 1.0), 100e6),
            taken(Map.of("ceiling.int32", 5.2e8), 100e6),
            taken(Map.of("ceiling.atomic", 0.0), 100e6),
            new Taken("ceiling.copy", "bytes/s", Map.of("ceiling.copy", 1e9), 1e6));
    assertEquals(Set.of("ceiling.triad"), Shares.missing(all, HERE, USED));
    assertEquals(Set.of("ceiling.hostread"), Shares.exceeded(all, HERE, USED));
    assertEquals(Set.of(), Shares.exceeded(all, "gpu-1", USED));
  }

  /** A sample that really needs its floor is never above 1, and whatever binds is the largest. */
  @Test
  void theFloorIsTheLargestOfAll() {
    var random = new Random(7);
    for (int i = 0; i < 500; i++) {
      var demands = new TreeMap<String, Double>();
      var used = new ArrayList<Used>();
      double floor = 0;
      for (int j = 0; j <= random.nextInt(5); j++) {
        double amount = Math.exp(30 * random.nextDouble());
        double rate = Math.exp(30 * random.nextDouble());
        demands.put("ceiling." + j, amount);
        used.add(used("ceiling." + j, rate));
        floor = Math.max(floor, 1e9 * amount / rate);
      }
      double median = floor * (1 + random.nextDouble());
      CeilingShare share = of(taken(demands, median), used);
      assertNotNull(share);
      assertEquals(floor, share.floorNanos(), 1e-9 * floor);
      assertTrue(share.share() > 0 && share.share() <= 1 + 1e-12, share.toString());
      assertEquals(Set.of(), Shares.exceeded(List.of(taken(demands, median)), HERE, used));
      assertEquals(
          Set.of(share.ceiling()).size(),
          Shares.exceeded(List.of(taken(demands, floor / 1.051)), HERE, used).stream()
              .filter(share.ceiling()::equals)
              .count());
    }
  }

  private static @Nullable CeilingShare of(Taken taken, List<Used> used) {
    return Shares.of(taken, Map.of(), HERE, used);
  }

  private static Taken taken(Map<String, Double> demands, double medianNanos) {
    return new Taken("consensus", "messages/s", demands, medianNanos);
  }

  private static Used used(String id, double rate) {
    return new Used(
        id.equals("ceiling.read") ? "gpu-1" : HERE,
        new MeasuredCeiling(
            id,
            "bytes/s",
            rate,
            0.99 * rate,
            1.01 * rate,
            "host",
            "2026-11-21T00:00:00Z",
            "run-of-" + id,
            null),
        null);
  }
}
