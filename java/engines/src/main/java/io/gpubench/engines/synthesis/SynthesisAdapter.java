// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.synthesis;

import io.gpubench.engines.processors.ProcessorAdapter;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.synthesis.Synthesis;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Matching, expanding or rewriting on an engine on the processors.
 *
 * @param form which of them
 * @param kernels opens those of the engine
 */
public record SynthesisAdapter(
    Synthesis form, Function<ProcessorAdapter.Order, SynthesisKernels> kernels)
    implements ProcessorAdapter {
  /** The tuning parameter that is one of the words of {@link MatchVariant}. */
  static final String VARIANT = "variant";

  /** {@link #VARIANT}; the engine chooses where nobody does. */
  public static final Parameter CHOICE =
      new Parameter.Choice(
          VARIANT,
          "whether each node is compared with every pattern, or an index says with which",
          MatchVariant.words(),
          List.of());

  /** All three, by the workload's id. */
  public static Map<String, ProcessorAdapter> all(
      Function<ProcessorAdapter.Order, SynthesisKernels> kernels) {
    var all = new HashMap<String, ProcessorAdapter>();
    for (Synthesis form : Synthesis.values()) {
      all.put(form.id(), new SynthesisAdapter(form, kernels));
    }
    return all;
  }

  @Override
  public List<Parameter> tuning(String path) {
    return form == Synthesis.MATCH ? List.of(CHOICE) : List.of();
  }

  @Override
  public PreparedRun prepare(Order order) {
    return SynthesisRun.prepare(
        form, order.values(), order.facts(), order.threads(), () -> kernels.apply(order));
  }
}
