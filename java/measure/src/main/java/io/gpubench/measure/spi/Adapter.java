// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.spi;

/**
 * How one of our own engines runs a workload that it does not know by itself. What it has to be
 * besides is up to the engine, which overlooks what it cannot use; {@code
 * io.gpubench.engines.arrays} and {@code io.gpubench.engines.cuda.CudaArrays} are for ours.
 * Immutable; any thread may use it.
 */
public interface Adapter {
  /** The {@link Engine#id} of the engine. */
  String engine();

  /** The {@link Workload#id} of the workload. */
  String workload();
}
