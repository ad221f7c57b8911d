// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.conformance;

import io.gpubench.app.conformance.Conformance.Subject;
import io.gpubench.app.conformance.Conformance.Target;
import io.gpubench.app.conformance.Flaw.Weight;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.Names;
import io.gpubench.measure.result.Doubts;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Workload;
import io.gpubench.measure.worker.Reply;
import io.gpubench.measure.worker.Request;
import io.gpubench.measure.worker.Step;
import io.gpubench.measure.worker.WorkerDialogue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What is asked of a worker at each step, and what the answers must be. Immutable. */
final class Steps {
  private static final int FUTURE_PROTOCOL = 999;

  /** How often two samples are asked for in turn, to meet an answer that was kept. */
  private static final int ALTERNATIONS = 50;

  private static final Duration LEAVING = Duration.ofSeconds(2);
  private static final Duration SILENCE = Duration.ofMillis(200);

  /** An unknown field must not be taken for one that is known, wherever it is. */
  private static final String UNKNOWN_FIELD =
      "{\"later\":{\"type\":\"bye\",\"samples\":[7],\"text\":\"\\\"}\\\\\"},";

  private final Subject subject;
  private final MachineFacts facts;

  Steps(Subject subject, MachineFacts facts) {
    this.subject = subject;
    this.facts = facts;
  }

  Reply.Hello hello(Probe probe) {
    return hello(probe, Request.PROTOCOL);
  }

  private Reply.Hello hello(Probe probe, int protocol) {
    var request = new Request.Hello(protocol, facts.processors(), null);
    Reply.Hello hello = probe.ask(Step.HELLO, request, Reply.Hello.class);
    if (hello.protocol() < 1 || hello.protocol() > protocol) {
      throw new Flaw(
          "the worker speaks version " + hello.protocol(),
          "a version from 1 to the one offered, " + protocol,
          "hello");
    }
    return hello;
  }

  /** A gpubench of the future offers more than the worker can know. */
  String future(Probe probe) {
    Reply.Hello hello = hello(probe, FUTURE_PROTOCOL);
    return "offered version %d, it speaks %d".formatted(FUTURE_PROTOCOL, hello.protocol());
  }

  static String greeting(Reply.Hello hello) {
    return "%s %s, protocol %d, on %s"
        .formatted(
            hello.engine(),
            hello.version(),
            hello.protocol(),
            hello.device() == null ? "the processors" : hello.device());
  }

  /** What to test the worker with: what the user names, else what the worker names first. */
  Target target(Reply.Hello hello) {
    Map<String, List<String>> offered = hello.workloads();
    String id =
        subject.workload() != null
            ? subject.workload()
            : offered.keySet().stream()
                .filter(subject.workloads()::containsKey)
                .findFirst()
                .orElse("");
    Workload workload = subject.workloads().get(id);
    List<String> paths = offered.getOrDefault(id, List.of());
    if (workload == null || paths.isEmpty()) {
      throw new Flaw(
          "the worker runs " + offered,
          "a path for "
              + (subject.workload() == null
                  ? "one of the workloads " + String.join(", ", subject.workloads().keySet())
                  : "the workload " + id),
          "hello");
    }
    String path = subject.path() == null ? paths.getFirst() : subject.path();
    if (!paths.contains(path)) {
      throw new Flaw(Names.unknown("path", path, paths), "a path that the worker names", "hello");
    }
    return new Target(workload, path);
  }

  String selfCheck(Probe probe) {
    var reply = probe.ask(Step.SELF_CHECK, new Request.SelfCheck(), Reply.SelfCheck.class);
    if (!reply.passed()) {
      throw new Flaw(
          "it did not pass: " + reply.detail(), "known answers that come out right", "self-check");
    }
    return reply.detail();
  }

  String telemetry(Probe probe) {
    var now = probe.ask(Step.TELEMETRY, new Request.Telemetry(), Reply.Telemetry.class);
    return now.equals(new Reply.Telemetry(null, null, null, null, null))
        ? "no sensors"
        : "sensors are read";
  }

  String prepareLine(Target target, Case.Made inputs) {
    return WorkerDialogue.line(
        new Request.Prepare(
            target.workload().id(),
            target.path(),
            null,
            null,
            inputs.made().values().asMap(),
            inputs.file().toString(),
            facts));
  }

  String prepare(Probe probe, Target target, Case.Made inputs) {
    var reply = probe.ask(Step.PREPARE, prepareLine(target, inputs), Reply.Prepare.class);
    checkStages(reply, probe.elapsedNanos());
    return "%s by %s, %s, clock %s"
        .formatted(target.workload().id(), target.path(), inputs.made().name(), reply.clock());
  }

  /** Nothing of preparing takes longer than all of it. */
  private static void checkStages(Reply.Prepare reply, long elapsedNanos) {
    String why =
        reply.stages() == null ? null : Doubts.ofStages(reply.stages(), elapsedNanos / 1e9);
    if (why != null) {
      throw new Flaw(why, "stages within the time from the request to its reply", "prepare");
    }
  }

  /** Every slot once. */
  String verify(Probe probe, Case.Made inputs) {
    verify(probe, inputs, LongStream.range(0, inputs.right().size()).boxed().toList());
    return "all %,d answers are right".formatted(inputs.right().size());
  }

  /** Few samples in many orders, so that an answer that was kept meets the wrong question. */
  String alternate(Probe probe, Case.Made inputs) {
    verify(
        probe, inputs, IntStream.range(0, 2 * ALTERNATIONS).mapToObj(i -> (long) (i % 2)).toList());
    for (long sample : new long[] {1, 0, 0, 1}) {
      verify(probe, inputs, List.of(sample));
    }
    long slots = inputs.right().size();
    verify(probe, inputs, List.of(2 * slots - 1, 0L, slots, slots - 1, slots + 1, 1_000_003L));
    return "in any order, again and again, and beyond the last slot";
  }

