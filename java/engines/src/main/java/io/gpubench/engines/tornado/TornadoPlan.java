// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.tornado;

import io.gpubench.engines.synthesis.SynthesisAdapter;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import io.gpubench.workloads.synthesis.Synthesis;
import java.util.List;
import java.util.Map;

/**
 * How TornadoVM can run a workload.
 *
 * @param clocks that can time it by {@link #LAUNCH}, the preferred one first
 * @param tuning how it can be told to do it
 */
public record TornadoPlan(List<Clock> clocks, List<Parameter> tuning) {
  /** A call of TornadoVM a sample. */
  public static final String LAUNCH = "launch";

  /** The same, captured once by the driver and replayed. */
  public static final String GRAPH = "graph";

  /** The tuning parameter that says with which of TornadoVM's interfaces a kernel is written. */
  public static final String API = "api";

  /** Threads, groups, local memory and barriers, as in CUDA. */
  public static final String KERNEL = "kernel";

  /** Annotated loops, which TornadoVM makes parallel by itself. */
  public static final String LOOP = "loop";

  /** {@link #API}; what nobody sets is {@link #KERNEL}. */
  public static final Parameter API_CHOICE =
      new Parameter.Choice(
          API,
          "whether kernels are written with threads and local memory, or as annotated loops",
          List.of(KERNEL, LOOP),
          List.of());

  /** The tuning parameter that says how many threads a group has; of {@link #KERNEL} only. */
  public static final String BLOCK = "block";

  private static final Parameter BLOCK_CHOICE =
      new Parameter.Whole(BLOCK, "threads of a group of api=kernel", 1, 1024, List.of());

  private static final List<Clock> HOST_FIRST = List.of(Clock.HOST, Clock.DEVICE);
  private static final List<Clock> DEVICE_FIRST = List.of(Clock.DEVICE, Clock.HOST);

  /** By the workload's id. */
  private static final Map<String, TornadoPlan> ALL =
      Map.of(
          ConsensusWorkload.ID,
          new TornadoPlan(HOST_FIRST, List.of(API_CHOICE)),
          Synthesis.MATCH.id(),
          new TornadoPlan(
              DEVICE_FIRST, List.of(API_CHOICE, BLOCK_CHOICE, SynthesisAdapter.CHOICE)),
          Synthesis.EXPAND.id(),
          new TornadoPlan(DEVICE_FIRST, List.of(API_CHOICE, BLOCK_CHOICE)),
          Ceiling.COPY.id(),
          new TornadoPlan(DEVICE_FIRST, CeilingTuning.PARAMETERS),
          Ceiling.TRIAD.id(),
          new TornadoPlan(DEVICE_FIRST, CeilingTuning.PARAMETERS));

  public TornadoPlan {
    clocks = List.copyOf(clocks);
    tuning = List.copyOf(tuning);
  }

  /** All, by the workload's id. */
  public static Map<String, TornadoPlan> all() {
    return ALL;
  }

  /** What can time it by a path: of a graph TornadoVM profiles nothing. */
  List<Clock> clocks(String path) {
    return path.equals(GRAPH) ? List.of(Clock.HOST) : clocks;
  }

  /** Where the driver has graphs, they are a path. */
  static List<String> paths(TornadoBackend backend) {
    return backend == TornadoBackend.CUDA ? List.of(LAUNCH, GRAPH) : List.of(LAUNCH);
  }
}
