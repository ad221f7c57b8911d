// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

import io.gpubench.ffi.NativeLibraries;
import io.gpubench.ffi.host.Host;
import io.gpubench.measure.EngineException;

/** Opens files of pages in whatever way is the fastest on this machine. */
public final class PageFiles {
  private PageFiles() {}

  /**
   * What becomes of pages that were moved into a file when the power fails, in words.
   *
   * @param synced whether {@link PageFile#sync} ended the migration
   */
  public static String durability(PageFile file, boolean synced) {
    boolean served = FolderFacts.isServed(String.valueOf(file.description().get("fileSystem")));
    return switch (file.access()) {
      case PageFile.MEMORY -> "lost without power: the file system lies in memory";
      case PageFile.DIRECT ->
          synced
              ? "on stable storage: fdatasync is part of the time"
              : served
                  ? "with whoever serves the file system, perhaps in a cache that forgets without power"
                  : "with the drive, perhaps in a cache that forgets without power";
      default ->
          synced
              ? "on stable storage: fdatasync is part of the time"
              : "in the page cache, lost without power";
    };
  }

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
