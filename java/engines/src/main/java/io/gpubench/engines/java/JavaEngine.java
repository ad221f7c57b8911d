// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import io.gpubench.engines.consensus.ConsensusSelfCheck;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Session;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import java.util.List;

/** Optimised plain Java on this machine's processors. Immutable. */
public final class JavaEngine implements Engine {
  /** The only path: a method call. */
  static final String CALL = "call";

  private static final String REMEDY = "report this with the output of java -version";
  private static final int SELF_CHECK_THREADS = 2;

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
  public SelfCheck selfCheck() {
    try (var session = open(new Options(SELF_CHECK_THREADS))) {
      String mismatch = ConsensusSelfCheck.mismatch(session, CALL, SELF_CHECK_THREADS);
      return mismatch == null
          ? SelfCheck.passed(JavaSession.virtualMachine())
          : SelfCheck.failed(mismatch, REMEDY);
    } catch (RuntimeException failure) {
      return SelfCheck.failed(failure.toString(), REMEDY);
    }
  }

  @Override
  public Session open(Options options) {
    return new JavaSession(options);
  }
}
