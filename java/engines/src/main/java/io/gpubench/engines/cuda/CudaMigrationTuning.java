// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.LaunchShape;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import java.util.List;

/**
 * How pages are moved by the device. None of it changes an answer. Immutable; migration.md has the
 * reasons for the engine's own.
 *
 * @param block threads of a block; 0: the engine's choice
 * @param blocks for each way; 0: the engine's choice
 * @param overlap whether a batched copy is asked to leave the multiprocessors to others
 */
record CudaMigrationTuning(int block, int blocks, boolean overlap) {
  private static final int WARP = 32;
  private static final int MOST_THREADS = 1024;

  /** A warp for each 2 KiB of 4 MiB, on 132 multiprocessors. */
  private static final int OWN_BLOCK = 512;

  /** Blocks for each that a device holds at once, where no link holds them up: see ceiling.cu. */
  private static final int WAVES = 8;

  /** What a warp has under way, in words. */
  private static final int STRIPE = 8 * WARP;

  private static final String OVERLAP = "overlap";
  private static final String COMPUTE = "compute";

  /** The tuning parameters of the copy kernel. */
  static final List<Parameter> OF_KERNEL =
      List.of(
          new Parameter.Whole(
              "block", "threads of a block, a multiple of 32", WARP, MOST_THREADS, List.of()),
          new Parameter.Whole("blocks", "blocks for each way", 1, 1 << 16, List.of()));

  /** Those of batched copies. */
  static final List<Parameter> OF_BATCHED =
      List.of(
          new Parameter.Choice(
              OVERLAP,
              "whether the driver is asked to copy beside kernels",
              List.of("none", COMPUTE),
              List.of()));

  /** What these values say, and where they say nothing the engine's own choice. */
  static CudaMigrationTuning of(ParameterValues values) {
    return new CudaMigrationTuning(
        (int) values.whole("block", 0),
        (int) values.whole("blocks", 0),
        values.choice(OVERLAP, "none").equals(COMPUTE));
  }

  /**
   * Checks what no single parameter can tell.
   *
   * @throws ConfigException one line with what fits
   */
  static void check(ParameterValues values) {
    int block = of(values).block;
    if (block % WARP != 0) {
      throw new ConfigException(
          "block=%d is not a multiple of %d: %d is".formatted(block, WARP, block / WARP * WARP));
    }
  }

  /**
   * The launch of a move.
   *
   * @param ways how many batches at once
   * @param words of a batch
   * @param overLink whether its pages cross the link, which a block of each multiprocessor fills
   * @param multiprocessors of the device
   */
  LaunchShape shape(int ways, long words, boolean overLink, int multiprocessors) {
    int threads = block > 0 ? block : OWN_BLOCK;
    long useful = Math.ceilDiv(words, (long) threads / WARP * STRIPE);
    long held = (long) multiprocessors * (overLink ? 1 : WAVES * 2048 / threads);
    long chosen = blocks > 0 ? blocks : Math.clamp(useful, 1, held);
    return LaunchShape.of(Math.toIntExact(chosen * ways), threads);
  }
}
