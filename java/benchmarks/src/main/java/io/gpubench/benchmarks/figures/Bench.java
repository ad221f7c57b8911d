// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

import io.gpubench.benchmarks.JavaProcess;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What figures are measured with: fresh processes, each started once although several figures read
 * what it says. Owns a folder for what they leave behind, which {@link #close} removes. Of one
 * thread.
 */
final class Bench implements AutoCloseable {
  /** So long JMH measures a benchmark: seconds, not the half minute of its own options. */
  private static final List<String> JMH_EFFORT =
      List.of("-f", "3", "-wi", "2", "-w", "500ms", "-i", "4", "-r", "500ms");

  private final Path root;
  private final Path folder;
  private final Path store;
  private final @Nullable String device;
  private final Map<List<String>, Object> said = new HashMap<>();
  private @Nullable Path natives;

  /**
   * Makes the folder.
   *
   * @param root of the checkout
   * @param kept where the sealed runs stay; null to remove them with the rest
   * @param device on which the figures of GPUs are measured; null for none
   */
  Bench(Path root, @Nullable Path kept, @Nullable String device) throws IOException {
    this.root = root;
    this.folder = Files.createTempDirectory("gpubench-figures-");
    this.store = kept == null ? folder.resolve("results") : kept.toAbsolutePath();
    this.device = device;
  }

  /**
   * The device.
   *
   * @throws LackingException when there is none
   */
  String device() {
    if (device == null) {
      throw new LackingException("no GPU was named");
    }
    return device;
  }

  /** The folder of the checkout. */
  Path root() {
    return root;
  }

  /** A file of that name, which does not exist at first, in a folder that goes with this bench. */
  Path scratch(String name) {
    return folder.resolve(name);
  }

  /** What a program with a main class prints, line by line. */
  List<String> java(Class<?> main, String... arguments) {
    return lines(Map.of(), JavaProcess.command(main.getName(), List.of(arguments)));
  }

  /** What a command prints, line by line; it is started in the root, once. */
  List<String> lines(Map<String, String> environment, List<String> command) {
    return once(
        command, List.copyOf(environment.keySet()), () -> finished(environment, command).lines());
  }

  /** The results of the JMH benchmarks whose name fits. */
  JsonNode jmh(String pattern) {
    return once(
        List.of("jmh", pattern),
        List.of(),
        () -> {
          Path file = scratch("jmh-" + pattern + ".json");
          var arguments = new ArrayList<>(List.of(pattern, "-prof", "gc"));
          arguments.addAll(JMH_EFFORT);
          arguments.addAll(List.of("-rf", "json", "-rff", file.toString()));
          finished(Map.of(), JavaProcess.command("org.openjdk.jmh.Main", arguments));
          try {
            return JsonMapper.shared().readTree(Files.readString(file));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** The run that {@code gpubench} makes of a command line, as it lies sealed in the store. */
  RunDocument run(String... arguments) {
    var command = launcher(arguments);
    command.addAll(List.of("--no-key", "--ceilings", "off", "--wait", "2m"));
    command.addAll(List.of("--out", store.toString()));
    return once(
        command,
        List.of(),
        () -> {
          List<Path> before = runs();
          finished(Map.of(), command);
          var made = new ArrayList<>(runs());
          made.removeAll(before);
          if (made.size() != 1) {
            throw new FailedException("gpubench made " + made.size() + " runs instead of one");
          }
          return RunReader.read(made.getFirst());
        });
  }

  /** The command line of gpubench with these arguments. */
  List<String> launcher(String... arguments) {
    var command = new ArrayList<String>();
    command.add(root.resolve("gpubench").toString());
    command.addAll(List.of(arguments));
    return command;
  }

  /**
   * How long each of several whole processes takes, in seconds, by turns: all once, then all again.
   * A first time does not count.
   *
   * @param times how many times each
   * @return of each command its times
   */
  double[][] seconds(int times, List<List<String>> commands) {
    var key = new ArrayList<String>();
    commands.forEach(key::addAll);
    return once(
        key,
        List.of(),
        () -> {
          double[][] seconds = new double[commands.size()][times];
          for (int time = -1; time < times; time++) {
            for (int i = 0; i < commands.size(); i++) {
              double taken = finished(Map.of(), commands.get(i)).seconds();
              if (time >= 0) {
                seconds[i][time] = taken;
              }
            }
          }
          return seconds;
        });
  }

  /**
   * A program of {@code native}, built with its tests' options.
   *
   * @param target of CMake, with what it needs to run
   * @param file where it then lies in the build's folder
   * @throws LackingException when there is no CMake or no compiler
   */
  Path nativeProgram(List<String> target, String file) {
    if (natives == null) {
      need("cmake");
      need("c++");
      natives = scratch("native");
      quiet(
          "cmake",
          "-S",
          root.resolve("native").toString(),
          "-B",
          natives.toString(),
          "-DGPUBENCH_TESTS=ON");
    }
    var command = new ArrayList<>(List.of("cmake", "--build", natives.toString(), "--target"));
    command.addAll(target);
    quiet(command.toArray(String[]::new));
    return natives.resolve(file);
  }

  /** The folder in which {@link #nativeProgram} builds. */
  Path nativeBuild() {
    if (natives == null) {
      throw new IllegalStateException("nothing has been built yet");
    }
    return natives;
  }

  /**
   * A tool on the PATH.
   *
   * @throws LackingException when it is not there
   */
  Path need(String tool) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .map(place -> Path.of(place, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new LackingException("there is no " + tool));
  }

  private void quiet(String... command) {
    lines(Map.of(), List.of(command));
  }

  @SuppressWarnings("unchecked") // a command has one kind of answer
  private <T> T once(List<String> command, List<String> more, Supplier<T> answer) {
    var key = new ArrayList<>(command);
    key.addAll(more);
    Object known = said.get(key);
    if (known instanceof RuntimeException failure) {
      throw failure;
    }
    if (known == null) {
      try {
        known = answer.get();
      } catch (LackingException | FailedException e) {
        said.put(key, e);
        throw e;
      }
      said.put(key, known);
    }
    return (T) known;
  }

  private List<Path> runs() {
    if (!Files.isDirectory(store)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(store)) {
      return entries.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Finished(List<String> lines, double seconds) {}

  /** Runs a command to its end; what it says on stderr is kept for the case that it fails. */
  private Finished finished(Map<String, String> environment, List<String> command) {
    try {
      Path errors = Files.createTempFile(folder, "stderr-", ".txt");
      var builder = new ProcessBuilder(command).directory(root.toFile());
      builder.environment().keySet().removeIf(Bench::changesWhatIsMeasured);
      builder.environment().putAll(environment);
      long before = System.nanoTime();
      Process process = builder.redirectError(errors.toFile()).start();
      process.getOutputStream().close();
      List<String> lines;
      try (var reader = process.inputReader()) {
        lines = reader.lines().toList();
      }
      int code = process.waitFor();
      double seconds = (System.nanoTime() - before) / 1e9;
      if (code != 0) {
        throw new FailedException(
            "%s ended with %d: %s"
                .formatted(Path.of(command.getFirst()).getFileName(), code, last(errors, lines)));
      }
      Files.delete(errors);
      return new Finished(lines, seconds);
    } catch (IOException e) {
      throw new FailedException(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FailedException("interrupted", e);
    }
  }

  private static boolean changesWhatIsMeasured(String variable) {
    return variable.startsWith("GPUBENCH_") && !variable.equals("GPUBENCH_JDK_FOLDERS");
  }

  private static String last(Path errors, List<String> lines) throws IOException {
    List<String> all = new ArrayList<>(lines);
    all.addAll(Files.readAllLines(errors));
    return all.stream().filter(line -> !line.isBlank()).reduce((_, line) -> line).orElse("");
  }

  @Override
  public void close() throws IOException {
    try {
      new ProcessBuilder("rm", "-rf", folder.toString()).inheritIO().start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
