// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.ceiling.Ceiling;

/** The ceiling of one kernel, whose output another kernel compares element by element. */
abstract class KernelPiece extends CeilingPiece {
  /** How many positions have arrays of their own. */
  final int separate;

  final SampleWords sampleWords;
  private final long elements;
  private final String element;

  /**
   * Makes room for keys and verdicts; arrays are up to the piece.
   *
   * @param parameter decides about the size
   * @param bytesOfPosition what all arrays of a position take
   * @param bytesOfUnit what they take for each unit of that parameter
   * @param elements how many of the output are compared
   * @param element what one is called, such as {@code word}
   */
  KernelPiece(
      CudaKernels kernels,
      Ceiling ceiling,
      ParameterValues values,
      Mode mode,
      String parameter,
      long bytesOfPosition,
      double bytesOfUnit,
      long elements,
      String element) {
    super(kernels, ceiling, values, mode);
    this.elements = elements;
    this.element = element;
    separate = separate(bytesOfPosition, parameter, bytesOfUnit);
    sampleWords =
        closer.closes(
            new SampleWords(kernels.context(), kernels.function("ceiling_begin"), USUAL_POSITIONS));
    note("positions", (long) separate);
  }

  /** Enqueues the comparison of a position and the way of its verdict to the host. */
  final void compare(CudaStream stream, KernelLaunch comparison, int position) {
    sampleWords.empty(stream, position);
    comparison.enqueue(stream);
    sampleWords.fetch(stream, position);
  }

  @Override
  public final boolean right(long sample, int position) {
    return compared(sample, position) && oracleAgrees(sample, position);
  }

  @Override
  public final String mismatch(long sample, int position) {
    return compared(sample, position)
        ? ORACLE_DISAGREES
        : sampleWords.mismatch(position, key(sample, 0), elements, index -> element + " " + index);
  }

  private boolean compared(long sample, int position) {
    return sampleWords.right(position, key(sample, 0), elements);
  }

  @Override
  public final int separatePositions() {
    return separate;
  }
}
