// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.measure.EngineException;
import io.gpubench.workloads.synthesis.Forest;
import io.gpubench.workloads.synthesis.SynthesisRotation;
import java.lang.foreign.MemorySegment;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The forests of all inputs, one behind the other in the same arrays, so that one program does for
 * all. What patterns do not look at (values, where trees begin) stays on the host. For one thread;
 * holds memory of somebody else.
 */
final class DeviceForests {
  private static final int SLOTS = SynthesisRotation.SLOTS;

  private final SynthesisMemory memory;
  private final int nodes;
  private final MemorySegment kind;
  private final MemorySegment arity;
  private final MemorySegment symbol;
  private final MemorySegment firstChild;

  /**
   * Takes memory.
   *
   * @throws EngineException when there is not so much, or no array can have so many elements
   */
  DeviceForests(SynthesisMemory memory, long nodes) {
    if (nodes * SLOTS > Integer.MAX_VALUE) {
      throw new EngineException(
          "TornadoVM counts the elements of an array by an int: %d forests of %,d nodes are too many, at most %,d nodes fit"
              .formatted(SLOTS, nodes, Integer.MAX_VALUE / SLOTS));
    }
    this.memory = memory;
    this.nodes = (int) nodes;
    kind = memory.allocate(SLOTS * nodes);
    arity = memory.allocate(SLOTS * nodes);
    symbol = memory.allocate(SLOTS * nodes * Integer.BYTES);
    firstChild = memory.allocate(SLOTS * nodes * Integer.BYTES);
  }

  /** Where the forest of an input is made. */
  Forest forest(int input, int trees) {
    return new Forest(
        slice(kind, input, 1),
        slice(arity, input, 1),
        slice(symbol, input, Integer.BYTES),
        slice(firstChild, input, Integer.BYTES),
        memory.allocate((long) nodes * Integer.BYTES),
        memory.allocate((trees + 1L) * Integer.BYTES));
  }

  private MemorySegment slice(MemorySegment all, int input, long bytes) {
    return all.asSlice(input * bytes * nodes, bytes * nodes);
  }

  /** Of one forest. */
  int nodes() {
    return nodes;
  }

  /** Where the forest of an input begins in all arrays. */
  int begin(int input) {
    return input * nodes;
  }

  ByteArray kinds() {
    return memory.bytes(kind);
  }

  ByteArray arities() {
    return memory.bytes(arity);
  }

  IntArray symbols() {
    return memory.ints(symbol);
  }

  IntArray children() {
    return memory.ints(firstChild);
  }
}
