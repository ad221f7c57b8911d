// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import io.gpubench.engines.ceiling.CeilingRun;
import io.gpubench.engines.consensus.ConsensusRun;
import io.gpubench.engines.launch.LaunchRun;
import io.gpubench.engines.launch.SubmitRun;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import io.gpubench.workloads.launch.Launch;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Workloads that the engine runs in the same manner.
 *
 * @param covers whether a workload of that id is one of them
 * @param preparation makes a run
 */
record HostFamily(Predicate<String> covers, Function<Order, PreparedRun> preparation) {
  private static final List<HostFamily> ALL =
      List.of(
          new HostFamily(
              id -> id.equals(ConsensusWorkload.ID),
              order ->
                  ConsensusRun.prepare(
                      order.values,
                      order.facts,
                      (epoch, capacity) ->
                          new HostConsensusKernel(epoch, capacity, order.threads, order.simd))),
          new HostFamily(
              id -> Ceiling.of(id).filter(CeilingRun.ON_PROCESSORS::contains).isPresent(),
              order ->
                  CeilingRun.prepare(
                      Ceiling.of(order.workloadId).orElseThrow(),
                      order.values,
                      order.facts,
                      order.threads,
                      () -> new HostCeilingKernels(order.threads, order.simd))),
          new HostFamily(
              id -> Launch.of(id).filter(LaunchRun.ON_PROCESSORS::contains).isPresent(),
              order -> launch(Launch.of(order.workloadId).orElseThrow(), order)),
          new HostFamily(
              id -> id.equals(Launch.FFM.id()),
              order -> new SubmitRun(order.values, new HostSubmitLoops())));

  private static PreparedRun launch(Launch launch, Order order) {
    return LaunchRun.prepare(
        launch, order.mode, order.values, () -> new HostLaunchKernels(launch, order.threads));
  }

  /**
   * What a run is made from.
   *
   * @param threads so many may work on a sample
   */
  record Order(
      String workloadId,
      Mode mode,
      ParameterValues values,
      MachineFacts facts,
      int threads,
      Simd simd) {}

  /** That of a workload; empty when the engine does not run it. */
  static Optional<HostFamily> of(String workloadId) {
    return ALL.stream().filter(family -> family.covers.test(workloadId)).findFirst();
  }

  /**
   * Makes a run. The caller closes it.
   *
   * @throws io.gpubench.measure.EngineException when the engine cannot
   */
  PreparedRun prepare(Order order) {
    return preparation.apply(order);
  }
}
