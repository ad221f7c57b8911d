// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.utilization;

import io.gpubench.engines.processors.ProcessorAdapter;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.PreparedRun;
import java.util.List;
import java.util.function.Function;

/**
 * Sustained work on an engine on the processors. What the caches hold before a stretch that is to
 * be longer than them makes no difference.
 *
 * @param kernels opens those of the engine
 */
public record UtilizationAdapter(Function<ProcessorAdapter.Order, UtilizationKernels> kernels)
    implements ProcessorAdapter {
  @Override
  public List<Mode.Cache> caches() {
    return List.of(Mode.Cache.HOT);
  }

  @Override
  public PreparedRun prepare(Order order) {
    return UtilizationRun.prepare(
        order.values(), order.facts(), order.threads(), () -> kernels.apply(order));
  }
}
