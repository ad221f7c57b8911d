// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import java.util.Comparator;

/**
 * A version of CUDA: the newest that a driver knows, or that of a compiler. Written {@code 13.0}.
 */
public record CudaVersion(int major, int minor) implements Comparable<CudaVersion> {
  private static final Comparator<CudaVersion> ORDER =
      Comparator.comparingInt(CudaVersion::major).thenComparingInt(CudaVersion::minor);

  /** From the driver's number, 1000 for a major and 10 for a minor version. */
  static CudaVersion ofNumber(int number) {
    return new CudaVersion(number / 1000, number % 1000 / 10);
  }

  @Override
  public int compareTo(CudaVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
