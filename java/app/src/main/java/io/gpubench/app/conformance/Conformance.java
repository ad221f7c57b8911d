// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.conformance;

import io.gpubench.app.conformance.Flaw.Weight;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Workload;
import io.gpubench.measure.worker.ProtocolSchema;
import io.gpubench.measure.worker.Reply;
import io.gpubench.measure.worker.Request;
import io.gpubench.measure.worker.Step;
import io.gpubench.measure.worker.Worker;
import io.gpubench.measure.worker.WorkerCommand;
import io.gpubench.measure.worker.WorkerDialogue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tests a worker: its whole life in one process, as gpubench measures with it, and in further
 * processes what it does at edges. Every check is made, whatever became of the others, unless its
 * process is lost. Used once, by one thread.
 */
public final class Conformance {
  private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long MOST_SAMPLES = 1 << 16;

  private final Subject subject;
  private final ProtocolSchema schema;
  private final Consumer<Check> listener;
  private final MachineFacts facts;
  private final Steps steps;
  private final Path scratch;
  private final List<Check> checks = new ArrayList<>();
  private int number;
  private boolean wrongAnswer;
  private @Nullable String lost;

  /**
   * What is tested.
   *
   * @param workloads those that gpubench has, by id
   * @param workload the one to test with; null for the first that the worker names
   * @param path its path; null for the preferred one
   * @param patience how long a step may be silent, where that is not the step's own
   */
  public record Subject(
      WorkerCommand command,
      Map<String, Workload> workloads,
      @Nullable String workload,
      @Nullable String path,
      Map<Step, Duration> patience) {}

  /**
   * A test that has not begun.
   *
   * @param machine what is known of this machine
   * @param scratch a folder for input files; what is in it afterwards is of no use
   * @param listener is told each check when it has been made
   */
  public Conformance(
      Subject subject,
      ProtocolSchema schema,
      MachineFacts machine,
      Path scratch,
      Consumer<Check> listener) {
    this.subject = subject;
    this.schema = schema;
    this.facts = Case.facts(machine);
    this.steps = new Steps(subject, facts);
    this.scratch = scratch;
    this.listener = listener;
  }

  /**
   * Makes all checks.
   *
   * @throws EngineException when the worker's command cannot be started
   * @throws IOException when input files cannot be written
   */
  public Verdict run() throws IOException {
    Target target = life();
    if (target == null) {
      add(Check.skipped("everything else", checks.getLast().name()));
    } else {
      edges(target);
      for (Case each : Case.all(target.workload)) {
        answers(target, each);
      }
    }
    return new Verdict(checks, wrongAnswer);
  }

  /** What of the worker is tested. */
  record Target(Workload workload, String path) {}

  /** The whole life of a worker; null when there is nothing that could be tested. */
  private @Nullable Target life() throws IOException {
    try (Probe probe = start()) {
      Reply.Hello hello = check("hello", probe, () -> steps.hello(probe), Steps::greeting);
      if (hello == null) {
        return null;
      }
      Target target =
          check(
              "workload",
              probe,
              () -> steps.target(hello),
              found -> found.workload.id() + " by the path " + found.path);
      if (target == null) {
        return null;
      }
      Case.Made inputs = made(target, Case.usual(target.workload));
      check("self-check", probe, () -> steps.selfCheck(probe));
      check("telemetry", probe, () -> steps.telemetry(probe));
      if (!check("prepare", probe, () -> steps.prepare(probe, target, inputs))) {
        lost = "prepare";
      }
      check("verify", probe, () -> steps.verify(probe, inputs));
      check("verify-order", probe, () -> steps.alternate(probe, inputs));
      measure(probe, inputs, Worker.mostOperationsPerSecond(hello));
      check("silence", probe, () -> steps.silence(probe));
      check("bye", probe, () -> steps.bye(probe));
      return target;
    } finally {
      lost = null;
    }
  }

