// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.profiling;

import io.gpubench.app.BuiltIn;
import io.gpubench.app.measuring.Installation;
import io.gpubench.app.measuring.ShellWords;
import io.gpubench.app.workers.OwnWorker;
import io.gpubench.engines.cuda.CudaEngine;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.Names;
import io.gpubench.measure.StoreErrors;
import io.gpubench.measure.result.RunDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One sample of a record, and the profiler that is to look at it. Starts nothing by itself. */
public final class Handover {
  private static final Map<String, Profiler> PROFILERS =
      Stream.of(new Ncu(), new Nsys())
          .collect(Collectors.toMap(Profiler::program, Function.identity()));

  private static final String FIRST_DEVICE = "0";

  private final ChosenRecord chosen;
  private final Profiler profiler;
  private final String kernel;
  private final Path report;
  private final List<String> words;
  private final List<String> target;

  /**
   * Finds the record, and whether its sample can be repeated here.
   *
   * @param place a run directory; or one with a slash and a record's id after it
   * @param record id of the record; null where the place says it, or the run has one only
   * @param with {@code ncu} or {@code nsys}
   * @param kernel the only one to look at; null for all of a sample
   * @param output the report; null for one named after the record, in the current folder
   * @throws ConfigException when there is no such record, or the profiler would see nothing of it
   * @throws io.gpubench.measure.ResultFormatException when there is no run that can be read
   */
  public Handover(
      Installation installation,
      Path place,
      @Nullable String record,
      String with,
      @Nullable String kernel,
      @Nullable Path output) {
    profiler = Names.find("profiler", with, PROFILERS);
    chosen = ChosenRecord.find(place, record);
    demandGpu();
    chosen.replanned(installation);
    report = report(output == null ? Path.of(chosen.id()) : output, profiler.suffix());
    this.kernel = Objects.requireNonNullElse(kernel, "");
    words = profiler.words(chosen, this.kernel, report);
    target =
        OwnWorker.command(
            OneSample.class,
            List.of(),
            List.of(
                chosen.directory().toAbsolutePath().normalize().toString(),
                chosen.id(),
                Objects.requireNonNullElse(chosen.engine().deviceAsked(), FIRST_DEVICE)));
  }

  /** A profiler adds the suffix where it is missing, too. */
  private static Path report(Path asked, String suffix) {
    String name = String.valueOf(asked.getFileName());
    return name.endsWith(suffix) ? asked : asked.resolveSibling(name + suffix);
  }

  /** The names of all profilers, in alphabetical order. */
  public static List<String> profilers() {
    return PROFILERS.keySet().stream().sorted().toList();
  }

  private void demandGpu() {
    String engine = chosen.planned().engine();
    List<String> command = chosen.engine().command();
    String instead =
        command != null
            ? "profile its own program: " + ShellWords.quoted(command)
            : switch (engine) {
              case CudaEngine.ID ->
                  chosen.engine().synthetic()
                      ? "measure it on a GPU first; the simulated one is seen by perf record"
                      : null;
              case "host" -> "perf record sees its C kernels, as a process of gpubench run";
              default -> "gpubench run --jfr DIR records what its Java does";
            };
    if (instead != null) {
      throw new ConfigException(
          "%s sees GPUs, and %s was measured %s; %s"
              .formatted(
                  profiler.program(),
                  chosen.id(),
                  chosen.engine().synthetic()
                      ? "on the simulated device"
                      : "by the engine '" + engine + "'",
                  instead));
    }
  }

  /** The command, for a POSIX shell: the profiler and its options, then what it profiles. */
  public String commandLine() {
    return ShellWords.quoted(words) + " \\\n  " + ShellWords.quoted(target);
  }

  /** What a user should know, a line each. */
  public List<String> notes() {
    var notes = new ArrayList<String>();
    RunDocument.Tool then = chosen.run().tool();
    RunDocument.Tool now = BuiltIn.tool();
    if (!then.commit().equals(now.commit())) {
      notes.add(
          "measured by gpubench %s of commit %s, and this is %s of commit %s"
              .formatted(then.version(), then.commit(), now.version(), now.commit()));
    }
    notes.addAll(profiler.notes(chosen, kernel));
    return notes;
  }

  /**
   * Runs the command, with the input and output of this process.
   *
   * @param environment variables of this process
   * @return where the report lies
   * @throws ConfigException when the report would replace another file
   * @throws EngineException when the profiler is not installed, or fails
   * @throws WrongAnswer when the answer of the sample was wrong
   */
  public Path run(Map<String, String> environment) throws InterruptedException, WrongAnswer {
    if (Files.exists(report)) {
      throw new ConfigException(report + " is there already; give another name by --output");
    }
    var command = new ArrayList<String>(words);
    command.set(0, program(environment).toString());
    command.addAll(target);
    int code;
    try {
      code = new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new EngineException(
          "%s cannot be started: %s".formatted(command.getFirst(), StoreErrors.text(e)), e);
    }
    if (code == OneSample.WRONG) {
      throw new WrongAnswer();
    }
    if (code != 0) {
      throw new EngineException(
          "%s ended with exit code %d; what it says above tells why"
              .formatted(profiler.program(), code));
    }
    if (!Files.exists(report)) {
      throw new EngineException(
          "%s ended well, but without the report %s; it has seen nothing of the sample"
              .formatted(profiler.program(), report));
    }
    return report;
  }

  /** Where the profiler is installed. */
  private Path program(Map<String, String> environment) {
    var folders = new ArrayList<>(List.of(environment.getOrDefault("PATH", "").split(":", -1)));
    Optional.ofNullable(environment.get("CUDA_HOME")).ifPresent(home -> folders.add(home + "/bin"));
    folders.add("/usr/local/cuda/bin");
    return folders.stream()
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, profiler.program()))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() ->
            new EngineException(
                EngineException.Kind.UNAVAILABLE,
                profiler.program() + " is not installed here",
                profiler.remedy(),
                null));
  }

  /** The engine gave a wrong answer; it was said on stderr. */
  public static final class WrongAnswer extends Exception {
    private static final long serialVersionUID = 1L;

    WrongAnswer() {
      super("wrong answer");
    }
  }
}
