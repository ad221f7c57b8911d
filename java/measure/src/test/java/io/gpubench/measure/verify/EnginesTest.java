// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.result.RunDocument.EngineChoice;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EnginesTest {
  private static EngineChoice choice(
      @Nullable Map<String, Double> bounds, @Nullable List<String> command) {
    return new EngineChoice(
        "e", "auto", "why", null, false, Map.of(), command, null, null, null, bounds, null, null);
  }

  /** A bound has to hold for whichever engine it was, so the looser one counts. */
  @Test
  void theHighestBoundCountsThatAllHave() {
    EngineChoice slow = choice(Map.of("ceiling.read", 1.0, "ceiling.write", 5.0), null);
    EngineChoice fast = choice(Map.of("ceiling.read", 3.0), null);
    assertEquals(Map.of("ceiling.read", 3.0), Engines.bounds(List.of(slow, fast)));
    assertEquals(Map.of("ceiling.read", 3.0), Engines.bounds(List.of(fast, slow)));
    assertEquals(Map.of("ceiling.read", 1.0, "ceiling.write", 5.0), Engines.bounds(List.of(slow)));
    assertEquals(Map.of(), Engines.bounds(List.of(slow, choice(null, null))));
    assertEquals(Map.of(), Engines.bounds(List.of()));
  }

  @Test
  void oneWithACommandIsForeign() {
    EngineChoice ours = choice(null, null);
    assertFalse(Engines.foreign(List.of()));
    assertFalse(Engines.foreign(List.of(ours)));
    assertTrue(Engines.foreign(List.of(ours, choice(null, List.of("worker")))));
  }
}
