// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

/** What kernels a device understands, such as 9.0 for Hopper. */
public record ComputeCapability(int major, int minor) {
  /** From a compiler's number, such as 90 or 120. */
  static ComputeCapability ofNumber(int number) {
    return new ComputeCapability(number / 10, number % 10);
  }

  /** As compilers write it: 90, as in {@code sm_90} and {@code compute_90}. */
  public int number() {
    return 10 * major + minor;
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
