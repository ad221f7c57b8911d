// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.spi;

import io.gpubench.measure.ConfigException;
import java.util.List;

/**
 * What is computed: parameters, seeded inputs and an oracle that decides right from wrong. A
 * workload knows no engine; engines adapt workloads. Implementations are immutable and may be used
 * by any thread.
 */
public interface Workload {
  /** The one id used everywhere: in configuration, records, kernel files and kernel symbols. */
  String id();

  /** One line for a person: what one sample does. */
  String summary();

  /**
   * What one sample does many of, in the plural, such as {@code messages}. Throughput is counted in
   * it.
   */
  String unitOfWork();

  /** All parameters in the order in which they are shown. */
  List<Parameter> parameters();

  /** The name of the integer parameter with which {@link #footprintBytes} grows. */
  String sizeParameter();

  /**
   * Checks what no single parameter can tell.
   *
   * @throws ConfigException when the values contradict each other
   */
  default void check(ParameterValues values) {}

  /**
   * An upper bound, in bytes, of the memory that a prepared run takes on any engine: inputs in
   * rotation, expected answers, output and workspace. It must not fall when the {@link
   * #sizeParameter()} grows.
   */
  long footprintBytes(ParameterValues values, MachineFacts facts);
}
