// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import io.gpubench.engines.consensus.ConsensusSelfCheck;
import io.gpubench.engines.processors.ProcessorAdapters;
import io.gpubench.measure.conditions.MachineSensors;
import io.gpubench.measure.conditions.ProcessorSensors;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Engine.SelfCheck;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Sensors;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Telemetry;
import io.gpubench.measure.spi.Workload;
import java.util.LinkedHashMap;
import java.util.Map;

/** A session of the java engine. Holds nothing; each prepared run owns its threads. */
final class JavaSession implements Session {
  private static final double MAX_HERTZ = 6e9;

  /** Six scalar units, or four vector units of eight lanes: the JIT compiler may use either. */
  private static final double MAX_OPERATIONS_PER_CYCLE = 6 + 4 * 8;

  /** A fused multiply-add counts as two. */
  private static final int OPERATIONS_OF_FMA = 2;

  private final int threads;
  private final ProcessorAdapters adapters;
  private final ProcessorSensors sensors = ProcessorSensors.find();

  JavaSession(Engine.Options options, ProcessorAdapters adapters) {
    this.threads = options.threads();
    this.adapters = adapters;
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
    String mismatch = ConsensusSelfCheck.mismatch(this, ProcessorAdapters.CALL, threads);
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
  public Sensors.Source sensors() {
    return MachineSensors.source();
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
    return adapters.prepare(workload, mode, values, facts, threads);
  }

  @Override
  public void close() {}
}
