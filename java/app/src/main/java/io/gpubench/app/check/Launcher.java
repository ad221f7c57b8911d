// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import io.gpubench.app.workers.Guard;
import io.gpubench.app.workers.OwnWorker;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.StoreErrors;
import io.gpubench.measure.worker.WorkerCommand;
import io.gpubench.measure.worker.WorkerDialogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A process in which a user's kernels run, guarded: whatever they do to it becomes an answer. Used
 * by one thread, which closes it.
 */
final class Launcher implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration GLANCE = Duration.ofMillis(200);
  private static final Duration START = Duration.ofSeconds(60);
  private static final long PAGE_BYTES = 4096;
  private static final int SEGMENTATION_FAULT = 128 + 11;
  private static final Pattern CRASH_ADDRESS =
      Pattern.compile("si_signo: \\d+ \\((\\w+)\\).*?si_addr: (\\S+)");

  private final WorkerDialogue process;
  private final Path crashLog;
  private final long memoryLimitBytes;

  private Launcher(WorkerDialogue process, Path crashLog, long memoryLimitBytes) {
    this.process = process;
    this.crashLog = crashLog;
    this.memoryLimitBytes = memoryLimitBytes;
  }

  /** What became of a launch. */
  sealed interface Outcome {
    /** The kernel has ended and nothing was found. */
    record Passed() implements Outcome {}

    /** The simulated device accuses the kernel. */
    record Accused(String report) implements Outcome {}

    /** It was not launched. */
    record Refused(String reason) implements Outcome {}

    /** The process is lost. */
    record Lost(String what, String detail) implements Outcome {}
  }

  /**
   * Starts a process that loads an image.
   *
   * @param home of gpubench
   * @param folder for what it leaves behind
   * @param memoryLimitBytes it is ended when it takes more
   * @throws EngineException when it cannot be started
   */
  static Launcher start(Path home, Path folder, Path image, long memoryLimitBytes) {
    Path crashLog = folder.resolve("crash.log");
    var command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" 3>&1 1>&2", "sh"));
    command.addAll(
        OwnWorker.command(
            LauncherMain.class,
            List.of(
                "-XX:ErrorFile=" + crashLog,
                "-XX:-CreateCoredumpOnCrash",
                "-Dgpubench.home=" + home.toAbsolutePath()),
            List.of(image.toString(), "/proc/self/fd/3")));
    var worker =
        new WorkerCommand(
            command,
            Map.of("GPUBENCH_SIM_CHECK", "1"),
            Path.of("").toAbsolutePath(),
            Guard.below(home).orElse(null),
            null);
    try {
      Files.deleteIfExists(crashLog);
    } catch (IOException e) {
      throw new EngineException("a temporary file is in the way: " + StoreErrors.text(e), e);
    }
    return new Launcher(WorkerDialogue.start(worker), crashLog, memoryLimitBytes);
  }

  /**
   * What the image says of itself; to be asked first, once.
   *
   * @throws EngineException when it cannot be loaded
   */
  Description describe() {
    LaunchAnswer answer =
        switch (hear(START)) {
          case LaunchAnswer heard -> heard;
          case Outcome.Lost lost ->
              throw new EngineException("the kernels cannot be loaded: " + lost.detail());
          default -> throw new IllegalStateException("no answer");
        };
    if (answer.description() == null) {
      throw new EngineException("the kernels cannot be loaded: " + answer.refused());
    }
    return Description.parse(answer.description());
  }

  /** Launches a kernel. After {@link Outcome.Lost} this is of no more use. */
  Outcome launch(LaunchOrder order, Duration patience) {
    process.say(JSON.writeValueAsString(order));
    return switch (hear(patience)) {
      case LaunchAnswer answer when answer.report() != null -> new Outcome.Accused(answer.report());
      case LaunchAnswer answer when answer.refused() != null ->
          new Outcome.Refused(answer.refused());
      case LaunchAnswer _ -> new Outcome.Passed();
      case Outcome.Lost lost -> lost;
      default -> throw new IllegalStateException("no answer");
    };
  }

  /** A {@link LaunchAnswer}, or {@link Outcome.Lost}. */
  private Object hear(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      switch (process.hear(GLANCE)) {
        case WorkerDialogue.Said said -> {
          return answer(said.line());
        }
        case WorkerDialogue.Ended ended -> {
          return ended(ended);
        }
        case WorkerDialogue.Endless _ -> {
          return new Outcome.Lost("crash", "the process of the kernel talks nonsense");
        }
        case WorkerDialogue.Silent _ -> {
          if (residentBytes() > memoryLimitBytes) {
            process.close();
            return new Outcome.Lost(
                "host memory",
                "the process of the kernel took more than %d MiB of this machine's memory and was ended"
                    .formatted(memoryLimitBytes >> 20));
          }
          if (System.nanoTime() - end > 0) {
            process.close();
            return new Outcome.Lost("no end", "");
          }
        }
      }
    }
  }

  private static Object answer(String line) {
    try {
      return JSON.readValue(line, LaunchAnswer.class);
    } catch (JacksonException e) {
      return new Outcome.Lost("crash", "the process of the kernel talks nonsense: " + line);
    }
  }

  private Outcome.Lost ended(WorkerDialogue.Ended ended) {
    if (ended.status() == SEGMENTATION_FAULT) {
      // Nobody can handle a signal on a stack that is full.
      return new Outcome.Lost(
          "stack overflow",
          "a thread took more than the 56 KiB of its stack: recursion, or large local arrays");
    }
    String address = crashAddress();
    if (address != null) {
      return new Outcome.Lost("wild address", address);
    }
    String words = process.stderrTail().lines().reduce("", (_, line) -> line).strip();
    return new Outcome.Lost(
        "crash",
        "the process of the kernel ended: "
            + ended.description()
            + (words.isEmpty() ? "" : ": " + words));
  }

  /** Where the kernel accessed memory that is not there, as the JVM noticed; null if it did not. */
  private @Nullable String crashAddress() {
    try {
      Matcher matcher = CRASH_ADDRESS.matcher(Files.readString(crashLog));
      return matcher.find()
          ? "an access to address %s, where no memory is (%s)"
              .formatted(matcher.group(2), matcher.group(1))
          : null;
    } catch (IOException _) {
      return null;
    }
  }

  private long residentBytes() {
    long pages = 0;
    for (ProcessHandle each : process.descendants()) {
      try {
        String[] fields =
            Files.readString(Path.of("/proc", Long.toString(each.pid()), "statm")).split(" ");
        pages += Long.parseLong(fields[1]);
      } catch (IOException | NumberFormatException | IndexOutOfBoundsException _) {
        // it has ended
      }
    }
    return pages * PAGE_BYTES;
  }

  @Override
  public void close() {
    process.close();
  }
}