  private static void verify(Probe probe, Case.Made inputs, List<Long> samples) {
    var reply = probe.ask(Step.VERIFY, new Request.Verify(samples), Reply.Verify.class);
    if (reply.digests().size() != samples.size()) {
      throw new Flaw(
          reply.digests().size() + " digests for " + samples.size() + " samples",
          "one for each, in the order asked for",
          "verify");
    }
    for (int i = 0; i < samples.size(); i++) {
      String found = reply.digests().get(i);
      String right = inputs.right(samples.get(i));
      if (!found.equals(right)) {
        throw new Flaw(
            "sample %d of '%s' has the digest %s%s"
                .formatted(samples.get(i), inputs.made().name(), found, meaning(found, inputs)),
            "%s, the oracle's, of slot %d of %d"
                .formatted(right, samples.get(i) % inputs.right().size(), inputs.right().size()),
            "input files",
            Weight.WRONG_ANSWER);
      }
    }
  }

  private static String meaning(String found, Case.Made inputs) {
    int slot = inputs.right().indexOf(found);
    return slot < 0 ? "" : ", which is that of slot " + slot + ": is it another sample's answer?";
  }

  /** Takes samples and checks them. */
  String take(Probe probe, Case.Made inputs, Times times, Request.Measure request) {
    var reply = probe.ask(Step.MEASURE, request, Reply.Measure.class);
    times.add(request, reply, probe.elapsedNanos(), inputs);
    if (request.nanos() == 0 && reply.startNanos().length != 1) {
      throw new Flaw(
          reply.startNanos().length + " samples", "exactly 1 when no time is given", "measure");
    }
    long most = request.nanos() + 3 * Times.longest(reply) + TimeUnit.SECONDS.toNanos(2);
    if (reply.startNanos().length < request.samples() && probe.elapsedNanos() > most) {
      throw new Flaw(
          "the reply came after " + Times.millis(probe.elapsedNanos()),
          "the end of the first sample after " + Times.millis(request.nanos()),
          "measure");
    }
    return "samples %,d to %,d in %s"
        .formatted(
            request.first() + request.discard(),
            request.first() + request.discard() + reply.startNanos().length - 1,
            Times.millis(probe.elapsedNanos()));
  }

  /** Takes requests with a field of a later version. */
  String unknownFields(Probe probe, Target target, Case.Made inputs) {
    hello(probe);
    probe.ask(Step.PREPARE, later(prepareLine(target, inputs)), Reply.Prepare.class);
    var reply =
        probe.ask(
            Step.VERIFY,
            later(WorkerDialogue.line(new Request.Verify(List.of(1L)))),
            Reply.Verify.class);
    if (!reply.digests().equals(List.of(inputs.right(1)))) {
      throw new Flaw(
          "with a field that is unknown, another answer", inputs.right(1), "the life of a worker");
    }
    return "are ignored";
  }

  private static String later(String line) {
    return UNKNOWN_FIELD + line.substring(1);
  }

  /** Whatever was heard without having been asked for. */
  String silence(Probe probe) {
    if (probe.dialogue().hear(SILENCE) instanceof WorkerDialogue.Said(String line)) {
      probe.unasked().add(Probe.shortened(line));
    }
    if (!probe.unasked().isEmpty()) {
      throw new Flaw(
          "without having been asked, it said " + probe.unasked().getFirst(),
          "nothing on stdout but one line for each request; the rest belongs on stderr",
          "the life of a worker");
    }
    return "nothing is said unasked";
  }

  /** Takes leave. */
  String bye(Probe probe) {
    List<ProcessHandle> family = probe.dialogue().descendants();
    probe.ask(Step.BYE, new Request.Bye(), Reply.Bye.class);
    WorkerDialogue.Heard heard = probe.dialogue().hear(LEAVING);
    if (!(heard instanceof WorkerDialogue.Ended ended)) {
      throw new Flaw(
          heard instanceof WorkerDialogue.Said(String line)
              ? "after the last reply, it said " + Probe.shortened(line)
              : "2 s after its reply, the worker is still there",
          "an end of the process within 2 s",
          "bye",
          Weight.LOST);
    }
    if (ended.status() != 0) {
      throw new Flaw("the worker ended: " + ended.description(), "exit status 0", "bye");
    }
    List<String> left = left(family);
    if (!left.isEmpty()) {
      throw new Flaw(
          "it left processes behind: " + String.join(", ", left),
          "an end of all that the worker has started",
          "bye");
    }
    return "it ends with 0, and leaves no process behind";
  }

  /** Those that do not end within a moment; they are killed. */
  private static List<String> left(List<ProcessHandle> family) {
    var left = new ArrayList<String>();
    for (ProcessHandle process : family) {
      try {
        process.onExit().get(LEAVING.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException _) {
        left.add(
            process.pid() + process.info().command().map(name -> " (" + name + ")").orElse(""));
        process.destroyForcibly();
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new EngineException("interrupted");
      }
    }
    return left;
  }

  /** Goes away without a word. */
  String hangUp(Probe probe) {
    hello(probe);
    if (!probe.dialogue().hangUp(LEAVING)) {
      throw new Flaw(
          "2 s after the end of its stdin, the worker was still there",
          "an end of the process when there are no more requests",
          "the life of a worker");
    }
    return "it ends when its stdin does";
  }
}
