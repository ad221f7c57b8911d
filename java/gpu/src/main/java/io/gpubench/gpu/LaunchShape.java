// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

/**
 * How many threads run a kernel, and how they are started.
 *
 * @param dynamicSharedBytes of a block, besides its static shared memory
 * @param cooperative whether all blocks run at once, so that they may wait for each other
 * @param overlapping whether it may start before what it follows in its stream has ended, for which
 *     it waits itself (programmatic stream serialization)
 */
public record LaunchShape(
    int gridX,
    int gridY,
    int gridZ,
    int blockX,
    int blockY,
    int blockZ,
    int dynamicSharedBytes,
    boolean cooperative,
    boolean overlapping) {

  /** A row of blocks, each a row of threads. */
  public static LaunchShape of(int blocks, int threadsPerBlock) {
    return new LaunchShape(blocks, 1, 1, threadsPerBlock, 1, 1, 0, false, false);
  }

  /** The same with dynamic shared memory. */
  public LaunchShape withDynamicShared(int bytes) {
    return new LaunchShape(
        gridX, gridY, gridZ, blockX, blockY, blockZ, bytes, cooperative, overlapping);
  }

  /** The same, cooperative. */
  public LaunchShape asCooperative() {
    return new LaunchShape(
        gridX, gridY, gridZ, blockX, blockY, blockZ, dynamicSharedBytes, true, overlapping);
  }

  /** The same, overlapping. */
  public LaunchShape asOverlapping() {
    return new LaunchShape(
        gridX, gridY, gridZ, blockX, blockY, blockZ, dynamicSharedBytes, cooperative, true);
  }

  @Override
  public String toString() {
    return "grid %dx%dx%d, block %dx%dx%d, %d bytes%s%s"
        .formatted(
            gridX,
            gridY,
            gridZ,
            blockX,
            blockY,
            blockZ,
            dynamicSharedBytes,
            cooperative ? ", cooperative" : "",
            overlapping ? ", overlapping" : "");
  }
}
