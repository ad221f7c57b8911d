// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.synthesis.Synthesis;
import io.gpubench.workloads.synthesis.SynthesisAnswer;
import io.gpubench.workloads.synthesis.SynthesisParameters;
import io.gpubench.workloads.synthesis.SynthesisRotation;
import java.util.List;
import java.util.Map;

/**
 * Work on forests that the device makes from the keys of a sample's slot, and whose answer is
 * compared, every word of it, with what the host found before. Confined to the context's thread.
 */
abstract class SynthesisPiece implements DevicePiece {
  final Closer closer = new Closer();
  final CudaKernels kernels;
  final SynthesisRotation rotation;
  private final long[][] keys = new long[SynthesisRotation.SLOTS][];

  SynthesisPiece(CudaKernels kernels, Synthesis form, SynthesisParameters setting) {
    this.kernels = kernels;
    rotation = new SynthesisRotation(form, setting);
    for (int slot = 0; slot < keys.length; slot++) {
      keys[slot] = rotation.generator().keys(slot);
    }
  }

  /** What compares the answers. */
  abstract SynthesisVerdicts verdicts();

  /** The arrays of the answer at a position. */
  abstract List<DeviceBuffer> found(int position);

  /** Of the forest of a sample. */
  final long[] keys(long sample) {
    return keys[SynthesisRotation.slot(sample)];
  }

  private SynthesisAnswer answer(long sample) {
    return rotation.answer(SynthesisRotation.slot(sample));
  }

  @Override
  public final void check(CudaStream stream, long sample, int position) {
    verdicts().check(stream, sample, position, answer(sample), found(position));
  }

  @Override
  public final boolean right(long sample, int position) {
    return verdicts().right(sample, position, answer(sample));
  }

  @Override
  public final String mismatch(long sample, int position) {
    return verdicts().mismatch(sample, position, rotation, found(position));
  }

  @Override
  public final long digest(int position) {
    return verdicts().digest(position);
  }

  @Override
  public final int positions() {
    return USUAL_POSITIONS;
  }

  @Override
  public final PreparedRun.Work amount() {
    return rotation.work();
  }

  @Override
  public final Map<String, Double> demands() {
    return rotation.demands(Ceiling.READ, Ceiling.COPY, kernels.context().device().l2Bytes());
  }

  @Override
  public final long inputs() {
    return SynthesisRotation.SLOTS;
  }

  @Override
  public final Map<String, Object> verification() {
    return rotation.verification();
  }

  @Override
  public final void close() {
    closer.close();
  }
}
