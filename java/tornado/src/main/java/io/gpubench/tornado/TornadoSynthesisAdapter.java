// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.engines.synthesis.SynthesisRun;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.synthesis.Synthesis;

/** Matching or expanding by TornadoVM. */
record TornadoSynthesisAdapter(Synthesis form) implements TornadoAdapter {
  @Override
  public PreparedRun prepare(Order order) {
    var kernels = new TornadoSynthesisKernels(order);
    return TornadoAdapter.timed(
        SynthesisRun.prepare(form, order.values(), order.facts(), order.threads(), () -> kernels),
        kernels,
        order);
  }
}
