// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import io.gpubench.engines.ceiling.CeilingAdapter;
import io.gpubench.engines.consensus.ConsensusAdapter;
import io.gpubench.engines.launch.LaunchAdapter;
import io.gpubench.engines.launch.SubmitRun;
import io.gpubench.engines.migration.MigrationAdapter;
import io.gpubench.engines.processors.ProcessorAdapter;
import io.gpubench.engines.synthesis.SynthesisAdapter;
import io.gpubench.engines.utilization.UtilizationAdapter;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import io.gpubench.workloads.launch.Launch;
import io.gpubench.workloads.migration.MigrationWorkload;
import io.gpubench.workloads.utilization.UtilizationWorkload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How C runs what the library has functions for. */
final class HostAdapters {
  private HostAdapters() {}

  /** By the workload's id. */
  static Map<String, ProcessorAdapter> all() {
    var all = new HashMap<String, ProcessorAdapter>();
    all.put(
        ConsensusWorkload.ID,
        new ConsensusAdapter((epoch, capacity, threads) ->
            new HostConsensusKernel(epoch, capacity, threads, Simd.best())));
    all.putAll(CeilingAdapter.all(order -> new HostCeilingKernels(order.threads(), Simd.best())));
    all.putAll(
        LaunchAdapter.all((launch, order) -> new HostLaunchKernels(launch, order.threads())));
    all.put(Launch.FFM.id(), new Submissions());
    all.put(
        UtilizationWorkload.ID,
        new UtilizationAdapter(order -> new HostUtilizationKernels(order.threads(), Simd.best())));
    all.put(
        MigrationWorkload.ID,
        new MigrationAdapter(
            "host",
            List.of(MigrationAdapter.COPIES, MigrationAdapter.URING),
            order ->
                new HostMigrationKernels(
                    order.mode().path().equals(MigrationAdapter.URING),
                    order.threads(),
                    Simd.best())));
    all.putAll(
        SynthesisAdapter.all(order -> new HostSynthesisKernels(order.threads(), Simd.best())));
    return all;
  }

  /** A comparison of two loops, which is about hot caches only. */
  private record Submissions() implements ProcessorAdapter {
    @Override
    public List<Mode.Cache> caches() {
      return List.of(Mode.Cache.HOT);
    }

    @Override
    public PreparedRun prepare(Order order) {
      return new SubmitRun(order.values(), new HostSubmitLoops());
    }
  }
}
