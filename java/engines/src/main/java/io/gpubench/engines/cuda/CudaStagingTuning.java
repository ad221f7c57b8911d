// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import java.util.List;

/**
 * How pages go through page-locked memory of the host. None of it changes an answer. Immutable;
 * migration.md has the reasons for the engine's own.
 *
 * @param chunkBytes what goes through a slot at a time, rounded to whole pages or whole parts of
 *     one; 0: the engine's choice
 * @param slots how many chunks are under way, one way
 * @param threads that copy pages between memory of the host and a slot
 */
record CudaStagingTuning(long chunkBytes, int slots, int threads) {
  /** One that is filled, one on the link, one whose pages are put where they belong. */
  private static final int OWN_SLOTS = 3;

  /** More of them than a few do not copy faster than memory. */
  private static final int MOST_OWN_THREADS = 8;

  /** What the link carries in the time that a chunk costs besides, about 5 us: a prediction. */
  private static final long COST_OF_CHUNK = 256L << 10;

  private static final long LEAST_OWN_CHUNK = 256L << 10;
  private static final long LARGEST_OWN_CHUNK = 8L << 20;

  static final List<Parameter> PARAMETERS =
      List.of(
          new Parameter.Whole(
              "chunkBytes",
              "bytes that go through staging memory at a time, rounded to whole pages or parts of one",
              4096,
              1L << 30,
              List.of()),
          new Parameter.Whole("slots", "chunks that are under way, each way", 2, 64, List.of()),
          new Parameter.Whole(
              "threads", "threads that copy pages to and from staging memory", 1, 256, List.of()));

  /**
   * What these values say, and where they say nothing the engine's own choice.
   *
   * @param processors of this machine, at least 1
   */
  static CudaStagingTuning of(ParameterValues values, int processors) {
    return new CudaStagingTuning(
        values.whole("chunkBytes", 0),
        (int) values.whole("slots", OWN_SLOTS),
        (int) values.whole("threads", Math.clamp(processors / 2, 1, MOST_OWN_THREADS)));
  }

  /**
   * The size of a chunk. The first one is copied while the link waits, and each costs something:
   * the time is shortest where both take the same.
   *
   * @param batchBytes of a batch
   */
  long chunkBytes(long batchBytes) {
    return chunkBytes > 0
        ? chunkBytes
        : Math.clamp(
            (long) Math.sqrt((double) COST_OF_CHUNK * batchBytes),
            LEAST_OWN_CHUNK,
            LARGEST_OWN_CHUNK);
  }
}
