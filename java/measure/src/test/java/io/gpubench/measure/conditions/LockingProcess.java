// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/**
 * A process of its own that takes a lock, says on its standard output what came of it, and keeps it
 * until its standard input ends.
 */
final class LockingProcess {
  private LockingProcess() {}

  /** Arguments: the folder, the device, the CPUs. */
  public static void main(String[] args) throws IOException {
    var result =
        DeviceLock.tryAcquire(
            new LockFolder(Path.of(args[0])), Set.of(args[1]), CpuSet.parse(args[2]));
    System.out.println(result.note());
    System.out.flush();
    boolean _ = System.in.read() < 0;
    if (result instanceof DeviceLock.Acquired(DeviceLock lock)) {
      lock.close();
    }
  }
}
