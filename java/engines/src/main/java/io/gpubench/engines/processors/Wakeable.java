// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.processors;

import io.gpubench.measure.spi.PreparedRun;

/** A run whose waiting threads fall asleep after a while, and can be woken before a sample. */
public interface Wakeable extends PreparedRun {
  /**
   * Has the threads spinning, as a system that waits for work would. {@link #stage} leaves them so;
   * whoever does something that takes its time between {@code stage} and {@code execute} calls this
   * before {@code execute}.
   */
  void wake();
}
