// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaFunction;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.ceiling.Ceiling;

/** Chains of multiply-adds, of floats or of integers. */
final class ChainsPiece extends KernelPiece {
  /** Chains that a block takes at a time, of ceiling.cu. */
  private static final long TILE = 8 * CudaKernels.BLOCK;

  private final DeviceBuffer[] outputs;
  private final KernelLaunch work;
  private final KernelLaunch check;

  ChainsPiece(CudaKernels kernels, Ceiling ceiling, ParameterValues values, Mode mode) {
    super(
        kernels,
        ceiling,
        values,
        mode,
        "chains",
        Integer.BYTES * values.whole("chains"),
        Integer.BYTES,
        values.whole("chains"),
        "chain");
    long chains = values.whole("chains");
    int steps = Math.toIntExact(values.whole("steps"));
    String type = ceiling == Ceiling.FP32 ? "fp32" : "int32";
    try {
      outputs = arrays(separate, Integer.BYTES * chains);
      CudaFunction works = kernels.function("ceiling_" + type);
      var shape = kernels.shape(works, chains, TILE);
      work = works.launch(shape, outputs[0], chains, steps, sampleWords.keys(0));
      CudaFunction checks = kernels.function("ceiling_check_" + type);
      check =
          checks.launch(
              kernels.shape(checks, chains),
              outputs[0],
              chains,
              steps,
              0L,
              0L,
              sampleWords.shown(0),
              sampleWords.verdict(0));
      note("blocks", (long) shape.gridX());
      note("threadsPerBlock", (long) CudaKernels.BLOCK);
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  @Override
  public void input(CudaStream stream, long sample, int position) {
    sampleWords.begin(stream, sample, position, key(sample, 0), key(sample, 1));
    SampleWords.poison(stream, outputs[position % separate], sample);
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
    arguments.set(4, key(sample, 1));
    arguments.set(5, sampleWords.shown(position));
    arguments.set(6, sampleWords.verdict(position));
    compare(stream, check, position);
  }

  @Override
  long[] answer(int position) {
    return sampleWords.shownWords(position);
  }
}
