// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.conformance;

import io.gpubench.app.conformance.Flaw.Weight;
import io.gpubench.measure.worker.ProtocolSchema;
import io.gpubench.measure.worker.Reply;
import io.gpubench.measure.worker.Request;
import io.gpubench.measure.worker.Step;
import io.gpubench.measure.worker.WorkerDialogue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One process of the worker under test. Sends requests and holds every reply against the schema.
 * Owns the process. Used by one thread.
 */
final class Probe implements AutoCloseable {
  private static final int SHOWN = 200;

  private final WorkerDialogue dialogue;
  private final ProtocolSchema schema;
  private final Map<Step, Duration> patience;
  private final List<String> unasked = new ArrayList<>();
  private @Nullable String sent;
  private @Nullable String received;
  private long elapsedNanos;

  Probe(WorkerDialogue dialogue, ProtocolSchema schema, Map<Step, Duration> patience) {
    this.dialogue = dialogue;
    this.schema = schema;
    this.patience = patience;
  }

  WorkerDialogue dialogue() {
    return dialogue;
  }

  /** The last line sent, shortened. */
  @Nullable String sent() {
    return sent;
  }

  /** The last line received, shortened. */
  @Nullable String received() {
    return received;
  }

  /** Lines that nobody had asked for. */
  List<String> unasked() {
    return unasked;
  }

  /** How long the last reply took, in nanoseconds. */
  long elapsedNanos() {
    return elapsedNanos;
  }

  /** Sends a request and returns its reply, which agrees with the schema. */
  <R extends Reply> R ask(Step step, Request request, Class<R> type) {
    long extra = request instanceof Request.Measure measure ? measure.nanos() : 0;
    return ask(step, WorkerDialogue.line(request), extra, type);
  }

  /** The same for a request that was altered. */
  <R extends Reply> R ask(Step step, String request, Class<R> type) {
    return ask(step, request, 0, type);
  }

  private <R extends Reply> R ask(Step step, String request, long extraNanos, Class<R> type) {
    String line = exchange(step, request, extraNanos);
    Reply reply = parsed(step, line);
    if (reply instanceof Reply.Failure error) {
      checkSchema(schema.errorMistakes(line), "error");
      throw new Flaw(
          "the worker answered with an error of the kind '"
              + error.kind()
              + "': "
              + error.message()
              + (error.remedy() == null ? "" : "; " + error.remedy()),
          "the reply to " + step.word(),
          step.word());
    }
    if (!type.isInstance(reply)) {
      throw new Flaw(
          "the reply is of another type",
          "\"type\":\"" + step.word() + "\", the type of the request",
          step.word());
    }
    checkSchema(schema.replyMistakes(step, line), step.word());
    return type.cast(reply);
  }

  /** Sends a line that makes no sense; the reply must be an error that says so. */
  void refuse(Step step, String request) {
    String line = exchange(step, request, 0);
    if (!(parsed(step, line) instanceof Reply.Failure error)) {
      throw new Flaw(
          "the worker went along with it",
          "an error of the kind 'request', and a worker that goes on",
          "error");
    }
    checkSchema(schema.errorMistakes(line), "error");
    if (!error.kind().equals("request")) {
      throw new Flaw(
          "the error is of the kind '" + error.kind() + "'",
          "the kind 'request': what was sent makes no sense to the worker",
          "error");
    }
  }

  private void checkSchema(List<String> mistakes, String section) {
    if (!mistakes.isEmpty()) {
      throw new Flaw(
          String.join("; ", mistakes.subList(0, Math.min(3, mistakes.size()))),
          "a reply that agrees with configs/schemas/worker.schema.json",
          section);
    }
  }

  private static Reply parsed(Step step, String line) {
    try {
      return WorkerDialogue.reply(line);
    } catch (IllegalArgumentException e) {
      throw new Flaw(
          String.valueOf(e.getMessage()),
          "one line with a JSON object, the reply to "
              + step.word()
              + "; whatever else the worker has to say belongs on stderr",
          step.word());
    }
  }

  private String exchange(Step step, String request, long extraNanos) {
    while (dialogue.hear(Duration.ZERO) instanceof WorkerDialogue.Said(String line)) {
      unasked.add(shortened(line));
    }
    sent = shortened(request);
    received = null;
    long begin = System.nanoTime();
    dialogue.say(request);
    Duration most = patience.getOrDefault(step, step.patience()).plusNanos(extraNanos);
    WorkerDialogue.Heard heard = dialogue.hear(most);
    elapsedNanos = System.nanoTime() - begin;
    return switch (heard) {
      case WorkerDialogue.Said(String line) -> {
        received = shortened(line);
        yield line;
      }
      case WorkerDialogue.Silent _ ->
          throw lost(
              "the worker said nothing for " + most.toMillis() / 1e3 + " s",
              "a reply, ended by a line feed and flushed",
              "the life of a worker");
      case WorkerDialogue.Ended ended ->
          throw lost("the worker ended: " + ended.description(), "a reply", "the life of a worker");
      case WorkerDialogue.Endless(String beginning) -> {
        received = shortened(beginning);
        throw lost("a line without an end", "at most 64 MiB", "the life of a worker");
      }
    };
  }

  private Flaw lost(String what, String expected, String section) {
    dialogue.close();
    String last = dialogue.stderrTail().strip().lines().reduce((_, line) -> line).orElse("");
    return new Flaw(
        what + (last.isEmpty() ? "" : "; the last on stderr was: " + last),
        expected,
        section,
        Weight.LOST);
  }

  /** A line as a report shows it. */
  static String shortened(String line) {
    String clean = line.replaceAll("\\p{Cntrl}", "?").strip();
    return clean.length() <= SHOWN ? clean : clean.substring(0, SHOWN) + "…";
  }

  @Override
  public void close() {
    dialogue.close();
  }
}
