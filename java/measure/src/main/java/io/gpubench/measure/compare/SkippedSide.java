// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

/**
 * A side that cannot be measured on this machine.
 *
 * @param side as it was asked for
 * @param reason why, in one line, with what helps
 */
public record SkippedSide(String side, String reason) {
  /** {@code engine=cuda: Skipped: libcuda.so.1 not found}. */
  @Override
  public String toString() {
    return side + ": Skipped: " + reason;
  }
}
