// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.gate;

import org.jspecify.annotations.Nullable;

/** Whether p95 can be judged on this machine at all, which a calibration knows. */
@FunctionalInterface
public interface TailBar {
  /**
   * Why p95 is not judged; null where it may be.
   *
   * @param workload its id
   * @param engine its id
   * @param tolerance the relative difference that does not matter, in (0, 1)
   * @return one line
   */
  @Nullable String whyNot(String workload, String engine, double tolerance);
}
