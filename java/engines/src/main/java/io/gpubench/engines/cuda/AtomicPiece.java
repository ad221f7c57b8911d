// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaFunction;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.ceiling.Ceiling;

/**
 * Atomic additions. Cells begin at zero and not poisoned, since they are added to: work that was
 * not done, or done twice, leaves other sums.
 */
final class AtomicPiece extends KernelPiece {
  /** Additions of a thread, where there are enough: a block for fewer is hardly worth its start. */
  private static final long ADDITIONS_OF_THREAD = 8;

  private final long cells;
  private final DeviceBuffer[] outputs;
  private final KernelLaunch work;
  private final KernelLaunch check;

  AtomicPiece(CudaKernels kernels, ParameterValues values, Mode mode) {
    super(
        kernels,
        Ceiling.ATOMIC,
        values,
        mode,
        "cells",
        Long.BYTES * values.whole("cells"),
        Long.BYTES,
        values.whole("cells"),
        "cell");
    cells = values.whole("cells");
    long operations = values.whole("operations");
    try {
      outputs = arrays(separate, Long.BYTES * cells);
      CudaFunction works = kernels.function("ceiling_atomic");
      var shape = kernels.shape(works, operations, ADDITIONS_OF_THREAD * CudaKernels.BLOCK);
      work = works.launch(shape, outputs[0], cells, operations, sampleWords.keys(0));
      CudaFunction checks = kernels.function("ceiling_check_atomic");
      check =
          checks.launch(
              kernels.shape(checks, cells),
              outputs[0],
              cells,
              operations,
              0L,
              sampleWords.verdict(0));
      note("blocks", (long) shape.gridX());
      note("threadsPerBlock", (long) CudaKernels.BLOCK);
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  @Override
  public void input(CudaStream stream, long sample, int position) {
    sampleWords.begin(stream, sample, position, key(sample, 0), 0);
    outputs[position % separate].fillAsync(stream, 0, Long.BYTES * cells, (byte) 0);
  }

  @Override
  public void work(CudaStream stream, int position) {
    work.arguments().set(0, outputs[position % separate]);
    work.arguments().set(3, sampleWords.keys(position));
    work.enqueue(stream);
  }

  @Override
  public void check(CudaStream stream, long sample, int position) {
    var arguments = check.arguments();
    arguments.set(0, outputs[position % separate]);
    arguments.set(3, key(sample, 0));
    arguments.set(4, sampleWords.verdict(position));
    compare(stream, check, position);
  }

  @Override
  long[] answer(int position) {
    return new long[] {sampleWords.sum(position, 0), sampleWords.sum(position, 1)};
  }
}
