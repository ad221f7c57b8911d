// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.gpu.CudaDriver;
import io.gpubench.gpu.CudaStream;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.run.SampleLoop;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How pieces of work are timed on a device, and which of them are not believed. */
@Timeout(120)
abstract class TimedPieceContract {
  private static final Duration SHORT = Duration.ofMillis(50);

  private CudaSession session;
  private TimingKernels kernels;

  /** Its driver; the test is skipped, or fails, where there is none. */
  abstract CudaDriver driver();

  @BeforeEach
  void open() {
    session = CudaSession.open(driver(), "0", CudaAdapter.all(List.of()));
    kernels = session.timing();
  }

  @AfterEach
  void close() {
    if (session != null) {
      session.close();
    }
  }

  private static Mode mode(String text) {
    String[] words = text.split(" ");
    return new Mode(words[0], Clock.of(words[1]), Mode.Cache.of(words[2]));
  }

  private CudaQueuedRun queued(DevicePiece piece, String mode) {
    return new CudaQueuedRun(kernels, piece, mode(mode));
  }

  private static String group(PreparedRun.Queued run, long first, int size) {
    for (int i = 0; i < size; i++) {
      run.queue(first + i);
    }
    return run.await();
  }

  @ParameterizedTest
  @ValueSource(strings = {"launch device hot", "launch device cold", "graph device hot"})
  void timesOfAGroupAreInOrderAndWithinTheHosts(String mode) {
    try (var run = queued(new WordsPiece(kernels, 8), mode)) {
      assertEquals(Clock.DEVICE, run.clock());
      assertEquals(1, run.pieces());
      assertEquals(1, run.groupSize());
      long first = 0;
      int largest = 0;
      for (int groups = 0; groups < 6; groups++) {
        int size = run.groupSize();
        largest = Math.max(largest, size);
        long begin = System.nanoTime();
        assertNull(group(run, first, size));
        long host = System.nanoTime() - begin;
        assertTrue(run.spanNanos() <= host * 1.01, run.spanNanos() + " of " + host);
        long last = 0;
        for (int i = 0; i < size; i++) {
          assertTrue(run.verify(first + i), () -> "group wrong");
          assertTrue(run.startNanos(i) >= last, "one after the other");
          assertTrue(run.durationNanos(i) > 0);
          last = run.startNanos(i) + run.durationNanos(i);
        }
        assertTrue(last <= run.spanNanos() + 1);
        first += size;
      }
      // a sweep alone may take as long as a group has to
      assertTrue(largest <= 8 && (largest > 1 || mode.endsWith("cold")), "groups of " + largest);
      assertTrue(run.resolution().resolutionNanos() >= 1);
      assertEquals(1, (double) run.configuration().get("deviceClockPace"), 0.02);
      assertEquals(
          mode.endsWith("cold"), run.configuration().containsKey("sweptBytes"), "swept if cold");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"launch batch hot", "graph batch hot"})
  void aBatchIsManyPiecesEachOfWhichIsChecked(String mode) {
    try (var run = queued(new WordsPiece(kernels, 8), mode)) {
      assertEquals(Clock.BATCH, run.clock());
      assertEquals(1, run.groupSize());
      int pieces = run.pieces();
      assertTrue(pieces >= 1 && pieces <= 8, pieces + " pieces");
      assertEquals(pieces * (double) WordsPiece.WORDS, run.work().units());
      assertEquals(pieces * 4096.0, run.demands().get("ceiling.copy"));
      for (long sample = 0; sample < 3; sample++) {
        assertNull(group(run, sample, 1));
        assertTrue(run.verify(sample));
        assertEquals(0, run.startNanos(0));
        assertTrue(run.durationNanos(0) > 0);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "launch device hot",
    "launch device cold",
    "graph device hot",
    "launch batch hot",
    "launch host hot",
    "launch host cold",
    "graph host hot"
  })
  void theLoopTakesSamplesAndDigestsAreThoseOfTheSample(String mode) {
    DevicePiece piece = new WordsPiece(kernels, 4);
    boolean host = mode(mode).clock() == Clock.HOST;
    try (PreparedRun run =
        host ? new CudaHostClockRun(kernels, piece, mode(mode)) : queued(piece, mode)) {
      var batch = new SampleLoop(run).take(0, 5, Long.MAX_VALUE, 1);
      assertNull(batch.mismatch());
      assertEquals(5, batch.count());
      assertEquals(6, batch.verified());
      assertEquals(digest(run, 3), digest(run, 3));
      assertTrue(digest(run, 3) != digest(run, 4), "another sample, another answer");
    }
  }

  private static long digest(PreparedRun run, long sample) {
    run.stage(sample);
    run.execute();
    assertTrue(run.verify(sample), "single samples are verified too");
    return run.digest();
  }

  /** Each way for an answer to be right by something else than work in the stream. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "launch device hot|ELSEWHERE|the work enqueues nothing in its stream",
        "launch batch hot|ELSEWHERE|the work enqueues nothing in its stream",
        "graph device hot|ELSEWHERE|the work enqueues nothing in its stream",
        "launch host hot|ELSEWHERE|the work enqueues nothing in its stream",
        "launch device hot|DISGUISED|with its stream held until all was enqueued: 256 words",
        "launch host hot|DISGUISED|with its stream held until all was enqueued: 256 words",
        "launch device hot|BEHIND|the work cannot be captured, so it does not stay in its stream",
        "graph device hot|BEHIND|the work cannot be captured, so it does not stay in its stream",
        "launch host hot|BEHIND|the work cannot be captured, so it does not stay in its stream",
        "launch device hot|WAITS|the work cannot be captured, so it does not stay in its stream",
        "launch device hot|UNPOISONED|an answer counts as right that nothing has worked on",
        "launch host hot|UNPOISONED|an answer counts as right that nothing has worked on",
      })
  void workThatDoesNotStayInItsStreamIsWrong(String mode, Deviation deviation, String reason) {
    try (var elsewhere = session.context().newStream();
        var mark = session.context().newUntimedEvent()) {
      DevicePiece piece = deviation.piece(kernels, elsewhere, mark);
      try (PreparedRun run =
          mode(mode).clock() == Clock.HOST
              ? new CudaHostClockRun(kernels, piece, mode(mode))
              : queued(piece, mode)) {
        var batch = new SampleLoop(run).take(0, 5, Long.MAX_VALUE, 0);
        assertEquals(0, batch.verified());
        assertNotNull(batch.mismatch());
        assertTrue(batch.mismatch().contains(reason), batch.mismatch());
      }
      session.context().synchronize();
    }
  }

  /** What a piece does wrong. */
  enum Deviation {
    /** The work is done in another stream. */
    ELSEWHERE,
    /** It is, but something is enqueued in the right one. */
    DISGUISED,
    /** It is, but it waits for the right one. */
    BEHIND,
    /** The host waits for it. */
    WAITS,
    /** The answer of another sample, or of an earlier one, is left where it was. */
    UNPOISONED;

    DevicePiece piece(TimingKernels kernels, CudaStream elsewhere, io.gpubench.gpu.CudaEvent mark) {
      return new WordsPiece(kernels, 4) {
        @Override
        public void work(CudaStream stream, int position) {
          switch (Deviation.this) {
            case ELSEWHERE -> super.work(elsewhere, position);
            case DISGUISED -> {
              super.work(elsewhere, position);
              right.fillAsync(stream, 0, 8, (byte) 0);
            }
            case BEHIND -> {
              mark.record(stream);
              elsewhere.waitFor(mark);
              super.work(elsewhere, position);
            }
            case WAITS -> {
              super.work(stream, position);
              stream.synchronize();
            }
            case UNPOISONED -> super.work(stream, position);
          }
        }

        @Override
        void poison(CudaStream stream, long sample, int position) {
          if (Deviation.this == UNPOISONED) {
            super.work(stream, position);
          } else {
            super.poison(stream, sample, position);
          }
        }
      };
    }
  }

  /** A piece for which the host waits, as it does when the device's queue is full. */
  private final class Waiting extends WordsPiece {
    private final int most;
    private int inputs;
    private boolean on;

    Waiting(int most) {
      super(kernels, 8);
      this.most = most;
    }

    @Override
    public void input(CudaStream stream, long sample, int position) {
      super.input(stream, sample, position);
      inputs = position == 0 ? 1 : inputs + 1;
      if (on && inputs > most) {
        stream.synchronize();
      }
    }
  }

  @Test
  void aGroupForWhichTheHostWaitsDoesNotCountAndTheNextIsSmaller() {
    var piece = new Waiting(2);
    try (var run = new CudaQueuedRun(kernels, piece, mode("launch device hot"), SHORT)) {
      long sample = 0;
      while (run.groupSize() < 4) {
        int size = run.groupSize();
        assertNull(group(run, sample, size));
        sample += size;
      }
      piece.on = true;
      assertEquals(CudaQueuedRun.HELD_TOO_LONG, group(run, sample, 4));
      for (int i = 0; i < 4; i++) {
        assertTrue(run.verify(sample + i), "the answers are right all the same");
      }
      assertEquals(2, run.groupSize());
      assertNull(group(run, sample + 4, 2));
      assertNull(group(run, sample + 6, 2));
      assertEquals(2, run.groupSize(), "not larger again");
    }
  }

  @Test
  void batchesAreAsLargeAsTheQueuePermits() {
    var piece = new Waiting(3);
    piece.on = true;
    try (var run = new CudaQueuedRun(kernels, piece, mode("launch batch hot"), SHORT)) {
      assertTrue(run.pieces() <= 3, run.pieces() + " pieces");
      assertNull(group(run, 0, 1));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"launch device hot", "launch batch hot"})
  void whatCannotBeEnqueuedAtAllIsAnError(String mode) {
    var piece = new Waiting(0);
    piece.on = true;
    var error =
        assertThrows(
            EngineException.class,
            () -> {
              try (var run = new CudaQueuedRun(kernels, piece, mode(mode), SHORT)) {
                while (true) {
                  assertEquals(CudaQueuedRun.HELD_TOO_LONG, group(run, 0, 1));
                }
              }
            });
    assertTrue(
        error
            .reason()
            .startsWith(
                "one sample alone could not be enqueued while its stream was held for 0.1 s, 3 times in a row: "),
        error.reason());
    assertTrue(piece.closed);
  }

  @Test
  void aRunThatIsClosedWhileItsStreamIsHeldDoesNotHang() {
    var run = queued(new WordsPiece(kernels, 8), "launch device hot");
    run.queue(0);
    run.close();
    session.context().synchronize();
  }

  @Test
  void theHoldEndsByItself() {
    try (var stream = session.context().newStream();
        var gate = new StreamGate(kernels, SHORT)) {
      gate.hold(stream);
      gate.release();
      stream.synchronize();
      assertFalse(gate.gaveUp());
      gate.hold(stream);
      stream.synchronize();
      assertTrue(gate.gaveUp());
      gate.hold(stream);
      assertFalse(gate.gaveUp(), "of another hold");
      gate.release();
      stream.synchronize();
    }
  }

  @Test
  void aClockIsHeldAgainstTheHosts() {
    try (var stream = session.context().newStream()) {
      var honest = DeviceClock.pace(kernels, stream, System::nanoTime);
      assertTrue(honest.leastPace() <= honest.mostPace());
      assertEquals(1, honest.middle(), 0.02);
      Function<Double, String> refusal =
          factor ->
              assertThrows(
                      EngineException.class,
                      () ->
                          DeviceClock.pace(
                              kernels, stream, () -> (long) (System.nanoTime() * factor)))
                  .reason();
      assertTrue(
          refusal.apply(2.0).startsWith("the device's clock runs at 0.5"), refusal.apply(2.0));
      assertTrue(
          refusal.apply(0.25).startsWith("the device's clock runs at 4.0"), refusal.apply(0.25));
    }
  }

  @Test
  void aClockIsWatchedWhileItIsUsed() {
    var ahead = new long[1];
    try (var stream = session.context().newStream();
        var watch = new PaceWatch(session.context(), () -> System.nanoTime() + ahead[0])) {
      for (int i = 0; i < 3; i++) {
        mark(watch, stream);
      }
      ahead[0] = 1_000_000_000;
      var error = assertThrows(EngineException.class, () -> mark(watch, stream));
      assertTrue(
          error.reason().startsWith("the device's clock does not keep the host's pace any more: "),
          error.reason());
    }
  }

  private static void mark(PaceWatch watch, CudaStream stream) {
    watch.mark(stream);
    stream.synchronize();
    watch.check();
  }

  @Test
  void aStepIsTheSmallestThatWasSeen() {
    assertEquals(32, DeviceClock.smallestStep(new double[] {0, 1024, 1024, 1056, 1120}), 0.001);
    assertEquals(512, DeviceClock.smallestStep(new double[] {512, 512, 1024}), 0.001);
    assertEquals(0, DeviceClock.smallestStep(new double[] {0, 0.3, 0}), 0.001);
  }

  @Test
  void theCacheIsSwept() {
    try (var stream = session.context().newStream();
        var sweep = new CacheSweep(kernels)) {
      assertEquals(2L * session.context().device().l2Bytes(), sweep.bytes());
      for (int i = 0; i < 2; i++) {
        sweep.forgetPersisting();
        sweep.enqueue(stream);
      }
      stream.synchronize();
      sweep.require();
    }
  }

  @Test
  void modesAreThoseOfTheTable() {
    var engine = new CudaEngine();
    assertEquals(
        List.of(Clock.HOST, Clock.DEVICE, Clock.BATCH), engine.clocks("consensus", "launch"));
    assertEquals(List.of(Mode.Cache.HOT, Mode.Cache.COLD), engine.caches("consensus", "graph"));
    assertEquals(List.of(Clock.HOST), engine.clocks("no such workload", "launch"));
  }
}
