// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

/**
 * One end of a {@link StagingLane}: moves chunks of a batch between the pool of its tier and the
 * slots of the lane. Confined to the context's thread; allocates nothing while it moves.
 */
interface StagingEnd extends AutoCloseable {
  /** Whether {@link #load} and {@link #store} return only when they are done. */
  boolean blocks();

  /** Brings a chunk from the pool into a slot, or enqueues that. */
  void load(int chunk, int slot);

  /** Brings a chunk from a slot into the pool, or enqueues that. */
  void store(int chunk, int slot);

  /** Whether what was begun last with a slot is done, so that another may use the slot. */
  boolean done(int slot);

  /** Returns when all that was begun is done. */
  void await();

  @Override
  void close();
}
