// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.workers;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.run.LocalMeasurer;
import io.gpubench.measure.run.Measurer;
import io.gpubench.measure.run.SampleBatch;
import io.gpubench.measure.run.Slowdown;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Engine.SelfCheck;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.Telemetry;
import io.gpubench.measure.spi.Workload;
import io.gpubench.measure.telemetry.Recorded;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All engines in this process, each opened once: for debugging, and where processes are no good.
 */
public final class InProcess implements Measurers {
  private final Engine.Options options;
  private final @Nullable String device;
  private final boolean recorded;
  private final @Nullable Slowdown slowdown;
  private final LinkedHashMap<String, LocalMeasurer> open = new LinkedHashMap<>();

  /** One whose samples are as fast as they are; see below. */
  public InProcess(Engine.Options options, @Nullable String device, boolean recorded) {
    this(options, device, recorded, null);
  }

  /**
   * Opens nothing yet.
   *
   * @param device on which the engines were put that use devices; null for their own choice
   * @param recorded whether sensors are recorded beside the samples
   * @param slowdown of each sample, on purpose; null for none
   */
  public InProcess(
      Engine.Options options,
      @Nullable String device,
      boolean recorded,
      @Nullable Slowdown slowdown) {
    this.options = options;
    this.device = device;
    this.recorded = recorded;
    this.slowdown = slowdown;
  }

  @Override
  public Check check(Engine engine) {
    try {
      LocalMeasurer measurer = opened(engine);
      return new Check(measurer.selfCheck(), measurer.facts(), measurer.telemetry());
    } catch (EngineException e) {
      return Check.of(SelfCheck.failed(e));
    }
  }

  @Override
  public Measurer open(Engine engine, int repetition) {
    LocalMeasurer measurer = opened(engine);
    measurer.slow(slowdown);
    return new Lent(measurer, recorded);
  }

  private LocalMeasurer opened(Engine engine) {
    return open.computeIfAbsent(engine.id(), _ -> new LocalMeasurer(engine.open(options)));
  }

  @Override
  public @Nullable List<String> command(Engine engine) {
    return null;
  }

  @Override
  public Engine.Options options() {
    return options;
  }

  @Override
  public @Nullable String device() {
    return device;
  }

  @Override
  public boolean recorded() {
    return recorded;
  }

  @Override
  public @Nullable Slowdown slowdown() {
    return slowdown;
  }

  /** Closes the engines in reverse order. */
  @Override
  public void close() {
    var failures = new ArrayList<EngineException>();
    for (LocalMeasurer measurer : open.sequencedValues().reversed()) {
      try {
        measurer.close();
      } catch (EngineException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }

  /** A measurer whose session outlives it. */
  private record Lent(LocalMeasurer measurer, boolean recorded) implements Measurer {
    @Override
    public Facts facts() {
      return measurer.facts();
    }

    @Override
    public SelfCheck selfCheck() {
      return measurer.selfCheck();
    }

    @Override
    public Prepared prepare(
        Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
      return measurer.prepare(workload, mode, values, facts);
    }

    @Override
    public long[] digests(long... samples) {
      return measurer.digests(samples);
    }

    @Override
    public SampleBatch take(long first, long samples, long nanos, int discard) {
      return measurer.take(first, samples, nanos, discard);
    }

    @Override
    public Telemetry telemetry() {
      return measurer.telemetry();
    }

    @Override
    public @Nullable Recorded record(long everyNanos, boolean last) {
      return recorded ? measurer.record(everyNanos, last) : null;
    }

    @Override
    public void close() {
      measurer.release();
    }
  }
}
