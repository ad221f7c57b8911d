// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Session;
import io.gpubench.workloads.consensus.ConsensusWorkload;
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
    return workloadId.equals(ConsensusWorkload.ID) ? List.of(CALL) : List.of();
  }

  @Override
  public Session open(Options options) {
    return new JavaSession(options);
  }
}
