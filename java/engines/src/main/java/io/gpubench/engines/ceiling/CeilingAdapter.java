// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.ceiling;

import io.gpubench.engines.processors.ProcessorAdapter;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.ceiling.Ceiling;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A ceiling on an engine on the processors.
 *
 * @param ceiling one of {@link CeilingRun#ON_PROCESSORS}
 * @param kernels opens those of the engine
 */
public record CeilingAdapter(
    Ceiling ceiling, Function<ProcessorAdapter.Order, CeilingKernels> kernels)
    implements ProcessorAdapter {
  /** One for each ceiling, by the workload's id. */
  public static Map<String, ProcessorAdapter> all(
      Function<ProcessorAdapter.Order, CeilingKernels> kernels) {
    return CeilingRun.ON_PROCESSORS.stream()
        .map(ceiling -> new CeilingAdapter(ceiling, kernels))
        .collect(Collectors.toMap(adapter -> adapter.ceiling().id(), Function.identity()));
  }

  @Override
  public PreparedRun prepare(Order order) {
    return CeilingRun.prepare(
        ceiling, order.values(), order.facts(), order.threads(), () -> kernels.apply(order));
  }
}
