// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.Printable;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Measurer;
import io.gpubench.measure.run.Phase;
import io.gpubench.measure.run.SampleBatch;
import io.gpubench.measure.run.Slowdown;
import io.gpubench.measure.run.Timer;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.Engine.SelfCheck;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Telemetry;
import io.gpubench.measure.spi.Workload;
import io.gpubench.measure.telemetry.Recorded;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An engine in a process of its own: the client of the worker protocol. Owns the process, by its
 * exchange. Whatever goes wrong kills the process and ends in a {@link WorkerException}; after
 * that, only {@link #close} makes sense. Used by one thread.
 */
public final class Worker implements Measurer {
  /** No processor can do more simple 64-bit operations in a second: a thousand of today's best. */
  private static final double MOST_OPERATIONS_PER_SECOND = 1e16;

  /**
   * On the processors of this machine: 6 GHz, six scalar units and four vector units of 8 lanes.
   */
  private static final double MOST_OPERATIONS_PER_PROCESSOR = 6e9 * (6 + 4 * 8);

  private static final long[] NOTHING = {};

  private final Launch launch;
  private final InputFolder inputs;
  private final Exchange exchange;
  private final SampleBatch batch = new SampleBatch();
  private final Reply.Hello hello;
  private final Facts facts;
  private @Nullable Timer ownTimer;
  private long @Nullable [] expected;
  private InputFolder.@Nullable Made given;
  private boolean warming;
  private ReportedTimes times = new ReportedTimes(System.nanoTime());

  /**
   * How to start workers of an engine.
   *
   * @param engine its id
   * @param patience how long a step may be silent, where that is not the step's own
   * @param foreign whether it is not one of ours, so that it gets its inputs from a file and has to
   *     show a digest of every answer
   * @param threads at most so many processors for one sample
   * @param device as the user named it; null for the engine's own choice
   * @param recorded whether sensors are recorded beside the samples; not those of a stranger
   * @param slowdown of each sample, on purpose; null for none, as for any stranger
   */
  public record Launch(
      String engine,
      WorkerCommand command,
      Map<Step, Duration> patience,
      boolean foreign,
      int threads,
      @Nullable String device,
      boolean recorded,
      @Nullable Slowdown slowdown) {
    /** Without a slowdown. */
    public Launch(
        String engine,
        WorkerCommand command,
        Map<Step, Duration> patience,
        boolean foreign,
        int threads,
        @Nullable String device,
        boolean recorded) {
      this(engine, command, patience, foreign, threads, device, recorded, null);
    }
  }

  /**
   * Starts a worker and opens its engine.
   *
   * @param inputs where input files for foreign engines are made
   * @param cancellation when requested, a worker that does not answer soon is killed
   * @throws EngineException when its command cannot be started
   * @throws WorkerException when it does not greet as it should; it is gone
   */
  public static Worker start(Launch launch, InputFolder inputs, Cancellation cancellation) {
    return new Worker(
        launch, inputs, new Exchange(launch, cancellation, WorkerProcess.start(launch.command())));
  }

  private Worker(Launch launch, InputFolder inputs, Exchange exchange) {
    this.launch = launch;
    this.inputs = inputs;
    this.exchange = exchange;
    hello =
        exchange.ask(
            Step.HELLO,
            new Request.Hello(Request.PROTOCOL, launch.threads(), launch.device()),
            Reply.Hello.class);
    if (hello.protocol() < 1 || hello.protocol() > Request.PROTOCOL) {
      throw exchange.protocol(
          Step.HELLO,
          "it speaks version %d of the worker protocol; this gpubench offers %d; %s"
              .formatted(
                  hello.protocol(),
                  Request.PROTOCOL,
                  hello.protocol() > Request.PROTOCOL
                      ? "take a newer gpubench, or let the worker answer with the version offered"
                      : "versions begin with 1"));
    }
    facts =
        new Facts(
            hello.device() == null ? null : Printable.line(hello.device()),
            Objects.requireNonNullElse(hello.deviceId(), Session.PROCESSORS),
            Objects.requireNonNullElse(hello.occupants(), List.<String>of()).stream()
                .map(Printable::line)
                .toList(),
            Objects.requireNonNullElse(hello.synthetic(), false),
            operationsPerSecond(),
            launch.foreign() || hello.bounds() == null ? Map.of() : hello.bounds(),
            Objects.requireNonNullElse(hello.description(), Map.of()),
            exchange.pid());
    if (launch.foreign() && launch.device() != null && hello.device() == null) {
      throw exchange.protocol(
          Step.HELLO, "it was asked for the device " + launch.device() + ", and names none");
    }
  }

  private double operationsPerSecond() {
    return launch.foreign()
        ? mostOperationsPerSecond(hello)
        : Objects.requireNonNullElse(hello.operationsPerSecond(), Double.POSITIVE_INFINITY);
  }

  /**
   * What the hardware of a stranger's worker cannot exceed, in simple 64-bit operations: what it
   * says itself, and never more than our own bound.
   */
  public static double mostOperationsPerSecond(Reply.Hello hello) {
    double told = Objects.requireNonNullElse(hello.operationsPerSecond(), Double.POSITIVE_INFINITY);
    double most =
        hello.device() == null
            ? Runtime.getRuntime().availableProcessors() * MOST_OPERATIONS_PER_PROCESSOR
            : MOST_OPERATIONS_PER_SECOND;
    return told > 0 ? Math.min(told, most) : most;
  }

  @Override
  public Facts facts() {
    return facts;
  }

  @Override
  public SelfCheck selfCheck() {
    var reply = exchange.ask(Step.SELF_CHECK, new Request.SelfCheck(), Reply.SelfCheck.class);
    String remedy = reply.remedy();
    return new SelfCheck(
        reply.passed(),
        Printable.line(reply.detail()),
        remedy == null ? null : Printable.line(remedy));
  }

  @Override
  public Prepared prepare(
      Workload workload, Mode mode, ParameterValues values, MachineFacts machine) {
    InputFolder.Made made = launch.foreign() ? inputs.inputs(workload, values, machine) : null;
    var reply =
        exchange.ask(
            Step.PREPARE,
            new Request.Prepare(
                workload.id(),
                mode.path(),
                mode.clock() == PreparedRun.Clock.HOST ? null : mode.clock().word(),
                mode.cache() == Mode.Cache.HOT ? null : mode.cache().word(),
                values.asMap(),
                made == null ? null : made.file().toString(),
                machine,
                launch.slowdown() == null ? null : (Double) launch.slowdown().factor()),
            Reply.Prepare.class);
    given = made;
    expected = made == null ? null : made.inputs().digests();
    times = new ReportedTimes(System.nanoTime());
    PreparedRun.Work work = made == null ? reply.work() : made.inputs().work();
    Map<String, Object> verification =
        made == null ? reply.verification() : made.inputs().verification();
    Long rotating = made == null ? reply.inputs() : (Long) (long) made.inputs().digests().length;
    if (work == null || verification == null || rotating == null || rotating < 1) {
      throw exchange.protocol(Step.PREPARE, "\"work\", \"inputs\" or \"verification\" is missing");
    }
    PreparedRun.Clock clock = PreparedRun.Clock.of(reply.clock());
    if (!launch.foreign() && clock != mode.clock()) {
      throw exchange.protocol(
          Step.PREPARE,
          "it times by the clock '%s', and was asked for '%s'"
              .formatted(clock.word(), mode.clock().word()));
    }
    return new Prepared(
        work,
        made == null ? Objects.requireNonNullElse(reply.pieces(), 1) : 1,
        rotating,
        made != null || reply.demands() == null ? Map.of() : reply.demands(),
        Objects.requireNonNullElse(reply.amounts(), Map.of()),
        Objects.requireNonNullElse(reply.stages(), Map.of()),
        clock,
        verification,
        Objects.requireNonNullElse(reply.configuration(), Map.of()),
        timer(launch.foreign() ? null : reply.timer()),
        !launch.foreign() && Boolean.TRUE.equals(reply.paired()));
  }

  /** What the worker's clock can resolve; where it does not say, what ours can. */
  private Timer timer(@Nullable Timer told) {
    if (told != null) {
      return told;
    }
    if (ownTimer == null) {
      ownTimer = Timer.measure(Timer.Clock.SYSTEM);
    }
    return ownTimer;
  }

  @Override
  public long[] digests(long... samples) {
    var reply =
        exchange.ask(
            Step.VERIFY,
            new Request.Verify(Arrays.stream(samples).boxed().toList()),
            Reply.Verify.class);
    if (reply.digests().size() != samples.length) {
      throw exchange.protocol(
          Step.VERIFY,
          "%d digests for %d samples".formatted(reply.digests().size(), samples.length));
    }
    return reply.digests().stream().mapToLong(text -> digest(Step.VERIFY, text)).toArray();
  }

  @Override
  public void next(Phase phase) {
    warming = phase == Phase.WARM_UP;
  }

  @Override
  public SampleBatch take(long first, long samples, long nanos, int discard) {
    int most = (int) Math.min(samples, SampleBatch.CAPACITY);
    @Nullable Boolean told = (warming && !launch.foreign()) ? Boolean.TRUE : null;
    long sent = System.nanoTime();
    var reply =
        exchange.ask(
            Step.MEASURE,
            new Request.Measure(first, most, nanos, discard, told),
            nanos,
            Reply.Measure.class);
    long received = System.nanoTime();
    checkShape(reply, most);
    long[] starts = reply.startNanos();
    long[] durations = reply.durationNanos();
    String doubt = times.impossible(starts, durations, sent, received);
    if (doubt == null && given != null && !given.unharmed()) {
      doubt = "the file of inputs was written to while it was measured";
    }
    if (doubt != null) {
      batch.set(NOTHING, NOTHING, null, 0, null, doubt, Map.of());
    } else if (launch.foreign()) {
      int right = rightDigests(reply, first + discard);
      String mismatch = right == starts.length ? null : wrongDigest(reply, first + discard, right);
      String early =
          mismatch == null
              ? ReportedTimes.early(starts.length, most, nanos, received - sent)
              : null;
      batch.set(starts, durations, null, right, mismatch, early, Map.of());
    } else {
      int right = Objects.requireNonNullElse(reply.verified(), 0);
      batch.set(
          starts,
          durations,
          reply.baselineNanos(),
          right,
          reply.mismatch(),
          reply.implausible(),
          Objects.requireNonNullElse(reply.discards(), Map.of()));
    }
    return batch;
  }

  private void checkShape(Reply.Measure reply, int most) {
    int count = reply.startNanos().length;
    if (count != reply.durationNanos().length) {
      throw exchange.protocol(
          Step.MEASURE, count + " starts and " + reply.durationNanos().length + " durations");
    }
    if (count > most) {
      throw exchange.protocol(
          Step.MEASURE, count + " samples where at most " + most + " were asked for");
    }
    boolean ended = !launch.foreign() && (reply.mismatch() != null || reply.implausible() != null);
    boolean discarded =
        !launch.foreign() && reply.discards() != null && !reply.discards().isEmpty();
    if (count == 0 && !ended && !discarded) {
      throw exchange.protocol(
          Step.MEASURE, "no sample at all; at least one is kept, whatever the time");
    }
    for (long duration : reply.durationNanos()) {
      if (duration < 0) {
        throw exchange.protocol(Step.MEASURE, "a duration of " + duration + " ns");
      }
    }
  }

  /** How many answers of a foreign engine are right, before the first that is not. */
  private int rightDigests(Reply.Measure reply, long firstKept) {
    List<String> digests = reply.digests();
    int count = reply.startNanos().length;
    if (digests == null || digests.size() != count) {
      throw exchange.protocol(
          Step.MEASURE,
          "%s for %d samples; each has its digest"
              .formatted(digests == null ? "no digests" : digests.size() + " digests", count));
    }
    int right = 0;
    while (right < count
        && digest(Step.MEASURE, digests.get(right)) == expected(firstKept + right)) {
      right++;
    }
    return right;
  }

  private String wrongDigest(Reply.Measure reply, long firstKept, int index) {
    long sample = firstKept + index;
    return "sample %d, slot %d: digest %s, expected %s"
        .formatted(
            sample,
            sample % Objects.requireNonNull(expected, "prepared").length,
            Objects.requireNonNull(reply.digests()).get(index),
            AnswerDigest.text(expected(sample)));
  }

  private long expected(long sample) {
    long[] right = Objects.requireNonNull(expected, "prepared");
    return right[(int) (sample % right.length)];
  }

  private long digest(Step step, @Nullable String text) {
    try {
      if (text != null && text.length() == 16) {
        return Long.parseUnsignedLong(text, 16);
      }
    } catch (NumberFormatException _) {
      // falls through to the one error for what is no digest
    }
    throw exchange.protocol(step, "'" + text + "' is no digest: expected 16 hexadecimal digits");
  }

  @Override
  public Telemetry telemetry() {
    var reply = exchange.ask(Step.TELEMETRY, new Request.Telemetry(), Reply.Telemetry.class);
    return new Telemetry(
        reply.temperatureCelsius(),
        reply.powerWatts(),
        reply.clockMegahertz(),
        reply.memoryClockMegahertz(),
        reply.throttledBy() == null
            ? null
            : reply.throttledBy().stream().map(Printable::line).toList());
  }

  @Override
  public @Nullable Recorded record(long everyNanos, boolean last) {
    if (!launch.recorded()) {
      return null;
    }
    Reply.Recording reply =
        exchange.failed()
            ? exchange.left()
            : exchange.ask(
                Step.RECORDING, new Request.Recording(everyNanos, last), Reply.Recording.class);
    try {
      return reply == null ? null : reply.recorded();
    } catch (IllegalArgumentException e) {
      throw exchange.protocol(Step.RECORDING, "a poll of its sensors: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    exchange.close();
  }
}
