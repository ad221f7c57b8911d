// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.engines.files.PageFile;
import io.gpubench.engines.migration.PageWords;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.workloads.migration.MigrationParameters;
import io.gpubench.workloads.migration.MigrationWorkload;
import io.gpubench.workloads.migration.PagePool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Migrations in which the host has a hand: right by each path, and wrong ones that are found. */
abstract class CudaStagedMigrationContract extends CudaContract {
  static final MigrationWorkload WORKLOAD = new MigrationWorkload();
  private static final String STAGING = CudaMigrationAdapter.STAGING;
  private static final String COPIES = CudaMigrationAdapter.COPIES;

  /** Stands for a file in the temporary folder. */
  private static final String FILE = "file";

  @TempDir Path folder;

  CudaStagedMigrationContract(String device) {
    super(device);
  }

  /** A migration by a path; 0 for the engine's own choice. */
  record Case(
      String path,
      String from,
      String to,
      long pageBytes,
      long pages,
      String order,
      String ways,
      long chunkBytes,
      long slots,
      long threads) {
    static Case of(String path, String from, String to, long pageBytes, long pages, String ways) {
      return new Case(path, from, to, pageBytes, pages, "scattered", ways, 0, 0, 0);
    }

    Case contiguous() {
      return new Case(
          path, from, to, pageBytes, pages, "contiguous", ways, chunkBytes, slots, threads);
    }

    Case tuned(long ofChunk, long ofSlots, long ofThreads) {
      return new Case(path, from, to, pageBytes, pages, order, ways, ofChunk, ofSlots, ofThreads);
    }
  }

  private String tier(String written) {
    return written.equals(FILE) ? "file:" + folder : written;
  }

  ParameterValues values(Case of) {
    var changed = new HashMap<String, Object>();
    changed.put("from", tier(of.from()));
    changed.put("to", tier(of.to()));
    changed.put("pageBytes", of.pageBytes());
    changed.put("pages", of.pages());
    changed.put("order", of.order());
    changed.put("ways", of.ways());
    Map.of("chunkBytes", of.chunkBytes(), "slots", of.slots(), "threads", of.threads())
        .forEach((name, value) -> {
          if (value > 0) {
            changed.put(name, value);
          }
        });
    return values(WORKLOAD, changed);
  }

