// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.workers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gpubench.measure.plan.EngineConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ForeignEngineTest {
  /** Whose answers would prove nothing, or which are about gpubench itself. */
  @Test
  void someWorkIsForOwnEnginesAlone() {
    List<String> paths = List.of("launch");
    var engine =
        new ForeignEngine(
            new EngineConfig(
                "mine",
                "",
                List.of("./mine"),
                Path.of("."),
                Map.of(),
                Map.of(
                    "utilization", paths,
                    "migration", paths,
                    "launch.ffm", paths,
                    "launch.empty", paths,
                    "synthesis.match", paths,
                    "synthesis.expand", paths,
                    "synthesis.rewrite", paths),
                Map.of(),
                ""));
    assertEquals(List.of(), engine.paths("utilization"));
    assertEquals(List.of(), engine.paths("migration"));
    assertEquals(List.of(), engine.paths("launch.ffm"));
    for (String name : List.of("match", "expand", "rewrite")) {
      assertEquals(List.of(), engine.paths("synthesis." + name));
    }
    assertEquals(paths, engine.paths("launch.empty"));
  }
}
