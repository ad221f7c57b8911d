// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.launch;

import io.gpubench.engines.processors.ProcessorAdapter;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.workloads.launch.Launch;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A launch on an engine on the processors, by preference many at a time: a single one is hardly
 * longer than reading the clock takes.
 *
 * @param launch one of {@link LaunchRun#ON_PROCESSORS}
 * @param kernels opens those of the engine
 */
public record LaunchAdapter(
    Launch launch, BiFunction<Launch, ProcessorAdapter.Order, LaunchKernels> kernels)
    implements ProcessorAdapter {
  /** One for each launch, by the workload's id. */
  public static Map<String, ProcessorAdapter> all(
      BiFunction<Launch, ProcessorAdapter.Order, LaunchKernels> kernels) {
    return LaunchRun.ON_PROCESSORS.stream()
        .map(launch -> new LaunchAdapter(launch, kernels))
        .collect(Collectors.toMap(adapter -> adapter.launch().id(), Function.identity()));
  }

  @Override
  public List<Clock> clocks() {
    return List.of(Clock.BATCH, Clock.HOST);
  }

  @Override
  public PreparedRun prepare(Order order) {
    return LaunchRun.prepare(
        launch, order.mode(), order.values(), () -> kernels.apply(launch, order));
  }
}
