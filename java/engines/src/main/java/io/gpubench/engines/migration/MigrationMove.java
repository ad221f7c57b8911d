// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.migration;

import java.lang.foreign.MemorySegment;

/**
 * A batch of pages that goes from one tier to another, again and again: page i from frame {@code
 * sourceFrames[i]} to frame {@code targetFrames[i]}, for all i in 0 .. pages - 1. The lists are
 * native arrays of unsigned 32-bit integers, each frame of a list another one; others stand in them
 * each time.
 *
 * @param pages at least 1
 * @param pageBytes a multiple of 8
 */
public record MigrationMove(
    int pages,
    long pageBytes,
    PageStore source,
    MemorySegment sourceFrames,
    PageStore target,
    MemorySegment targetFrames) {
  /** Whether a file takes part. */
  public boolean withFile() {
    return source instanceof PageStore.InFile || target instanceof PageStore.InFile;
  }
}
