// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.utilization.UtilizationParameters;
import io.gpubench.workloads.utilization.UtilizationWorkload;
import java.util.List;

/**
 * Sustained work on a device. There is no batch, since a sample is long enough by itself, and no
 * cold cache, since it outlasts what the caches held before.
 */
final class CudaUtilizationAdapter implements CudaAdapter {
  @Override
  public List<String> paths() {
    return CudaEngine.PATHS;
  }

  @Override
  public List<Clock> clocks(String path) {
    return List.of(Clock.DEVICE, Clock.HOST);
  }

  @Override
  public List<Mode.Cache> caches(String path) {
    return List.of(Mode.Cache.HOT);
  }

  @Override
  public PreparedRun prepare(
      CudaSession session,
      Workload workload,
      Mode mode,
      ParameterValues values,
      MachineFacts facts) {
    return session.timed(piece(session, mode, values), mode);
  }

  /** The work itself, with no clock around it. */
  static UtilizationPiece piece(CudaSession session, Mode mode, ParameterValues values) {
    var kernels = new CudaKernels(session.context(), session.family(UtilizationWorkload.ID));
    return new UtilizationPiece(
        kernels, UtilizationParameters.of(values), mode.path().equals(CudaEngine.GRAPH));
  }
}
