// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Mode.Cache;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.ceiling.CeilingWorkload;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The ceilings of a device: right answers at any size, and wrong ones that are found. */
abstract class CudaCeilingContract extends CudaContract {
  CudaCeilingContract(String device) {
    super(device);
  }

  static Stream<Ceiling> ofDevices() {
    return Stream.of(Ceiling.values())
        .filter(ceiling -> ceiling != Ceiling.HOSTREAD && ceiling != Ceiling.HOSTCOPY);
  }

  /** Around pairs of words, warps, blocks, and tiles of blocks: those have 2,048 and 4,096. */
  static LongStream words() {
    return LongStream.of(1, 2, 3, 63, 65, 511, 513, 2_047, 2_048, 2_049, 4_095, 4_097, 10_001);
  }

  static Stream<Arguments> settings() {
    Stream<Arguments> memory =
        Stream.of(Ceiling.READ, Ceiling.COPY, Ceiling.TRIAD)
            .flatMap(
                ceiling -> words().mapToObj(n -> Arguments.of(ceiling, Map.of("bytes", 8 * n))));
    Stream<Arguments> link =
        Stream.of(Ceiling.H2D, Ceiling.D2H, Ceiling.BIDIR)
            .flatMap(ceiling ->
                LongStream.of(1, 2, 65, 10_001)
                    .mapToObj(n -> Arguments.of(ceiling, Map.of("bytes", 8 * n))));
    Stream<Arguments> passes =
        words()
            .boxed()
            .flatMap(n ->
                LongStream.of(1, 5)
                    .mapToObj(p -> Arguments.of(Ceiling.L2, Map.of("bytes", 8 * n, "passes", p))));
    Stream<Arguments> chains =
        Stream.of(Ceiling.FP32, Ceiling.INT32)
            .flatMap(ceiling ->
                Stream.concat(
                    LongStream.of(1, 33, 255, 2_047, 2_049, 5_000)
                        .mapToObj(n -> Arguments.of(ceiling, Map.of("chains", n, "steps", 37L))),
                    LongStream.of(1, 31, 32, 33, 64, 1_001)
                        .mapToObj(n -> Arguments.of(ceiling, Map.of("chains", 77L, "steps", n)))));
    Stream<Arguments> cells =
        LongStream.of(1, 2, 64, 4_096)
            .boxed()
            .flatMap(n ->
                LongStream.of(1, 3)
                    .mapToObj(times ->
                        Arguments.of(Ceiling.ATOMIC, Map.of("cells", n, "operations", times * n))));
    return Stream.of(memory, link, passes, chains, cells).flatMap(all -> all);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("settings")
  void agreesWithTheOracle(Ceiling ceiling, Map<String, Object> sizes) {
    var workload = new CeilingWorkload(ceiling);
    var values = values(workload, sizes);
    workload.check(values);
    try (var session = open();
        var piece = piece(session, ceiling, sizes);
        var stream = session.context().newStream()) {
      int last = piece.positions() - 1;
      for (int sample = 0; sample < 2; sample++) {
        int position = sample * last;
        piece.input(stream, sample, position);
        piece.work(stream, position);
        piece.check(stream, sample, position);
        stream.synchronize();
        int current = sample;
        assertTrue(piece.right(sample, position), () -> piece.mismatch(current, position));
        assertEquals(workload.answerDigest(values, sample), piece.digest(position));
        assertFalse(piece.right(sample + 1, position), "the answer to another sample");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ofDevices")
  void whatIsWrongIsFound(Ceiling ceiling) {
    try (var session = open();
        var piece = piece(session, ceiling, small(ceiling));
        var stream = session.context().newStream()) {
      wrong(piece, stream, 0, () -> {});
      piece.input(stream, 1, 1);
      wrong(piece, stream, 1, () -> piece.work(stream, 1)); // at another position
      piece.input(stream, 7, 2);
      piece.work(stream, 2);
      piece.check(stream, 8, 2);
      stream.synchronize();
      assertFalse(piece.right(8, 2), "input of another sample");
      piece.input(stream, 9, 2);
      piece.work(stream, 2);
      stream.synchronize();
      assertFalse(piece.right(9, 2), "a verdict of another sample");
      wrong(piece, stream, 10, () -> {}); // what is there is right for a sample before
    }
  }

  private static void wrong(DevicePiece piece, CudaStream stream, long sample, Runnable work) {
    piece.input(stream, sample, 0);
    work.run();
    piece.check(stream, sample, 0);
    stream.synchronize();
    assertFalse(piece.right(sample, 0), "sample " + sample);
    assertFalse(piece.mismatch(sample, 0).contains("\n"));
  }

  /** One word of many. */
  @Test
  void aVerdictNamesTheFirstWrongWord() {
    try (var session = open();
        var stream = session.context().newStream();
        var words =
            new SampleWords(session.context(), kernels(session).function("ceiling_begin"), 2);
        DeviceBuffer out = session.context().allocate(8_000)) {
      var fill = kernels(session).function("ceiling_fill");
      fill.launch(kernels(session).shape(fill, 1_000), out, 1_000L, 5L).enqueue(stream);
      out.fillAsync(stream, 8 * 998, 8, (byte) 1);
      out.fillAsync(stream, 8 * 777, 1, (byte) 0x5a);
      words.begin(stream, 3, 1, 5, 0);
      var check = kernels(session).function("ceiling_check_words");
      check
          .launch(kernels(session).shape(check, 1_000), out, 1_000L, 5L, words.verdict(1))
          .enqueue(stream);
      words.fetch(stream, 1);
      stream.synchronize();
      assertFalse(words.right(1, 5, 1_000));
      assertEquals(
          "2 of 1000 are wrong, the first is word 777",
          words.mismatch(1, 5, 1_000, word -> "word " + word));
      assertTrue(words.mismatch(0, 5, 1_000, word -> "").startsWith("the answer was not compared"));
    }
  }

  @ParameterizedTest
  @MethodSource("ofDevices")
  void aRunByEachClockAndCache(Ceiling ceiling) {
    var workload = new CeilingWorkload(ceiling);
    var values = values(workload, small(ceiling));
    String path = engine().paths(workload.id()).getFirst();
    try (var session = open()) {
      for (Clock clock : engine().clocks(workload.id(), path)) {
        for (Cache cache : engine().caches(workload.id(), path)) {
          if (clock == Clock.BATCH && cache == Cache.COLD) {
            continue;
          }
          var mode = new Mode(path, clock, cache);
          try (PreparedRun run = session.prepare(workload, mode, values, FACTS)) {
            assertEquals(clock, run.clock());
            RightSamples.of(run, workload, values);
            assertEquals(run.pieces() * ceiling.work(values).units(), run.work().units());
            boolean written = ceiling.outputBytes(values) > Long.BYTES;
            assertEquals(
                ceiling.ofMemory() && (written || cache == Cache.HOT)
                    ? Map.of() // what may come from the L2, or stay there
                    : Map.of(ceiling.id(), run.work().units()),
                run.demands());
            assertEquals("CeilingOracle", run.verification().get("oracle"));
            assertTrue((Long) run.configuration().get("positions") >= 1);
          }
        }
      }
    }
  }

  @Test
  void whatDoesNotFitIsSaidInOneLine() {
    try (var session = open()) {
      for (Ceiling ceiling : new Ceiling[] {Ceiling.COPY, Ceiling.TRIAD, Ceiling.BIDIR}) {
        var refused =
            assertThrows(
                EngineException.class,
                () ->
                    session.prepare(
                        new CeilingWorkload(ceiling),
                        Mode.of(CudaEngine.LAUNCH),
                        values(new CeilingWorkload(ceiling), Map.of("bytes", 1L << 38)),
                        FACTS));
        String text = refused.getMessage();
        assertTrue(text.contains(ceiling.id() + " with bytes=274877906944 takes"), text);
        assertTrue(text.matches(".*: bytes=\\d+ fits"), text);
        assertFalse(text.contains("\n"));
      }
    }
  }

  @Test
  void thoseOfTheProcessorsAreNotForADevice() {
    assertTrue(engine().paths("ceiling.hostread").isEmpty());
    assertTrue(engine().paths("ceiling.hostcopy").isEmpty());
  }

  @Test
  void whatFits() {
    assertEquals(16, new DeviceRoom(1L << 30, 8).positions("x", "bytes", 1));
    assertEquals(2, new DeviceRoom((8L << 20) + (32L << 20), 1 << 20).positions("x", "bytes", 1));
    assertEquals(1, new DeviceRoom((1L << 20) + (32L << 20), 1 << 20).positions("x", "bytes", 1));
    var refused =
        assertThrows(
            EngineException.class,
            () -> new DeviceRoom(33L << 20, 3 << 20).positions("it", "bytes", 3));
    assertEquals(
        "it takes 3,145,728 bytes of the device's memory, of which 34,603,008 are free: bytes=349520 fits",
        refused.getMessage());
    assertNull(refused.remedy());
  }

  private static CudaKernels kernels(CudaSession session) {
    return new CudaKernels(session.context(), session.family(CudaCeilingAdapter.FAMILY));
  }

  private static DevicePiece piece(
      CudaSession session, Ceiling ceiling, Map<String, Object> sizes) {
    var values = values(new CeilingWorkload(ceiling), sizes);
    return new CudaCeilingAdapter(ceiling)
        .piece(kernels(session), Mode.of(CudaEngine.LAUNCH), values);
  }

  private static Map<String, Object> small(Ceiling ceiling) {
    return switch (ceiling) {
      case L2 -> Map.of("bytes", 40_008L, "passes", 3L);
      case FP32, INT32 -> Map.of("chains", 2_077L, "steps", 41L);
      case ATOMIC -> Map.of("cells", 256L, "operations", 1_024L);
      default -> Map.of("bytes", 40_008L);
    };
  }
}
