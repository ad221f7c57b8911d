// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.synthesis.Synthesis;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SynthesisTuningTest {
  private static ParameterValues values(Map<String, Object> changed) {
    var map =
        new LinkedHashMap<String, Object>(
            Map.of("nodes", 100L, "patterns", 3L, "output", "counts", "seed", 1L));
    map.putAll(changed);
    return new ParameterValues(map);
  }

  @Test
  void theDeviceChoosesWhereNobodyDoes() {
    assertEquals(
        new SynthesisTuning("kernel", 1, false), SynthesisTuning.of(values(Map.of()), true));
    assertEquals(
        new SynthesisTuning("kernel", 256, true), SynthesisTuning.of(values(Map.of()), false));
    assertEquals(
        new SynthesisTuning("loop", 1, true),
        SynthesisTuning.of(values(Map.of("api", "loop")), false));
    assertEquals(
        new SynthesisTuning("kernel", 64, true),
        SynthesisTuning.of(values(Map.of("block", 64L, "variant", "words")), true));
  }

  @Test
  void matchesAreNotListed() {
    var refused =
        assertThrows(
            ConfigException.class,
            () -> SynthesisTuning.check(Synthesis.MATCH, values(Map.of("output", "list"))));
    assertTrue(refused.getMessage().startsWith("output=list is not for TornadoVM"));
    SynthesisTuning.check(Synthesis.MATCH, values(Map.of()));
  }

  @Test
  void loopsHaveNoBlock() {
    var refused =
        assertThrows(
            ConfigException.class,
            () ->
                SynthesisTuning.check(
                    Synthesis.EXPAND, values(Map.of("api", "loop", "block", 32L))));
    assertEquals(
        "block=32 is of api=kernel; with api=loop TornadoVM makes the groups",
        refused.getMessage());
    SynthesisTuning.check(Synthesis.EXPAND, values(Map.of("block", 32L)));
  }
}
