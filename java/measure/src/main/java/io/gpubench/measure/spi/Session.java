// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.spi;

import io.gpubench.measure.EngineException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An open engine. Its creator closes it, after the runs it prepared. Used by one thread, the one
 * that measures.
 */
public interface Session extends AutoCloseable {
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
   * Allocates and fills everything that a sample needs. The caller closes the run before it
   * prepares the next.
   *
   * @throws EngineException when the engine cannot
   */
  PreparedRun prepare(Workload workload, String path, ParameterValues values, MachineFacts facts);

  @Override
  void close();
}
