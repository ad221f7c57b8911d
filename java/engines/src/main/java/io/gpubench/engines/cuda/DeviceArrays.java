// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaFunction;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.gpu.DeviceMemory;
import io.gpubench.gpu.LaunchShape;
import java.util.Map;

/**
 * The arrays of one sample on a device, and the kernels that work on them. Valid until the run is
 * closed, on the thread that measures.
 */
public final class DeviceArrays {
  private final CudaKernels kernels;
  private final Map<String, DeviceBuffer> byName;

  DeviceArrays(CudaKernels kernels, Map<String, DeviceBuffer> byName) {
    this.kernels = kernels;
    this.byName = byName;
  }

  /**
   * All of an array; it begins at a multiple of 256 bytes.
   *
   * @throws IllegalArgumentException when there is none of that name
   */
  public DeviceMemory of(String name) {
    DeviceBuffer array = byName.get(name);
    if (array == null) {
      throw new IllegalArgumentException("no array '%s' among %s".formatted(name, byName.keySet()));
    }
    return array;
  }

  /**
   * A kernel of the source, loaded.
   *
   * @param symbol as it is exported: declare it {@code extern "C"}
   */
  public CudaFunction function(String symbol) {
    return kernels.function(symbol);
  }

  /**
   * A row of blocks that covers so many items, of which one takes so many at a time.
   *
   * @param itemsPerBlock at least 1
   * @param threadsPerBlock 1 .. 1024
   * @throws io.gpubench.measure.EngineException when that takes more blocks than a grid has
   */
  public LaunchShape covering(long items, long itemsPerBlock, int threadsPerBlock) {
    long blocks = Math.max(1, Math.ceilDiv(items, itemsPerBlock));
    if (blocks > Integer.MAX_VALUE) {
      throw new io.gpubench.measure.EngineException(
          "%d items by %d take %d blocks, and a grid has at most %d"
              .formatted(items, itemsPerBlock, blocks, Integer.MAX_VALUE));
    }
    return LaunchShape.of((int) blocks, threadsPerBlock);
  }

  /** How many multiprocessors the device has, for grids whose blocks stride. */
  public int multiprocessors() {
    return kernels.context().device().multiprocessors();
  }
}
