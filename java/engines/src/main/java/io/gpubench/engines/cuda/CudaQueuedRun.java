// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaEvent;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.PreparedRun;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A piece of work by the device's clock. The stream is held while a group of samples is enqueued,
 * so that the device finds each of them ready when it comes to it, however slow the host is:
 *
 * <pre>
 * device   hold | input, poison, [sweep,] event, work, event, check | input, ...
 * batch    hold | n times input, poison | event, n times work, event | n times check
 * </pre>
 *
 * <p>The check comes right behind the second event, in the same stream, and nothing that the device
 * does later can change its verdict: an answer that is late, because the work was done elsewhere,
 * is a wrong one. Work that is done elsewhere too early is undone by the poison, which waits behind
 * the held stream.
 *
 * <p>Whatever the driver waits for while the stream is held (room in its queue, a kernel to be
 * loaded) it waits until the hold's patience ends; the times of that group do not count, and the
 * next one is half as large. Groups are as large as it takes to make the time of holding small.
 *
 * <p>Owns its rig, the piece and all events. Confined to the context's thread.
 */
final class CudaQueuedRun implements PreparedRun.Queued {
  /** Why the times of a group do not count. */
  static final String HELD_TOO_LONG = "the stream was not held until the group was enqueued";

  /**
   * More samples than this are never enqueued at once: queues of devices hold about 1,000 items.
   */
  static final int MOST = 64;

  /** Groups, and batches, need not last longer. */
  private static final double ENOUGH_NANOS = 4e6;

  /** A group of one may be discarded so often in a row: the host may have been stopped for once. */
  private static final int MOST_FAILURES = 3;

  /** One part in so many, several roundings of single precision. */
  private static final long ROUNDING = 1 << 21;

  private final PieceRig rig;
  private final Duration patience;
  private final boolean batched;
  private final DeviceClock clock;
  private final CudaEvent[] starts;
  private final CudaEvent[] stops;
  private final CudaEvent opened;
  private final CudaEvent ended;
  private final PaceWatch watch;
  private final Closer closer = new Closer();
  private final long[] samples;
  private int pieces = 1;
  private int limit;
  private int size = 1;
  private int queued;
  private int last;
  private int failures;
  private boolean single;

  /**
   * Prepares it.
   *
   * @param piece is closed with the run
   */
  CudaQueuedRun(TimingKernels kernels, DevicePiece piece, Mode mode) {
    this(kernels, piece, mode, PieceRig.PATIENCE);
  }

  CudaQueuedRun(TimingKernels kernels, DevicePiece piece, Mode mode, Duration patience) {
    this.patience = patience;
    rig = new PieceRig(kernels, piece, mode, patience);
    try {
      batched = mode.clock() == Clock.BATCH;
      limit = batched ? 1 : Math.min(piece.positions(), MOST);
      samples = new long[limit];
      starts = events(limit);
      stops = events(limit);
      opened = closer.closes(rig.context.newEvent());
      ended = closer.closes(rig.context.newEvent());
      watch = closer.closes(new PaceWatch(rig.context, System::nanoTime));
      clock = DeviceClock.measure(kernels, rig.stream, rig.gate);
      if (batched) {
        pieces = most(); // the same in each process, whatever a piece takes
        settle();
      }
    } catch (RuntimeException | Error failure) {
      throw rig.closing(closer.closing(failure));
    }
  }

  private CudaEvent[] events(int count) {
    var events = new CudaEvent[count];
    for (int i = 0; i < count; i++) {
      events[i] = closer.closes(rig.context.newEvent());
    }
    return events;
  }

  private int most() {
    return Math.min(MOST, rig.piece.separatePositions());
  }

  /** Finds out how many pieces the device's queue takes: from then on a batch has so many. */
  private void settle() {
    queue(PieceRig.PROOFS);
    while (await() != null) {
      failures = pieces > 1 ? 0 : failures;
      pieces = Math.max(1, pieces / 2);
      queue(PieceRig.PROOFS);
    }
  }

  @Override
  public Clock clock() {
    return batched ? Clock.BATCH : Clock.DEVICE;
  }

  @Override
  public Resolution resolution() {
    return clock.resolution();
  }

  @Override
  public int groupSize() {
    return size;
  }

  @Override
  public void queue(long sample) {
    if (queued == 0) {
      single = false;
      rig.begin();
      rig.gate.hold(rig.stream);
      opened.record(rig.stream);
    }
    samples[queued] = sample;
    if (batched) {
      batch(sample);
    } else {
      rig.input(sample, queued);
      starts[queued].record(rig.stream);
      rig.work(queued);
      stops[queued].record(rig.stream);
      rig.piece.check(rig.stream, sample, queued);
    }
    queued++;
  }

