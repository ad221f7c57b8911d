// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import io.gpubench.engines.ceiling.CeilingRun;
import io.gpubench.engines.consensus.ConsensusRun;
import io.gpubench.engines.consensus.ConsensusSelfCheck;
import io.gpubench.engines.launch.LaunchRun;
import io.gpubench.engines.processors.ColdCaches;
import io.gpubench.engines.processors.Wakeable;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.conditions.ProcessorSensors;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Engine.SelfCheck;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Telemetry;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.ceiling.CeilingWorkload;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import io.gpubench.workloads.launch.Launch;
import io.gpubench.workloads.launch.LaunchWorkload;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A session of the java engine. Holds nothing; each prepared run owns its threads. */
final class JavaSession implements Session {
  private static final double MAX_HERTZ = 6e9;

  /** Six scalar units, or four vector units of eight lanes: the JIT compiler may use either. */
  private static final double MAX_OPERATIONS_PER_CYCLE = 6 + 4 * 8;

  /** A fused multiply-add counts as two. */
  private static final int OPERATIONS_OF_FMA = 2;

  private final int threads;
  private final ProcessorSensors sensors = ProcessorSensors.find();

  JavaSession(Engine.Options options) {
    this.threads = options.threads();
  }

  /** The virtual machine's name and version. */
  private static String virtualMachine() {
    return System.getProperty("java.vm.name", "unknown")
        + " "
        + System.getProperty("java.vm.version", "unknown");
  }

  @Override
  public Map<String, Object> description() {
    var map = new LinkedHashMap<String, Object>();
    map.put("threads", (long) threads);
    map.put("jvmName", System.getProperty("java.vm.name", "unknown"));
    map.put("jvmVersion", System.getProperty("java.vm.version", "unknown"));
    return map;
  }

  @Override
  public SelfCheck selfCheck() {
    String mismatch = ConsensusSelfCheck.mismatch(this, JavaEngine.CALL, threads);
    return mismatch == null
        ? SelfCheck.passed(virtualMachine())
        : SelfCheck.failed(
            "wrong answer: " + mismatch, "report this with the output of java -version");
  }

  @Override
  public Telemetry telemetry() {
    return sensors.read();
  }

  @Override
  public boolean synthetic() {
    return false;
  }

  /**
   * {@inheritDoc} Generous: all processors at 6 GHz, each with six scalar units and four vector
   * units of eight 64-bit lanes busy in every cycle.
   */
  @Override
  public double physicalOperationsPerSecond() {
    return Runtime.getRuntime().availableProcessors() * MAX_HERTZ * MAX_OPERATIONS_PER_CYCLE;
  }

  /**
   * {@inheritDoc} As generous as {@link #physicalOperationsPerSecond}, with twice as many lanes of
   * 32 bits. The memory's clock and width are not to be read.
   */
  @Override
  public Map<String, Double> bounds() {
    double cycles = Runtime.getRuntime().availableProcessors() * MAX_HERTZ;
    double operations = 2 * MAX_OPERATIONS_PER_CYCLE * cycles;
    return Map.of("ceiling.fp32", OPERATIONS_OF_FMA * operations, "ceiling.int32", operations);
  }

  @Override
  public PreparedRun prepare(
      Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
    int available = Math.min(threads, facts.processors());
    Wakeable run = mode.path().equals(JavaEngine.CALL) ? run(workload, mode, values, facts) : null;
    if (run == null) {
      throw new EngineException(
          "the engine 'java' has no path '%s' for the workload '%s'"
              .formatted(mode.path(), workload.id()));
    }
    return mode.cache() == Mode.Cache.COLD ? new ColdCaches(run, facts, available) : run;
  }

  /** A run of a workload; null when there is none. */
  private @Nullable Wakeable run(
      Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
    int available = Math.min(threads, facts.processors());
    return switch (workload) {
      case ConsensusWorkload _ ->
          ConsensusRun.prepare(
              values,
              facts,
              (epoch, capacity) ->
                  new JavaConsensusKernel(epoch, capacity, capacity.effectiveThreads(available)));
      case CeilingWorkload of when CeilingRun.ON_PROCESSORS.contains(of.ceiling()) ->
          CeilingRun.prepare(
              of.ceiling(), values, facts, available, () -> new JavaCeilingKernels(available));
      case LaunchWorkload of when LaunchRun.ON_PROCESSORS.contains(of.launch()) -> {
        boolean exchanges = of.launch() == Launch.MAILBOX;
        yield LaunchRun.prepare(
            of.launch(), mode, values, () -> new JavaLaunchKernels(available, exchanges));
      }
      default -> null;
    };
  }

  @Override
  public void close() {}
}
