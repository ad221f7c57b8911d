// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import java.util.List;
import java.util.Locale;

/**
 * How the kernels of consensus.cu that take one round at a time are launched. None of it changes an
 * answer. Immutable.
 *
 * @param variant of the kernels
 * @param block threads of a block
 * @param grid blocks at most; 0: as many as {@code messagesPerThread} says, or fit on the device
 * @param messagesPerThread so many at most, by as many blocks as that takes; 0: the engine's choice
 * @param unroll messages that a thread has in flight
 */
record CudaConsensusTuning(
    Variant variant, int block, int grid, int messagesPerThread, int unroll) {
  /** As in consensus.cu. */
  static final int FUSED_VALIDATORS = 4096;

  private static final int WARP = 32;

  /** The versions of the kernels. */
  enum Variant {
    /** Two kernels: all messages, then all validators. */
    SPLIT,
    /** Both in one; the block that ends last takes all validators. */
    FUSED,
    /** One kernel without a phase over all validators. */
    ONEPASS;

    /** What a user calls it. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What the engine does unless it is told otherwise; consensus.md has the reasons. */
  static final CudaConsensusTuning OWN = new CudaConsensusTuning(Variant.ONEPASS, 128, 0, 0, 1);

  private static final Parameter BLOCK =
      new Parameter.Whole("block", "threads of a block, a multiple of 32", 64, 512, List.of());
  private static final Parameter MESSAGES_PER_THREAD =
      new Parameter.Whole(
          "messagesPerThread", "messages that a thread takes at most", 1, 1 << 20, List.of());
  private static final Parameter GRID =
      new Parameter.Whole("grid", "blocks at most", 1, 1 << 20, List.of());

  /** The tuning parameters of a kernel that is launched for each round. */
  static final List<Parameter> OF_LAUNCH =
      List.of(
          new Parameter.Choice(
              "variant",
              "version of the kernels",
              List.of(Variant.SPLIT.word(), Variant.FUSED.word(), Variant.ONEPASS.word()),
              List.of()),
          BLOCK,
          MESSAGES_PER_THREAD,
          GRID,
          new Parameter.Choice(
              "unroll",
              "messages that a thread has in flight (variant onepass)",
              List.of("1", "2", "4"),
              List.of()));

  /** Those of the resident kernel. */
  static final List<Parameter> OF_MAILBOX = List.of(BLOCK, MESSAGES_PER_THREAD, GRID);

  /** What these values say, and where they say nothing the engine's own choice. */
  static CudaConsensusTuning of(ParameterValues values) {
    String variant = values.choice("variant", OWN.variant.word());
    return new CudaConsensusTuning(
        Variant.valueOf(variant.toUpperCase(Locale.ROOT)),
        (int) values.whole("block", OWN.block),
        (int) values.whole("grid", OWN.grid),
        (int) values.whole("messagesPerThread", OWN.messagesPerThread),
        Integer.parseInt(values.choice("unroll", String.valueOf(OWN.unroll))));
  }

  /**
   * Checks what no single parameter can tell.
   *
   * @throws ConfigException one line with what fits
   */
  static void check(ParameterValues values) {
    CudaConsensusTuning tuning = of(values);
    if (tuning.block % WARP != 0) {
      throw new ConfigException(
          "block=%d is not a multiple of %d: %d and %d are"
              .formatted(
                  tuning.block,
                  WARP,
                  tuning.block / WARP * WARP,
                  Math.ceilDiv(tuning.block, WARP) * WARP));
    }
    if (tuning.grid > 0 && tuning.messagesPerThread > 0) {
      throw new ConfigException(
          "grid=%d and messagesPerThread=%d both say how many blocks there are: set one of them"
              .formatted(tuning.grid, tuning.messagesPerThread));
    }
    long validators = values.whole("validators");
    if (tuning.variant == Variant.FUSED && validators > FUSED_VALIDATORS) {
      throw new ConfigException(
          "variant=fused decides in one block, for at most %,d validators, not %,d: variant=onepass and variant=split fit"
              .formatted(FUSED_VALIDATORS, validators));
    }
    if (tuning.unroll > 1 && tuning.variant != Variant.ONEPASS) {
      throw new ConfigException(
          "unroll=%d is for variant=onepass, not for variant=%s, which has one message in flight"
              .formatted(tuning.unroll, tuning.variant.word()));
    }
    if (tuning.messagesPerThread > 0 && tuning.messagesPerThread < tuning.unroll) {
      throw new ConfigException(
          "unroll=%d is more than messagesPerThread=%d: a thread has no more in flight than it takes"
              .formatted(tuning.unroll, tuning.messagesPerThread));
    }
  }

  /**
   * How many blocks there are.
   *
   * @param messages of the largest round
   * @param fitting so many are on the device at once
   */
  int blocks(int messages, int fitting) {
    if (messagesPerThread > 0) {
      return Math.max(1, (int) Math.ceilDiv(messages, (long) block * messagesPerThread));
    }
    return Math.clamp(Math.ceilDiv(messages, block * unroll), 1, grid > 0 ? grid : fitting);
  }

  /**
   * How many blocks of a kernel there are that has to be on the device as a whole.
   *
   * @throws EngineException one line with what fits
   */
  int residentBlocks(int messages, int fitting) {
    int blocks = blocks(messages, fitting);
    if (blocks > fitting && messagesPerThread > 0) {
      throw new EngineException(
          "messagesPerThread=%d takes %,d blocks of %d threads, of which %,d are on the device at once: messagesPerThread=%d fits"
              .formatted(
                  messagesPerThread,
                  blocks,
                  block,
                  fitting,
                  Math.ceilDiv(messages, (long) fitting * block)));
    }
    return Math.min(blocks, fitting);
  }

  /** How many messages a thread of so many blocks takes at most. */
  long messagesPerThread(int messages, int blocks) {
    return Math.max(1, Math.ceilDiv(messages, (long) block * blocks));
  }
}
