// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.engines.cuda.PageMover.Batch;
import io.gpubench.gpu.CudaStream;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Mode.Cache;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.workloads.migration.MigrationBatch;
import io.gpubench.workloads.migration.MigrationParameters;
import io.gpubench.workloads.migration.MigrationWorkload;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pages between tiers that a device accesses: right by each path, and wrong ones that are found.
 */
abstract class CudaMigrationContract extends CudaContract {
  private static final MigrationWorkload WORKLOAD = new MigrationWorkload();
  private static final List<String> PATHS =
      List.of(
          CudaMigrationAdapter.COPIES, CudaMigrationAdapter.BATCHED, CudaMigrationAdapter.KERNEL);
  private static final String KERNEL = CudaMigrationAdapter.KERNEL;

  CudaMigrationContract(String device) {
    super(device);
  }

  /** A migration by a path. */
  record Case(
      String path, String from, String to, long pageBytes, long pages, String order, String ways) {
    ParameterValues values() {
      return setting(
          Map.of(
              "from",
              from,
              "to",
              to,
              "pageBytes",
              pageBytes,
              "pages",
              pages,
              "order",
              order,
              "ways",
              ways));
    }
  }

  private static ParameterValues setting(Map<String, Object> changed) {
    return values(WORKLOAD, changed);
  }

