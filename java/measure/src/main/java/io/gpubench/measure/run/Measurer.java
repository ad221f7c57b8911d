// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import io.gpubench.measure.spi.Engine.SelfCheck;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Telemetry;
import io.gpubench.measure.spi.Workload;
import io.gpubench.measure.telemetry.Recorded;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An open engine that measures one planned run after the other, wherever it is: in this process or
 * in a worker. Used by one thread, which closes it. Every method may throw a {@link
 * io.gpubench.measure.BenchException} when the engine or its process fails.
 */
public interface Measurer extends Sampler, AutoCloseable {
  /** What was opened. */
  Facts facts();

  /** Runs the engine's known answers; a failure is an answer. Before anything is prepared. */
  SelfCheck selfCheck();

  /** Makes a run ready to be sampled, in place of the one before. */
  Prepared prepare(Workload workload, Mode mode, ParameterValues values, MachineFacts facts);

  /** Executes samples of the prepared run and says what came out, as answer digests. */
  long[] digests(long... samples);

  /** What the device's sensors say now. */
  Telemetry telemetry();

  /**
   * What was recorded of the sensors since this was asked before; recording begins when it is asked
   * for the first time.
   *
   * @param everyNanos how long to wait between two polls from now on, while samples are taken
   * @param last whether to ask all sensors once more
   * @return null where nothing is recorded
   */
  default @Nullable Recorded record(long everyNanos, boolean last) {
    return null;
  }

  @Override
  void close();

  /**
   * What is known of an open engine.
   *
   * @param device name of the device that does the work; null when that is the processors
   * @param deviceId what identifies that hardware on this machine
   * @param occupants other processes on the device, a line for each
   * @param synthetic whether it only stands for the hardware that it names
   * @param operationsPerSecond what the hardware cannot exceed, in simple 64-bit integer
   *     operations; infinite when unknown
   * @param bounds of the hardware, see {@link io.gpubench.measure.spi.Session#bounds}
   * @param description what the engine found and chose, for the record
   * @param pid of the process that measures
   */
  record Facts(
      @Nullable String device,
      String deviceId,
      List<String> occupants,
      boolean synthetic,
      double operationsPerSecond,
      Map<String, Double> bounds,
      Map<String, Object> description,
      long pid) {}

  /**
   * What is known of a prepared run.
   *
   * @param pieces how many equal pieces of work a sample has
   * @param inputs how many rotate, see {@link PreparedRun#inputs}
   * @param demands what a sample takes at least, see {@link PreparedRun#demands}
   * @param amounts what else a sample does, see {@link PreparedRun#amounts}
   * @param stages what it took once to prepare it, see {@link PreparedRun#stages}
   * @param timer what its clock can resolve
   * @param paired whether each sample has a baseline
   */
  record Prepared(
      PreparedRun.Work work,
      int pieces,
      long inputs,
      Map<String, Double> demands,
      Map<String, Double> amounts,
      Map<String, Long> stages,
      PreparedRun.Clock clock,
      Map<String, Object> verification,
      Map<String, Object> configuration,
      Timer timer,
      boolean paired) {}
}
