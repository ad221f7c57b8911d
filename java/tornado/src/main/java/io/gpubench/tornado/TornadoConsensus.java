// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.engines.consensus.ConsensusRun;
import io.gpubench.engines.tornado.DeviceClockRun;
import io.gpubench.engines.tornado.TornadoRun;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import java.util.concurrent.atomic.AtomicReference;

/** Consensus by TornadoVM: a sample is one round. */
final class TornadoConsensus implements TornadoAdapter {
  @Override
  public PreparedRun prepare(Order order) {
    var opened = new AtomicReference<TornadoConsensusKernel>();
    var rounds =
        ConsensusRun.prepare(
            order.values(),
            order.facts(),
            (epoch, capacity) -> {
              var kernel = new TornadoConsensusKernel(order, epoch, capacity);
              opened.setPlain(kernel);
              return kernel;
            });
    var run = new TornadoRun(rounds, opened.getPlain());
    return order.mode().clock() == Clock.DEVICE
        ? new DeviceClockRun(run, ProfilerClock.of(order.device()))
        : run;
  }
}
