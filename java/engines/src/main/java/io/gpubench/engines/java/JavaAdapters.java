// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import io.gpubench.engines.ceiling.CeilingAdapter;
import io.gpubench.engines.consensus.ConsensusAdapter;
import io.gpubench.engines.launch.LaunchAdapter;
import io.gpubench.engines.migration.MigrationAdapter;
import io.gpubench.engines.processors.ProcessorAdapter;
import io.gpubench.engines.synthesis.SynthesisAdapter;
import io.gpubench.engines.utilization.UtilizationAdapter;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import io.gpubench.workloads.launch.Launch;
import io.gpubench.workloads.migration.MigrationWorkload;
import io.gpubench.workloads.utilization.UtilizationWorkload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How Java runs our workloads. */
final class JavaAdapters {
  private JavaAdapters() {}

  /** By the workload's id. */
  static Map<String, ProcessorAdapter> all() {
    var all = new HashMap<String, ProcessorAdapter>();
    all.put(ConsensusWorkload.ID, new ConsensusAdapter(JavaConsensusStream::open));
    all.putAll(CeilingAdapter.all(order -> new JavaCeilingKernels(order.threads())));
    all.putAll(
        LaunchAdapter.all(
            (launch, order) -> new JavaLaunchKernels(order.threads(), launch == Launch.MAILBOX)));
    all.put(
        UtilizationWorkload.ID,
        new UtilizationAdapter(order -> new JavaUtilizationKernels(order.threads())));
    all.put(
        MigrationWorkload.ID,
        new MigrationAdapter(
            "java",
            List.of(MigrationAdapter.COPIES),
            order -> new JavaMigrationKernels(order.threads())));
    all.putAll(SynthesisAdapter.all(order -> new JavaSynthesisKernels(order.threads())));
    return all;
  }
}
