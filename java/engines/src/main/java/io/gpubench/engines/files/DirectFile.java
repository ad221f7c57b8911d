// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

/** Pages in a file by Java's channels. */
public final class DirectFile {
  private DirectFile() {}

  /** Opens one. */
  public static PageFile open(PageFile.Order order) {
    throw new UnsupportedOperationException(order.folder());
  }
}
