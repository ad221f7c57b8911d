// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.synthesis.Filter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How the kernels of synthesis_match.cuh are launched. None of it changes an answer. Immutable.
 *
 * @param variant of the kernels
 * @param block threads of a block; 0: the engine's choice
 * @param grid blocks at most; 0: as many as fit on the device
 * @param nodesPerThread that a thread reads at once; 0: the engine's choice
 */
record SynthesisMatchTuning(Variant variant, int block, int grid, int nodesPerThread) {
  private static final int WARP = 32;
  private static final int MOST_NODES = 16;
  private static final int FEWER_NODES = 8;

  /** The versions of the kernels. */
  enum Variant {
    /** Each pair is compared. */
    BRUTE(Filter.NONE),
    /** Words of 32 patterns by kind and arity, and by symbol. */
    MASKS(Filter.ROOT),
    /** Only groups of patterns with the node's kind and symbol, in words by arity. */
    INDEX(Filter.ROOT),
    /** The same, and in words by the kinds of children. */
    KINDS(Filter.CHILDREN);

    private final Filter filter;

    Variant(Filter filter) {
      this.filter = filter;
    }

    /** Which pairs it compares one by one. */
    Filter filter() {
      return filter;
    }

    /** Whether it takes groups of patterns instead of all of them. */
    boolean grouped() {
      return this == INDEX || this == KINDS;
    }

    /** What a user calls it. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What the engine does unless it is told otherwise; synthesis.match.md has the reasons. */
  static final SynthesisMatchTuning OWN = new SynthesisMatchTuning(Variant.KINDS, 0, 0, 0);

  /** The tuning parameters. */
  static final List<Parameter> PARAMETERS =
      List.of(
          new Parameter.Choice(
              "variant",
              "version of the kernels",
              Arrays.stream(Variant.values()).map(Variant::word).toList(),
              List.of()),
          new Parameter.Whole("block", "threads of a block, a multiple of 32", 64, 512, List.of()),
          new Parameter.Whole("grid", "blocks at most", 1, 1 << 20, List.of()),
          new Parameter.Choice(
              "nodesPerThread",
              "nodes that a thread reads at once",
              List.of(String.valueOf(FEWER_NODES), String.valueOf(MOST_NODES)),
              List.of()));

  /** What these values say, and where they say nothing the engine's own choice. */
  static SynthesisMatchTuning of(ParameterValues values) {
    return new SynthesisMatchTuning(
        Variant.valueOf(values.choice("variant", OWN.variant.word()).toUpperCase(Locale.ROOT)),
        (int) values.whole("block", OWN.block),
        (int) values.whole("grid", OWN.grid),
        Integer.parseInt(values.choice("nodesPerThread", String.valueOf(OWN.nodesPerThread))));
  }

  /**
   * Checks what no single parameter can tell.
   *
   * @throws ConfigException one line with what fits
   */
  static void check(ParameterValues values, boolean listed) {
    SynthesisMatchTuning tuning = of(values);
    if (tuning.block % WARP != 0) {
      throw new ConfigException(
          "block=%d is not a multiple of %d: %d and %d are"
              .formatted(
                  tuning.block,
                  WARP,
                  tuning.block / WARP * WARP,
                  Math.ceilDiv(tuning.block, WARP) * WARP));
    }
    if (listed && tuning.nodesPerThread > 0 && tuning.nodesPerThread != tuning.nodes(true)) {
      throw new ConfigException(
          "nodesPerThread=%d is for output=counts: output=list takes %d"
              .formatted(tuning.nodesPerThread, tuning.nodes(true)));
    }
  }

  /** Blocks in the order in which the engine tries them: the first that leaves room for another. */
  List<Integer> blocks() {
    if (block > 0) {
      return List.of(block);
    }
    return variant.grouped() ? List.of(512, 256, 128, 64) : List.of(256, 128, 64);
  }

  /** Nodes that a thread reads at once. */
  int nodes(boolean listed) {
    if (listed) { // the kernels that there are
      return FEWER_NODES;
    }
    return nodesPerThread > 0 ? nodesPerThread : MOST_NODES;
  }
}
