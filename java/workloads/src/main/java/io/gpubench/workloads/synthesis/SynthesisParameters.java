// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import io.gpubench.measure.spi.ParameterValues;

/**
 * A setting of one of the workloads, by type. Immutable.
 *
 * @param nodes of a forest, 1 .. {@link Forest#MOST_NODES}
 * @param patterns 1 .. {@link PatternSet#MOST}; 0 where there are none
 * @param listed whether the list of matches is wanted, besides their number
 * @param literals the share of the leaves that are literals, 0 .. 1
 * @param seed of all inputs, at least 0
 */
public record SynthesisParameters(
    long nodes, int patterns, boolean listed, double literals, long seed) {
  static final String COUNTS = "counts";
  static final String LIST = "list";

  /** Of the forests in which patterns are looked for. */
  static final double USUAL_LITERALS = 0.5;

  /** The setting that the values of a {@link SynthesisWorkload} denote. */
  public static SynthesisParameters of(Synthesis form, ParameterValues values) {
    boolean matching = form != Synthesis.REWRITE;
    return new SynthesisParameters(
        values.whole("nodes"),
        matching ? Math.toIntExact(values.whole("patterns")) : 0,
        form == Synthesis.EXPAND
            || (form == Synthesis.MATCH && values.choice("output").equals(LIST)),
        matching ? USUAL_LITERALS : values.decimal("literals"),
        values.whole("seed"));
  }
}
