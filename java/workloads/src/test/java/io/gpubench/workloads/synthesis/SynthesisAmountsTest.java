// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.gpubench.measure.spi.PreparedRun.Work;
import io.gpubench.measure.spi.Workload;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What samples are said to do, against what the values of the parameters allow. */
class SynthesisAmountsTest {
  private static final long NODES = 3_001;

  private static String contradiction(Synthesis form, double units, Map<String, Double> amounts) {
    Workload workload =
        SynthesisWorkload.all().stream()
            .filter(one -> one.id().equals(form.id()))
            .findFirst()
            .orElseThrow();
    return workload.contradiction(
        workload.defaults().with("nodes", NODES), new Work(units, 1, 1), amounts);
  }

  /** What is right says nothing wrong, whichever filter a matcher has. */
  @ParameterizedTest
  @EnumSource
  void whatARotationSaysIsRight(Synthesis form) {
    Workload workload =
        SynthesisWorkload.all().stream()
            .filter(one -> one.id().equals(form.id()))
            .findFirst()
            .orElseThrow();
    var values = workload.defaults().with("nodes", NODES);
    var rotation = new SynthesisRotation(form, SynthesisParameters.of(form, values));
    try (var arena = Arena.ofShared()) {
      for (int slot = 0; slot < SynthesisRotation.SLOTS; slot++) {
        rotation.solve(slot, rotation.allocate(arena), arena);
      }
    }
    for (Filter filter : Filter.values()) {
      Work work = rotation.work();
      assertNull(workload.contradiction(values, work, rotation.amounts(filter)));
      var inPieces = new HashMap<String, Double>();
      rotation.amounts(filter).forEach((name, much) -> inPieces.put(name, 7 * much / 7));
      assertNull(workload.contradiction(values, work, inPieces));
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        "3001, 96032, 500, 100, null",
        "3001, 96032, 96032, 96032, null",
        "3001, 96032, 0, 0, null",
        "3000, 96032, 500, 100, a sample of 3001 nodes is said to do 3000.0",
        "3001, 96033, 500, 100, 3001 nodes and 32 patterns are said to be 96033.0 pairs",
        "3001, 96032, 96033, 100, '100.0 matches, 96033.0 comparisons and 96032.0 pairs cannot be of the same patterns'",
        "3001, 96032, 99, 100, null", // a table decides some without a comparison
        "3001, 96032, 99, 96033, '96033.0 matches, 99.0 comparisons and 96032.0 pairs cannot be of the same patterns'",
      })
  void ofMatching(double units, double pairs, double comparisons, double matches, String expected) {
    var amounts = Map.of("pairs", pairs, "comparisons", comparisons, "matches", matches);
    assertEquals(expected, contradiction(Synthesis.MATCH, units, amounts));
  }

  @Test
  void whatIsNotSaidContradictsNothing() {
    assertNull(contradiction(Synthesis.MATCH, NODES, Map.of()));
    assertNull(contradiction(Synthesis.EXPAND, 17, Map.of("matches", 3_001_000.0)));
    assertEquals(
        "3001001.0 matches, 3001000.0 comparisons and 3001000.0 pairs cannot be of the same patterns",
        contradiction(Synthesis.EXPAND, 17, Map.of("matches", 3_001_001.0)));
    assertEquals(
        "a sample of 3001 nodes is said to do NaN",
        contradiction(Synthesis.REWRITE, Double.NaN, Map.of()));
  }
}
