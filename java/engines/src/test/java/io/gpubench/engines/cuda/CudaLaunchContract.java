// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Mode.Cache;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.workloads.launch.Launch;
import io.gpubench.workloads.launch.LaunchWorkload;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The floor under every latency, on a device: each kind of launch, by each clock that there is. */
@Timeout(120)
abstract class CudaLaunchContract extends CudaContract {
  CudaLaunchContract(String device) {
    super(device);
  }

  static Stream<Arguments> settings() {
    return Stream.of(
        Arguments.of(Launch.EMPTY, Map.of("work", "none")),
        Arguments.of(Launch.EMPTY, Map.of("work", "touch")),
        Arguments.of(Launch.EVENT, Map.of()),
        Arguments.of(Launch.GRAPH, Map.of("nodes", 1L)),
        Arguments.of(Launch.GRAPH, Map.of("nodes", 10L)),
        Arguments.of(Launch.MAILBOX, Map.of()),
        Arguments.of(Launch.COPY, Map.of("bytes", 8L, "direction", "h2d")),
        Arguments.of(Launch.COPY, Map.of("bytes", 8L, "direction", "d2h")),
        Arguments.of(Launch.COPY, Map.of("bytes", 65_544L, "direction", "d2h")),
        Arguments.of(Launch.FFM, Map.of("calls", 100L)));
  }

  private PreparedRun prepare(
      CudaSession session, LaunchWorkload workload, Clock clock, ParameterValues values) {
    String path = engine().paths(workload.id()).getFirst();
    return session.prepare(workload, new Mode(path, clock, Cache.HOT), values, FACTS);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("settings")
  void rightByEachClock(Launch launch, Map<String, Object> changed) {
    var workload = new LaunchWorkload(launch);
    var values = values(workload, changed);
    String path = engine().paths(workload.id()).getFirst();
    try (var session = open()) {
      for (Clock clock : engine().clocks(workload.id(), path)) {
        try (PreparedRun run = prepare(session, workload, clock, values)) {
          assertEquals(clock, run.clock());
          assertEquals(run.pieces() * launch.work(values).units(), run.work().units());
          for (long sample = 0; sample < 3; sample++) {
            run.stage(sample);
            if (clock == Clock.HOST) {
              assertEquals(!answers(launch, values), run.verify(sample), "untouched");
            }
            run.execute();
            if (sample < 2) { // before anybody verifies, as in another process than this
              assertEquals(workload.answerDigest(values, sample), run.digest());
            }
            long current = sample;
            assertTrue(run.verify(sample), () -> run.mismatch(current));
          }
          if (clock != Clock.HOST) {
            queued(assertInstanceOf(PreparedRun.Queued.class, run));
          }
        }
      }
    }
  }

  /** An event has no words, and yet it can be seen whether it was recorded. */
  private static boolean answers(Launch launch, ParameterValues values) {
    return launch == Launch.EVENT || launch.answer(values, 0).length > 0;
  }

  private static void queued(PreparedRun.Queued run) {
    long sample = 3;
    for (int group = 0; group < 2; group++) {
      int size = run.groupSize();
      for (int i = 0; i < size; i++) {
        run.queue(sample + i);
      }
      String why = run.await();
      for (int i = 0; i < size && why == null; i++) {
        long current = sample + i;
        assertTrue(run.verify(current), () -> run.mismatch(current));
        assertTrue(run.durationNanos(i) >= 0);
      }
      sample += size;
    }
  }

  @Test
  void theLoopInCIsComparedToo() {
    var workload = new LaunchWorkload(Launch.FFM);
    var values = values(workload, Map.of("calls", 321L));
    try (var session = open();
        var run =
            assertInstanceOf(
                PreparedRun.Paired.class, prepare(session, workload, Clock.HOST, values))) {
      for (long sample = 0; sample < 3; sample++) {
        run.stage(sample);
        run.executeBaseline();
        assertTrue(run.verifyBaseline(sample));
        run.executeBaseline();
        assertFalse(run.verifyBaseline(sample), "twice as many calls");
        run.stage(sample);
        run.execute();
        assertTrue(run.verify(sample));
        run.execute();
        assertFalse(run.verify(sample));
        assertEquals("642 calls were made, expected 321", run.mismatch(sample));
      }
    }
  }

  @Test
  void manyTripsAndTheSameOneTwice() {
    var workload = new LaunchWorkload(Launch.MAILBOX);
    var values = values(workload, Map.of());
    try (var session = open();
        var run = prepare(session, workload, Clock.HOST, values)) {
      for (long trip = 0; trip < 200; trip++) {
        long sample = trip / 2;
        run.stage(sample);
        assertFalse(run.verify(sample));
        run.execute();
        assertTrue(run.verify(sample), () -> run.mismatch(sample));
        if (trip % 50 == 0) {
          run.rest();
        }
      }
    }
  }

  /** The kernel may have ended, or be about to. */
  @Test
  void aPauseDoesNotMatter() throws InterruptedException {
    var workload = new LaunchWorkload(Launch.MAILBOX);
    try (var session = open();
        var run = prepare(session, workload, Clock.HOST, values(workload, Map.of()))) {
      for (long sample = 0; sample < 2; sample++) {
        run.stage(sample);
        run.execute();
        long current = sample;
        assertTrue(run.verify(sample), () -> run.mismatch(current));
        Thread.sleep(1_100);
      }
    }
  }

  @Test
  void aNodeThatIsMissingShows() {
    try (var session = open();
        var stream = session.context().newStream()) {
      var kernels = new CudaKernels(session.context(), session.family("launch"));
      var workload = new LaunchWorkload(Launch.GRAPH);
      try (var three =
              new TokenPiece(kernels, Launch.GRAPH, values(workload, Map.of("nodes", 3L)));
          var four = new TokenPiece(kernels, Launch.GRAPH, values(workload, Map.of("nodes", 4L)))) {
        for (TokenPiece piece : List.of(three, four)) {
          piece.input(stream, 0, 1);
          piece.work(stream, 1);
          piece.check(stream, 0, 1);
          stream.synchronize();
          assertTrue(piece.right(0, 1), () -> piece.mismatch(0, 1));
          assertFalse(piece.right(1, 1));
          piece.input(stream, 2, 1);
          piece.check(stream, 2, 1);
          stream.synchronize();
          assertFalse(piece.right(2, 1));
        }
      }
    }
  }
}
