// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.Printable;
import io.gpubench.measure.run.Cancellation;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Requests to a worker and its replies, one after the other. Owns the process: whatever goes wrong
 * kills it and ends in a {@link WorkerException}; after that, only {@link #close} makes sense. Used
 * by one thread.
 */
final class Exchange implements AutoCloseable {
  /** How often a wait looks whether it has been cancelled. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** How long a worker may go on when the run was cancelled. */
  private static final long CANCELLED_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Worker.Launch launch;
  private final Cancellation cancellation;
  private final WorkerProcess process;
  private boolean failed;
  private Reply.@Nullable Recording left;

  Exchange(Worker.Launch launch, Cancellation cancellation, WorkerProcess process) {
    this.launch = launch;
    this.cancellation = cancellation;
    this.process = process;
  }

  /** Of the worker: the guard's only child, where there is a guard. */
  long pid() {
    return launch.command().guard() == null
        ? process.pid()
        : ProcessHandle.of(process.pid()).stream()
            .flatMap(ProcessHandle::children)
            .mapToLong(ProcessHandle::pid)
            .findFirst()
            .orElse(process.pid());
  }

  /**
   * Asks for a step.
   *
   * @throws WorkerException when it does not give that kind of reply in time; the worker is gone
   */
  <R extends Reply> R ask(Step step, Request request, Class<R> type) {
    return ask(step, request, 0, type);
  }

  /**
   * Asks for a step that may be silent for longer than others of its kind.
   *
   * @throws WorkerException when it does not give that kind of reply in time; the worker is gone
   */
  <R extends Reply> R ask(Step step, Request request, long extraNanos, Class<R> type) {
    if (process.receive(0) instanceof Received.Line(byte[] text)) {
      throw protocol(step, "before it was asked, it said " + Wire.shown(text));
    }
    process.send(Wire.bytes(request));
    Duration patience = launch.patience().getOrDefault(step, step.patience());
    byte[] line =
        switch (await(patience.toNanos() + extraNanos)) {
          case Received.Line(byte[] text) -> text;
          case Received.Silent _ -> throw silent(step, patience.plusNanos(extraNanos));
          case Received.Ended ended ->
              throw failure(WorkerException.Kind.CRASH, step, "ended: " + ended.describe());
          case Received.Overlong(String beginning) ->
              throw protocol(step, "it said a line without an end: '" + beginning + "…'");
        };
    Reply reply;
    try {
      reply = Wire.read(line, Reply.class);
    } catch (IllegalArgumentException e) {
      throw protocol(step, "expected the reply to " + step.word() + ": " + e.getMessage());
    }
    if (reply instanceof Reply.Failure error) {
      left = error.recording();
      throw reported(step, error);
    }
    if (!type.isInstance(reply)) {
      throw protocol(
          step, "expected the reply to " + step.word() + ", it said " + Wire.shown(line));
    }
    return type.cast(reply);
  }

  /** Waits for what comes; not for long once the run is cancelled. */
  private Received await(long nanos) {
    long begin = System.nanoTime();
    long most = nanos;
    while (true) {
      long elapsed = System.nanoTime() - begin;
      if (cancellation.requested()) {
        most = Math.min(most, elapsed + CANCELLED_NANOS);
      }
      var received = process.receive(Math.clamp(most - elapsed, 0, LOOK_NANOS));
      if (!(received instanceof Received.Silent) || elapsed >= most) {
        return received;
      }
    }
  }

  private WorkerException silent(Step step, Duration patience) {
    return failure(
        WorkerException.Kind.TIMEOUT,
        step,
        cancellation.requested()
            ? "did not end when it was asked to, and was killed"
            : "said nothing for %s s, and was killed".formatted(patience.toMillis() / 1e3));
  }

  private WorkerException reported(Step step, Reply.Failure error) {
    if (error.kind().equals(WorkerException.Kind.ABSENT.word()) && step != Step.PREPARE) {
      return protocol(
          step,
          "it said '%s', which answers prepare alone: %s"
              .formatted(error.kind(), Printable.line(error.message())));
    }
    WorkerException.Kind kind =
        switch (error.kind()) {
          case "unavailable" -> WorkerException.Kind.UNAVAILABLE;
          case "absent" -> WorkerException.Kind.ABSENT;
          case "lost-device" -> WorkerException.Kind.LOST_DEVICE;
          case "engine" -> WorkerException.Kind.ENGINE;
          default -> WorkerException.Kind.PROTOCOL;
        };
    EngineException.Kind what =
        switch (kind) {
          case UNAVAILABLE -> EngineException.Kind.UNAVAILABLE;
          case ABSENT -> EngineException.Kind.ABSENT;
          case LOST_DEVICE -> EngineException.Kind.LOST_DEVICE;
          default -> EngineException.Kind.FAILED;
        };
    String remedy = error.remedy();
    var cause =
        new EngineException(
            what,
            Printable.line(error.message()),
            remedy == null ? null : Printable.line(remedy),
            null);
    String word = kind == WorkerException.Kind.LOST_DEVICE ? kind.word() + ": " : "";
    leave(); // it is well enough to tell what failed, so it may give back what it has
    return gone(kind, step, word + cause.getMessage(), cause);
  }

  /** The worker did not keep to the protocol, for which it is killed. */
  WorkerException protocol(Step step, String what) {
    return failure(WorkerException.Kind.PROTOCOL, step, "broke the worker protocol: " + what);
  }

  private WorkerException failure(WorkerException.Kind kind, Step step, String did) {
    String text =
        "%s: the worker of '%s' %s, in step %s"
            .formatted(kind.word(), launch.engine(), did, step.word());
    return gone(kind, step, text, null);
  }

  /** What a worker that failed had recorded of the sensors; null for nothing. */
  Reply.@Nullable Recording left() {
    return left;
  }

  /** Whether the worker is gone. */
  boolean failed() {
    return failed;
  }

  /** Kills what is left of the worker. */
  private WorkerException gone(
      WorkerException.Kind kind, Step step, String text, @Nullable EngineException cause) {
    failed = true;
    process.close();
    String stderr = process.stderrTail().strip();
    String last = stderr.lines().reduce((_, line) -> line).orElse("");
    String end = cause != null || last.isEmpty() ? "" : "; the last it wrote: " + last;
    String left =
        process.receive(0) instanceof Received.Ended ended
                && ended.manner() == Received.Manner.SURVIVED
            ? "; a process of it is left behind and cannot be killed"
            : "";
    return new WorkerException(kind, step.word(), text + end + left, stderr, cause);
  }

  /** Lets the worker end, and kills what does not. */
  @Override
  public void close() {
    if (failed) {
      return;
    }
    try {
      ask(Step.BYE, new Request.Bye(), Reply.Bye.class);
    } catch (WorkerException _) {
      return; // what was measured is safe; how it took its leave changes nothing
    }
    leave();
  }

  private void leave() {
    process.end(launch.patience().getOrDefault(Step.BYE, Step.BYE.patience()));
  }
}
