// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import java.util.List;
import java.util.Locale;

/**
 * How the kernels of synthesis_rewrite.cuh are launched. None of it changes an answer. Immutable.
 *
 * @param variant of the kernels
 * @param block threads of a block
 * @param window nodes that a block takes: the trees that begin among them
 */
record SynthesisRewriteTuning(Variant variant, int block, int window) {
  /** As in synthesis_rewrite.cuh. */
  static final int LEAST_WINDOW = 1024;

  static final int MOST_WINDOW = 3070;

  private static final int WARP = 32;

  /** The versions of the kernels. */
  enum Variant {
    /** Fold and count, sum up the counts, fold again and write: three launches. */
    TWOPASS,
    /** One launch, in which blocks tell each other how many nodes they have left. */
    LOOKBACK;

    /** What a user calls it. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What the engine does unless it is told otherwise; synthesis.rewrite.md has the reasons. */
  static final SynthesisRewriteTuning OWN =
      new SynthesisRewriteTuning(Variant.LOOKBACK, 256, MOST_WINDOW);

  /** The tuning parameters. */
  static final List<Parameter> PARAMETERS =
      List.of(
          new Parameter.Choice(
              "variant",
              "version of the kernels",
              List.of(Variant.TWOPASS.word(), Variant.LOOKBACK.word()),
              List.of()),
          new Parameter.Whole("block", "threads of a block, a multiple of 32", 64, 512, List.of()),
          new Parameter.Whole(
              "window",
              "nodes of a block: it takes the trees that begin among them",
              LEAST_WINDOW,
              MOST_WINDOW,
              List.of()));

  /** What these values say, and where they say nothing the engine's own choice. */
  static SynthesisRewriteTuning of(ParameterValues values) {
    return new SynthesisRewriteTuning(
        Variant.valueOf(values.choice("variant", OWN.variant.word()).toUpperCase(Locale.ROOT)),
        (int) values.whole("block", OWN.block),
        (int) values.whole("window", OWN.window));
  }

  /**
   * Checks what no single parameter can tell.
   *
   * @throws ConfigException one line with what fits
   */
  static void check(ParameterValues values) {
    checkBlock(of(values).block);
  }

  /** Refuses a block that is no multiple of a warp. */
  static void checkBlock(int block) {
    if (block % WARP != 0) {
      throw new ConfigException(
          "block=%d is not a multiple of %d: %d and %d are"
              .formatted(block, WARP, block / WARP * WARP, Math.ceilDiv(block, WARP) * WARP));
    }
  }
}
