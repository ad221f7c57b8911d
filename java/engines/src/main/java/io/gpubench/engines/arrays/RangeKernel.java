// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.arrays;

import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.arrays.ArraySet;

/** An implementation of an array workload on the processors. Stateless; any thread may use it. */
@FunctionalInterface
public interface RangeKernel {
  /**
   * Looks up whatever a sample needs, so that nothing is looked up while it is timed.
   *
   * @param arrays the same for all samples of a run; valid until it is closed
   */
  Ranges bind(ParameterValues values, ArraySet arrays);

  /** The work itself. */
  @FunctionalInterface
  interface Ranges {
    /**
     * Does items {@code from .. end - 1}. Called by several threads at once, each with a range of
     * its own; ranges begin at multiples of 64 items. Timed: allocates, logs and looks up nothing.
     *
     * @throws Throwable when it fails, as {@link java.lang.invoke.MethodHandle#invokeExact} may
     */
    void run(long from, long end) throws Throwable;
  }
}
