// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.gpu.CudaStream;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Mode.Cache;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.workloads.utilization.UtilizationParameters;
import io.gpubench.workloads.utilization.UtilizationWorkload;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sustained work on a device: right answers at any size, and wrong ones that are found. */
abstract class CudaUtilizationContract extends CudaContract {
  private static final UtilizationWorkload WORKLOAD = new UtilizationWorkload();
  private static final Mode LAUNCH = Mode.of(CudaEngine.LAUNCH);

  CudaUtilizationContract(String device) {
    super(device);
  }

  /** Around loads of 4 words, warps, blocks, and tiles of 4,096 words. */
  static Stream<Arguments> settings() {
    Stream<Arguments> sizes =
        LongStream.of(
                1, 2, 3, 4, 5, 7, 127, 129, 1_023, 1_025, 4_095, 4_096, 4_097, 4_099, 8_193, 20_001)
            .mapToObj(words -> Arguments.of(words, 2, 3));
    Stream<Arguments> steps =
        LongStream.of(1, 7, 8, 9, 16, 31, 33, 8_192).mapToObj(n -> Arguments.of(133L, 2, (int) n));
    Stream<Arguments> passes =
        LongStream.of(1, 3, 64, 512).mapToObj(n -> Arguments.of(1_133L, (int) n, 2));
    return Stream.of(sizes, steps, passes).flatMap(all -> all);
  }

  @ParameterizedTest(name = "{0} words, {1} passes of {2} steps")
  @MethodSource("settings")
  void agreesWithTheOracle(long words, int passes, int steps) {
    ParameterValues values = setting(words, passes, steps);
    try (var session = open();
        var piece = CudaUtilizationAdapter.piece(session, LAUNCH, values);
        var stream = session.context().newStream()) {
      int last = piece.positions() - 1;
      for (int sample = 0; sample < 3; sample++) {
        int position = sample % 2 * last;
        piece.input(stream, sample, position);
        piece.work(stream, position);
        piece.check(stream, sample, position);
        stream.synchronize();
        int current = sample;
        assertTrue(piece.right(sample, position), () -> piece.mismatch(current, position));
        assertEquals(WORKLOAD.answerDigest(values, sample), piece.digest(position));
        assertFalse(piece.right(sample + 1, position), "the answer to another sample");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6})
  void whatIsWrongIsFound(int passes) {
    try (var session = open();
        var piece = piece(session, 5_003, passes, 4);
        var fewerPasses = piece(session, 5_003, Math.max(1, passes / 2), passes == 1 ? 2 : 4);
        var fewerSteps = piece(session, 5_003, passes, 2);
        var fewerWords = piece(session, 5_002, passes, 4);
        var stream = session.context().newStream()) {
      wrong(piece, stream, 0, () -> {});
      piece.input(stream, 1, 1);
      wrong(piece, stream, 1, () -> piece.work(stream, 1)); // at another position
      wrong(piece, stream, 2, () -> fewerPasses.workOn(stream, piece, 0));
      wrong(piece, stream, 3, () -> fewerSteps.workOn(stream, piece, 0));
      wrong(piece, stream, 4, () -> fewerWords.workOn(stream, piece, 0));
      if (passes > 1) { // a single one leaves the words that it reads
        wrong(
            piece,
            stream,
            5,
            () -> {
              piece.work(stream, 0);
              piece.work(stream, 0); // on its own answer
            });
      }
      piece.input(stream, 7, 0);
      piece.work(stream, 0);
      piece.check(stream, 8, 0);
      stream.synchronize();
      assertFalse(piece.right(8, 0), "input of another sample");
      piece.input(stream, 9, 0);
      piece.work(stream, 0);
      stream.synchronize();
      assertFalse(piece.right(9, 0), "a verdict of another sample");
    }
  }

  private static void wrong(UtilizationPiece piece, CudaStream stream, long sample, Runnable work) {
    piece.input(stream, sample, 0);
    work.run();
    piece.check(stream, sample, 0);
    stream.synchronize();
    assertFalse(piece.right(sample, 0), "sample " + sample);
    assertFalse(piece.mismatch(sample, 0).contains("\n"));
  }

  @Test
  void aRunByEachPathAndClock() {
    ParameterValues values = setting(5_003, 5, 9);
    assertEquals(CudaEngine.PATHS, engine().paths(UtilizationWorkload.ID));
    try (var session = open()) {
      for (String path : CudaEngine.PATHS) {
        assertEquals(
            List.of(Clock.DEVICE, Clock.HOST), engine().clocks(UtilizationWorkload.ID, path));
        assertEquals(List.of(Cache.HOT), engine().caches(UtilizationWorkload.ID, path));
        for (Clock clock : engine().clocks(UtilizationWorkload.ID, path)) {
          var mode = new Mode(path, clock, Cache.HOT);
          try (PreparedRun run = session.prepare(WORKLOAD, mode, values, FACTS)) {
            assertEquals(clock, run.clock());
            RightSamples.of(run, WORKLOAD, values);
            assertEquals(UtilizationParameters.of(values).work(), run.work());
            // all of it fits into the L2
            assertEquals(Map.of("ceiling.int32", 5_003.0 * 5 * 9), run.demands());
            assertEquals("UtilizationOracle", run.verification().get("oracle"));
            assertTrue((Long) run.configuration().get("positions") >= 1);
          }
        }
      }
    }
  }

  /** A queue of about 1,000 items must take all launches of all positions, or replay them. */
  @Test
  void noMorePositionsThanTheQueueTakes() {
    try (var session = open()) {
      for (int passes : new int[] {1, 64, 512}) {
        ParameterValues values = setting(100, passes, 1);
        try (var launched = CudaUtilizationAdapter.piece(session, LAUNCH, values);
            var replayed =
                CudaUtilizationAdapter.piece(session, Mode.of(CudaEngine.GRAPH), values)) {
          assertTrue(launched.positions() * (passes + 8) <= 1_000 || launched.positions() == 1);
          assertEquals(16, replayed.positions());
        }
      }
    }
  }

  @Test
  void whatDoesNotFitIsSaidInOneLine() {
    try (var session = open()) {
      var refused =
          assertThrows(
              EngineException.class,
              () -> session.prepare(WORKLOAD, LAUNCH, setting(1L << 35, 2, 1), FACTS));
      String text = refused.getMessage();
      assertTrue(text.contains("utilization with bytes=274877906944 takes"), text);
      assertTrue(text.matches(".*: bytes=\\d+ fits"), text);
      assertFalse(text.contains("\n"));
    }
  }

  private static UtilizationPiece piece(CudaSession session, long words, int passes, int steps) {
    return CudaUtilizationAdapter.piece(session, LAUNCH, setting(words, passes, steps));
  }

  private static ParameterValues setting(long words, int passes, int steps) {
    return values(
        WORKLOAD, Map.of("bytes", 8 * words, "passes", (long) passes, "intensity", steps / 8.0));
  }
}
