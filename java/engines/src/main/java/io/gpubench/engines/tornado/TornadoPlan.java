// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.tornado;

import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import io.gpubench.workloads.synthesis.Synthesis;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How TornadoVM can run a workload.
 *
 * @param clocks that can time it by {@link #LAUNCH}, the preferred one first
 * @param tuning how it can be told to do it
 * @param check throws a {@link io.gpubench.measure.ConfigException} for values that contradict each
 *     other
 */
public record TornadoPlan(
    List<Clock> clocks, List<Parameter> tuning, Consumer<ParameterValues> check) {
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

  private static final List<Clock> HOST_FIRST = List.of(Clock.HOST, Clock.DEVICE);
  private static final List<Clock> DEVICE_FIRST = List.of(Clock.DEVICE, Clock.HOST);

  /** By the workload's id. */
  private static final Map<String, TornadoPlan> ALL =
      Map.of(
          ConsensusWorkload.ID,
          new TornadoPlan(
              HOST_FIRST, TornadoConsensusTuning.parameters(), TornadoConsensusTuning::check),
          Synthesis.MATCH.id(),
          synthesis(Synthesis.MATCH),
          Synthesis.EXPAND.id(),
          synthesis(Synthesis.EXPAND),
          Ceiling.COPY.id(),
          ceiling(),
          Ceiling.TRIAD.id(),
          ceiling());

  public TornadoPlan {
    clocks = List.copyOf(clocks);
    tuning = List.copyOf(tuning);
  }

  private static TornadoPlan synthesis(Synthesis form) {
    return new TornadoPlan(
        DEVICE_FIRST,
        SynthesisTuning.parameters(form),
        values -> SynthesisTuning.check(form, values));
  }

  private static TornadoPlan ceiling() {
    return new TornadoPlan(DEVICE_FIRST, CeilingTuning.parameters(), CeilingTuning::check);
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
