// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

/** Opens files of pages in whatever way is the fastest on this machine. */
public final class PageFiles {
  private PageFiles() {}

  /**
   * Opens a file of pages, by Java's channels. The caller closes it.
   *
   * @throws io.gpubench.measure.EngineException when there is no such folder, or it is none, or
   *     nothing can be written there, or there is not enough room, or the page size is not a
   *     multiple of what the file system transfers
   */
  public static PageFile open(PageFile.Order order) {
    return DirectFile.open(order);
  }
}
