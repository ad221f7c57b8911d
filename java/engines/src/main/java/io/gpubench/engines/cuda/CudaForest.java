// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.gpu.DeviceMemory;
import io.gpubench.workloads.synthesis.Forest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The arrays of a forest on a device, as synthesis.cuh lays them out. Each begins at a multiple of
 * 256 bytes and has whole words of 64 bits, so that it can be poisoned and summed up by words. Owns
 * its memory; used by the context's thread.
 */
final class CudaForest implements AutoCloseable {
  private final Closer closer = new Closer();
  private final long nodes;
  private final int trees;
  private final DeviceBuffer kind;
  private final DeviceBuffer arity;
  private final DeviceBuffer symbol;
  private final DeviceBuffer firstChild;
  private final DeviceBuffer value;
  private final DeviceBuffer treeStart;

  /**
   * Allocates one, of arrays that hold nothing yet.
   *
   * @param nodes 1 .. {@link Forest#MOST_NODES}
   */
  CudaForest(CudaContext context, long nodes, int trees) {
    this.nodes = nodes;
    this.trees = trees;
    try {
      kind = closer.closes(context.allocate(whole(nodes)));
      arity = closer.closes(context.allocate(whole(nodes)));
      symbol = closer.closes(context.allocate(whole(nodes * Integer.BYTES)));
      firstChild = closer.closes(context.allocate(whole(nodes * Integer.BYTES)));
      value = closer.closes(context.allocate(whole(nodes * Integer.BYTES)));
      treeStart = closer.closes(context.allocate(whole((trees + 1L) * Integer.BYTES)));
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  private static long whole(long bytes) {
    return Math.ceilDiv(bytes, (long) Long.BYTES) * Long.BYTES;
  }

  /** What one takes of a device's memory, in bytes. */
  static long bytes(long nodes, int trees) {
    return 2 * whole(nodes)
        + 3 * whole(nodes * Integer.BYTES)
        + whole((trees + 1L) * Integer.BYTES);
  }

  long nodes() {
    return nodes;
  }

  int trees() {
    return trees;
  }

  DeviceBuffer kind() {
    return kind;
  }

  DeviceBuffer arity() {
    return arity;
  }

  DeviceBuffer symbol() {
    return symbol;
  }

  DeviceBuffer firstChild() {
    return firstChild;
  }

  DeviceBuffer value() {
    return value;
  }

  DeviceBuffer treeStart() {
    return treeStart;
  }

  /** All arrays, in the order of {@link Forest#arrays}. */
  List<DeviceBuffer> arrays() {
    return List.of(kind, arity, symbol, firstChild, value, treeStart);
  }

  /** Enqueues the setting of all bytes of all arrays to a sample's poison. */
  void poison(CudaStream stream, long sample) {
    for (DeviceBuffer array : arrays()) {
      SampleWords.poison(stream, array, sample);
    }
  }

  /** Copies a forest with as many nodes and trees to the device, and waits for that. */
  void upload(Forest forest) {
    if (forest.nodes() != nodes || forest.trees() != trees) {
      throw new IllegalArgumentException(
          "%d nodes and %d trees for a place of %d and %d"
              .formatted(forest.nodes(), forest.trees(), nodes, trees));
    }
    try (var arena = Arena.ofConfined()) {
      List<MemorySegment> from = forest.arrays();
      for (int i = 0; i < from.size(); i++) {
        // what lies on the heap cannot be handed to the driver
        MemorySegment copy = arena.allocate(from.get(i).byteSize(), Long.BYTES);
        copy.copyFrom(from.get(i));
        arrays().get(i).upload(copy);
      }
    }
  }

  /** Copies the first trees and nodes from the device. The device must be done with them. */
  Forest download(Arena arena, long firstNodes) {
    Forest forest = Forest.allocate(bytes -> arena.allocate(bytes, Long.BYTES), firstNodes, trees);
    List<MemorySegment> to = forest.arrays();
    for (int i = 0; i < to.size(); i++) {
      if (to.get(i).byteSize() > 0) {
        DeviceMemory from = arrays().get(i).slice(0, to.get(i).byteSize());
        from.download(to.get(i));
      }
    }
    return forest;
  }

  @Override
  public void close() {
    closer.close();
  }
}
