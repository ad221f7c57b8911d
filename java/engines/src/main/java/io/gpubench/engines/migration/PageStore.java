// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.migration;

import io.gpubench.engines.files.PageFile;
import java.lang.foreign.MemorySegment;

/** Where the frames of a tier's pool are. */
public sealed interface PageStore {
  /**
   * In memory.
   *
   * @param pool from a multiple of {@value PageFile#ALIGNMENT} bytes on, the frames one behind the
   *     other; guard bytes that nothing may touch lie behind it and do not belong to it
   */
  record InMemory(MemorySegment pool) implements PageStore {}

  /**
   * In a file, which knows all pools in memory that pages are moved to or from.
   *
   * @param file from {@link MigrationKernels#open}
   */
  record InFile(PageFile file) implements PageStore {}
}
