// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceMemory;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.gpu.MappedBuffer;
import io.gpubench.measure.EngineException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * A kernel that stays on the device, and the mailbox in page-locked memory through which it is
 * spoken to (mailbox.cuh). It is there from {@link #refresh} to {@link #rest} or {@link #close};
 * where there was no news for its patience it ends by itself, so that it outlives no process, and
 * is started again before the next sample. No wait of the host is without an end. Owns stream and
 * mailbox. Confined to the context's thread; nothing here allocates but the constructor and what is
 * thrown.
 */
final class ResidentKernel implements AutoCloseable {
  /** After so long without news a kernel ends, unless a test wants it sooner. */
  static final long PATIENCE_NANOS = 4_000_000_000L;

  private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

  /** Where the words of mailbox.cuh's Mailbox are, in bytes. */
  private static final long TOKEN = 0;

  private static final long STOP = 8;
  private static final long ANSWER = 128;
  private static final long STATE = 136;
  private static final long BYTES = 256;

  /** What the kernel says of itself. */
  enum State {
    /** It has not begun. */
    NOT_STARTED(0),
    /** It waits for a token, or answers one. */
    RUNNING(1),
    /** It was told to end. */
    STOPPED(2),
    /** It ended by itself. */
    PATIENCE_LOST(3);

    /** As mailbox.cuh has it. */
    private final long word;

    State(long word) {
      this.word = word;
    }
  }

  /** So many times its patience the host waits for a word of a kernel that has not ended. */
  private static final long HOST_PATIENCE = 5;

  /** Its last news may be so much of its patience ago that it is trusted to see one more token. */
  private static final double FRESH = 0.25;

  /** After so long a kernel is started anew, since there are watchdogs to which it seems hung. */
  private static final long LONGEST_NANOS = 30_000_000_000L;

  /** Looks into the box between two at the clock. */
  private static final int LOOKS = 1 << 12;

  private final Closer closer = new Closer();
  private final boolean simulated;
  private final long patienceNanos;
  private final CudaStream stream;
  private final MemorySegment box;
  private final KernelLaunch kernel;
  private final Preparation preparation;
  private long startNanos;
  private long refreshNanos;

  /** Since when at most the kernel has had no news, and the token that it had then. */
  private long newsNanos;

  private long newsToken;

  /** When a wait that lasts began, as far as the clock was looked at; 0 before. */
  private long waitingSince;

  /** What has to be done whenever the kernel is started. */
  @FunctionalInterface
  interface Preparation {
    /**
     * Called on an idle stream, in which the kernel is launched then.
     *
     * @param launch whose arguments may be changed
     * @param token in the box, which is no news to the kernel
     */
    void prepare(CudaStream stream, KernelLaunch launch, long token);
  }

  /**
   * Allocates everything; the kernel is not started yet.
   *
   * @param patienceNanos that the kernel has, too
   * @param launch makes the launch of the kernel with its box
   */
  ResidentKernel(
      CudaContext context,
      long patienceNanos,
      Function<DeviceMemory, KernelLaunch> launch,
      Preparation preparation) {
    this.simulated = context.device().simulated();
    this.patienceNanos = patienceNanos;
    this.preparation = preparation;
    try {
      stream = closer.closes(context.newStream());
      MappedBuffer memory = closer.closes(context.allocateMapped(BYTES));
      box = memory.segment();
      kernel = launch.apply(memory.onDevice());
      write(STATE, State.STOPPED.word);
      closer.closes(this::stop);
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  /** Before a sample: starts the kernel where it has ended, or may be about to. */
  void refresh() {
    long now = System.nanoTime();
    waitingSince = 0;
    if (newsToken != token()) { // what was staged and not asked is no news
      newsToken = token();
      newsNanos = refreshNanos;
    }
    if (read(STATE) != State.RUNNING.word
        || now - newsNanos > FRESH * patienceNanos
        || now - startNanos > LONGEST_NANOS) {
      stop();
      start();
      now = System.nanoTime();
      startNanos = now;
      newsNanos = now;
      newsToken = token();
      waitingSince = 0;
    }
    refreshNanos = now;
  }

  /**
   * Ends the kernel, if it has not ended; the next {@link #refresh} starts it again.
   *
   * @throws EngineException when it does not end in time
   */
  void rest() {
    write(STOP, 1);
    waitingSince = 0;
    long deadline = System.nanoTime() + HOST_PATIENCE * patienceNanos;
    while (!stream.isIdle()) {
      if (System.nanoTime() - deadline > 0) {
        throw new EngineException(
            "the resident kernel does not end, the state of the box is " + state());
      }
      LockSupport.parkNanos(1_000);
    }
  }

  private void start() {
    write(STOP, 0);
    write(STATE, State.NOT_STARTED.word);
    preparation.prepare(stream, kernel, token());
    kernel.enqueue(stream);
    await(STATE, State.NOT_STARTED.word, "the resident kernel has not started");
  }

  private void stop() {
    write(STOP, 1);
    stream.synchronize();
  }

  /** The token that lies in the box. */
  long token() {
    return read(TOKEN);
  }

  /** The answer that lies in the box. */
  long answer() {
    return read(ANSWER);
  }

  /** Puts another answer there, while no token is being answered. */
  void poisonAnswer(long word) {
    write(ANSWER, word);
  }

  /**
   * Puts a token into the box and spins until there is an answer. What was written before is seen
   * by the kernel, and what the kernel wrote before its answer by the caller.
   *
   * @param token another than the one there
   * @param before the answer that lies in the box
   * @throws EngineException when the kernel has ended, or there is no answer in time
   */
  void ask(long token, long before) {
    write(TOKEN, token);
    await(ANSWER, before, "the device has not answered");
  }

  /** What the kernel says of itself. */
  State state() {
    long word = read(STATE);
    return Arrays.stream(State.values())
        .filter(state -> state.word == word)
        .findAny()
        .orElseThrow(() -> new IllegalStateException("the state of the box is " + word));
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
    if (stream.isIdle() || now - waitingSince > HOST_PATIENCE * patienceNanos) {
      throw new EngineException(otherwise + ", the state of the box is " + state());
    }
  }

  @Override
  public void close() {
    closer.close();
  }
}
