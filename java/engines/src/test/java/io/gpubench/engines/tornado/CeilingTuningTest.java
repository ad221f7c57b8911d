// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.tornado;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.ParameterValues;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How ceilings are launched when nobody says how, and when somebody does. */
class CeilingTuningTest {
  private static ParameterValues values(Map<String, Object> tuning) {
    var values = new ParameterValues(Map.of("bytes", 8L, "seed", 1L));
    for (Map.Entry<String, Object> entry : tuning.entrySet()) {
      values = values.withTuning(entry.getKey(), entry.getValue());
    }
    return values;
  }

  @Test
  void aProcessorHasGroupsOfOneAndADeviceHasLargeOnes() {
    assertEquals(new CeilingTuning("kernel", 1, 4096), CeilingTuning.of(values(Map.of()), true));
    assertEquals(new CeilingTuning("kernel", 256, 1024), CeilingTuning.of(values(Map.of()), false));
    Map<String, Object> loop = Map.of("api", "loop");
    assertEquals(new CeilingTuning("loop", 1, 4096), CeilingTuning.of(values(loop), true));
    assertEquals(new CeilingTuning("loop", 1, 1), CeilingTuning.of(values(loop), false));
  }

  @Test
  void whatIsSetHolds() {
    assertEquals(
        new CeilingTuning("kernel", 32, 64),
        CeilingTuning.of(values(Map.of("block", 32L, "tile", 64L)), true));
  }

  @Test
  void groupsOfLoopsAreNotToBeChosen() {
    assertDoesNotThrow(() -> CeilingTuning.check(values(Map.of("block", 32L))));
    var mistake =
        assertThrows(
            ConfigException.class,
            () -> CeilingTuning.check(values(Map.of("block", 32L, "api", "loop"))));
    assertEquals(
        "block=32 is of api=kernel; with api=loop TornadoVM makes the groups",
        mistake.getMessage());
  }
}
