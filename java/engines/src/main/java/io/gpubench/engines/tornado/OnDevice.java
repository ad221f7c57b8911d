// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.tornado;

/**
 * What kernels for TornadoVM have besides those of an engine on the processors: memory on the
 * device beside the arrays of the host. Used by the thread that measures.
 */
public interface OnDevice {
  /** Called before {@link #toDevice}: which sample is staged, for whoever prepares it by number. */
  default void next(long sample) {}

  /** Brings what was staged, poisoned outputs above all, to the device. Not timed. */
  void toDevice();

  /** Brings the answers from the device to where they are checked. Not timed. */
  void fromDevice();

  /** What does the work. */
  ProfiledProgram program();
}
