// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.measure.EngineException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Memory of the host that TornadoVM takes as its arrays without a copy: before each array lies the
 * header that TornadoVM wants. For one thread, which closes it.
 */
final class SynthesisMemory implements AutoCloseable {
  private static final long LINE = 64;

  private final Arena arena = Arena.ofShared();

  /** Whole, with the header, by where the content begins. */
  private final Map<Long, MemorySegment> blocks = new TreeMap<>();

  /**
   * Zeroed memory that begins at a multiple of 64 bytes.
   *
   * @throws EngineException when there is not so much
   */
  MemorySegment allocate(long bytes) {
    try {
      MemorySegment whole = arena.allocate(LINE + bytes, LINE);
      MemorySegment content = whole.asSlice(LINE);
      blocks.put(content.address(), whole.asSlice(LINE - TornadoNativeArray.ARRAY_HEADER));
      return content;
    } catch (OutOfMemoryError refused) {
      throw new EngineException("out of memory: %,d bytes of the host".formatted(bytes), refused);
    }
  }

  private MemorySegment block(MemorySegment content) {
    return Objects.requireNonNull(blocks.get(content.address()), "memory of somebody else");
  }

  /** What was handed out, as bytes. */
  ByteArray bytes(MemorySegment content) {
    return ByteArray.fromSegmentShallow(block(content));
  }

  /** What was handed out, as words of 32 bits. */
  IntArray ints(MemorySegment content) {
    return IntArray.fromSegmentShallow(block(content));
  }

  /** What was handed out, as words of 64 bits. */
  LongArray longs(MemorySegment content) {
    return LongArray.fromSegmentShallow(block(content));
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
