// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.gpu.LaunchShape;
import io.gpubench.gpu.MappedBuffer;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.launch.Launch;
import io.gpubench.workloads.words.SampleKeys;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * {@link Launch#MAILBOX}: the host writes a token to page-locked memory which a resident kernel
 * looks into over and over, and spins until the answer lies in another line of it. The kernel is
 * there from the preparation to the end; where there was no news for a while it ends by itself, so
 * that it outlives no process, and is started again before the next sample. Owns memory and stream.
 * Confined to the context's thread.
 */
final class MailboxRun implements PreparedRun {
  private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

  /** Where the words of launch.cu's Mailbox are, in bytes. */
  private static final long TOKEN = 0;

  private static final long STOP = 8;
  private static final long ANSWER = 128;
  private static final long STATE = 136;
  private static final long BYTES = 256;

  private static final long NOT_STARTED = 0;
  private static final long RUNNING = 1;
  private static final int WARP = 32;

  /** After so long without news the kernel ends. */
  private static final long KERNEL_PATIENCE_NANOS = 4_000_000_000L;

  /** So long after its last news the kernel is not trusted to be there for one more sample. */
  private static final long FRESH_NANOS = KERNEL_PATIENCE_NANOS / 4;

  /** After so long without an answer there will be none. */
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  /** Looks into the box between two at the clock. */
  private static final int LOOKS = 1 << 12;

  private final CudaKernels kernels;
  private final Closer closer = new Closer();
  private final ParameterValues values;
  private final boolean simulated;
  private final SampleKeys keys;
  private final CudaStream stream;
  private final MemorySegment box;
  private final KernelLaunch kernel;
  private long token;
  private long poison;
  private long newsNanos;

  /** When a wait that lasts began, as far as the clock was looked at; 0 before. */
  private long waitingSince;

  /**
   * Allocates everything and starts the kernel.
   *
   * @param kernels of launch.cu
   */
  MailboxRun(CudaKernels kernels, ParameterValues values) {
    this.kernels = kernels;
    this.values = values;
    this.keys = new SampleKeys(values.whole("seed"));
    CudaContext context = kernels.context();
    simulated = context.device().simulated();
    try {
      stream = closer.closes(context.newStream());
      MappedBuffer memory = closer.closes(context.allocateMapped(BYTES));
      box = memory.segment();
      kernel =
          kernels
              .function("launch_mailbox")
              .launch(LaunchShape.of(1, WARP), memory.onDevice(), KERNEL_PATIENCE_NANOS);
      closer.closes(this::stop);
      start();
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  private void start() {
    write(STOP, 0);
    write(STATE, NOT_STARTED);
    kernel.enqueue(stream);
    await(STATE, NOT_STARTED, "the resident kernel has not started");
    newsNanos = System.nanoTime();
  }

  private void stop() {
    write(STOP, 1);
    stream.synchronize();
  }

  private void write(long offset, long value) {
    WORD.setRelease(box, offset, value);
  }

  private long read(long offset) {
    return (long) WORD.getAcquire(box, offset);
  }

  /** Spins until a word differs from what it was. */
  private void await(long offset, long before, String otherwise) {
    for (int look = 1; read(offset) == before; look++) {
      if (look % LOOKS == 0) {
        lookAround(otherwise);
      }
      Thread.onSpinWait();
    }
  }

  /** Every now and then: whether there is hope. */
  private void lookAround(String otherwise) {
    long now = System.nanoTime();
    if (waitingSince == 0) {
      waitingSince = now;
    }
    if (simulated) {
      LockSupport.parkNanos(1_000); // the device works on the same processors
    }
    if (stream.isIdle() || now - waitingSince > PATIENCE_NANOS) {
      throw new EngineException(otherwise + ", the state of the box is " + read(STATE));
    }
  }

  @Override
  public void stage(long sample) {
    waitingSince = 0;
    long now = System.nanoTime();
    if (now - newsNanos > FRESH_NANOS || read(STATE) != RUNNING) {
      stop();
      start();
      now = System.nanoTime();
    }
    newsNanos = now;
    token = Words.word(keys.of(sample, 0), 0);
    poison = ~Words.mix64(token);
    write(ANSWER, poison);
    if (read(TOKEN) == token) { // a sample that was there before: the same token is no news
      write(TOKEN, ~token);
      await(ANSWER, poison, "the device has not answered");
      write(ANSWER, poison);
    }
  }

  @Override
  public void execute() {
    write(TOKEN, token);
    await(ANSWER, poison, "the device has not answered");
  }

  @Override
  public boolean verify(long sample) {
    return read(ANSWER) == expected(sample);
  }

  private long expected(long sample) {
    return Words.mix64(Words.word(keys.of(sample, 0), 0));
  }

  @Override
  public String mismatch(long sample) {
    return "the answer is %016x, expected %016x".formatted(read(ANSWER), expected(sample));
  }

  @Override
  public long digest() {
    return AnswerDigest.of(new long[] {read(ANSWER)});
  }

  @Override
  public Work work() {
    return Launch.MAILBOX.work(values);
  }

  @Override
  public long inputs() {
    return EACH_ITS_OWN;
  }

  @Override
  public Map<String, Object> verification() {
    return TokenPiece.verification(1.0);
  }

  @Override
  public Map<String, Object> configuration() {
    return kernels.configuration(
        Map.of("hostMemory", "page-locked, mapped", "blocks", 1L, "threadsPerBlock", (long) WARP));
  }

  @Override
  public void close() {
    closer.close();
  }
}
