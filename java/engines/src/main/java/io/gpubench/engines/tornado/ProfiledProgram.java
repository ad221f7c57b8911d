// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.tornado;

/**
 * What TornadoVM's profiler says of a program on a device. Its times are by the device's clock,
 * where not said otherwise, in nanoseconds. Used by the thread that measures.
 */
public interface ProfiledProgram {
  /** From the next execution on; when it is off, the profiler does nothing at all. */
  void profiled(boolean on);

  /** All kernels of the last execution that was profiled. */
  long kernelNanos();

  /** What the last execution that was profiled copied to the device. */
  long copyInNanos();

  /**
   * What the last execution that was profiled copied to the host; what was fetched from it since,
   * by the host's clock.
   */
  long copyOutNanos();

  /** From bytecode to the backend's language, by the host's clock; all profiled executions. */
  long tornadoCompileNanos();

  /** From the backend's language to the device's, by the host's clock; all profiled executions. */
  long driverCompileNanos();

  /**
   * Demands that nothing has failed that was only printed. Not timed.
   *
   * @throws io.gpubench.measure.EngineException when it has
   */
  void check();
}
