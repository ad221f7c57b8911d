// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import io.gpubench.measure.BenchException;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.run.LocalMeasurer;
import io.gpubench.measure.run.Measurer;
import io.gpubench.measure.run.SampleBatch;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Workload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Serves an engine over the worker protocol. The engine is opened, used and closed on the thread
 * that calls {@link #serve}; another one reads the requests, so that a hang-up is noticed while the
 * engine works. Owns neither stream.
 */
public final class WorkerServer {
  private final Engine engine;
  private final Map<String, Workload> workloads;
  private final String version;
  private final InputStream in;
  private final OutputStream out;
  private final Runnable hangUp;
  private final BlockingQueue<Optional<byte[]>> lines = new LinkedBlockingQueue<>();
  private volatile boolean ending;
  private @Nullable LocalMeasurer measurer;

  /**
   * A server.
   *
   * @param workloads that can be asked for, by id
   * @param version of gpubench, for the greeting
   * @param hangUp what to do when the requests end before the goodbye, at once, on the reading
   *     thread: the process should end, though the engine may be at work
   */
  public WorkerServer(
      Engine engine,
      Map<String, Workload> workloads,
      String version,
      InputStream in,
      OutputStream out,
      Runnable hangUp) {
    this.engine = engine;
    this.workloads = Map.copyOf(workloads);
    this.version = version;
    this.in = in;
    this.out = out;
    this.hangUp = hangUp;
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
        write(answer(line.get()));
      }
    } finally {
      if (measurer != null) {
        measurer.close();
      }
    }
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
    if (!ending) {
      hangUp.run();
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
    try {
      return answer(Wire.read(line, Request.class));
    } catch (EngineException e) {
      String kind =
          switch (e.kind()) {
            case UNAVAILABLE -> "unavailable";
            case LOST_DEVICE -> "lost-device";
            case FAILED -> "engine";
          };
      return new Reply.Failure(kind, e.reason(), e.remedy());
    } catch (ConfigException | IllegalArgumentException e) {
      return new Reply.Failure("request", String.valueOf(e.getMessage()), null);
    } catch (OutOfMemoryError e) {
      return new Reply.Failure("engine", "out of memory: " + e.getMessage(), null);
    } catch (BenchException e) {
      return new Reply.Failure("engine", String.valueOf(e.getMessage()), null);
    }
  }

  private Reply answer(Request request) {
    return switch (request) {
      case Request.Hello hello -> hello(hello);
      case Request.SelfCheck _ -> {
        Engine.SelfCheck check = open().selfCheck();
        yield new Reply.SelfCheck(check.passed(), check.detail(), check.remedy());
      }
      case Request.Prepare prepare -> prepare(prepare);
      case Request.Verify(List<Long> samples) ->
          new Reply.Verify(
              Arrays.stream(open().digests(samples.stream().mapToLong(s -> s).toArray()))
                  .mapToObj(AnswerDigest::text)
                  .toList());
      case Request.Measure measure -> measure(measure);
      case Request.Telemetry _ -> {
        var now = open().telemetry();
        yield new Reply.Telemetry(
            now.temperatureCelsius(),
            now.powerWatts(),
            now.clockMegahertz(),
            now.memoryClockMegahertz());
      }
      case Request.Bye _ -> {
        ending = true;
        yield new Reply.Bye();
      }
    };
  }

  private LocalMeasurer open() {
    if (measurer == null) {
      throw new IllegalArgumentException("expected hello first");
    }
    return measurer;
  }

  private Reply hello(Request.Hello hello) {
    if (measurer != null) {
      throw new IllegalArgumentException("hello comes once");
    }
    Engine chosen = engine;
    if (hello.device() != null) {
      String device = hello.device();
      chosen =
          engine
              .on(device)
              .orElseThrow(() ->
                  new IllegalArgumentException("the engine '" + engine.id() + "' uses no device"));
    }
    Session session = chosen.open(new Engine.Options(hello.threads()));
    measurer = new LocalMeasurer(session);
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
        facts.description());
  }

  private Reply prepare(Request.Prepare prepare) {
    Workload workload = workloads.get(prepare.workload());
    if (workload == null || !engine.paths(workload.id()).contains(prepare.path())) {
      throw new IllegalArgumentException(
          "the engine '%s' has no path '%s' for the workload '%s'"
              .formatted(engine.id(), prepare.path(), prepare.workload()));
    }
    Measurer.Prepared prepared =
        open()
            .prepare(
                workload, prepare.path(), values(workload, prepare.parameters()), prepare.facts());
    return new Reply.Prepare(
        prepared.clock().name().toLowerCase(Locale.ROOT),
        prepared.configuration(),
        prepared.work(),
        prepared.verification(),
        prepared.timer());
  }

  private static ParameterValues values(Workload workload, Map<String, Object> given) {
    var values = new LinkedHashMap<String, Object>();
    for (Parameter parameter : workload.parameters()) {
      Object value = given.get(parameter.name());
      if (value == null) {
        throw new IllegalArgumentException("parameter '" + parameter.name() + "' is missing");
      }
      values.put(parameter.name(), parameter.parse(String.valueOf(value)));
    }
    return new ParameterValues(values);
  }

  private Reply measure(Request.Measure measure) {
    if (measure.samples() < 1 || measure.discard() < 0 || measure.first() < 0) {
      throw new IllegalArgumentException("samples, discard or first is out of range");
    }
    SampleBatch batch =
        open().take(measure.first(), measure.samples(), measure.nanos(), measure.discard());
    return new Reply.Measure(
        batch.starts(), batch.durations(), null, batch.verified(), batch.mismatch());
  }
}
