// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

/**
 * Which of some elements a worker has: where threads are many, each workers-th one from its own on,
 * so that neighbours read side by side; where they are few, as many side by side as all have.
 * Called in kernels.
 */
final class Shares {
  private Shares() {}

  /** The first. */
  static int begin(int worker, int workers, int elements, int strided) {
    return strided != 0
        ? worker
        : worker * (elements / workers) + least(worker, elements % workers);
  }

  /** The one behind the last. */
  static int end(int worker, int workers, int elements, int strided) {
    return strided != 0 ? elements : begin(worker + 1, workers, elements, 0);
  }

  private static int least(int a, int b) {
    return a < b ? a : b;
  }
}
