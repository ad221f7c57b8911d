// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/**
 * How many threads take shares of some elements. Immutable.
 *
 * @param groups of threads of the kernel API
 * @param block threads of a group
 * @param workers of an annotated loop
 * @param strided whether a worker has each so many-th element, or elements side by side
 */
record LaunchShape(int groups, int block, int workers, boolean strided) {
  /** Groups for each unit of processors: so many that one that is late is made up for. */
  private static final int GROUPS_OF_PROCESSOR = 8;

  /** Threads that a multiprocessor has at once. */
  private static final int THREADS_OF_MULTIPROCESSOR = 2048;

  /**
   * That of a device: on processors, where a group is a turn of a thread of the host, groups of one
   * with elements side by side, else as many as are there at once.
   *
   * @param block threads of a group
   */
  static LaunchShape of(TornadoDevice device, int block) {
    int units = Math.max(1, device.getPhysicalDevice().getDeviceMaxComputeUnits());
    if (TornadoDevices.onProcessors(device)) {
      int groups = GROUPS_OF_PROCESSOR * units;
      return new LaunchShape(groups, block, groups, block > 1);
    }
    int groups = units * Math.max(1, THREADS_OF_MULTIPROCESSOR / block);
    return new LaunchShape(groups, block, units * THREADS_OF_MULTIPROCESSOR, true);
  }

  /** For a kernel with all groups. */
  WorkerGrid grid() {
    return grid(groups, block);
  }

  /** For one with another shape. */
  static WorkerGrid grid(int groups, int block) {
    var grid = new WorkerGrid1D(groups * block);
    grid.setLocalWork(block, 1, 1);
    return grid;
  }

  /** As a kernel reads it. */
  int stride() {
    return strided ? 1 : 0;
  }
}
