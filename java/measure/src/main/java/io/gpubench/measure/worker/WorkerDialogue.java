// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import io.gpubench.measure.EngineException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * A conversation with a worker, led line by line and judging nothing: for testing workers, where
 * {@link Worker} is for measuring with them. Owns the process, which dies in {@link #close} at the
 * latest. Used by one thread.
 */
public final class WorkerDialogue implements AutoCloseable {
  private final WorkerProcess process;

  private WorkerDialogue(WorkerProcess process) {
    this.process = process;
  }

  /** What became of a wait for a line. */
  public sealed interface Heard {}

  /**
   * A line.
   *
   * @param line without its line feed; whatever is not UTF-8 in it is replaced
   */
  public record Said(String line) implements Heard {}

  /** Nothing, all the time. */
  public record Silent() implements Heard {}

  /**
   * The worker has ended, or has closed its stdout.
   *
   * @param status its exit status; 128 and the number of the signal of which it died
   * @param description in words, such as {@code exit status 3}
   */
  public record Ended(int status, String description) implements Heard {}

  /** More than a line may have, without an end. */
  public record Endless(String beginning) implements Heard {}

  /**
   * Starts a worker, as measuring does.
   *
   * @throws EngineException when its command cannot be started
   */
  public static WorkerDialogue start(WorkerCommand command) {
    return new WorkerDialogue(WorkerProcess.start(command));
  }

  /** A request as it is sent, without the line feed. */
  public static String line(Request request) {
    return new String(Wire.bytes(request), StandardCharsets.UTF_8);
  }

  /**
   * The reply in a line.
   *
   * @throws IllegalArgumentException when there is none in it
   */
  public static Reply reply(String line) {
    return Wire.read(line.getBytes(StandardCharsets.UTF_8), Reply.class);
  }

  /** Sends a line, whatever it is. What becomes of it is heard. */
  public void say(String line) {
    process.send(line.getBytes(StandardCharsets.UTF_8));
  }

  /** Waits for the next line, or for the end. */
  public Heard hear(Duration patience) {
    return switch (process.receive(patience.toNanos())) {
      case Received.Line line -> new Said(new String(line.text(), StandardCharsets.UTF_8));
      case Received.Silent _ -> new Silent();
      case Received.Ended ended -> new Ended(ended.status(), ended.describe());
      case Received.Overlong endless -> new Endless(endless.beginning());
    };
  }

  /**
   * Ends the worker's stdin, waits for its end, and kills it when that does not come.
   *
   * @return whether it came in time
   */
  public boolean hangUp(Duration patience) {
    long begin = System.nanoTime();
    process.end(patience);
    return System.nanoTime() - begin < patience.toNanos();
  }

  /** The processes that the worker has started, and those that they have, as far as alive. */
  public List<ProcessHandle> descendants() {
    return ProcessHandle.of(process.pid()).map(ProcessHandle::descendants).stream()
        .flatMap(stream -> stream)
        .toList();
  }

  /** The last lines that the worker wrote on stderr; empty when there are none. */
  public String stderrTail() {
    return process.stderrTail();
  }

  @Override
  public void close() {
    process.close();
  }
}
