// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import io.gpubench.engines.consensus.ConsensusSelfCheck;
import io.gpubench.engines.processors.ProcessorAdapters;
import io.gpubench.ffi.NativeLibraries;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.StoreErrors;
import io.gpubench.measure.conditions.MachineSensors;
import io.gpubench.measure.conditions.ProcessorSensors;
import io.gpubench.measure.seal.Sha256;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A session of the host engine. Holds nothing; each prepared run owns its threads and memory. */
final class HostSession implements Session {
  private static final double MAX_HERTZ = 6e9;
  private static final int SCALAR_UNITS = 6;
  private static final int VECTOR_UNITS = 4;

  /** A fused multiply-add counts as two. */
  private static final int OPERATIONS_OF_FMA = 2;

  private final int threads;
  private final Simd simd;
  private final ProcessorAdapters adapters;
  private final ProcessorSensors sensors = ProcessorSensors.find();

  HostSession(Engine.Options options, Simd simd, ProcessorAdapters adapters) {
    this.threads = options.threads();
    this.simd = simd;
    this.adapters = adapters;
  }

  @Override
  public Map<String, Object> description() {
    var map = new LinkedHashMap<String, Object>();
    map.put("threads", (long) threads);
    map.put("simd", simd.label);
    NativeLibraries.file(HostEngine.LIBRARY)
        .ifPresent(file -> map.put("librarySha256", sha256(file)));
    return map;
  }

  private static String sha256(Path file) {
    try {
      return Sha256.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new EngineException(file + ": cannot be read: " + StoreErrors.text(e), e);
    }
  }

  @Override
  public SelfCheck selfCheck() {
    String mismatch = ConsensusSelfCheck.mismatch(this, ProcessorAdapters.CALL, threads);
    return mismatch == null
        ? SelfCheck.passed("C with " + simd.label)
        : SelfCheck.failed("wrong answer: " + mismatch, "report this with the processor's name");
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
   * {@inheritDoc} Generous: all processors at 6 GHz, each with six scalar and four vector units
   * busy in every cycle.
   */
  @Override
  public double physicalOperationsPerSecond() {
    return Runtime.getRuntime().availableProcessors()
        * MAX_HERTZ
        * (SCALAR_UNITS + VECTOR_UNITS * (double) simd.lanes);
  }

  /**
   * {@inheritDoc} As generous as {@link #physicalOperationsPerSecond}, with twice as many lanes of
   * 32 bits. The memory's clock and width are not to be read.
   */
  @Override
  public Map<String, Double> bounds() {
    double cycles = Runtime.getRuntime().availableProcessors() * MAX_HERTZ;
    double vector = VECTOR_UNITS * 2.0 * simd.lanes;
    return Map.of(
        "ceiling.fp32", OPERATIONS_OF_FMA * (SCALAR_UNITS + vector) * cycles,
        "ceiling.int32", (SCALAR_UNITS + vector) * cycles);
  }

  @Override
  public PreparedRun prepare(
      Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
    return adapters.prepare(workload, mode, values, facts, threads);
  }

  @Override
  public void close() {}
}
