// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.gpu.PinnedBuffer;
import io.gpubench.measure.EngineException;
import java.lang.foreign.ValueLayout;

/**
 * Empties the L2 cache of everything of use: writes a memory of twice its size, then reads it, so
 * that what stays behind are lines that need no write-back. Owns that memory; its creator closes
 * it, on the context's thread.
 */
final class CacheSweep implements AutoCloseable {
  private static final int TIMES = 2;
  private static final long LINE = 128;
  private static final int NUMBER = 2; // the argument

  private final Closer closer = new Closer();
  private final CudaContext context;
  private final DeviceBuffer memory;
  private final DeviceBuffer wrong;
  private final PinnedBuffer found;
  private final KernelLaunch out;
  private final KernelLaunch in;
  private int number;

  CacheSweep(TimingKernels kernels) {
    context = kernels.context();
    long bytes = bytes(context);
    if (bytes <= 0) {
      throw new EngineException(
          "the driver does not tell the size of the L2 cache, so it cannot be swept: cold runs are not possible");
    }
    try {
      memory = closer.closes(context.allocate(bytes));
      wrong = closer.closes(context.allocate(Long.BYTES));
      found = closer.closes(context.allocatePinned(Long.BYTES));
      wrong.upload(found.segment());
      out = kernels.sweepOut(memory);
      in = kernels.sweepIn(memory, wrong);
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  /** What a sweep of this device's cache takes of its memory. */
  static long bytes(CudaContext context) {
    return (long) TIMES * context.device().l2Bytes() / LINE * LINE;
  }

  /** How much is written and read, in bytes. */
  long bytes() {
    return memory.bytes();
  }

  /** Enqueues a sweep. */
  void enqueue(CudaStream stream) {
    number++;
    out.arguments().set(NUMBER, number);
    out.enqueue(stream);
    in.arguments().set(NUMBER, number);
    in.enqueue(stream);
  }

  /**
   * Lines that kernels made persist would survive a sweep. This takes effect at once and not in a
   * stream, so it comes before anything is enqueued.
   */
  void forgetPersisting() {
    context.resetPersistingL2();
  }

  /**
   * That all sweeps so far found what they had written. When the device is idle.
   *
   * @throws EngineException if not
   */
  void require() {
    wrong.download(found.segment());
    long words = found.segment().get(ValueLayout.JAVA_LONG, 0);
    if (words != 0) {
      throw new EngineException(
          "sweeping the L2 cache, the device read %,d quads that are not what it had written"
              .formatted(words));
    }
  }

  @Override
  public void close() {
    closer.close();
  }
}
