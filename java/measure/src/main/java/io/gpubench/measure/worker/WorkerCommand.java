// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import io.gpubench.measure.EngineException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is started as a worker.
 *
 * @param arguments the program and its arguments; a program without a slash is looked for in PATH,
 *     a relative one with a slash in the folder
 * @param environment added to this process's own
 * @param folder where the worker runs
 * @param guard the program gpubench-guard, which leaves no process of the worker behind; null: none
 * @param cpus the CPUs on which the worker may run, as in {@code 0-3,6}; null: all of this
 *     process's. Needs the guard.
 */
public record WorkerCommand(
    List<String> arguments,
    Map<String, String> environment,
    Path folder,
    @Nullable Path guard,
    @Nullable String cpus) {

  public WorkerCommand {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("a worker needs a program");
    }
    if (cpus != null && guard == null) {
      throw new IllegalArgumentException("only the guard sets the CPUs of a worker");
    }
  }

  /** The whole command line: the guard's part, if there is a guard, and the worker's. */
  List<String> commandLine() {
    var line = new ArrayList<String>();
    if (guard != null) {
      line.add(guard.toAbsolutePath().toString());
      if (cpus != null) {
        line.add("--cpus");
        line.add(cpus);
      }
      line.add("--");
    }
    line.addAll(arguments);
    return List.copyOf(line);
  }

  /**
   * Looks before the start, since of a failure behind the guard only an exit status would tell.
   *
   * @throws EngineException one line: the folder or a program is missing, or cannot be executed
   */
  void check() {
    if (!Files.isDirectory(folder)) {
      throw cannotStart(
          Files.exists(folder) ? folder + " is not a folder" : "there is no folder " + folder);
    }
    if (guard != null) {
      checkProgram(guard);
    }
    String program = arguments.getFirst();
    if (program.contains("/")) {
      checkProgram(folder.resolve(program));
      return;
    }
    String path = environment.getOrDefault("PATH", System.getenv().getOrDefault("PATH", ""));
    for (String place : path.split(File.pathSeparator, -1)) {
      Path candidate = folder.resolve(place).resolve(program);
      if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
        return;
      }
    }
    throw cannotStart("there is no program '" + program + "' in PATH");
  }

  private void checkProgram(Path program) {
    if (!Files.exists(program)) {
      throw cannotStart("there is no program " + program);
    }
    if (!Files.isRegularFile(program) || !Files.isExecutable(program)) {
      throw cannotStart(program + " is not executable");
    }
  }

  private EngineException cannotStart(String problem) {
    return new EngineException(
        "cannot start the worker '" + arguments.getFirst() + "': " + problem);
  }
}
