// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaStream;

/**
 * Moves the pages of batches between two pools. Enqueues and never waits or allocates; owns what it
 * needs for that. Confined to the context's thread.
 */
interface PageMover extends AutoCloseable {
  /**
   * A batch on its way.
   *
   * @param source frames of its pages in {@code from}
   * @param target frames of its pages in {@code to}
   */
  record Batch(CudaPages from, CudaPages to, FrameList source, FrameList target) {}

  /**
   * Enqueues the moves of all batches, which are under way at the same time; what is enqueued in
   * the stream afterwards comes after all of them.
   *
   * @param batches one for each way; their lists are read while the stream works on them
   */
  void enqueue(CudaStream stream, Batch[] batches);

  /** Whether what it enqueues may be captured into a graph. */
  default boolean capturable() {
    return true;
  }

  @Override
  default void close() {}
}
