// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaStream;

/** Moves pages with a kernel, of which one launch moves all batches. */
final class KernelMover implements PageMover {
  private final CudaPageKernels.Move move;

  KernelMover(CudaPageKernels.Move move) {
    this.move = move;
  }

  @Override
  public void enqueue(CudaStream stream, Batch[] batches) {
    for (int way = 0; way < batches.length; way++) {
      Batch batch = batches[way];
      move.way(way, batch.from(), batch.to(), batch.source(), batch.target());
    }
    move.enqueue(stream);
  }
}
