// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import io.gpubench.ffi.NativeLibraries;
import io.gpubench.ffi.host.Host;
import java.lang.foreign.MemorySegment;

/**
 * The loop that submits work, in C: what the same loop in Java is compared with. It is in the
 * library of this engine and submits by whatever functions it is given, those of a device's driver
 * too. Stateless; called by the thread that may use the stream.
 */
public final class SubmitLoop {
  private SubmitLoop() {}

  /** Whether the library is there, and of this build. */
  public static boolean available() {
    return NativeLibraries.has(HostEngine.LIBRARY)
        && Host.gpubench_host_abi() == Host.GPUBENCH_HOST_ABI();
  }

  /**
   * Launches so many times, then synchronises once. Allocates nothing.
   *
   * @param launch address of a function of the shape of {@code cuLaunchKernel}
   * @param synchronize address of a function of the shape of {@code cuStreamSynchronize}
   * @param parameters the kernel's parameters, as the launch takes them; its last argument is NULL
   * @param calls at least 0
   * @return the first code that is not 0, after which nothing was called any more; or 0
   */
  public static int run(
      MemorySegment launch,
      MemorySegment synchronize,
      MemorySegment function,
      int gridX,
      int gridY,
      int gridZ,
      int blockX,
      int blockY,
      int blockZ,
      int sharedBytes,
      MemorySegment stream,
      MemorySegment parameters,
      long calls) {
    return Host.gpubench_submit_loop(
        launch,
        synchronize,
        function,
        gridX,
        gridY,
        gridZ,
        blockX,
        blockY,
        blockZ,
        sharedBytes,
        stream,
        parameters,
        calls);
  }
}
