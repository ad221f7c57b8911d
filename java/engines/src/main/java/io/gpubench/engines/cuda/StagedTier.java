// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The pool of a tier of a {@link CudaMigrationRun}: what writes the pages of a batch before a
 * sample, and looks at them afterwards. Confined to the context's thread. {@link #begin}, {@link
 * #fill} and {@link #check} allocate nothing.
 */
interface StagedTier extends AutoCloseable {
  /** Before the pages of a sample are written. */
  default void begin(long sample) {}

  /** Writes the pages of a batch into these frames, and returns when they are there. */
  void fill(PieceList list, long key);

  /** Whether every word of a batch in these frames, and what lies behind the pool, is right. */
  boolean check(PieceList list, long key);

  /** What {@link #check} has found wrong, in words. */
  String wrong(PieceList list, long key);

  /** A sum of the words that were checked last, 0 or 1: {@code Checksum}. */
  long sum(int which);

  /** Whether a batch that was moved from here can still be looked at. */
  default boolean keepsSource() {
    return true;
  }

  /** An end of a lane that moves pages to this pool or from it. */
  StagingEnd end(PieceList list, StagingSlots slots);

  /** Before a sample, last of all. */
  default void wake() {}

  /** Returns when what was moved here is on stable storage. */
  default void sync() {}

  /** What it is, for the record, by names that begin in lower case. */
  Map<String, Object> description();

  /** What happens to pages here when the power fails; null where nobody expects them to stay. */
  default @Nullable String durability() {
    return null;
  }

  @Override
  void close();
}
