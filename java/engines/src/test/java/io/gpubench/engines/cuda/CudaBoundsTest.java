// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attributes are those of data sheets, and so are the bounds; nothing was measured on a card. */
class CudaBoundsTest {
  @ParameterizedTest
  @CsvSource({
    // name, memory clock, bus, compute capability, multiprocessors, clock, GB/s, Tflop/s
    "Tesla T4, 5001000, 256, 7.5, 40, 1590000, 320, 8.14",
    "NVIDIA A100-PCIE-40GB, 1215000, 5120, 8.0, 108, 1410000, 1555, 19.5",
    "NVIDIA GeForce RTX 4090, 10501000, 384, 8.9, 128, 2520000, 1008, 82.6",
    "NVIDIA H100 80GB HBM3, 2619000, 5120, 9.0, 132, 1980000, 3352, 66.9",
  })
  void dataSheetsSayTheSame(
      String name,
      long memoryKilohertz,
      long bits,
      String capability,
      long multiprocessors,
      long kilohertz,
      double gigabytes,
      double teraflops) {
    var card = new HashMap<String, Object>();
    card.put("name", name);
    card.put("memoryClockKilohertz", memoryKilohertz);
    card.put("memoryBusBits", bits);
    card.put("computeCapability", capability);
    card.put("multiprocessors", multiprocessors);
    card.put("clockKilohertz", kilohertz);
    Map<String, Double> bounds = CudaBounds.of(card);
    assertEquals(gigabytes, bounds.get("ceiling.read") / 1e9, 0.005 * gigabytes);
    assertEquals(bounds.get("ceiling.read"), bounds.get("ceiling.copy"));
    assertEquals(bounds.get("ceiling.read"), bounds.get("ceiling.triad"));
    assertEquals(teraflops, bounds.get("ceiling.fp32") / 1e12, 0.005 * teraflops);
    assertFalse(bounds.containsKey("ceiling.h2d"), "there is no link in this description");
  }

  @ParameterizedTest
  @CsvSource({
    // generation, lanes, GB/s in one direction
    "1, 16, 4.0",
    "3, 16, 15.75",
    "4, 8, 15.75",
    "4, 16, 31.5",
    "5, 16, 63.02",
    "6, 16, 128.0",
  })
  void aLinkIsBoundByGenerationAndLanes(int generation, int lanes, double gigabytes) {
    Map<String, Object> card =
        Map.of("name", "a card", "maxPcieLink", "generation %d x%d".formatted(generation, lanes));
    Map<String, Double> bounds = CudaBounds.of(card);
    assertEquals(Set.of("ceiling.h2d", "ceiling.d2h", "ceiling.bidir"), bounds.keySet());
    assertEquals(gigabytes, bounds.get("ceiling.h2d") / 1e9, 0.01);
    assertEquals(gigabytes, bounds.get("ceiling.d2h") / 1e9, 0.01);
    assertEquals(2 * bounds.get("ceiling.h2d"), bounds.get("ceiling.bidir"));
  }

  @Test
  void aLinkThatIsBetterThanItsBestCounts() {
    Map<String, Object> card =
        Map.of(
            "name", "a card behind a virtual slot",
            "maxPcieLink", "generation 1 x16",
            "pcieLinkAtStart", "generation 4 x16");
    assertEquals(31.5, CudaBounds.of(card).get("ceiling.h2d") / 1e9, 0.01);
  }

  @ParameterizedTest
  @CsvSource({
    "NVIDIA GH200 480GB, generation 5 x16",
    "NVIDIA GB200, generation 5 x16",
    "a card, generation 9 x16",
    "a card, soon",
  })
  void aLinkThatIsNotKnownHasNoBound(String name, String link) {
    assertEquals(Map.of(), CudaBounds.of(Map.of("name", name, "maxPcieLink", link)));
  }

  @Test
  void nothingIsGuessed() {
    assertEquals(Map.of(), CudaBounds.of(Map.of()));
    Map<String, Double> bounds =
        CudaBounds.of(
            Map.of(
                "multiprocessors", 132L,
                "maxClockMegahertz.multiprocessor", 2_000L,
                "computeCapability", "99.0",
                "memoryBusBits", 6_144L));
    assertEquals(
        Map.of(
            "ceiling.int32", 132 * 128 * 2e9,
            "ceiling.atomic", 132 * 32 * 2e9,
            "ceiling.l2", 132 * 128 * 2e9),
        bounds);
  }
}
