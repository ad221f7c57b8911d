// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import io.gpubench.measure.BenchException;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.Names;
import io.gpubench.measure.run.LocalMeasurer;
import io.gpubench.measure.run.Measurer;
import io.gpubench.measure.run.Onlooker.Mark;
import io.gpubench.measure.run.Onlooker.Subject;
import io.gpubench.measure.run.Phase;
import io.gpubench.measure.run.Phases;
import io.gpubench.measure.run.SampleBatch;
import io.gpubench.measure.run.Slowdown;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.Workload;
import io.gpubench.measure.telemetry.Recorded;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Serves an engine over the worker protocol. The engine is opened, used and closed on the thread
 * that calls {@link #serve}; another one reads the requests, so that a hang-up is noticed while the
 * engine works. Owns neither stream.
 */
public final class WorkerServer {
  /** For the requests that were read before the end, and for closing the engine. */
  private static final long DRAIN_SECONDS = 2;

  private final Engine engine;
  private final Map<String, Workload> workloads;
  private final String version;
  private final InputStream in;
  private final OutputStream out;
  private final Runnable hangUp;
  private final Consumer<Throwable> bugs;
  private final BlockingQueue<Optional<byte[]>> lines = new LinkedBlockingQueue<>();
  private final CountDownLatch served = new CountDownLatch(1);
  private volatile boolean ending;
  private volatile long requestBegan;
  private @Nullable LocalMeasurer measurer;
  private boolean prepared;
  private Phases phases;

  /** Warming up or measuring, over many requests; null for neither. */
  private @Nullable Phase stage;

  private Mark stageMark = Mark.NONE;

  /** Whether the prepared run named a file of inputs, as for a stranger, who shows digests. */
  private boolean showsDigests;

  /**
   * A server.
   *
   * @param workloads that can be asked for, by id
   * @param version of gpubench, for the greeting
   * @param hangUp what to do, on the reading thread, when the requests have ended without a goodbye
   *     and those read before are not all answered, and the engine closed, within 2 seconds: the
   *     process should end, though the engine may be at work
   * @param bugs is given what nobody expected, with its trace, before it is answered with an error
   */
  public WorkerServer(
      Engine engine,
      Map<String, Workload> workloads,
      String version,
      InputStream in,
      OutputStream out,
      Runnable hangUp,
      Consumer<Throwable> bugs) {
    this.engine = engine;
    this.phases = new Phases(Subject.of(engine.id()));
    this.workloads = Map.copyOf(workloads);
    this.version = version;
    this.in = in;
    this.out = out;
    this.hangUp = hangUp;
    this.bugs = bugs;
  }

  /**
   * Answers requests until the goodbye or the end of the requests.
   *
   * @throws IOException when a reply cannot be written
   */
  public void serve() throws IOException, InterruptedException {
    Thread.ofPlatform().daemon().name("requests").start(this::read);
    try {
      while (!ending) {
        Optional<byte[]> line = lines.take();
        if (line.isEmpty()) {
          return;
        }
        requestBegan = System.nanoTime() | 1;
        Reply reply = answer(line.get());
        requestBegan = 0;
        write(reply);
      }
    } finally {
      enter(null);
      try {
        if (measurer != null) {
          try (Mark _ = phases.begin(Phase.CLOSE)) {
            measurer.close();
          }
        }
      } finally {
        served.countDown();
      }
    }
  }

  /** Ends the stage and begins another one, unless it is the same. */
  private void enter(@Nullable Phase next) {
    if (next != stage) {
      stage = next;
      stageMark.close();
      stageMark = next == null ? Mark.NONE : phases.begin(next);
    }
  }

  /**
   * When work on the present request began, as {@link System#nanoTime} tells, or 0 when there is
   * none. Any thread may ask.
   */
  public long requestBegan() {
    return requestBegan;
  }

  private void read() {
    try {
      var line = new ByteArrayOutputStream();
      byte[] buffer = new byte[1 << 13];
      int count;
      while ((count = in.read(buffer)) >= 0) {
        int from = 0;
        for (int i = 0; i < count; i++) {
          if (buffer[i] == '\n') {
            line.write(buffer, from, i - from);
            lines.add(Optional.of(line.toByteArray()));
            line.reset();
            from = i + 1;
          }
        }
        line.write(buffer, from, count - from);
      }
    } catch (IOException _) {
      // a pipe that breaks is one that has ended
    }
    lines.add(Optional.empty()); // the end
    try {
      // The goodbye may be among what is answered meanwhile.
      if (!ending && !served.await(DRAIN_SECONDS, TimeUnit.SECONDS) && !ending) {
        hangUp.run();
      }
    } catch (InterruptedException _) {
      // nobody does
    }
  }

  private void write(Reply reply) throws IOException {
    byte[] json = Wire.bytes(reply);
    byte[] line = Arrays.copyOf(json, json.length + 1);
    line[json.length] = '\n';
    out.write(line);
    out.flush();
  }

  private Reply answer(byte[] line) {
    Request request;
    try {
      request = Wire.read(line, Request.class);
    } catch (IllegalArgumentException e) {
      return new Reply.Failure("request", String.valueOf(e.getMessage()), null);
    }
    try {
      return answer(request);
    } catch (Refusal | ConfigException e) {
      return new Reply.Failure("request", String.valueOf(e.getMessage()), null);
    } catch (EngineException e) {
      String kind =
          switch (e.kind()) {
            case UNAVAILABLE -> "unavailable";
            // what was prepared is there, and if it no longer is, that is a failure
            case ABSENT -> request instanceof Request.Prepare ? "absent" : "engine";
            case LOST_DEVICE -> "lost-device";
            case FAILED -> "engine";
          };
      return failure(kind, e.reason(), e.remedy());
    } catch (BenchException e) {
      return failure("engine", String.valueOf(e.getMessage()), null);
    } catch (OutOfMemoryError e) {
      return failure("engine", "out of memory: " + e.getMessage(), null);
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      bugs.accept(e);
      return failure("engine", "internal error: " + e, null);
    }
  }

  /** With what was recorded of the sensors, since nobody can ask for that any more. */
  private Reply failure(String kind, String message, @Nullable String remedy) {
    Recorded left = measurer == null ? null : measurer.left();
    return new Reply.Failure(kind, message, remedy, left == null ? null : Reply.Recording.of(left));
  }

  private Reply answer(Request request) {
    return switch (request) {
      case Request.Hello hello -> hello(hello);
      case Request.SelfCheck _ -> {
        Engine.SelfCheck check = selfCheck();
        yield new Reply.SelfCheck(check.passed(), check.detail(), check.remedy());
      }
      case Request.Prepare prepare -> prepare(prepare);
      case Request.Verify(List<Long> samples) ->
          new Reply.Verify(digests(samples.stream().mapToLong(sample -> sample)));
      case Request.Measure measure -> measure(measure);
      case Request.Telemetry _ -> {
        var now = open().telemetry();
        yield new Reply.Telemetry(
            now.temperatureCelsius(),
            now.powerWatts(),
            now.clockMegahertz(),
            now.memoryClockMegahertz(),
            now.throttledBy());
      }
      case Request.Recording(long everyNanos, boolean last) ->
          Reply.Recording.of(open().record(everyNanos, last));
      case Request.Bye _ -> {
        ending = true;
        yield new Reply.Bye();
      }
    };
  }

  private LocalMeasurer open() {
    if (measurer == null) {
      throw new Refusal("expected hello first");
    }
    return measurer;
  }

  private LocalMeasurer ready() {
    if (!prepared) {
      throw new Refusal("expected prepare first");
    }
    return open();
  }

  private Reply hello(Request.Hello hello) {
    if (measurer != null) {
      throw new Refusal("hello comes once");
    }
    Engine chosen = engine;
    if (hello.device() != null) {
      String device = hello.device();
      chosen =
          engine
              .on(device)
              .orElseThrow(() -> new Refusal("the engine '" + engine.id() + "' uses no device"));
    }
    try (Mark _ = phases.begin(Phase.OPEN)) {
      measurer = new LocalMeasurer(chosen.open(new Engine.Options(hello.threads())));
    }
    Measurer.Facts facts = measurer.facts();
    var paths = new LinkedHashMap<String, List<String>>();
    workloads.keySet().stream()
        .sorted()
        .filter(id -> !engine.paths(id).isEmpty())
        .forEach(id -> paths.put(id, engine.paths(id)));
    return new Reply.Hello(
        Math.min(hello.protocol(), Request.PROTOCOL),
        engine.id(),
        version,
        paths,
        facts.device(),
        facts.deviceId(),
        facts.synthetic(),
        facts.occupants(),
        Double.isInfinite(facts.operationsPerSecond()) ? null : facts.operationsPerSecond(),
        facts.bounds().isEmpty() ? null : facts.bounds(),
        facts.description());
  }

  private Engine.SelfCheck selfCheck() {
    LocalMeasurer opened = open();
    try (Mark _ = phases.begin(Phase.CHECK)) {
      return opened.selfCheck();
    }
  }

  private Reply prepare(Request.Prepare prepare) {
    Workload workload = workloads.get(prepare.workload());
    if (workload == null || !engine.paths(workload.id()).contains(prepare.path())) {
      throw new Refusal(
          "the engine '%s' has no path '%s' for the workload '%s'"
              .formatted(engine.id(), prepare.path(), prepare.workload()));
    }
    Mode mode = prepare.mode();
    if (!engine.clocks(workload.id(), mode.path()).contains(mode.clock())
        || !engine.caches(workload.id(), mode.path()).contains(mode.cache())) {
      throw new Refusal(
          "the engine '%s' cannot run '%s' as %s".formatted(engine.id(), workload.id(), mode));
    }
    ParameterValues values =
        values(workload, engine.tuning(workload.id(), prepare.path()), prepare.parameters());
    LocalMeasurer opened = open();
    engine.check(workload.id(), mode, values);
    opened.slow(prepare.slowdown() == null ? null : new Slowdown(prepare.slowdown()));
    prepared = false;
    enter(null);
    phases = new Phases(new Subject(engine.id(), workload.id(), mode, values.asMap()));
    Measurer.Prepared run;
    try (Mark _ = phases.begin(Phase.PREPARE)) {
      run = opened.prepare(workload, mode, values, prepare.facts());
    }
    prepared = true;
    showsDigests = prepare.inputs() != null;
    return new Reply.Prepare(
        run.clock().word(),
        run.configuration(),
        run.work(),
        run.pieces() == 1 ? null : (Integer) run.pieces(),
        run.inputs(),
        run.demands().isEmpty() ? null : run.demands(),
        run.amounts().isEmpty() ? null : run.amounts(),
        run.stages().isEmpty() ? null : run.stages(),
        run.verification(),
        run.timer(),
        run.paired() ? true : null);
  }

  private static ParameterValues values(
      Workload workload, List<Parameter> tuning, Map<String, Object> given) {
    var values = new LinkedHashMap<String, Object>();
    for (Parameter parameter : workload.parameters()) {
      Object value = given.get(parameter.name());
      if (value == null) {
        throw new Refusal("parameter '" + parameter.name() + "' is missing");
      }
      values.put(parameter.name(), parameter.parse(String.valueOf(value)));
    }
    for (Parameter parameter : tuning) {
      Object value = given.get(parameter.name());
      if (value != null) {
        values.put(parameter.name(), parameter.parse(String.valueOf(value)));
      }
    }
    for (String name : given.keySet()) {
      if (!values.containsKey(name)) {
        throw new Refusal(Names.unknown("parameter", name, known(workload, tuning)));
      }
    }
    return new ParameterValues(values);
  }

  private static List<String> known(Workload workload, List<Parameter> tuning) {
    return Stream.concat(workload.parameters().stream(), tuning.stream())
        .map(Parameter::name)
        .toList();
  }

  /**
   * Takes samples, every answer of which is compared with the oracle's. Where digests are asked for
   * as well, the same inputs are computed once more for them, outside of every timed window.
   */
  private Reply measure(Request.Measure measure) {
    LocalMeasurer ready = ready();
    enter(Boolean.TRUE.equals(measure.warmup()) ? Phase.WARM_UP : Phase.MEASURE);
    SampleBatch batch;
    try (Mark mark = phases.begin(Phase.BATCH)) {
      batch = ready.take(measure.first(), measure.samples(), measure.nanos(), measure.discard());
      mark.took(measure.first(), measure.discard(), batch);
    }
    long from = measure.first() + measure.discard();
    List<String> digests =
        showsDigests ? digests(LongStream.range(from, from + batch.count())) : null;
    return new Reply.Measure(
        batch.starts(),
        batch.durations(),
        batch.baselines(),
        batch.discards().isEmpty() ? null : Map.copyOf(batch.discards()),
        digests,
        batch.verified(),
        batch.mismatch(),
        batch.implausible());
  }

  private List<String> digests(LongStream samples) {
    LocalMeasurer ready = ready();
    try (Mark _ = phases.begin(Phase.VERIFY)) {
      return Arrays.stream(ready.digests(samples.toArray())).mapToObj(AnswerDigest::text).toList();
    }
  }

  /** A request that makes no sense to this worker. */
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refusal(String message) {
      super(message);
    }
  }
}
