// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import io.gpubench.measure.spi.Amounts;
import io.gpubench.measure.spi.Engine.SelfCheck;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Stages;
import io.gpubench.measure.spi.Telemetry;
import io.gpubench.measure.spi.Workload;
import io.gpubench.measure.telemetry.Recorded;
import io.gpubench.measure.telemetry.Recorder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Measures on a session in this process. Owns the session, and the run that it prepared last. */
public final class LocalMeasurer implements Measurer {
  private final Session session;
  private final Facts facts;
  private @Nullable Slowdown slowdown;
  private @Nullable Timer timer;
  private @Nullable PreparedRun run;
  private @Nullable SampleLoop loop;
  private @Nullable Recorder recorder;

  public LocalMeasurer(Session session) {
    this.session = session;
    this.facts =
        new Facts(
            session.device(),
            session.deviceId(),
            session.occupants(),
            session.synthetic(),
            session.physicalOperationsPerSecond(),
            session.bounds(),
            session.description(),
            ProcessHandle.current().pid());
  }

  @Override
  public Facts facts() {
    return facts;
  }

  @Override
  public SelfCheck selfCheck() {
    return session.selfCheck();
  }

  /**
   * Whether samples of what is prepared from now on are slowed down on purpose.
   *
   * @param next null for no
   */
  public void slow(@Nullable Slowdown next) {
    slowdown = next;
  }

  @Override
  public Prepared prepare(
      Workload workload, Mode mode, ParameterValues values, MachineFacts machine) {
    closeRun();
    Slowdown injected = slowdown;
    if (injected != null) {
      Slowdown.check(mode.clock());
    }
    PreparedRun prepared = session.prepare(workload, mode, values, machine);
    run = prepared;
    loop = new SampleLoop(prepared, Timer.Clock.SYSTEM, injected);
    return new Prepared(
        prepared.work(),
        prepared.pieces(),
        prepared.inputs(),
        prepared.demands(),
        amounts(prepared),
        stages(prepared),
        prepared.clock(),
        prepared.verification(),
        configuration(prepared, injected),
        timer(prepared),
        prepared instanceof PreparedRun.Paired);
  }

  /** What the engine chose, and how samples are slowed down, which nobody may overlook. */
  private static Map<String, Object> configuration(
      PreparedRun prepared, @Nullable Slowdown injected) {
    if (injected == null) {
      return prepared.configuration();
    }
    var all = new LinkedHashMap<>(prepared.configuration());
    all.put(Slowdown.KEY, injected.factor());
    return all;
  }

  /** What else a sample of it does, if that can be. */
  private static Map<String, Double> amounts(PreparedRun prepared) {
    Map<String, Double> amounts = prepared.amounts();
    String mistake = Amounts.mistake(amounts);
    if (mistake != null) {
      throw new IllegalStateException(mistake);
    }
    return amounts;
  }

  /** What it took once to prepare it, if that can be. */
  private static Map<String, Long> stages(PreparedRun prepared) {
    Map<String, Long> stages = prepared.stages();
    String mistake = Stages.mistake(stages);
    if (mistake != null) {
      throw new IllegalStateException(mistake);
    }
    return stages;
  }

  /** What the clock resolves that times the run. */
  private Timer timer(PreparedRun prepared) {
    PreparedRun.Resolution resolution = prepared.resolution();
    if (resolution != null) {
      return new Timer(resolution.resolutionNanos(), resolution.overheadNanos());
    }
    if (timer == null) {
      timer = Timer.measure(Timer.Clock.SYSTEM);
    }
    return timer;
  }

  @Override
  public long[] digests(long... samples) {
    PreparedRun current = prepared(run);
    return rested(
        current,
        () -> {
          long[] digests = new long[samples.length];
          for (int i = 0; i < samples.length; i++) {
            current.stage(samples[i]);
            current.execute();
            digests[i] = current.digest();
          }
          return digests;
        });
  }

  @Override
  public SampleBatch take(long first, long samples, long nanos, int discard) {
    SampleLoop ready = prepared(loop);
    return rested(prepared(run), () -> recorded(ready, first, samples, nanos, discard));
  }

  private SampleBatch recorded(
      SampleLoop ready, long first, long samples, long nanos, int discard) {
    Recorder beside = recorder;
    if (beside == null) {
      return ready.take(first, samples, nanos, discard);
    }
    beside.busy(true);
    try {
      return ready.take(first, samples, nanos, discard);
    } finally {
      beside.busy(false);
    }
  }

  /** Does something with a run, which leaves the device to others then, even if that failed. */
  private static <T> T rested(PreparedRun run, Supplier<T> samples) {
    T taken;
    try {
      taken = samples.get();
    } catch (RuntimeException | Error failure) {
      try {
        run.rest();
      } catch (RuntimeException second) {
        failure.addSuppressed(second);
      }
      throw failure;
    }
    run.rest();
    return taken;
  }

  /** {@inheritDoc} Where they are recorded, throttling since the last time counts too. */
  @Override
  public Telemetry telemetry() {
    Telemetry now = session.telemetry();
    Recorder beside = recorder;
    if (beside == null || now.throttledBy() == null) {
      return now;
    }
    var reasons = new TreeSet<>(now.throttledBy());
    reasons.addAll(beside.throttledBy());
    return new Telemetry(
        now.temperatureCelsius(),
        now.powerWatts(),
        now.clockMegahertz(),
        now.memoryClockMegahertz(),
        List.copyOf(reasons));
  }

  @Override
  public Recorded record(long everyNanos, boolean last) {
    if (recorder == null) {
      recorder = new Recorder(session.sensors(), System::nanoTime);
      recorder.start();
      recorder.awaitOpen();
    }
    recorder.every(everyNanos);
    return last ? recorder.last() : recorder.drain();
  }

  /** What was recorded and not handed over, where recording has begun; for when all else failed. */
  public @Nullable Recorded left() {
    return recorder == null ? null : recorder.last();
  }

  /** Closes the prepared run and ends the recording, if there are any; the session stays open. */
  public void release() {
    Recorder old = recorder;
    recorder = null;
    if (old != null) {
      old.close();
    }
    closeRun();
  }

  private void closeRun() {
    PreparedRun old = run;
    run = null;
    loop = null;
    if (old != null) {
      old.close();
    }
  }

  @Override
  public void close() {
    try (session) {
      release();
    }
  }

  private static <T> T prepared(@Nullable T nullable) {
    if (nullable == null) {
      throw new IllegalStateException("nothing is prepared");
    }
    return nullable;
  }
}
