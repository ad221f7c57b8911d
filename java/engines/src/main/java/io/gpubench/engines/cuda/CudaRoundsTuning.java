// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.engines.consensus.ConsensusForms;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.consensus.ConsensusParameters;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How many rounds at once are decided on a device. None of it changes an answer. Immutable.
 *
 * @param variant of the kernels; null: the engine's choice
 * @param block threads of a block; 0: the engine's choice
 * @param grid blocks at most, with the variant grid those of a row, which decide a round; 0: as
 *     many as there is work for
 * @param unroll messages that a thread has in flight
 * @param inFlight pieces of a sample that are under way at once, where it comes over the link
 * @param copyMessages about so many messages are copied at a time
 */
record CudaRoundsTuning(
    @Nullable Variant variant, int block, int grid, int unroll, int inFlight, int copyMessages) {
  static final int WARP = 32;

  /** The most messages of a round whose ballots are in shared memory; see consensus_rounds.cuh. */
  static final int MOST_MESSAGES_OF_BLOCK = 0xFFFF;

  /** The versions of the kernels. */
  enum Variant {
    /** A block decides a round, in its shared memory. */
    BLOCK,
    /** All blocks of a row of the grid decide a round, in the device's memory. */
    GRID;

    /** What a user calls it. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The engine's own: three pieces, so that one is copied while another is decided and a third is
   * waited for, of 4 MiB, which a link takes 80 us for, against some 10 us for the calls of the
   * driver that each of them takes.
   */
  static final CudaRoundsTuning OWN = new CudaRoundsTuning(null, 0, 0, 1, 3, 1 << 17);

  /** The tuning parameters of rounds that are in the device's memory. */
  static final List<Parameter> OF_RESIDENT =
      List.of(
          new Parameter.Choice(
              "variant",
              "version of the kernels",
              List.of(Variant.BLOCK.word(), Variant.GRID.word()),
              List.of()),
          new Parameter.Whole("block", "threads of a block, a multiple of 32", 32, 1024, List.of()),
          new Parameter.Whole(
              "grid", "blocks at most; with variant grid, of each round", 1, 1 << 20, List.of()),
          new Parameter.Choice(
              "unroll", "messages that a thread has in flight", List.of("1", "2"), List.of()),
          ConsensusForms.ROUNDS);

  /** Those of rounds that come over the link. */
  static final List<Parameter> OF_STREAMED =
      List.of(
          OF_RESIDENT.get(0),
          OF_RESIDENT.get(1),
          OF_RESIDENT.get(2),
          OF_RESIDENT.get(3),
          ConsensusForms.ROUNDS,
          new Parameter.Whole(
              "inFlight", "pieces of a sample that are under way at once", 1, 16, List.of()),
          new Parameter.Whole(
              "copyMessages", "messages that are copied at a time", 1, 1 << 26, List.of()));

  /** What these values say, and where they say nothing the engine's own choice. */
  static CudaRoundsTuning of(ParameterValues values) {
    return new CudaRoundsTuning(
        values.has("variant")
            ? Variant.valueOf(values.choice("variant").toUpperCase(Locale.ROOT))
            : null,
        (int) values.whole("block", OWN.block),
        (int) values.whole("grid", OWN.grid),
        Integer.parseInt(values.choice("unroll", String.valueOf(OWN.unroll))),
        (int) values.whole("inFlight", OWN.inFlight),
        (int) values.whole("copyMessages", OWN.copyMessages));
  }

  /** Of the kernels that have so many messages in flight. */
  String suffix() {
    return unroll == 1 ? "" : "_u" + unroll;
  }

  /**
   * Checks what no single parameter can tell.
   *
   * @throws ConfigException one line with what fits
   */
  static void check(ParameterValues values) {
    CudaRoundsTuning tuning = of(values);
    if (tuning.block % WARP != 0) {
      throw new ConfigException(
          "block=%d is not a multiple of %d: %d is"
              .formatted(tuning.block, WARP, Math.max(WARP, tuning.block / WARP * WARP)));
    }
    int messages = ConsensusParameters.of(values).maxMessages();
    if (tuning.variant == Variant.BLOCK && messages > MOST_MESSAGES_OF_BLOCK) {
      throw new ConfigException(
          "variant=block counts up to %,d messages of a round, and of %,d validators there may be %,d: variant=grid fits"
              .formatted(MOST_MESSAGES_OF_BLOCK, values.whole("validators"), messages));
    }
  }
}
