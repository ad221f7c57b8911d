// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * How a test starts processes of gpubench: in a folder of the test, with locks of their own and
 * nothing of the user's. Each process that comes of it, also a worker's, has a mark in its
 * environment by which it is found again. Owns what it has started; used by one thread.
 */
final class OwnProcess implements AutoCloseable {
  private static final String MARK = "GPUBENCH_TEST_MARK";
  private static final Duration POLL = Duration.ofMillis(10);

  /** Workers have them too: nothing here lasts until the optimising compiler has paid. */
  static final List<String> FLAGS =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "-XX:+UseSerialGC",
          "-XX:CompilationMode=quick-only",
          "-XX:-UsePerfData");

  private final Path temp;
  private final String mark = UUID.randomUUID().toString();
  private final Map<String, String> environment = new TreeMap<>();
  private final List<String> flags = new ArrayList<>();
  private List<String> prefix = List.of();
  private String main = GpubenchMain.class.getName();
  private Path home = CommandLineFixture.ROOT;
  private final Deque<Running> started = new ArrayDeque<>();

  /**
   * Starts nothing yet.
   *
   * @param temp working folder of all processes; their output and locks lie there too
   */
  OwnProcess(Path temp) {
    this.temp = temp;
  }

  /** Runs one command line and waits for its end. */
  static Answer execute(Path temp, String... arguments) {
    try (var process = new OwnProcess(temp)) {
      return process.execute(arguments);
    }
  }

  /** The same, with both compilers, as where users measure. */
  static Answer measure(Path temp, String... arguments) {
    try (var process = new OwnProcess(temp).flag("-XX:CompilationMode=default")) {
      return process.execute(arguments);
    }
  }

  /** Asks it to stop when it has begun a run, and so many milliseconds have passed since then. */
  static Answer interrupt(Path temp, Path store, long millis, String... arguments) {
    try (var process = new OwnProcess(temp)) {
      Running running = process.start(arguments);
      while (running.isAlive() && !hasRun(store)) {
        running.await(POLL);
      }
      running.await(Duration.ofMillis(millis));
      running.process.destroy();
      return running.end();
    }
  }

  /** Whether there is a run in a store, or the beginning of one. */
  static boolean hasRun(Path store) {
    if (Files.notExists(store)) {
      return false;
    }
    try (Stream<Path> runs = Files.list(store)) {
      return runs.anyMatch(run -> Files.exists(run.resolve("run.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A folder with configurations, kernels and libraries instead of the checkout. */
  OwnProcess home(Path folder) {
    home = folder;
    return this;
  }

  /** A system property, as {@code name=value}. */
  OwnProcess property(String assignment) {
    return flag("-D" + assignment);
  }

  /** An option of the JVM; the last one wins. */
  OwnProcess flag(String option) {
    flags.add(option);
    return this;
  }

  /** A variable of the environment; null takes it away again. */
  OwnProcess variable(String name, String value) {
    if (value == null) {
      environment.remove(name);
    } else {
      environment.put(name, value);
    }
    return this;
  }

  /** A program and its arguments, which get the command line after them. */
  OwnProcess within(String... command) {
    prefix = List.of(command);
    return this;
  }

  /** Another main class. */
  OwnProcess main(Class<?> entry) {
    main = entry.getName();
    return this;
  }

  /** A program that is run from its source. */
  OwnProcess source(Path file) {
    main = file.toString();
    return this;
  }

  Answer execute(String... arguments) {
    return start(arguments).end();
  }

  Running start(String... arguments) {
    var running = new Running(command(arguments));
    started.push(running);
    return running;
  }

  /** A command line as it is started here. */
  List<String> command(String... arguments) {
    var command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    RecordedClasses classes = RecordedClasses.get();
    command.addAll(FLAGS);
    command.addAll(classes.flags());
    command.addAll(List.of("-Dgpubench.locks=" + temp.resolve("locks"), "-Dgpubench.home=" + home));
    command.addAll(flags);
    command.addAll(List.of("-cp", classes.classPath(), main));
    command.addAll(List.of(arguments));
    return command;
  }

  /** The variable by which a process is found that others start. */
  Map<String, String> marked() {
    return Map.of(MARK, mark);
  }

  /** The processes that were started here, and those started by them, that are still there. */
  Set<Long> living() {
    Set<Long> found = new HashSet<>();
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      for (Path process : all.toList()) {
        String name = String.valueOf(process.getFileName());
        if (name.matches("\\d+") && environment(process).contains(MARK + "=" + mark)) {
          found.add(Long.parseLong(name));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /** Waits until none is left; which after a kill takes its guard a moment. */
  boolean awaitNobody(Duration limit) {
    long start = System.nanoTime();
    while (!living().isEmpty()) {
      if (System.nanoTime() - start > limit.toNanos()) {
        return false;
      }
      sleep(POLL);
    }
    return true;
  }

  private static String environment(Path process) {
    try {
      return Files.readString(process.resolve("environ"), ISO_8859_1);
    } catch (IOException _) {
      return ""; // it has ended, or is another user's
    }
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Kills whatever is left. */
  @Override
  public void close() {
    while (!started.isEmpty()) {
      started.pop().kill();
    }
    for (long pid : living()) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  /** One that was started. */
  final class Running {
    final Process process;
    private final Path out;
    private final Path err;

    private Running(List<String> command) {
      try {
        out = Files.createTempFile(temp, "out", "");
        err = Files.createTempFile(temp, "err", "");
        var builder =
            new ProcessBuilder(command)
                .directory(temp.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        CommandLineFixture.forget(builder.environment());
        builder.environment().put(MARK, mark);
        builder.environment().putAll(environment);
        process = builder.start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    long pid() {
      return process.pid();
    }

    boolean isAlive() {
      return process.isAlive();
    }

    /** Waits for its end, but not for longer; returns whether it has ended. */
    boolean await(Duration limit) {
      try {
        return process.waitFor(limit);
      } catch (InterruptedException e) {
        process.destroyForcibly();
        throw new IllegalStateException(e);
      }
    }

    /** Waits for its end; returns the exit code. */
    int exit() {
      try {
        return process.waitFor();
      } catch (InterruptedException e) {
        process.destroyForcibly();
        throw new IllegalStateException(e);
      }
    }

    /** Waits for its end. */
    Answer end() {
      return new Answer(exit(), out(), err());
    }

    /** Sends SIGKILL and waits for its end. */
    void kill() {
      process.destroyForcibly();
      exit();
    }

    /** What it has written to stdout until now. */
    String out() {
      return CommandLineFixture.read(out);
    }

    /** What it has written to stderr until now. */
    String err() {
      return CommandLineFixture.read(err);
    }
  }
}
