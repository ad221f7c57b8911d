// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.migration;

import io.gpubench.workloads.words.Checksum;
import io.gpubench.workloads.words.SampleKeys;
import io.gpubench.workloads.words.Words;

/**
 * What the pages of a batch hold: word j of page i is word {@code i * pageWords + j} of the batch's
 * key, {@link Words#word}, wherever the page lies. Each sample has a key of its own, so that a page
 * that was not moved holds words of another sample. For one thread.
 */
public final class MigrationBatch {
  private final MigrationParameters setting;
  private final int way;
  private final SampleKeys keys;

  /**
   * The batch of a way.
   *
   * @param way 0 for that from {@link MigrationParameters#from} to {@link MigrationParameters#to},
   *     1 for that back
   */
  public MigrationBatch(MigrationParameters setting, int way) {
    this.setting = setting;
    this.way = way;
    keys = new SampleKeys(setting.seed());
  }

  /** The key of the batch in a sample. Allocates nothing. */
  public long key(long sample) {
    return keys.of(sample, way);
  }

  /** The sums of all its words in a sample, in the order of its pages. */
  public Checksum checksum(long sample) {
    long key = key(sample);
    return Checksum.of(setting.batchWords(), i -> Words.word(key, i));
  }
}