  static List<Case> cases() {
    var cases = new ArrayList<Case>();
    for (String ways : List.of("one", "both")) {
      for (String host : List.of("pageable", FILE)) {
        Case there = Case.of(STAGING, host, "device", 4096, 5, ways);
        cases.add(there.tuned(8192, 2, 2)); // chunks of two pages, the last of one
        cases.add(Case.of(STAGING, "device", host, 4096, 7, ways).tuned(12_288, 3, 1));
        cases.add(there.contiguous().tuned(8192, 2, 1));
        cases.add(Case.of(STAGING, "device", host, 4096, 9, ways).contiguous().tuned(4096, 64, 2));
        cases.add(Case.of(COPIES, host, "device", 4096, 6, ways));
        cases.add(Case.of(COPIES, "device", host, 4096, 6, ways).contiguous());
      }
      cases.add(Case.of(STAGING, "pinned", "device", 4096, 5, ways).tuned(8192, 2, 2));
      cases.add(Case.of(STAGING, "device", "mapped", 4096, 5, ways).tuned(8192, 2, 2));
      // pages larger than a chunk; large ones, a copy each; odd numbers of words; no equal parts
      cases.add(Case.of(STAGING, FILE, "device", 1 << 17, 2, ways).tuned(1 << 16, 3, 2));
      cases.add(Case.of(STAGING, "device", "pageable", 3 << 16, 2, ways).tuned(1 << 16, 2, 3));
      cases.add(Case.of(STAGING, "pageable", "device", 4104, 3, ways).tuned(4096, 2, 2));
      cases.add(Case.of(STAGING, "device", "pageable", 100_008, 2, ways).tuned(8192, 2, 3));
    }
    cases.add(Case.of(STAGING, "pageable", "device", 1 << 18, 3, "one").tuned(1 << 19, 2, 2));
    cases.add(Case.of(STAGING, "device", FILE, 1 << 18, 2, "one").tuned(1 << 19, 2, 2));
    cases.add(Case.of(STAGING, "pageable", "device", 8 * 16_411, 2, "one").tuned(1 << 16, 2, 2));
    cases.add(Case.of(COPIES, "pageable", "device", 4104, 1, "both"));
    cases.add(Case.of(COPIES, "device", FILE, 1 << 17, 1, "both"));
    cases.add(Case.of(STAGING, "device", FILE, 4096, 100, "both"));
    return cases;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithTheOracle(Case of) {
    ParameterValues values = values(of);
    var mode = Mode.of(of.path());
    engine().check(MigrationWorkload.ID, mode, values);
    try (var session = open();
        PreparedRun run = session.prepare(WORKLOAD, mode, values, FACTS)) {
      agrees(run, values);
    }
  }

  static void agrees(PreparedRun run, ParameterValues values) {
    for (long sample = 0; sample < 2; sample++) {
      run.stage(sample);
      run.execute();
      long current = sample;
      assertTrue(run.verify(sample), () -> run.mismatch(current));
      assertEquals(WORKLOAD.answerDigest(values, sample), run.digest());
      assertFalse(run.verify(sample + 1), "the answer to another sample");
    }
  }

  /** The most pages there can be, of the engine's own choice. */
  @Test
  void manyPages() {
    ParameterValues values = values(Case.of(STAGING, "pageable", "device", 4096, 4096, "one"));
    try (var session = open();
        PreparedRun run = session.prepare(WORKLOAD, Mode.of(STAGING), values, FACTS)) {
      run.stage(0);
      run.execute();
      assertTrue(run.verify(0), () -> run.mismatch(0));
    }
  }

  /** What an end may do wrong. */
  private enum Mistake {
    NOTHING_AT_ALL,
    LAST_CHUNK,
    ONE_WAY,
    SWAPPED,
    OLD_SLOT,
    SOURCE_CHANGED
  }

  /** An end that makes a mistake from when it is told to. */
  private record Wrong(Mistake mistake, int way, boolean source, StagingEnd end, boolean[] now)
      implements StagingEnd {
    private static final int LAST = 4;

    @Override
    public boolean blocks() {
      return end.blocks();
    }

    @Override
    public void load(int chunk, int slot) {
      if (skips(chunk) || (now[0] && mistake == Mistake.OLD_SLOT && chunk % 3 == 0)) {
        return;
      }
      end.load(chunk, slot);
      if (now[0] && mistake == Mistake.SOURCE_CHANGED && way == 0 && chunk == 1) {
        end.await();
        while (!end.done(slot)) {
          Thread.onSpinWait();
        }
        end.store(0, slot);
      }
    }

    @Override
    public void store(int chunk, int slot) {
      if (skips(chunk) || (now[0] && mistake == Mistake.LAST_CHUNK && chunk == LAST)) {
        return;
      }
      boolean swaps = now[0] && mistake == Mistake.SWAPPED && chunk < 2;
      end.store(swaps ? 1 - chunk : chunk, slot);
    }

    private boolean skips(int chunk) {
      return now[0]
          && chunk >= 0
          && (mistake == Mistake.NOTHING_AT_ALL || (mistake == Mistake.ONE_WAY && way == 1));
    }

    @Override
    public boolean done(int slot) {
      return end.done(slot);
    }

    @Override
    public void await() {
      end.await();
    }

    @Override
    public void close() {}
  }

  @ParameterizedTest
  @EnumSource(Mistake.class)
  void whatIsWrongIsFound(Mistake mistake) {
    for (String host : List.of("pageable", FILE)) {
      for (boolean there : new boolean[] {true, false}) {
        var of =
            Case.of(STAGING, there ? host : "device", there ? "device" : host, 4096, 5, "both")
                .tuned(4096, 2, 2);
        found(mistake, values(of), host.equals(FILE) && there);
      }
    }
  }

  private void found(Mistake mistake, ParameterValues values, boolean ofFile) {
    boolean[] now = {false};
    try (var session = open();
        var run =
            new CudaMigrationRun(
                session,
                MigrationParameters.of(values),
                Mode.of(STAGING),
                values,
                FACTS,
                (way, source, end) -> new Wrong(mistake, way, source, end, now))) {
      agrees(run, values);
      now[0] = true;
      run.stage(10);
      run.execute();
      // what remains in the file of a source nobody looks at, once its pages have arrived
      boolean unseen = mistake == Mistake.SOURCE_CHANGED && ofFile;
      assertEquals(unseen, run.verify(10), mistake.name());
      if (!unseen) {
        String text = run.mismatch(10);
        assertFalse(text.contains("\n"), text);
        assertTrue(
            text.contains(mistake == Mistake.SOURCE_CHANGED ? "source: " : "target: "), text);
      }
      now[0] = false;
      run.stage(11);
      run.execute();
      assertTrue(run.verify(11), () -> run.mismatch(11));
    }
  }

  /** With one chunk, the slot that a file was filled through is the one that it is read into. */
  @Test
  void whatWasInASlotBeforeVouchesForNothing() {
    for (String host : List.of("pageable", FILE)) {
      for (String ways : List.of("one", "both")) {
        var one = Case.of(STAGING, host, "device", 4096, 1, ways);
        found(Mistake.OLD_SLOT, values(one), false);
        found(Mistake.OLD_SLOT, values(Case.of(STAGING, "device", host, 4096, 1, ways)), false);
      }
    }
  }

  /** A file that neither reads nor writes. */
  private static final class Idle implements PageFile {
    private final boolean reads;

    /** Its first and only page, if it {@code reads} and writes. */
    private MemorySegment page = MemorySegment.NULL;

    Idle(boolean reads) {
      this.reads = reads;
    }

    @Override
    public long pageBytes() {
      return 4096;
    }

    @Override
    public int frames() {
      return 1;
    }

    @Override
    public void attach(MemorySegment pool) {}

    @Override
    public void read(int count, MemorySegment frames, MemorySegment pool, MemorySegment into) {
      if (reads) {
        pool.asSlice(0, 4096).copyFrom(page);
      }
    }

    @Override
    public void write(int count, MemorySegment frames, MemorySegment pool, MemorySegment from) {
      page = MemorySegment.ofArray(pool.asSlice(0, 4096).toArray(ValueLayout.JAVA_LONG));
    }

    @Override
    public void sync() {}

    @Override
    public String access() {
      return MEMORY;
    }

    @Override
    public Map<String, Object> description() {
      return Map.of();
    }

    @Override
    public void close() {}
  }

  @Test
  void aFileThatReadsNothingIsFound() {
    MigrationParameters setting =
        MigrationParameters.of(values(Case.of(STAGING, FILE, "device", 4096, 1, "one")));
    StagingShape shape = StagingShape.of(setting, 4096, 2, 4096);
    try (var session = open();
        var slots = new StagingSlots(session.context(), shape);
        var list = new PieceList(session.context(), shape);
        var words = new PageWords(1)) {
      list.take(new PagePool(setting, 0));
      for (boolean reads : new boolean[] {true, false}) {
        try (var tier = new StagedFileTier(new Idle(reads), slots, shape, false, words)) {
          tier.fill(list, 5);
          assertEquals(reads, tier.check(list, 5));
        }
      }
    }
  }

  /** Copies of other chunks are under way when an end fails; what they use is still there then. */
  @Test
  void afterAFailureTheNextSampleIsRight() {
    ParameterValues values =
        values(Case.of(STAGING, "pageable", "device", 4096, 9, "both").tuned(4096, 3, 1));
    int[] fails = {-1};
    try (var session = open();
        var run =
            new CudaMigrationRun(
                session,
                MigrationParameters.of(values),
                Mode.of(STAGING),
                values,
                FACTS,
                (_, source, end) -> new Failing(source, end, fails))) {
      for (int chunk = 0; chunk < 9; chunk += 4) {
        fails[0] = chunk;
        run.stage(chunk);
        assertEquals("no space", assertThrows(EngineException.class, run::execute).getMessage());
        fails[0] = -1;
        run.stage(chunk + 1);
        run.execute();
        int sample = chunk + 1;
        assertTrue(run.verify(sample), () -> run.mismatch(sample));
      }
      fails[0] = 4;
      run.stage(20);
      assertThrows(EngineException.class, run::execute);
    }
  }

  /** An end that fails at a chunk. */
  private record Failing(boolean source, StagingEnd end, int[] chunkThatFails)
      implements StagingEnd {
    @Override
    public boolean blocks() {
      return end.blocks();
    }

    @Override
    public void load(int chunk, int slot) {
      failAt(source ? chunk : -2);
      end.load(chunk, slot);
    }

    @Override
    public void store(int chunk, int slot) {
      end.store(chunk, slot);
    }

    private void failAt(int chunk) {
      if (chunk == chunkThatFails[0]) {
        throw new EngineException("no space");
      }
    }

    @Override
    public boolean done(int slot) {
      return end.done(slot);
    }

    @Override
    public void await() {
      end.await();
    }

    @Override
    public void close() {}
  }

  @Test
  void aCopyThatMovesNothingIsFound() {
    ParameterValues values = values(Case.of(COPIES, "pageable", "device", 4096, 5, "both"));
    try (var session = open();
        var run =
            new CudaMigrationRun(
                session, MigrationParameters.of(values), Mode.of(COPIES), values, FACTS)) {
      agrees(run, values);
      run.stage(10);
      run.executeBy(() -> {});
      assertFalse(run.verify(10));
      assertTrue(run.mismatch(10).startsWith("pageable -> device, target: "), run.mismatch(10));
    }
  }

  @Test
  void theRecordSaysWhatWasChosen() {
    ParameterValues values =
        values(Case.of(STAGING, FILE, "device", 4096, 300, "both").tuned(1 << 18, 3, 2))
            .with("sync", "data");
    try (var session = open();
        PreparedRun run = session.prepare(WORKLOAD, Mode.of(STAGING), values, FACTS)) {
      Map<String, Object> said = run.configuration();
      assertEquals(1L << 18, said.get("chunkBytes"));
      assertEquals(3L, said.get("slots"));
      assertEquals(1L, said.get("partsOfPage"));
      assertEquals(2L, said.get("copyThreads"));
      assertEquals("kernel and one copy", said.get("toDeviceCopies"));
      assertTrue(said.containsKey("fromAccess"), said.toString());
      assertTrue(said.containsKey("fromFileSystem"), said.toString());
      assertTrue(said.containsKey("durability"), said.toString());
      assertEquals(Clock.HOST, run.clock());
      assertEquals(PreparedRun.EACH_ITS_OWN, run.inputs());
      assertEquals(Map.of("pages", 600.0), run.amounts());
      assertEquals(Map.of("ceiling.bidir", 600.0 * 4096), run.demands());
      assertEquals(false, run.verification().get("sourceChecked"));
      assertEquals(true, run.verification().get("targetChecked"));
      agrees(run, values);
    }
  }

  @Test
  void whatMakesNoSenseIsRefusedAtPlanning() {
    refused("pageable", "pinned", COPIES, "no device takes part when pages move between");
    refused("pageable", "pageable", STAGING, "use --engine host");
    refused(FILE, "mapped", STAGING, "use --engine host");
    refused("device", "device", STAGING, "path=staging cannot move pages between");
    refused("pageable", "device", CudaMigrationAdapter.KERNEL, "copies and staging can");
    refused("device", FILE, CudaMigrationAdapter.BATCHED, "copies and staging can");
    ParameterValues values = values(Case.of(COPIES, "pageable", "device", 4096, 5, "one"));
    var clock = new Mode(COPIES, Clock.DEVICE, Mode.Cache.HOT);
    assertThrows(ConfigException.class, () -> engine().check(MigrationWorkload.ID, clock, values));
  }

  private void refused(String from, String to, String path, String problem) {
    ParameterValues values = values(Case.of(path, from, to, 4096, 5, "one"));
    var refused =
        assertThrows(
            ConfigException.class,
            () -> engine().check(MigrationWorkload.ID, Mode.of(path), values));
    String text = String.valueOf(refused.getMessage());
    assertTrue(text.contains(problem), text);
  }

  @Test
  void whatDoesNotFitIsSaidInOneLine() {
    for (String from : List.of("pageable", "pinned", "mapped")) {
      doesNotFit(
          Case.of(STAGING, from, "device", 1L << 30, 4096, "one"),
          "of the host's memory, of which 8,589,934,592 are free: pages=3 fits");
    }
    doesNotFit(
        Case.of(STAGING, "pageable", "device", 1L << 30, 64, "one").tuned(1L << 30, 9, 1),
        "not even one page fits beside 9,663,676,416 bytes of staging memory");
    doesNotFit(Case.of(STAGING, FILE, "device", 4096, 64, "one").tuned(1L << 30, 64, 1), "");
  }

  private void doesNotFit(Case of, String problem) {
    ParameterValues values = values(of);
    try (var session = open()) {
      if (problem.isEmpty()) { // chunks are no larger than a batch
        session.prepare(WORKLOAD, Mode.of(STAGING), values, FACTS).close();
        return;
      }
      var refused =
          assertThrows(
              EngineException.class,
              () -> session.prepare(WORKLOAD, Mode.of(STAGING), values, FACTS));
      String text = String.valueOf(refused.getMessage());
      assertEquals(1, text.lines().count(), text);
      assertTrue(text.contains(problem), text);
      session.context().allocate(16).close();
    }
  }

  @Test
  void aPlanCountsStagingMemory() {
    var of = Case.of(STAGING, "pageable", "device", 1 << 20, 16, "both");
    assertEquals(
        2L * 3 * (2 << 20),
        staging(of.tuned(2 << 20, 3, 1)) - staging(of.tuned(4096, 2, 1)) + 2L * 2 * 4096);
  }

  private long staging(Case of) {
    return engine().footprintBytes(WORKLOAD, Mode.of(STAGING), values(of), FACTS);
  }

  @Test
  void aFolderThatIsNoneIsSaidInOneLine() {
    ParameterValues values =
        values(
            WORKLOAD,
            Map.of("from", "file:" + folder.resolve("none"), "to", "device", "pages", 2L));
    try (var session = open()) {
      var refused =
          assertThrows(
              EngineException.class,
              () -> session.prepare(WORKLOAD, Mode.of(STAGING), values, FACTS));
      String text = String.valueOf(refused.getMessage());
      assertTrue(text.contains(folder.resolve("none").toString()), text);
    }
  }
}
