// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.synthesis;

import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.synthesis.Filter;
import io.gpubench.workloads.synthesis.Forest;
import io.gpubench.workloads.synthesis.MatchOracle;
import io.gpubench.workloads.synthesis.Pattern;
import io.gpubench.workloads.synthesis.PatternSet;
import io.gpubench.workloads.synthesis.Synthesis;
import io.gpubench.workloads.synthesis.SynthesisParameters;
import io.gpubench.workloads.synthesis.SynthesisRotation;
import java.lang.foreign.Arena;
import java.util.Map;

/** What a run of matching has to tell of its amounts, counted pair by pair. */
final class SynthesisAmounts {
  private SynthesisAmounts() {}

  /** With the comparisons that are executed where a filter decides the rest. */
  static Map<String, Double> of(ParameterValues values, Filter filter) {
    var rotation =
        new SynthesisRotation(Synthesis.MATCH, SynthesisParameters.of(Synthesis.MATCH, values));
    PatternSet patterns = rotation.patterns();
    long comparisons = 0;
    long matches = 0;
    try (var arena = Arena.ofShared()) {
      for (int slot = 0; slot < SynthesisRotation.SLOTS; slot++) {
        Forest forest = rotation.allocate(arena);
        rotation.generator().fill(forest, slot);
        for (long node = 0; node < forest.nodes(); node++) {
          for (int p = 0; p < patterns.size(); p++) {
            comparisons += compared(filter, patterns.pattern(p).root(), forest, node) ? 1 : 0;
            matches += MatchOracle.matches(forest, node, patterns.pattern(p)) ? 1 : 0;
          }
        }
      }
    }
    double slots = SynthesisRotation.SLOTS;
    return Map.of(
        "pairs",
        (double) values.whole("nodes") * patterns.size(),
        "comparisons",
        comparisons / slots,
        "matches",
        matches / slots);
  }

  private static boolean compared(Filter filter, Pattern.Node root, Forest forest, long node) {
    if (filter == Filter.NONE) {
      return true;
    }
    if (!(root instanceof Pattern.Asked asked)) {
      return filter == Filter.KIND_SYMBOL;
    }
    boolean kindAndSymbol =
        asked.kind() == forest.kindAt(node)
            && (asked.symbol() == Pattern.ANY || asked.symbol() == forest.symbolAt(node));
    boolean arity = asked.arity() == Pattern.ANY || asked.arity() == forest.arityAt(node);
    boolean child = asked.children().stream().anyMatch(Pattern.Asked.class::isInstance);
    return switch (filter) {
      case KIND_SYMBOL -> kindAndSymbol;
      case ROOT -> kindAndSymbol && arity && child;
      default -> throw new IllegalArgumentException("not of the processors: " + filter);
    };
  }
}
