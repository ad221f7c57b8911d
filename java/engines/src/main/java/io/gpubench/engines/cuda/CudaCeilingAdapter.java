// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.ceiling.Ceiling;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A ceiling of the device or of the link to it. The clock of the device comes first: what the host
 * adds to each launch is no part of what a device can do.
 */
record CudaCeilingAdapter(Ceiling ceiling) implements CudaAdapter {
  /** The family of kernels. */
  static final String FAMILY = "ceiling";

  /** One for each ceiling that is not of the processors alone, by the workload's id. */
  static Map<String, CudaAdapter> all() {
    return Arrays.stream(Ceiling.values())
        .filter(ceiling -> ceiling != Ceiling.HOSTREAD && ceiling != Ceiling.HOSTCOPY)
        .map(CudaCeilingAdapter::new)
        .collect(Collectors.toMap(adapter -> adapter.ceiling().id(), Function.identity()));
  }

  @Override
  public List<String> paths() {
    return List.of(CudaEngine.LAUNCH);
  }

  @Override
  public List<Clock> clocks(String path) {
    return List.of(Clock.DEVICE, Clock.HOST, Clock.BATCH);
  }

  /** Only what is about memory depends on what the caches hold. */
  @Override
  public List<Mode.Cache> caches(String path) {
    return ceiling.ofMemory() ? List.of(Mode.Cache.HOT, Mode.Cache.COLD) : List.of(Mode.Cache.HOT);
  }

  @Override
  public PreparedRun prepare(
      CudaSession session,
      Workload workload,
      Mode mode,
      ParameterValues values,
      MachineFacts facts) {
    var kernels = new CudaKernels(session.context(), session.family(FAMILY));
    return session.timed(piece(kernels, mode, values), mode);
  }

  /** The work itself, with no clock around it. */
  DevicePiece piece(CudaKernels kernels, Mode mode, ParameterValues values) {
    return switch (ceiling) {
      case FP32, INT32 -> new ChainsPiece(kernels, ceiling, values, mode);
      case ATOMIC -> new AtomicPiece(kernels, values, mode);
      case H2D, D2H, BIDIR -> new LinkPiece(kernels, ceiling, values, mode);
      default -> new MemoryPiece(kernels, ceiling, values, mode);
    };
  }
}
