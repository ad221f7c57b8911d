// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.spi;

import io.gpubench.measure.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

  /**
   * What else a sample may do many of, by the names that {@link PreparedRun#amounts} gives them; so
   * that a claim about something else is found to be a mistake before anything is measured.
   */
  default List<String> otherUnits() {
    return List.of();
  }

  /** All parameters in the order in which they are shown. */
  List<Parameter> parameters();

  /** The first default value of each parameter. */
  default ParameterValues defaults() {
    var values = new LinkedHashMap<String, Object>();
    for (Parameter parameter : parameters()) {
      values.put(parameter.name(), parameter.defaults().getFirst());
    }
    return new ParameterValues(values);
  }

  /** The name of the integer parameter with which {@link #footprintBytes} grows. */
  String sizeParameter();

  /**
   * Checks what no single parameter can tell.
   *
   * @throws ConfigException when the values contradict each other
   */
  default void check(ParameterValues values) {}

  /**
   * What an engine cannot rightly say that one piece of work does, with these values, in one line:
   * more comparisons than there are pairs, for instance. Null where nothing is wrong, or nothing
   * can be told. Asked of whatever is measured, and of each record that is verified.
   *
   * @param values of the workload's own parameters; there may be others
   * @param work as {@link PreparedRun#work} has it, of one piece
   * @param amounts likewise as {@link PreparedRun#amounts} has them
   */
  default @Nullable String contradiction(
      ParameterValues values, PreparedRun.Work work, Map<String, Double> amounts) {
    return null;
  }

  /**
   * What an engine cannot rightly say of how it measured, with these values, in one line: that a
   * file is storage which lies in memory, for instance. Null where nothing is wrong, or nothing can
   * be told. Asked of each record that is verified.
   *
   * @param values of the workload's own parameters; there may be others
   * @param configuration as {@link PreparedRun#configuration} has it
   */
  default @Nullable String contradiction(
      ParameterValues values, Map<String, Object> configuration) {
    return null;
  }

  /**
   * An upper bound, in bytes, of the memory that a prepared run takes on any engine: inputs in
   * rotation, expected answers, output and workspace. It must not fall when the {@link
   * #sizeParameter()} grows.
   */
  long footprintBytes(ParameterValues values, MachineFacts facts);

  /**
   * The digest of the right answer to the input that the seed and a sample give, by the oracle.
   *
   * @param sample 0 .. 1, the inputs that every rotation has; or less than {@link
   *     PreparedRun#inputs}
   */
  long answerDigest(ParameterValues values, long sample);

  /**
   * Writes the inputs in rotation to a file, for an engine in a process that does not make them
   * itself.
   *
   * @param file is created; its format is described in {@code configs/engines/README.md}
   * @throws IOException when the file cannot be written
   */
  Inputs writeInputs(ParameterValues values, MachineFacts facts, Path file) throws IOException;

  /**
   * What was written.
   *
   * @param digests of the right answers, one for each slot; sample s uses slot s mod their number
   * @param work of one sample
   * @param verification how the inputs rotate, for the record
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, from writer to reader
  record Inputs(long[] digests, PreparedRun.Work work, Map<String, Object> verification) {}
}
