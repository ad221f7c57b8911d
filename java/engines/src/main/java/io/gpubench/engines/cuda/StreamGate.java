// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.gpu.MappedBuffer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.time.Duration;

/**
 * Holds a stream until the host lets go, or until a kernel's patience ends, which it then tells.
 * Owns the memory through which the two speak; its creator closes it, on the context's thread, when
 * the stream is idle.
 */
final class StreamGate implements AutoCloseable {
  private static final VarHandle WORD = ValueLayout.JAVA_INT.varHandle();

  // as in timing.cu
  private static final long RELEASED = 0;
  private static final long GAVE_UP = Integer.BYTES;
  private static final long BYTES = 3 * Integer.BYTES;

  private static final int TICKET = 1; // the argument

  private final MappedBuffer memory;
  private final MemorySegment words;
  private final KernelLaunch launch;
  private int ticket;

  /** Opens a gate that holds nothing. */
  StreamGate(TimingKernels kernels, Duration patience) {
    memory = kernels.context().allocateMapped(BYTES);
    words = memory.segment();
    launch = kernels.hold(memory.onDevice(), patience.toNanos());
  }

  /** Enqueues the kernel that holds the stream. */
  void hold(CudaStream stream) {
    ticket++;
    launch.arguments().set(TICKET, ticket);
    launch.enqueue(stream);
  }

  /** Lets the stream go. */
  void release() {
    WORD.setVolatile(words, RELEASED, ticket);
  }

  /**
   * Whether the stream went on before it was let go, so that the host was waited for. When the
   * stream is idle.
   */
  boolean gaveUp() {
    return (int) WORD.getVolatile(words, GAVE_UP) == ticket;
  }

  @Override
  public void close() {
    memory.close();
  }
}
