// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

import java.lang.foreign.MemorySegment;
import java.util.Map;

/** Pages in a file by io_uring: many requests are under way at once, from one thread. */
public final class RingFile extends NativeFile {
  private final Ring ring;
  private final boolean ownsRing;

  private RingFile(Order order, Ring ring, boolean ownsRing) {
    super(order);
    this.ring = ring;
    this.ownsRing = ownsRing;
  }

  /**
   * Opens one, with a ring of its own.
   *
   * @throws io.gpubench.measure.EngineException as {@link PageFiles#open}; of kind {@code ABSENT}
   *     when there is no io_uring to be had
   */
  public static RingFile open(Order order) {
    var ring = new Ring(order);
    try {
      return known(new RingFile(order, ring, true));
    } catch (RuntimeException | Error failure) {
      try (ring) {
        throw failure;
      }
    }
  }

  /**
   * Opens one whose pages somebody else's ring moves, which is closed before the file.
   *
   * @throws io.gpubench.measure.EngineException as {@link PageFiles#open}
   */
  public static RingFile open(Order order, Ring ring) {
    return known(new RingFile(order, ring, false));
  }

  private static RingFile known(RingFile file) {
    try {
      file.ring.add(file);
      return file;
    } catch (RuntimeException | Error failure) {
      file.closeFile();
      throw failure;
    }
  }

  @Override
  public void attach(MemorySegment pool) {
    super.attach(pool);
    ring.add(pool);
  }

  @Override
  void move(PageBatches pages) {
    ring.move(pages);
  }

  @Override
  Map<String, Object> means() {
    return ring.description();
  }

  @Override
  public void close() {
    if (ownsRing) {
      ring.close();
    }
    closeFile();
  }
}
