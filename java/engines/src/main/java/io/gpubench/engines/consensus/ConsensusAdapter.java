// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.consensus;

import io.gpubench.engines.processors.ProcessorAdapter;
import io.gpubench.engines.processors.ProcessorAdapters;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.consensus.ConsensusEpoch;
import io.gpubench.workloads.consensus.ConsensusParameters;
import java.util.List;

/**
 * Consensus on the processors: by the path {@code call} a sample is one round, on which all threads
 * work together; by {@code streamed} it is many, each of which one thread does alone.
 *
 * @param kernels of the engine
 */
public record ConsensusAdapter(Kernels kernels) implements ProcessorAdapter {
  @Override
  public List<String> paths() {
    return List.of(ProcessorAdapters.CALL, ConsensusForms.STREAMED);
  }

  @Override
  public List<Parameter> tuning(String path) {
    return ConsensusForms.many(path) ? List.of(ConsensusForms.ROUNDS) : List.of();
  }

  @Override
  public long footprintBytes(
      Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
    long bytes =
        ConsensusForms.ofThreads(facts.processors()).footprintBytes(mode.path(), values, facts);
    return ConsensusForms.many(mode.path()) ? bytes + ofThreadsAlone(values, facts) : bytes;
  }

  /** Each thread with a round of its own has bitmaps, a list and a result of its own for it. */
  private static long ofThreadsAlone(ParameterValues values, MachineFacts facts) {
    var parameters = ConsensusParameters.of(values);
    long bitmap = parameters.validators() / Byte.SIZE + (long) Long.BYTES;
    long list = Integer.BYTES * (parameters.maxMessages() + 1L);
    return facts.processors() * ((2 * parameters.proposals() + 3) * bitmap + list);
  }

  @Override
  public PreparedRun prepare(Order order) {
    return ConsensusRun.prepare(
        order.values(),
        order.facts(),
        ConsensusForms.ofThreads(order.threads()).rounds(order.mode().path(), order.values()),
        (epoch, capacity) -> kernels.open(epoch, capacity, order.threads()));
  }

  /** Makes the kernels of an engine. */
  @FunctionalInterface
  public interface Kernels {
    /**
     * As {@link ConsensusKernel.Factory#open}.
     *
     * @param threads so many may work at a time, at least 1
     */
    ConsensusKernel open(ConsensusEpoch epoch, ConsensusKernel.Capacity capacity, int threads);
  }
}
