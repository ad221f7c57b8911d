// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

/**
 * A batch on its way through slots of staging memory: chunk k is loaded into slot k mod slots by
 * one end and stored from there by the other. While one end moves chunk k the other one moves an
 * earlier or a later chunk. Owns nothing. Confined to the context's thread.
 */
final class StagingLane {
  private final StagingEnd source;
  private final StagingEnd target;
  private final int chunks;
  private final int slots;
  private int loaded;
  private int stored;

  StagingLane(StagingEnd source, StagingEnd target, StagingShape shape) {
    this.source = source;
    this.target = target;
    chunks = shape.chunks();
    slots = shape.slots();
  }

  /** Before the first step of a batch. */
  void begin() {
    loaded = 0;
    stored = 0;
  }

  /**
   * Takes one step, if one can be taken without waiting for a device. A source that works by itself
   * is given work first, so that it has some while the other end blocks; what a blocking source has
   * loaded goes on its way at once.
   *
   * @return whether there was one
   */
  boolean advance() {
    return source.blocks() ? store() || load() : load() || store();
  }

  private boolean load() {
    if (loaded == chunks) {
      return false;
    }
    int slot = loaded % slots;
    if (loaded >= slots && (stored <= loaded - slots || !target.done(slot))) {
      return false;
    }
    source.load(loaded, slot);
    loaded++;
    return true;
  }

  private boolean store() {
    if (stored == loaded || !source.done(stored % slots)) {
      return false;
    }
    target.store(stored, stored % slots);
    stored++;
    return true;
  }

  /** Whether nothing is left to begin. */
  boolean begun() {
    return stored == chunks;
  }

  /** Waits until nothing is under way, because of a failure that stays the first. */
  void abandon(Throwable failure) {
    for (StagingEnd end : new StagingEnd[] {source, target}) {
      try {
        end.await();
      } catch (RuntimeException second) {
        failure.addSuppressed(second);
      }
    }
  }

  /** Returns when all pages are where they belong; after {@link #begun}. */
  void await() {
    target.await();
  }
}
