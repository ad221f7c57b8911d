// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.PreparedRun;
import java.util.Map;

/**
 * A piece of work by the host's clock: from enqueueing it to knowing that it is done. Input, poison
 * and sweep are done before, the check comes after. Owns its rig and the piece.
 */
final class CudaHostClockRun implements PreparedRun {
  private final PieceRig rig;
  private long staged;

  /**
   * Prepares it.
   *
   * @param piece is closed with the run
   */
  CudaHostClockRun(TimingKernels kernels, DevicePiece piece, Mode mode) {
    rig = new PieceRig(kernels, piece, mode, PieceRig.PATIENCE);
  }

  @Override
  public void stage(long sample) {
    staged = sample;
    rig.begin();
    rig.input(sample, 0);
    rig.stream.synchronize();
  }

  @Override
  public void execute() {
    rig.work(0);
    rig.stream.synchronize();
  }

  @Override
  public boolean verify(long sample) {
    rig.piece.check(rig.stream, sample, 0);
    rig.context.synchronize();
    return rig.right(sample, 0);
  }

  @Override
  public String mismatch(long sample) {
    return rig.mismatch(sample, 0);
  }

  /** {@inheritDoc} The check is what looks at the answer on the device. */
  @Override
  public long digest() {
    rig.piece.check(rig.stream, staged, 0);
    rig.context.synchronize();
    return rig.piece.digest(0);
  }

  @Override
  public Work work() {
    return rig.piece.amount();
  }

  @Override
  public Map<String, Double> demands() {
    return rig.piece.demands();
  }

  @Override
  public Map<String, Double> amounts() {
    return rig.piece.amounts();
  }

  @Override
  public long inputs() {
    return rig.piece.inputs();
  }

  @Override
  public Map<String, Object> verification() {
    return rig.piece.verification();
  }

  @Override
  public Map<String, Object> configuration() {
    return rig.configuration();
  }

  @Override
  public void close() {
    rig.close();
  }
}
