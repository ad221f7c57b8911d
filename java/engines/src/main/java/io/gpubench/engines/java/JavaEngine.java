// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import io.gpubench.engines.ceiling.CeilingRun;
import io.gpubench.engines.launch.LaunchRun;
import io.gpubench.engines.processors.ProcessorModes;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Session;
import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import io.gpubench.workloads.launch.Launch;
import java.util.List;

/** Optimised plain Java on this machine's processors. Immutable. */
public final class JavaEngine implements Engine {
  /** The only path: a method call. */
  static final String CALL = "call";

  @Override
  public String id() {
    return "java";
  }

  @Override
  public String summary() {
    return "optimised Java on the processors of this machine";
  }

  @Override
  public List<String> paths(String workloadId) {
    return workloadId.equals(ConsensusWorkload.ID)
            || Ceiling.of(workloadId).filter(CeilingRun.ON_PROCESSORS::contains).isPresent()
            || Launch.of(workloadId).filter(LaunchRun.ON_PROCESSORS::contains).isPresent()
        ? List.of(CALL)
        : List.of();
  }

  @Override
  public List<PreparedRun.Clock> clocks(String workloadId, String path) {
    return ProcessorModes.clocks(workloadId);
  }

  @Override
  public List<Mode.Cache> caches(String workloadId, String path) {
    return ProcessorModes.caches(workloadId);
  }

  @Override
  public Session open(Options options) {
    return new JavaSession(options);
  }
}
