// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaEvent;
import io.gpubench.gpu.CudaStream;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.ceiling.Ceiling;
import org.jspecify.annotations.Nullable;

/**
 * The link to the device: one way, or both at once. For both, the copy from the device runs in a
 * stream of its own, which begins when the other stream has come to the work and for which that
 * stream waits at the end; so the time is from the first start to the last end.
 */
final class LinkPiece extends CeilingPiece {
  /** Page-locked memory of all positions together, where one does not take more. */
  private static final long PAGE_LOCKED_BYTES = 256L << 20;

  private final int separate;
  private final @Nullable LinkCopy there;
  private final @Nullable LinkCopy back;
  private final CudaStream side;
  private final CudaEvent forked;
  private final CudaEvent joined;

  LinkPiece(CudaKernels kernels, Ceiling ceiling, ParameterValues values, Mode mode) {
    super(kernels, ceiling, values, mode);
    long bytes = values.whole("bytes");
    int ways = ceiling.streams();
    try {
      separate =
          Math.clamp(PAGE_LOCKED_BYTES / (ways * bytes), 1, separate(ways * bytes, "bytes", ways));
      there = ceiling == Ceiling.D2H ? null : copy(LinkCopy.Direction.TO_DEVICE, bytes);
      back = ceiling == Ceiling.H2D ? null : copy(LinkCopy.Direction.FROM_DEVICE, bytes);
      side = closer.closes(kernels.context().newStream());
      forked = closer.closes(kernels.context().newUntimedEvent());
      joined = closer.closes(kernels.context().newUntimedEvent());
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
    note("positions", (long) separate);
    note("hostMemory", "page-locked");
  }

  private LinkCopy copy(LinkCopy.Direction direction, long bytes) {
    return closer.closes(new LinkCopy(kernels, direction, bytes, separate, USUAL_POSITIONS));
  }

  /** The key of the copy from the device; the other one has that of stream 0. */
  private long keyBack(long sample) {
    return key(sample, there == null ? 0 : 1);
  }

  @Override
  public void input(CudaStream stream, long sample, int position) {
    if (there != null) {
      there.input(stream, sample, position, key(sample, 0));
    }
    if (back != null) {
      back.input(stream, sample, position, keyBack(sample));
    }
  }

  @Override
  public void work(CudaStream stream, int position) {
    if (there == null || back == null) {
      one().work(stream, position);
      return;
    }
    forked.record(stream);
    side.waitFor(forked);
    back.work(side, position);
    there.work(stream, position);
    joined.record(side);
    stream.waitFor(joined);
  }

  private LinkCopy one() {
    LinkCopy one = there != null ? there : back;
    if (one == null) {
      throw new IllegalStateException("no direction");
    }
    return one;
  }

  @Override
  public void check(CudaStream stream, long sample, int position) {
    if (there != null) {
      there.check(stream, position, key(sample, 0));
    }
    if (back != null) {
      back.check(stream, position, keyBack(sample));
    }
  }

  @Override
  public boolean right(long sample, int position) {
    return rightThere(sample, position)
        && (back == null || back.right(position, keyBack(sample)))
        && oracleAgrees(sample, position);
  }

  private boolean rightThere(long sample, int position) {
    return there == null || there.right(position, key(sample, 0));
  }

  @Override
  public String mismatch(long sample, int position) {
    if (there != null && !rightThere(sample, position)) {
      return "to the device: " + there.mismatch(position, key(sample, 0));
    }
    return back != null && !back.right(position, keyBack(sample))
        ? "from the device: " + back.mismatch(position, keyBack(sample))
        : ORACLE_DISAGREES;
  }

  @Override
  long[] answer(int position) {
    if (there == null || back == null) {
      return new long[] {one().sum(position, 0), one().sum(position, 1)};
    }
    return new long[] {
      there.sum(position, 0), there.sum(position, 1), back.sum(position, 0), back.sum(position, 1)
    };
  }

  @Override
  public int separatePositions() {
    return separate;
  }
}
