// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.arrays;

import io.gpubench.engines.processors.ProcessorAdapter;
import io.gpubench.measure.spi.Adapter;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.arrays.ArrayWorkload;

/**
 * How an engine on the processors runs an array workload. Threads, inputs, poison, clocks, cold
 * caches and the check of every answer are the same for all.
 *
 * @param engine {@code host} for C or whatever else is called natively, {@code java} for Java
 * @param workload the id of an {@link ArrayWorkload}
 * @param kernel does the work
 */
public record ProcessorArrays(String engine, String workload, RangeKernel kernel)
    implements Adapter, ProcessorAdapter {
  @Override
  public PreparedRun prepare(Order order) {
    return new ArrayRun(
        ArrayWorkload.of(order.workload()), order.values(), order.facts(), order.threads(), kernel);
  }
}
