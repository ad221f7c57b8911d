// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaStream;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.launch.Launch;
import io.gpubench.workloads.words.SampleKeys;
import java.util.Map;

/** {@link Launch#COPY}: a copy of a few bytes over the link. Confined to the context's thread. */
final class CopyPiece implements DevicePiece {
  private static final long PAGE_LOCKED_BYTES = 256L << 20;

  private final CudaKernels kernels;
  private final ParameterValues values;
  private final boolean toDevice;
  private final SampleKeys keys;
  private final int separate;
  private final LinkCopy copy;

  /**
   * Allocates everything.
   *
   * @param kernels of ceiling.cu
   */
  CopyPiece(CudaKernels kernels, ParameterValues values) {
    this.kernels = kernels;
    this.values = values;
    toDevice = values.choice("direction").equals("h2d");
    keys = new SampleKeys(values.whole("seed"));
    long bytes = values.whole("bytes");
    int fitting =
        new DeviceRoom(kernels.context().freeBytes(), bytes)
            .positions("%s with bytes=%d".formatted(Launch.COPY.id(), bytes), "bytes", 1);
    separate = Math.clamp(PAGE_LOCKED_BYTES / bytes, 1, fitting);
    copy =
        new LinkCopy(
            kernels,
            toDevice ? LinkCopy.Direction.TO_DEVICE : LinkCopy.Direction.FROM_DEVICE,
            bytes,
            separate,
            USUAL_POSITIONS);
  }

  private long key(long sample) {
    return keys.of(sample, 0);
  }

  @Override
  public void input(CudaStream stream, long sample, int position) {
    copy.input(stream, sample, position, key(sample));
  }

  @Override
  public void work(CudaStream stream, int position) {
    copy.work(stream, position);
  }

  @Override
  public void check(CudaStream stream, long sample, int position) {
    copy.check(stream, position, key(sample));
  }

  @Override
  public boolean right(long sample, int position) {
    return copy.right(position, key(sample));
  }

  @Override
  public String mismatch(long sample, int position) {
    return copy.mismatch(position, key(sample));
  }

  @Override
  public long digest(int position) {
    return AnswerDigest.of(new long[] {copy.sum(position, 0), copy.sum(position, 1)});
  }

  @Override
  public int positions() {
    return USUAL_POSITIONS;
  }

  @Override
  public int separatePositions() {
    return separate;
  }

  @Override
  public PreparedRun.Work amount() {
    return Launch.COPY.work(values);
  }

  @Override
  public Map<String, Double> demands() {
    return Map.of((toDevice ? Ceiling.H2D : Ceiling.D2H).id(), (double) values.whole("bytes"));
  }

  @Override
  public long inputs() {
    return PreparedRun.EACH_ITS_OWN;
  }

  @Override
  public Map<String, Object> verification() {
    return TokenPiece.verification(1.0);
  }

  @Override
  public Map<String, Object> configuration() {
    return kernels.configuration(Map.of("hostMemory", "page-locked", "positions", (long) separate));
  }

  @Override
  public void close() {
    copy.close();
  }
}
