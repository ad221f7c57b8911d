// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.StoreErrors;
import io.gpubench.measure.plan.Durations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The compiler of the simulated device. Immutable; what it writes goes to a folder of its user's.
 *
 * @param simtcc its file
 * @param options the user's, as simtcc takes them
 * @param patience how long a file may take
 */
public record Toolchain(Path simtcc, List<String> options, Duration patience) {
  private static final int NO_COMPILER = 127;
  private static final int SHOWN = 3;
  private static final String MEMORY_KIBIBYTES = Long.toString(8L << 20);
  private static final Pattern ERROR = Pattern.compile("\\b(fatal )?error:\\s*");
  private static final Pattern OTHER_PROBLEM =
      Pattern.compile("^[^\\s:][^:]*:\\d+: .*|.*(undefined reference|relocation truncated).*");
  private static final Pattern PLACE = Pattern.compile("^([^\\s:]+):\\d+:");
  private static final Pattern REMARK = Pattern.compile(".*:\\s*(note|warning): .*");

  public Toolchain {
    options = List.copyOf(options);
  }

  /**
   * The compiler of an installation.
   *
   * @throws EngineException when it is not built
   */
  public static Path below(Path home) {
    Optional<Path> found =
        Stream.of("lib", "native/build")
            .map(folder -> home.resolve(folder).resolve("cudasim/simtcc"))
            .filter(Files::isExecutable)
            .findFirst();
    return found.orElseThrow(() ->
        new EngineException(
            EngineException.Kind.UNAVAILABLE,
            "the simulated CUDA device is not built",
            "install a C++ compiler, make and CMake, and build gpubench again",
            null));
  }

  /**
   * Compiles a file.
   *
   * @param folder where the image goes
   * @throws ConfigException one line: the compiler's first complaints, with file and line
   * @throws EngineException when there is no compiler
   */
  Path compile(Path source, Path folder) throws InterruptedException {
    Path image = folder.resolve("image.so");
    Path log = folder.resolve("compiler.log");
    var command =
        new ArrayList<>(
            List.of("sh", "-c", "ulimit -v " + MEMORY_KIBIBYTES + "; exec \"$@\"", "sh"));
    command.add(simtcc.toString());
    command.addAll(options);
    command.addAll(List.of("-o", image.toString(), named(source)));
    try {
      Files.deleteIfExists(image);
      var builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().put("LC_ALL", "C");
      builder.environment().put("TMPDIR", folder.toString());
      Process process = builder.start();
      process.getOutputStream().close();
      try {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new ConfigException(
              source
                  + ": the compiler has not ended after "
                  + Durations.format(patience)
                  + "; --timeout gives it more time");
        }
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      if (process.exitValue() != 0) {
        throw failure(source, process.exitValue(), Files.readString(log));
      }
      return image;
    } catch (IOException e) {
      throw new EngineException("the compiler cannot be run: " + StoreErrors.text(e), e);
    }
  }

  private static String named(Path source) {
    return source.toString().startsWith("-") ? "./" + source : source.toString();
  }

  private static RuntimeException failure(Path source, int status, String log) {
    if (status == NO_COMPILER) {
      return new EngineException(
          EngineException.Kind.UNAVAILABLE,
          "there is no C++ compiler, which the simulated device needs",
          "install g++, or name another one in the variable CXX",
          null);
    }
    List<String> lines =
        log.lines()
            .map(String::strip)
            .filter(line -> !REMARK.matcher(line).matches() && !line.startsWith("collect2:"))
            .toList();
    List<String> errors = lines.stream().filter(line -> ERROR.matcher(line).find()).toList();
    List<String> told =
        (errors.isEmpty()
                ? lines.stream().filter(line -> OTHER_PROBLEM.matcher(line).matches())
                : errors.stream())
            .map(line -> worded(source, line))
            .distinct()
            .toList();
    if (told.isEmpty()) {
      String last = log.lines().filter(line -> !line.isBlank()).reduce("", (_, line) -> line);
      return new ConfigException(
          "%s: the compiler ended with status %d%s"
              .formatted(source, status, last.isEmpty() ? "" : ": " + last.strip()));
    }
    int more = told.size() - SHOWN;
    return new ConfigException(
        String.join("; ", told.subList(0, Math.min(SHOWN, told.size())))
            + (more > 0 ? "; and " + more + " more" : ""));
  }

  /** Without the word error, and with the folder that images, and so the compiler, leave out. */
  private static String worded(Path source, String line) {
    if (line.contains("relocation truncated")) {
      return source + ": its variables take more memory than the simulated device has";
    }
    String told = ERROR.matcher(line).replaceFirst("");
    Matcher place = PLACE.matcher(told);
    Path beside = place.find() ? source.resolveSibling(place.group(1)) : null;
    return beside != null && !Files.exists(Path.of(place.group(1))) && Files.exists(beside)
        ? beside + told.substring(place.end(1))
        : told;
  }
}
