// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.workers;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The launcher of a gpubench, which may be another version than this one: how its workers are
 * started. It chooses the flags of their Java by itself.
 *
 * @param program the script, an absolute path
 * @param jdk with which it is to run where it brings no Java of its own; null for its own choice
 * @param facts of that gpubench, for the record
 */
public record Launcher(Path program, @Nullable Path jdk, Map<String, Object> facts) {
  /** Options for the Java of every gpubench, separated by blanks. */
  private static final String JAVA_OPTIONS = "GPUBENCH_JAVA_OPTS";

  public Launcher {
    facts = Map.copyOf(facts);
  }

  /** The command line of a worker with one of its own engines. */
  List<String> command(String engine) {
    return List.of(program.toString(), "worker", "--engine", engine);
  }

  /**
   * Variables for a worker.
   *
   * @param flags for its Java, besides those that it chooses; without blanks
   * @param own variables of this process
   */
  Map<String, String> environment(List<String> flags, Map<String, String> own) {
    var variables = new HashMap<String, String>();
    if (jdk != null) {
      variables.put("JAVA_HOME", jdk.toString());
    }
    if (!flags.isEmpty()) {
      variables.put(
          JAVA_OPTIONS,
          Stream.concat(Stream.of(own.getOrDefault(JAVA_OPTIONS, "")), flags.stream())
              .filter(text -> !text.isBlank())
              .collect(Collectors.joining(" ")));
    }
    return variables;
  }
}
