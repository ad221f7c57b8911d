// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gpubench.gpu.Occupancy.Demand;
import io.gpubench.gpu.Occupancy.Limit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OccupancyTest {
  private static final ComputeCapability HOPPER = new ComputeCapability(9, 0);

  private static Occupancy hopper(int registers, int sharedBytes, int barriers, int threads) {
    return Occupancy.of(HOPPER, new Demand(registers, sharedBytes, barriers), threads)
        .orElseThrow();
  }

  @Test
  void isWhatNvidiasOwnCalculationSays() throws IOException {
    List<String> lines;
    try (InputStream table = OccupancyTest.class.getResourceAsStream("occupancy.txt")) {
      lines = new String(table.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
    var wrong = new ArrayList<String>();
    var seen = new TreeSet<Integer>();
    for (String line : lines.stream().filter(line -> !line.startsWith("#")).toList()) {
      String[] words = line.split("[. ]");
      int[] numbers = new int[words.length];
      for (int i = 0; i < words.length; i++) {
        numbers[i] = Integer.parseInt(words[i]);
      }
      var device = new ComputeCapability(numbers[0], numbers[1]);
      var demand = new Demand(numbers[2], numbers[3] + numbers[4], numbers[5]);
      Occupancy found = Occupancy.of(device, demand, numbers[6]).orElseThrow();
      if (found.blocks() != numbers[7]) {
        wrong.add(line + ", not " + found);
      }
      seen.add(device.number());
    }
    assertEquals(List.of(), wrong);
    assertEquals(Set.of(75, 80, 86, 89, 90, 100, 120), seen);
  }

  @Test
  void saysWhatKeepsAnotherBlockAway() {
    assertEquals(new Occupancy(16, 64, 64, Set.of(Limit.WARPS)), hopper(24, 0, 1, 128));
    assertEquals(new Occupancy(32, 32, 64, Set.of(Limit.BLOCKS)), hopper(32, 0, 1, 32));
    assertEquals(new Occupancy(9, 36, 64, Set.of(Limit.REGISTERS)), hopper(56, 8368, 1, 128));
    assertEquals(new Occupancy(2, 8, 64, Set.of(Limit.SHARED_MEMORY)), hopper(32, 100_000, 1, 128));
    assertEquals(new Occupancy(4, 4, 64, Set.of(Limit.BARRIERS)), hopper(32, 0, 16, 32));
    assertEquals(
        Set.of(Limit.WARPS, Limit.BLOCKS, Limit.REGISTERS), hopper(32, 0, 1, 64).limitedBy());
    assertEquals(0.5625, hopper(56, 8368, 1, 128).share());
  }

  @Test
  void aBlockThatDoesNotFitHasNone() {
    assertEquals(0, hopper(32, 227 * 1024 + 1, 1, 32).blocks());
    assertEquals(1, hopper(32, 227 * 1024, 1, 32).blocks());
    assertEquals(Set.of(Limit.REGISTERS), hopper(65, 0, 1, 1024).limitedBy());
    assertEquals(0, hopper(32, 0, 1, 1025).blocks());
    assertEquals(0, hopper(256, 0, 1, 32).blocks());
  }

  @Test
  void otherDevicesAreNotGuessed() {
    assertEquals(
        Optional.empty(), Occupancy.of(new ComputeCapability(13, 0), new Demand(32, 0, 0), 128));
    assertThrows(
        IllegalArgumentException.class, () -> Occupancy.of(HOPPER, new Demand(32, 0, 0), 0));
  }
}
