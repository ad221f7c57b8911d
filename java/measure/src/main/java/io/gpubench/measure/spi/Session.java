// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.spi;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Engine.SelfCheck;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An open engine. Its creator closes it, after the runs it prepared. Used by one thread, the one
 * that measures.
 */
public interface Session extends AutoCloseable {
  /** The {@link #deviceId} of the processors of this machine. */
  String PROCESSORS = "processors";

  /**
   * What this engine found and chose, for the record: device, instruction set, library hash,
   * threads.
   */
  Map<String, Object> description();

  /**
   * The name of the device that does the work; null when that is the processors of this machine.
   */
  default @Nullable String device() {
    return null;
  }

  /**
   * What identifies the hardware that does the work, the same in every process of this machine, so
   * that two runs can tell that they would disturb each other: {@link #PROCESSORS}, or a device's
   * own unique name.
   */
  default String deviceId() {
    return PROCESSORS;
  }

  /**
   * Processes that were using the device when this session was opened, a line for each, such as
   * {@code 4711 (python3)}; empty where there is none or nobody can tell.
   */
  default List<String> occupants() {
    return List.of();
  }

  /**
   * Runs known answers through the engine; a wrong one is an answer, not an exception. Takes well
   * under a second. While nothing is prepared.
   *
   * @throws EngineException when the engine fails
   */
  SelfCheck selfCheck();

  /** What the device's sensors say now; takes at most some milliseconds. */
  default Telemetry telemetry() {
    return Telemetry.NONE;
  }

  /**
   * The sensors that are read beside the samples, on a thread of their own; valid as long as this
   * session is open.
   */
  default Sensors.Source sensors() {
    return Sensors.NONE;
  }

  /**
   * True when this is not the hardware that it stands for, so that no claim about that hardware may
   * rest on it.
   */
  boolean synthetic();

  /**
   * An upper bound of simple 64-bit integer operations per second that this engine's hardware can
   * physically do; a result beyond it is not believed. {@link Double#POSITIVE_INFINITY} when
   * unknown.
   */
  double physicalOperationsPerSecond();

  /**
   * What this hardware cannot exceed physically, from what it says of itself: from the id of a
   * ceiling, such as {@code ceiling.read}, to so many of its unit of work per second. What is not
   * known is left out.
   */
  default Map<String, Double> bounds() {
    return Map.of();
  }

  /**
   * Allocates and fills everything that a sample needs. The caller closes the run before it
   * prepares the next.
   *
   * @throws EngineException when the engine cannot
   */
  PreparedRun prepare(Workload workload, Mode mode, ParameterValues values, MachineFacts facts);

  @Override
  void close();
}
