// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.engines.ceiling.CeilingRun;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.ceiling.Ceiling;

/**
 * A ceiling of memory, from the device's memory to the device's memory.
 *
 * @param ceiling {@link Ceiling#COPY} or {@link Ceiling#TRIAD}
 */
record CeilingAdapter(Ceiling ceiling) implements TornadoAdapter {
  @Override
  public PreparedRun prepare(Order order) {
    var kernels = new DeviceCeiling(ceiling, order);
    PreparedRun run =
        CeilingRun.prepare(ceiling, order.values(), order.facts(), order.threads(), () -> kernels);
    return TornadoAdapter.timed(run, kernels, order);
  }
}
