// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.engines.consensus.ConsensusRun;
import io.gpubench.measure.spi.PreparedRun;
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
    return TornadoAdapter.timed(rounds, opened.getPlain(), order);
  }
}
