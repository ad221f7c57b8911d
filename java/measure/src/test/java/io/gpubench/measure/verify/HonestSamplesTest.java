// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rule that accuses an honest process is worse than none. */
class HonestSamplesTest {
  private static final int PROCESSES = 2_500;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void nothingIsFoundInHonestProcesses(long seed) {
    for (long i = seed * PROCESSES; i < (seed + 1) * PROCESSES; i++) {
      assertEquals(List.of(), HonestSamples.any(i).findings(), "process " + i);
    }
  }
}
