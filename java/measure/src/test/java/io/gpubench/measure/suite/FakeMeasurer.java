// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.suite;

import io.gpubench.measure.run.LocalMeasurer;
import io.gpubench.measure.run.Measurer;
import io.gpubench.measure.run.SampleBatch;
import io.gpubench.measure.run.Timer;
import io.gpubench.measure.spi.Engine.SelfCheck;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.Telemetry;
import io.gpubench.measure.spi.Workload;

/** In this process, with a clock and a number of pieces of its own. */
final class FakeMeasurer implements Measurer {
  private final LocalMeasurer local;
  private final int pieces;
  private final Timer timer;
  private final Runnable closed;

  FakeMeasurer(LocalMeasurer local, int pieces, Timer timer, Runnable closed) {
    this.local = local;
    this.pieces = pieces;
    this.timer = timer;
    this.closed = closed;
  }

  @Override
  public Facts facts() {
    return local.facts();
  }

  @Override
  public SelfCheck selfCheck() {
    return local.selfCheck();
  }

  @Override
  public Prepared prepare(
      Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
    Prepared prepared = local.prepare(workload, mode, values, facts);
    return new Prepared(
        prepared.work(),
        pieces,
        prepared.inputs(),
        prepared.demands(),
        prepared.amounts(),
        prepared.stages(),
        prepared.clock(),
        prepared.verification(),
        prepared.configuration(),
        timer,
        prepared.paired());
  }

  @Override
  public long[] digests(long... samples) {
    return local.digests(samples);
  }

  @Override
  public SampleBatch take(long first, long samples, long nanos, int discard) {
    return local.take(first, samples, nanos, discard);
  }

  @Override
  public Telemetry telemetry() {
    return local.telemetry();
  }

  @Override
  public void close() {
    closed.run();
    local.close();
  }
}
