// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaStream;
import io.gpubench.measure.spi.PreparedRun;
import java.util.Map;

/**
 * One kind of work that a device does over and over while it is timed: what {@link CudaQueuedRun}
 * and {@link CudaHostClockRun} measure. {@link #input}, {@link #work} and {@link #check} enqueue on
 * the stream that they are given, and on no other, and return at once: they never wait, allocate,
 * free, compile or load, and copy from and to page-locked memory only, for the stream may be
 * blocked while they are called. All kernels are loaded when the piece is made.
 *
 * <p>Several samples are in flight at once. Each has a position, which names the memory that it
 * uses: a sample may read and write only what belongs to its position. Positions are used again by
 * later groups, after the earlier one has been judged.
 *
 * <p>{@link #work} is called with the same position again and again, and may be captured once and
 * replayed, so it may depend on nothing but its position. What changes from sample to sample,
 * {@link #input} writes to memory of the position.
 *
 * <p>The harness closes the piece. Used by the thread of the context. Failures of the device are
 * {@link io.gpubench.gpu.NativeException}s, which the harness translates.
 */
interface DevicePiece extends AutoCloseable {
  /** {@link #positions} of a piece that has no reason for another number. */
  int USUAL_POSITIONS = 64;

  /**
   * Enqueues what comes before the time begins: the input is made from the sample's number and the
   * piece's seed, and every word of the output, and of the verdict, is overwritten with something
   * that is no right answer and that another sample does not have.
   *
   * @param sample at least 0
   * @param position 0 .. {@link #positions} - 1
   */
  void input(CudaStream stream, long sample, int position);

  /** Enqueues what is timed, on the input of the position, with at least one operation. */
  void work(CudaStream stream, int position);

  /**
   * Enqueues a comparison of the output with what is right for the sample, computed independently
   * of the work and not from its input's memory, which the work may have changed. It leaves a
   * verdict in memory of the position that nothing else writes.
   */
  void check(CudaStream stream, long sample, int position);

  /**
   * The verdict of {@link #check}; and of more, if the piece looks at some samples itself. Called
   * when the device is idle, before the position is used again. Allocates nothing when it is true.
   */
  boolean right(long sample, int position);

  /** What is wrong, in one line; called after {@link #right} said false. */
  String mismatch(long sample, int position);

  /**
   * The {@link io.gpubench.measure.spi.AnswerDigest} of the answer at a position. May wait and
   * allocate.
   */
  long digest(int position);

  /** How many samples may be in flight at once, each with a verdict of its own; at least 1. */
  int positions();

  /**
   * How many positions have input and output of their own, so that the inputs of all of them can be
   * made before the first is worked on: 1 .. {@link #positions}. A position shares its memory, the
   * verdict excepted, with those that differ from it by a multiple of this; samples at these must
   * be worked on and checked before the next one's input is made. More of them make batches longer.
   */
  default int separatePositions() {
    return positions();
  }

  /**
   * Whether there is an answer at all, so that without work it is wrong; false for work that leaves
   * nothing behind, such as an empty kernel.
   */
  default boolean answers() {
    return true;
  }

  /** Whether the work may be captured into a graph; what a driver refuses there may not. */
  default boolean capturable() {
    return true;
  }

  /** What one sample does: {@link PreparedRun#work}. */
  PreparedRun.Work amount();

  /** What one sample takes at least of each ceiling: {@code PreparedRun.demands}. */
  default Map<String, Double> demands() {
    return Map.of();
  }

  /** What else one sample does: {@link PreparedRun#amounts}. */
  default Map<String, Double> amounts() {
    return Map.of();
  }

  /** {@link PreparedRun#inputs}. */
  long inputs();

  /** {@link PreparedRun#verification}. */
  Map<String, Object> verification();

  /** {@link PreparedRun#configuration}; the harness adds its own. */
  Map<String, Object> configuration();

  @Override
  void close();
}