  private void measure(Probe probe, Case.Made inputs, double operationsPerSecond) {
    var times = new Times();
    long slots = inputs.right().size();
    var requests = new LinkedHashMap<String, Request.Measure>();
    requests.put("measure", new Request.Measure(0, 20, LONG_NANOS, 0));
    requests.put("measure-discard", new Request.Measure(20, 20, LONG_NANOS, 3));
    requests.put("measure-time", new Request.Measure(43, MOST_SAMPLES, SHORT_NANOS, 1));
    requests.put("measure-least", new Request.Measure(5 * slots, 10, 0, 2));
    requests.put("measure-first", new Request.Measure(10 * slots - 2, 4, LONG_NANOS, 0));
    requests.forEach(
        (name, request) -> check(name, probe, () -> steps.take(probe, inputs, times, request)));
    boolean none = lost == null && times.none();
    if (none) {
      lost = "measure";
    }
    check("measure-times", probe, times::plausible);
    check("measure-speed", probe, () -> times.possible(inputs.operations(), operationsPerSecond));
    String odd = lost == null ? times.odd() : null;
    if (odd == null) {
      check("measure-clock", probe, () -> "durations differ as those of a fine clock do");
    } else {
      add(Check.warning("measure-clock", odd));
    }
    if (none) {
      lost = null;
    }
  }

  /** What a worker that is only ever asked politely never shows. */
  private void edges(Target target) throws IOException {
    Case.Made inputs = made(target, Case.usual(target.workload));
    String known = steps.prepareLine(target, inputs);
    alone("protocol-version", steps::future);
    refused("unknown-type", Step.HELLO, "{\"type\":\"dance\"}");
    refused("garbage", Step.HELLO, "hello, {\"type\": this is no JSON");
    refused("unknown-workload", Step.PREPARE, instead(known, "workload", target.workload.id()));
    refused("unknown-path", Step.PREPARE, instead(known, "path", target.path));
    alone("unknown-fields", probe -> steps.unknownFields(probe, target, inputs));
    alone("hang-up", steps::hangUp);
  }

  private static String instead(String line, String field, String value) {
    return line.replace(
        "\"" + field + "\":\"" + value + "\"", "\"" + field + "\":\"no-such-" + field + "\"");
  }

  /** The answers to all inputs of a case, by a process of its own. */
  private void answers(Target target, Case each) throws IOException {
    Case.Made inputs = made(target, each);
    alone(
        "answers " + each.name(),
        probe -> {
          steps.hello(probe);
          steps.prepare(probe, target, inputs);
          return steps.verify(probe, inputs);
        });
  }

  private Case.Made made(Target target, Case each) throws IOException {
    Path file = scratch.resolve("inputs-" + number++ + ".bin");
    return each.make(target.workload, facts, file);
  }

  private interface Work {
    String with(Probe probe);
  }

  /** A check with a process of its own. */
  private void alone(String name, Work work) {
    try (Probe probe = start()) {
      check(name, probe, () -> work.with(probe));
    } finally {
      lost = null;
    }
  }

  /** A line that makes no sense, after which the worker goes on. */
  private void refused(String name, Step step, String line) {
    alone(
        name,
        probe -> {
          steps.hello(probe);
          probe.refuse(step, line);
          probe.ask(Step.TELEMETRY, new Request.Telemetry(), Reply.Telemetry.class);
          return "is refused, and the worker goes on";
        });
  }

  private Probe start() {
    return new Probe(WorkerDialogue.start(subject.command()), schema, subject.patience());
  }

  private boolean check(String name, Probe probe, Supplier<String> work) {
    return check(name, probe, work, detail -> detail) != null;
  }

  private <T> @Nullable T check(
      String name, Probe probe, Supplier<T> work, Function<T, String> detail) {
    if (lost != null) {
      add(Check.skipped(name, lost));
      return null;
    }
    try {
      T found = work.get();
      add(Check.ok(name, detail.apply(found)));
      return found;
    } catch (Flaw flaw) {
      wrongAnswer |= flaw.weight() == Weight.WRONG_ANSWER;
      if (flaw.weight() == Weight.LOST) {
        lost = name;
      }
      add(
          new Check(
              name,
              Check.Result.failed,
              flaw.what(),
              probe.sent(),
              probe.received(),
              flaw.expected(),
              flaw.section()));
      return null;
    }
  }

  private void add(Check check) {
    checks.add(check);
    listener.accept(check);
  }
}