  private void batch(long sample) {
    for (int position = 0; position < pieces; position++) {
      rig.input(number(sample, position), position);
    }
    starts[0].record(rig.stream);
    for (int position = 0; position < pieces; position++) {
      rig.work(position);
    }
    stops[0].record(rig.stream);
    for (int position = 0; position < pieces; position++) {
      rig.piece.check(rig.stream, number(sample, position), position);
    }
  }

  /** What a piece of a sample is numbered, so that no two have the same input. */
  private long number(long sample, int position) {
    return batched && !single ? sample * MOST + position : sample;
  }

  @Override
  public @Nullable String await() {
    ended.record(rig.stream);
    watch.mark(rig.stream);
    rig.gate.release();
    // all of the device, so that what is done elsewhere disturbs this group and not the next
    rig.context.synchronize();
    watch.check();
    boolean full = queued == size;
    last = queued - 1;
    queued = 0;
    if (rig.gate.gaveUp()) {
      shrink();
      return HELD_TOO_LONG;
    }
    failures = 0;
    if (full && size < limit && spanNanos() < ENOUGH_NANOS) {
      size = Math.min(2 * size, limit);
    }
    return null;
  }

  private void shrink() {
    if (size > 1) {
      size /= 2;
      limit = size;
      return;
    }
    failures++;
    if (failures >= MOST_FAILURES && pieces == 1) {
      throw new EngineException(
          String.format(
              Locale.ROOT,
              "one sample alone could not be enqueued while its stream was held for %.1f s, %d times in a row: the work waits for the device, or the device's queue has no room for it",
              patience.toNanos() / 1e9,
              failures));
    }
  }

  @Override
  public long startNanos(int index) {
    return index == 0 ? 0 : nanos(starts[0], starts[index]);
  }

  @Override
  public long durationNanos(int index) {
    return nanos(starts[index], stops[index]);
  }

  /** {@inheritDoc} Times between events are rounded to 24 bits, each for itself. */
  @Override
  public long spanNanos() {
    long span = nanos(opened, ended);
    long end = startNanos(last) + durationNanos(last);
    return end - span <= span / ROUNDING ? Math.max(span, end) : span;
  }

  private static long nanos(CudaEvent from, CudaEvent to) {
    return Math.max(0, Math.round(to.nanosSince(from)));
  }

  @Override
  public void stage(long sample) {
    single = true;
    samples[0] = sample;
    rig.begin();
    rig.input(sample, 0);
    rig.stream.synchronize();
  }

  /** With its check, since this is not what is timed. */
  @Override
  public void execute() {
    rig.work(0);
    rig.piece.check(rig.stream, samples[0], 0);
    rig.context.synchronize();
  }

  @Override
  public boolean verify(long sample) {
    int first = position(sample);
    for (int i = 0; i < (single ? 1 : pieces); i++) {
      if (!rig.right(number(sample, i), first + i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String mismatch(long sample) {
    int first = position(sample);
    for (int i = 0; i < (single ? 1 : pieces); i++) {
      long number = number(sample, i);
      if (!rig.right(number, first + i)) {
        String mismatch = rig.mismatch(number, first + i);
        return batched && !single ? "piece " + i + ": " + mismatch : mismatch;
      }
    }
    return "right now, but it was wrong before";
  }

  /** Samples of a group are numbered one after the other, or they are looked for. */
  private int position(long sample) {
    for (int i = 0; i < samples.length; i++) {
      if (samples[i] == sample) {
        return i;
      }
    }
    throw new IllegalStateException("sample " + sample + " is not of the last group");
  }

  @Override
  public long digest() {
    return rig.piece.digest(0);
  }

  @Override
  public int pieces() {
    return pieces;
  }

  @Override
  public Work work() {
    Work one = rig.piece.amount();
    return new Work(pieces * one.units(), pieces * one.bytes(), pieces * one.operations());
  }

  @Override
  public Map<String, Double> demands() {
    return ofAllPieces(rig.piece.demands());
  }

  @Override
  public Map<String, Double> amounts() {
    return ofAllPieces(rig.piece.amounts());
  }

  private Map<String, Double> ofAllPieces(Map<String, Double> ofOne) {
    var all = new LinkedHashMap<String, Double>();
    ofOne.forEach((name, amount) -> all.put(name, pieces * amount));
    return all;
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
    var map = new LinkedHashMap<>(rig.configuration());
    map.put("deviceClockPace", Math.round(clock.middle() * 1e4) / 1e4);
    map.put("samplesEnqueuedAtMost", (long) limit);
    return map;
  }

  @Override
  public void close() {
    try (rig;
        closer) {
      rig.gate.release();
    }
  }
}
