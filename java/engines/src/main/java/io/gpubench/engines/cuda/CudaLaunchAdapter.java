// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.engines.launch.SubmitRun;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.launch.Launch;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One kind of launch on a device. */
record CudaLaunchAdapter(Launch launch) implements CudaAdapter {
  /** The path of a kernel that is there all the time and is sent its work through memory. */
  static final String MAILBOX = "mailbox";

  private static final String FAMILY = "launch";

  /** One for each kind, by the workload's id. */
  static Map<String, CudaAdapter> all() {
    return Arrays.stream(Launch.values())
        .map(CudaLaunchAdapter::new)
        .collect(Collectors.toMap(adapter -> adapter.launch().id(), Function.identity()));
  }

  @Override
  public List<String> paths() {
    return List.of(
        switch (launch) {
          case GRAPH -> CudaEngine.GRAPH;
          case MAILBOX -> MAILBOX;
          default -> CudaEngine.LAUNCH;
        });
  }

  /** The host's alone where it is the host that takes part. */
  @Override
  public List<Clock> clocks(String path) {
    return switch (launch) {
      case EVENT, MAILBOX, FFM -> List.of(Clock.HOST);
      default -> List.of(Clock.HOST, Clock.DEVICE, Clock.BATCH);
    };
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
    return switch (launch) {
      case EMPTY, GRAPH ->
          session.timed(new TokenPiece(kernels(session, FAMILY), launch, values), mode);
      case COPY ->
          session.timed(new CopyPiece(kernels(session, CudaCeilingAdapter.FAMILY), values), mode);
      case EVENT -> new EventRun(session.context(), values);
      case MAILBOX -> new MailboxRun(kernels(session, FAMILY), values);
      case FFM -> new SubmitRun(values, new CudaSubmitLoops(kernels(session, FAMILY)));
    };
  }

  private static CudaKernels kernels(CudaSession session, String family) {
    return new CudaKernels(session.context(), session.family(family));
  }
}
