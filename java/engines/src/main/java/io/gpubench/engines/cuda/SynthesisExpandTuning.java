// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import java.util.List;
import java.util.Locale;

/**
 * How the kernels of synthesis_expand.cuh are launched. None of it changes an answer. Immutable.
 *
 * @param variant of the kernels
 * @param block threads of a block that writes text
 * @param grid such blocks at most; 0: as many as are on the device at once
 * @param slices that the text of each pattern is taken in; 0: as the device's cache suggests
 */
record SynthesisExpandTuning(Variant variant, int block, int grid, int slices) {
  /** The most slices. */
  static final int MOST_SLICES = 64;

  /** The versions of the kernels. */
  enum Variant {
    /** The lengths of all matches are summed up in one pass; the text goes where the sums say. */
    SCAN,
    /** Sums over patterns only; offsets are products. */
    DIRECT;

    /** What a user calls it. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What the engine does unless it is told otherwise; synthesis.expand.md has the reasons. */
  static final SynthesisExpandTuning OWN = new SynthesisExpandTuning(Variant.DIRECT, 256, 0, 0);

  /** The tuning parameters. */
  static final List<Parameter> PARAMETERS =
      List.of(
          new Parameter.Choice(
              "variant",
              "version of the kernels",
              List.of(Variant.SCAN.word(), Variant.DIRECT.word()),
              List.of()),
          new Parameter.Whole(
              "block", "threads of a block that writes text, a multiple of 32", 32, 256, List.of()),
          new Parameter.Whole("grid", "blocks that write text, at most", 1, 1 << 20, List.of()),
          new Parameter.Choice(
              "slices",
              "slices that the text of each pattern is taken in, the same one of all at a time",
              List.of("1", "2", "4", "8", "16", "32", "64"),
              List.of()));

  /** What these values say, and where they say nothing the engine's own choice. */
  static SynthesisExpandTuning of(ParameterValues values) {
    return new SynthesisExpandTuning(
        Variant.valueOf(values.choice("variant", OWN.variant.word()).toUpperCase(Locale.ROOT)),
        (int) values.whole("block", OWN.block),
        (int) values.whole("grid", OWN.grid),
        Integer.parseInt(values.choice("slices", String.valueOf(OWN.slices))));
  }

  /**
   * Checks what no single parameter can tell.
   *
   * @throws ConfigException one line with what fits
   */
  static void check(ParameterValues values) {
    SynthesisRewriteTuning.checkBlock(of(values).block);
  }
}
