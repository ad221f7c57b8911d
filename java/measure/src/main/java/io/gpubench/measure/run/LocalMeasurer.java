// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import io.gpubench.measure.spi.Engine.SelfCheck;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Telemetry;
import io.gpubench.measure.spi.Workload;
import org.jspecify.annotations.Nullable;

/** Measures on a session in this process. Owns the session, and the run that it prepared last. */
public final class LocalMeasurer implements Measurer {
  private final Session session;
  private final Facts facts;
  private @Nullable Timer timer;
  private @Nullable PreparedRun run;
  private @Nullable SampleLoop loop;

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

  @Override
  public Prepared prepare(
      Workload workload, Mode mode, ParameterValues values, MachineFacts machine) {
    release();
    PreparedRun prepared = session.prepare(workload, mode, values, machine);
    run = prepared;
    loop = new SampleLoop(prepared);
    return new Prepared(
        prepared.work(),
        prepared.pieces(),
        prepared.inputs(),
        prepared.demands(),
        prepared.clock(),
        prepared.verification(),
        prepared.configuration(),
        timer(prepared),
        prepared instanceof PreparedRun.Paired);
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
    long[] digests = new long[samples.length];
    for (int i = 0; i < samples.length; i++) {
      current.stage(samples[i]);
      current.execute();
      digests[i] = current.digest();
    }
    return digests;
  }

  @Override
  public SampleBatch take(long first, long samples, long nanos, int discard) {
    return prepared(loop).take(first, samples, nanos, discard);
  }

  @Override
  public Telemetry telemetry() {
    return session.telemetry();
  }

  /** Closes the prepared run, if there is one; the session stays open. */
  public void release() {
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
