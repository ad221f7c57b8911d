// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

import io.gpubench.ffi.NativeLibraries;
import io.gpubench.ffi.host.Host;
import io.gpubench.measure.EngineException;

/** Opens files of pages in whatever way is the fastest on this machine. */
public final class PageFiles {
  private PageFiles() {}

  /**
   * Opens a file of pages: by io_uring where the host library and the kernel have it, else by
   * Java's channels. {@link PageFile#description} says which. The caller closes it.
   *
   * @throws EngineException when there is no such folder, or it is none, or nothing can be written
   *     there, or there is not enough room, or the page size is not a multiple of what the file
   *     system transfers
   */
  public static PageFile open(PageFile.Order order) {
    if (NativeLibraries.problem("host").isPresent()
        || Host.gpubench_host_abi() != Host.GPUBENCH_HOST_ABI()) {
      return DirectFile.open(order);
    }
    try {
      return RingFile.open(order);
    } catch (EngineException e) {
      if (e.kind() == EngineException.Kind.ABSENT) {
        return DirectFile.open(order);
      }
      throw e;
    }
  }
}