  static List<Case> cases() {
    var cases = new ArrayList<Case>();
    for (String path : PATHS) {
      for (String ways : List.of("one", "both")) {
        for (String order : List.of("scattered", "contiguous")) {
          cases.add(new Case(path, "pinned", "device", 4096, 5, order, ways));
          cases.add(new Case(path, "device", "mapped", 4104, 3, order, ways));
        }
        cases.add(new Case(path, "device", "device", 4112, 4, "scattered", ways));
        cases.add(new Case(path, "device", "pinned", 8192, 1, "scattered", ways));
        cases.add(new Case(path, "mapped", "device", 100_008, 2, "scattered", ways));
      }
      cases.add(new Case(path, "pinned", "device", 4096, 300, "scattered", "both"));
    }
    // by a kernel also between two pools of the host; and sizes around a stripe, a run, a list
    cases.add(new Case(KERNEL, "pinned", "mapped", 4096, 3, "scattered", "both"));
    for (long pageBytes : new long[] {6136, 6144, 6152, 6160, 16384, 65_544, 150_000}) {
      cases.add(new Case(KERNEL, "device", "pinned", pageBytes, 3, "scattered", "both"));
    }
    cases.add(new Case(KERNEL, "pinned", "device", 4096, 4096, "scattered", "one"));
    return cases;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithTheOracle(Case of) {
    ParameterValues values = of.values();
    try (var session = open();
        var piece = piece(session, of.path(), values);
        var stream = session.context().newStream()) {
      int last = piece.positions() - 1;
      for (int sample = 0; sample < 3; sample++) {
        int position = sample % 2 * last;
        piece.input(stream, sample, position);
        piece.work(stream, position);
        stream.synchronize();
        hostSees(piece, of.values(), sample, position);
        piece.check(stream, sample, position);
        stream.synchronize();
        int current = sample;
        assertTrue(piece.right(sample, position), () -> piece.mismatch(current, position));
        assertEquals(WORKLOAD.answerDigest(values, sample), piece.digest(position));
        assertFalse(piece.right(sample + 1, position), "the answer to another sample");
      }
    }
  }

  /** What a processor finds when the work is said to be done, whatever the device sees. */
  private static void hostSees(
      MigrationPiece piece, ParameterValues values, long sample, int position) {
    MigrationParameters setting = MigrationParameters.of(values);
    for (int way = 0; way < setting.ways(); way++) {
      Batch batch = piece.batch(position, way);
      long key = new MigrationBatch(setting, way).key(sample);
      hostSees(batch.from(), batch.source(), setting, key);
      hostSees(batch.to(), batch.target(), setting, key);
    }
  }

  private static void hostSees(
      CudaPages pool, FrameList frames, MigrationParameters setting, long key) {
    MemorySegment segment = pool.segment();
    if (segment == null) {
      return;
    }
    long word = 0;
    for (int page = 0; page < setting.pages(); page++) {
      long begin = frames.frame(page) * setting.pageBytes();
      for (long at = 0; at < setting.pageBytes(); at += Long.BYTES, word++) {
        assertEquals(Words.word(key, word), segment.get(ValueLayout.JAVA_LONG, begin + at));
      }
    }
  }

  @Test
  void whatOnlyTheDeviceSeesIsFound() {
    ParameterValues values = setting(Map.of("from", "device", "to", "mapped", "pages", 5L));
    try (var session = open();
        var piece = piece(session, KERNEL, values);
        var stream = session.context().newStream()) {
      sampleIsRight(piece, stream, 1);
      Batch batch = piece.batch(0, 0);
      long last = batch.to().offset(batch.target().frame(3)) + 4096 - Long.BYTES;
      MemorySegment segment = Objects.requireNonNull(batch.to().segment());
      segment.set(ValueLayout.JAVA_LONG, last, 7); // behind the device's comparison
      assertFalse(piece.right(1, 0));
      assertTrue(piece.mismatch(1, 0).endsWith("the host does not, in page 3"));
    }
  }

  /** One block with more than one list of pages, more blocks than stripes, blocks of one warp. */
  @ParameterizedTest(name = "threads, blocks, pages: {0}")
  @ValueSource(strings = {"64x1x530", "32x2x9", "1024x3x50", "64x500x20"})
  void anyShapeOfTheKernelIsRight(String shape) {
    String[] numbers = shape.split("x", -1);
    for (String ways : List.of("one", "both")) {
      for (long pageBytes : new long[] {4096, 4104}) {
        ParameterValues values =
            setting(
                Map.of(
                    "pageBytes",
                    pageBytes,
                    "pages",
                    Long.valueOf(numbers[2]),
                    "ways",
                    ways,
                    "block",
                    Long.valueOf(numbers[0]),
                    "blocks",
                    Long.valueOf(numbers[1])));
        try (var session = open();
            var piece = piece(session, KERNEL, values);
            var stream = session.context().newStream()) {
          sampleIsRight(piece, stream, 1);
          assertEquals(
              Long.parseLong(numbers[1]) * (ways.equals("both") ? 2 : 1),
              piece.configuration().get("blocks"));
        }
      }
    }
  }

  private static void sampleIsRight(MigrationPiece piece, CudaStream stream, long sample) {
    piece.input(stream, sample, 0);
    piece.work(stream, 0);
    piece.check(stream, sample, 0);
    stream.synchronize();
    assertTrue(piece.right(sample, 0), () -> piece.mismatch(sample, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pinned", "device"})
  void whatIsWrongIsFound(String from) {
    String to = from.equals("device") ? "mapped" : "device";
    ParameterValues values =
        setting(Map.of("from", from, "to", to, "pageBytes", 4104L, "pages", 6L, "ways", "both"));
    try (var session = open();
        var piece = piece(session, CudaMigrationAdapter.COPIES, values);
        var mover = CopyingMover.eachPage(session.context(), 2, 6, 4104);
        var stream = session.context().newStream()) {
      long sample = 10;
      for (MigrationMistake mistake : MigrationMistake.values()) {
        sample++;
        piece.input(stream, sample, 0);
        piece.workBy((on, batches) -> mistake.work(mover, on, batches), stream, 0);
        piece.check(stream, sample, 0);
        stream.synchronize();
        assertFalse(piece.right(sample, 0), mistake.name());
        String text = piece.mismatch(sample, 0);
        assertFalse(text.contains("\n"), text);
        assertTrue(text.contains(mistake.said(from, to)), mistake + ": " + text);
        sampleRepairs(piece, stream, mistake, sample);
      }
    }
  }

  /** The next sample is right again, but for what nobody writes anew. */
  private static void sampleRepairs(
      MigrationPiece piece, CudaStream stream, MigrationMistake mistake, long sample) {
    if (mistake != MigrationMistake.BEHIND_THE_POOL) {
      sampleIsRight(piece, stream, sample + 100);
      return;
    }
    piece.input(stream, sample + 100, 0);
    piece.work(stream, 0);
    piece.check(stream, sample + 100, 0);
    stream.synchronize();
    assertFalse(piece.right(sample + 100, 0), "a guard stays broken");
    assertTrue(
        piece.mismatch(sample + 100, 0).contains("word 0 behind the pool"),
        piece.mismatch(sample + 100, 0));
    for (var pool : List.of(piece.batch(0, 0).from(), piece.batch(0, 0).to())) {
      piece.pageKernels().prepare(stream, pool, false);
    }
    sampleIsRight(piece, stream, sample + 200);
  }

  static List<String> paths() {
    return PATHS;
  }

  @ParameterizedTest
  @MethodSource("paths")
  void aRunByEachClock(String path) {
    ParameterValues values = setting(Map.of("pages", 9L, "ways", "both"));
    try (var session = open()) {
      assertEquals(List.of(Clock.HOST, Clock.DEVICE), engine().clocks(MigrationWorkload.ID, path));
      for (Clock clock : engine().clocks(MigrationWorkload.ID, path)) {
        var mode = new Mode(path, clock, Cache.HOT);
        engine().check(MigrationWorkload.ID, mode, values);
        try (PreparedRun run = session.prepare(WORKLOAD, mode, values, FACTS)) {
          assertEquals(clock, run.clock());
          RightSamples.of(run, WORKLOAD, values);
          assertEquals(MigrationParameters.of(values).work(), run.work());
          assertEquals(Map.of("pages", 18.0), run.amounts());
          assertEquals(Map.of("ceiling.bidir", 2.0 * 9 * 4096), run.demands());
          assertEquals(1.0, run.verification().get("shareChecked"));
          assertEquals(PreparedRun.EACH_ITS_OWN, run.inputs());
        }
      }
    }
  }

  /** A queue of about 1,000 items; a sample has 9 for each way, 3 more, and what is timed. */
  @ParameterizedTest
  @CsvSource({
    "kernel, 1024, one, 61",
    "kernel, 1024, both, 36",
    "copies, 100, one, 7",
    "copies, 100, both, 3",
    "batched, 100, both, 3",
    "copies, 1024, one, 1"
  })
  void noMorePositionsThanTheQueueTakes(String path, long pages, String ways, int positions) {
    try (var session = open();
        var piece = piece(session, path, setting(Map.of("pages", pages, "ways", ways)))) {
      assertEquals(positions, piece.positions());
      assertTrue(piece.separatePositions() <= positions);
    }
  }

  @Test
  void whatDoesNotFitIsSaidInOneLine() {
    Map<String, Object> much =
        Map.of("from", "mapped", "to", "pinned", "pageBytes", 1L << 30, "pages", 4096L);
    try (var session = open()) {
      refused(session, much, FACTS, "of page-locked memory, of which .* are free: pages=1 fits");
      var little = new MachineFacts(4, 1L << 30, 1 << 20);
      refused(session, much, little, "page-locked memory.*: not even one page fits");
      Map<String, Object> onDevice =
          Map.of("from", "device", "to", "device", "pageBytes", 1L << 24, "pages", 4096L);
      refused(
          session,
          onDevice,
          FACTS,
          "of the device's memory, of which .* are free: pages=\\d+ fits");
    }
  }

  private static void refused(
      CudaSession session, Map<String, Object> changed, MachineFacts facts, String pattern) {
    var refused =
        assertThrows(
            EngineException.class,
            () -> session.prepare(WORKLOAD, Mode.of(KERNEL), setting(changed), facts));
    String text = refused.getMessage();
    assertTrue(text.matches(".*" + pattern), text);
    assertFalse(text.contains("\n"));
  }

  @Test
  void whatMakesNoSenseIsRefusedAtPlanning() {
    planned(CudaMigrationAdapter.COPIES, Clock.DEVICE, Map.of("pages", 798L), "");
    planned(
        CudaMigrationAdapter.COPIES,
        Clock.DEVICE,
        Map.of("pages", 799L),
        "path=copies pages=798 fits");
    planned(
        CudaMigrationAdapter.COPIES,
        Clock.DEVICE,
        Map.of("pages", 1024L, "ways", "both"),
        "path=copies pages=398 fits");
    planned(
        CudaMigrationAdapter.BATCHED,
        Clock.HOST,
        Map.of("to", "mapped"),
        "path=batched cannot move pages between pinned and mapped: kernel can");
    planned(
        KERNEL, Clock.HOST, Map.of("from", "pageable"), "path=kernel cannot move pages between");
    planned(KERNEL, Clock.HOST, Map.of("block", 100L), "block=100 is not a multiple of 32");
  }

  private void planned(String path, Clock clock, Map<String, Object> changed, String problem) {
    var mode = new Mode(path, clock, Cache.HOT);
    if (problem.isEmpty()) {
      engine().check(MigrationWorkload.ID, mode, setting(changed));
      return;
    }
    var refused =
        assertThrows(
            ConfigException.class,
            () -> engine().check(MigrationWorkload.ID, mode, setting(changed)));
    assertTrue(refused.getMessage().contains(problem), refused.getMessage());
  }

  private static MigrationPiece piece(CudaSession session, String path, ParameterValues values) {
    return MigrationPiece.of(session, MigrationParameters.of(values), path, values, FACTS);
  }
}
