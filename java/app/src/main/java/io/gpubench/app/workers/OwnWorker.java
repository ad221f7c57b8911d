// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.workers;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** How a process of our own is started: the Java of this process, once more. */
public final class OwnWorker {
  /** What concerns this process only. */
  private static final List<String> NOT_FOR_WORKERS =
      List.of(
          "-agentlib:",
          "-javaagent:",
          "-Dgpubench.terminal=",
          "-XX:AOTCacheOutput=",
          "-Xlog",
          "-verbose",
          "-Xrunjdwp",
          "-XX:StartFlightRecording",
          "-XX:FlightRecorderOptions",
          "-Dcom.sun.management.",
          "-XX:+DisplayVMOutputToStderr",
          "-XX:TieredStopAtLevel=",
          "--add-modules=ALL-DEFAULT"); // of a program that is run from its source

  private static final String HOME = "gpubench.home";

  private OwnWorker() {}

  /**
   * The command line of a worker with an engine of our own.
   *
   * @param flags for its Java, besides those of this process
   */
  static List<String> command(String engine, List<String> flags) {
    return command(WorkerMain.class, flags, List.of(engine));
  }

  /**
   * A command line.
   *
   * @param flags for Java, besides those of this process
   */
  public static List<String> command(Class<?> main, List<String> flags, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+DisplayVMOutputToStderr"); // stdout is the protocol's, also for last words
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (NOT_FOR_WORKERS.stream().noneMatch(flag::startsWith)) {
        command.add(flag);
      }
    }
    String home = System.getProperty(HOME);
    if (home != null && command.stream().noneMatch(flag -> flag.startsWith("-D" + HOME + "="))) {
      command.add("-D" + HOME + "=" + home); // where a Java program has set it
    }
    command.addAll(List.of("-Xlog:disable", "-Xlog:all=warning,aot*=off,cds*=off:stderr"));
    command.addAll(flags);
    Stream.of("-cp", System.getProperty("java.class.path"), main.getName()).forEach(command::add);
    command.addAll(arguments);
    return command;
  }
}
