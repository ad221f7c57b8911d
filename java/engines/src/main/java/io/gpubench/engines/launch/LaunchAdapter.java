// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.launch;

import io.gpubench.engines.processors.ProcessorAdapter;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.workloads.launch.Launch;
import java.util.List;
import java.util.function.Function;

/**
 * A launch on an engine on the processors, by preference many at a time: a single one is hardly
 * longer than reading the clock takes.
 *
 * @param launch one of {@link LaunchRun#ON_PROCESSORS}
 * @param open the engine's kernels for an order
 */
public record LaunchAdapter(Launch launch, Function<ProcessorAdapter.Order, LaunchKernels> open)
    implements ProcessorAdapter {
  @Override
  public List<Clock> clocks() {
    return List.of(Clock.BATCH, Clock.HOST);
  }

  @Override
  public PreparedRun prepare(Order order) {
    return LaunchRun.prepare(launch, order.mode(), order.values(), () -> open.apply(order));
  }
}
