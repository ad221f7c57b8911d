// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaFunction;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.workloads.synthesis.Forest;
import io.gpubench.workloads.synthesis.ForestGenerator;
import io.gpubench.workloads.synthesis.ForestShape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;

/**
 * Makes the forests of samples on a device, bit for bit those of {@link ForestGenerator}. Owns the
 * tables that all of them share; used by the context's thread.
 */
final class CudaForestGenerator implements AutoCloseable {
  private final Closer closer = new Closer();
  private final CudaContext context;
  private final ForestGenerator generator;
  private final DeviceBuffer thresholds;
  private final DeviceBuffer aliases;
  private final DeviceBuffer bounds;
  private final DeviceBuffer treeStart;
  private final KernelLaunch generate;

  /** Uploads the tables, and loads the kernel. */
  CudaForestGenerator(CudaKernels kernels, ForestGenerator generator) {
    this.context = kernels.context();
    this.generator = generator;
    ForestShape shape = generator.shape();
    try (var arena = Arena.ofConfined()) {
      thresholds = uploaded(arena.allocateFrom(ValueLayout.JAVA_INT, generator.thresholds()));
      aliases = uploaded(arena.allocateFrom(ValueLayout.JAVA_SHORT, generator.aliases()));
      bounds = uploaded(arena.allocateFrom(ValueLayout.JAVA_INT, generator.kindBounds()));
      treeStart = uploaded(arena.allocateFrom(ValueLayout.JAVA_INT, starts(shape)));
      CudaFunction function = kernels.function("synthesis_generate");
      generate =
          function.launch(
              kernels.shape(function, shape.trees()),
              treeStart, // and the next four: the arrays of a forest
              treeStart,
              treeStart,
              treeStart,
              treeStart,
              treeStart,
              shape.trees(),
              0L,
              0L,
              thresholds,
              aliases,
              bounds,
              generator.literalBound());
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  private static int[] starts(ForestShape shape) {
    return IntStream.rangeClosed(0, shape.trees()).map(shape::start).toArray();
  }

  private DeviceBuffer uploaded(MemorySegment table) {
    DeviceBuffer buffer = closer.closes(context.allocate(table.byteSize()));
    buffer.upload(table);
    return buffer;
  }

  /** What the tables take of a device's memory, in bytes, for so many trees. */
  static long bytes(int trees) {
    return Forest.SYMBOLS * (long) (Integer.BYTES + Short.BYTES) + (trees + 1L) * Integer.BYTES;
  }

  /** Allocates a forest of this generator's shape, which the caller closes. */
  CudaForest forest() {
    return new CudaForest(context, generator.shape().nodes(), generator.shape().trees());
  }

  /**
   * Enqueues the making of all arrays of a forest.
   *
   * @param forest of this generator's shape
   * @param keys {@link ForestGenerator#keys} of a sample
   */
  void enqueue(CudaStream stream, CudaForest forest, long[] keys) {
    forest.treeStart().copyAsync(stream, 0, treeStart, 0, treeStart.bytes());
    var arguments = generate.arguments();
    arguments.set(0, forest.kind());
    arguments.set(1, forest.arity());
    arguments.set(2, forest.symbol());
    arguments.set(3, forest.firstChild());
    arguments.set(4, forest.value());
    arguments.set(7, keys[0]);
    arguments.set(8, keys[1]);
    generate.enqueue(stream);
  }

  @Override
  public void close() {
    closer.close();
  }
}
