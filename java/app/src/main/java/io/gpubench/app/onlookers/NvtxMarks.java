// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.onlookers;

import io.gpubench.gpu.Nvtx;
import io.gpubench.measure.run.Onlooker;
import io.gpubench.measure.run.Phase;
import io.gpubench.measure.run.SampleBatch;

/** Phases as ranges of a profiler, named by the word of the phase alone, so that it can choose. */
final class NvtxMarks implements Onlooker {
  private final Nvtx nvtx;

  NvtxMarks(Nvtx nvtx) {
    this.nvtx = nvtx;
  }

  @Override
  public Mark begin(Phase phase, Subject subject) {
    nvtx.push(phase.word());
    return new Range();
  }

  private final class Range implements Mark {
    private boolean ended;

    @Override
    public void took(long first, int leftOut, SampleBatch batch) {
      close();
    }

    @Override
    public void close() {
      if (!ended) {
        ended = true;
        nvtx.pop();
      }
    }
  }
}
