// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.words;

import io.gpubench.workloads.random.Philox;

/**
 * The keys of a seed, from which {@link Words} makes the inputs of a sample: the first word of the
 * Philox block at (seed, stream, sample). Engines get keys, never seeds. Allocates nothing once
 * created; for one thread.
 */
public final class SampleKeys {
  private final long seed;
  private final long[] block = new long[2];

  public SampleKeys(long seed) {
    this.seed = seed;
  }

  /**
   * The key of a stream of a sample.
   *
   * @param sample at least 0
   * @param stream what the words are for; each workload numbers its streams from 0
   */
  public long of(long sample, int stream) {
    Philox.block(seed, stream, sample, block);
    return block[0];
  }
}
