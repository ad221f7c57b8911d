// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsensusEpochTest {
  private static final long[] NO_KEYS = {};

  @ParameterizedTest
  @CsvSource({"0, 0", "-1, 4294967295", "1048577, 1048577", "2147483647, 2147483647"})
  void aWeightOutOfRangeIsRefusedInOneLine(int weight, String shown) {
    var refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> new ConsensusEpoch(new int[] {1, weight, 1}, NO_KEYS));
    assertEquals(
        "validator 1 has the weight " + shown + ", which is not 1 .. 1048576",
        refused.getMessage());
  }

  @Test
  void threeTimesTheLargestSumDoesNotOverflow() {
    int[] weights = new int[1 << 20];
    Arrays.fill(weights, ConsensusEpoch.MAX_WEIGHT);
    long sum = new ConsensusEpoch(weights, NO_KEYS).totalWeight();
    assertEquals(1L << 40, sum);
    assertEquals(3L << 40, Math.multiplyExact(3, sum));
  }

  @Test
  void thereIsAKeyForEachValidatorOrNone() {
    assertThrows(
        IllegalArgumentException.class, () -> new ConsensusEpoch(new int[] {1, 1}, new long[3]));
  }
}
