// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static io.gpubench.engines.cuda.CudaStagedMigrationContract.COPIES;
import static io.gpubench.engines.cuda.CudaStagedMigrationContract.FILE;
import static io.gpubench.engines.cuda.CudaStagedMigrationContract.STAGING;
import static io.gpubench.engines.cuda.CudaStagedMigrationContract.agrees;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.engines.cuda.CudaStagedMigrationContract.Case;
import io.gpubench.engines.files.PageFile;
import io.gpubench.engines.migration.PageWords;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.migration.MigrationParameters;
import io.gpubench.workloads.migration.MigrationWorkload;
import io.gpubench.workloads.migration.PagePool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes wrong on the way through the host is found, and leaves nothing behind. */
class CudaStagedMistakesTest extends CudaContract {
  @TempDir Path folder;

  CudaStagedMistakesTest() {
    super(CudaEngine.SIMULATOR);
  }

  @Override
  protected Optional<String> skipReason() {
    return Simulator.missing();
  }

  private ParameterValues values(Case of) {
    return CudaStagedMigrationContract.values(of, folder);
  }

  /** What an end may do wrong. */
  enum Mistake {
    NOTHING_AT_ALL,
    LAST_CHUNK,
    ONE_WAY,
    SWAPPED,
    OLD_SLOT,
    SOURCE_CHANGED
  }

  /** An end that makes a mistake from when it is told to. */
  private record Wrong(Mistake mistake, int way, boolean source, StagingEnd end, AtomicBoolean now)
      implements StagingEnd {
    private static final int LAST = 4;

    @Override
    public boolean blocks() {
      return end.blocks();
    }

    @Override
    public void load(int chunk, int slot) {
      if (skips(chunk) || (now.get() && mistake == Mistake.OLD_SLOT && chunk % 3 == 0)) {
        return;
      }
      end.load(chunk, slot);
      if (now.get() && mistake == Mistake.SOURCE_CHANGED && way == 0 && chunk == 1) {
        end.await();
        while (!end.done(slot)) {
          Thread.onSpinWait();
        }
        end.store(0, slot);
      }
    }

    @Override
    public void store(int chunk, int slot) {
      if (skips(chunk) || (now.get() && mistake == Mistake.LAST_CHUNK && chunk == LAST)) {
        return;
      }
      boolean swaps = now.get() && mistake == Mistake.SWAPPED && chunk < 2;
      end.store(swaps ? 1 - chunk : chunk, slot);
    }

    private boolean skips(int chunk) {
      return now.get()
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
    var now = new AtomicBoolean();
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
      now.set(true);
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
      now.set(false);
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
    var fails = new AtomicInteger(-1);
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
        fails.set(chunk);
        run.stage(chunk);
        assertEquals("no space", assertThrows(EngineException.class, run::execute).getMessage());
        fails.set(-1);
        run.stage(chunk + 1);
        run.execute();
        int sample = chunk + 1;
        assertTrue(run.verify(sample), () -> run.mismatch(sample));
      }
      fails.set(4);
      run.stage(20);
      assertThrows(EngineException.class, run::execute);
    }
  }

  /** An end that fails at a chunk. */
  private record Failing(boolean source, StagingEnd end, AtomicInteger chunkThatFails)
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
      if (chunk == chunkThatFails.get()) {
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

  /** All that was taken before is given back, and the session goes on. */
  @Test
  void aPoolThatTheDeviceHasNoRoomForLeavesNothingBehind() {
    ParameterValues values = values(Case.of(STAGING, "device", "pageable", 1 << 20, 1024, "one"));
    ParameterValues less = values(Case.of(STAGING, "device", "pageable", 4096, 2, "one"));
    try (var session = open()) {
      session.prepare(new MigrationWorkload(), Mode.of(STAGING), less, FACTS).close();
      long free = session.context().freeBytes();
      var refused =
          assertThrows(
              EngineException.class,
              () -> session.prepare(new MigrationWorkload(), Mode.of(STAGING), values, FACTS));
      assertEquals(
          "migration with pageBytes=1048576 pages=1024: a pool takes 2,147,483,648 bytes of the"
              + " device's memory, and there is no room for it; set pages or pageBytes to less",
          refused.getMessage());
      assertEquals(free, session.context().freeBytes());
      try (PreparedRun run =
          session.prepare(new MigrationWorkload(), Mode.of(STAGING), less, FACTS)) {
        agrees(run, less);
      }
      assertEquals(free, session.context().freeBytes());
    }
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
}
