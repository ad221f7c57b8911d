// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.engines.files.PageFile;
import io.gpubench.engines.migration.CheatingMigrations.Cheat;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.migration.MigrationParameters;
import io.gpubench.workloads.migration.MigrationWorkload;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every engine on the processors must get right about migration. A subclass brings its engine
 * and its kernels.
 */
public abstract class MigrationContract {
  private static final MachineFacts FACTS = new MachineFacts(4, 1L << 33, 4 << 10);
  private static final MigrationWorkload WORKLOAD = new MigrationWorkload();
  private static final List<String> TIERS = List.of("pageable", "pinned", "file");

  @TempDir private Path folder;

  protected abstract Engine engine();

  /** Kernels that use exactly so many threads, for a path. */
  protected abstract MigrationKernels kernels(String path, int threads);

  /** Why this engine cannot be tested on this machine; empty when it can. */
  protected Optional<String> skipReason() {
    return Optional.empty();
  }

  @BeforeEach
  void skipWhereTheEngineIsMissing() {
    assumeTrue(skipReason().isEmpty(), () -> skipReason().orElseThrow());
  }

  /** All pairs of tiers, in both orders, one way and both. */
  static Stream<Arguments> pairs() {
    return TIERS.stream()
        .flatMap(from ->
            TIERS.stream()
                .flatMap(to ->
                    Stream.of("scattered", "contiguous")
                        .flatMap(order ->
                            Stream.of("one", "both")
                                .map(ways -> Arguments.of(from, to, order, ways)))));
  }

  @ParameterizedTest(name = "{0} to {1}, {2}, {3}")
  @MethodSource("pairs")
  void movesBetweenAllTiers(String from, String to, String order, String ways) {
    Setting setting = new Setting(from, to).pages(5, 8192).with("order", order).with("ways", ways);
    for (String path : paths(from, to)) {
      try (PreparedRun run = session(path, setting.values(folder))) {
        for (long sample = 0; sample < 4; sample++) {
          check(run, sample, setting.values(folder));
        }
        Map<String, Object> told = run.configuration();
        for (String end : List.of("from", "to")) {
          boolean ofFile = (end.equals("from") ? from : to).equals("file");
          assertEquals(ofFile, told.containsKey(end + "Access"), told.toString());
          assertEquals(
              ofFile,
              folder.toString().equals(told.get(end + "Folder"))
                  || isReal(told.get(end + "Folder")));
        }
        assertEquals(
            to.equals("file") || (ways.equals("both") && from.equals("file")),
            told.containsKey("durability"));
        assertEquals(
            !from.equals("file") && (ways.equals("one") || !to.equals("file")),
            run.verification().get("sourceChecked"));
        assertEquals(
            Boolean.FALSE.equals(run.verification().get("sourceChecked")),
            run.verification().containsKey("sourceAge"));
      }
    }
  }

  private boolean isReal(Object place) {
    try {
      return folder.toRealPath().toString().equals(place);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Around cache lines, vectors, the parts of threads. */
  @ParameterizedTest(name = "{0} pages of {1} bytes")
  @CsvSource({
    "1, 4096",
    "1, 4104",
    "1, 4160",
    "2, 4104",
    "3, 4152",
    "7, 8200",
    "33, 4104",
    "1, 1048576",
    "3, 1048584",
    "1, 5242888",
    "129, 65536",
    "4096, 4096",
    "4096, 4104"
  })
  void sizesInMemory(int pages, long pageBytes) {
    for (int threads = 1; threads <= 3; threads++) {
      for (String ways : List.of("one", "both")) {
        moves(
            new Setting("pageable", "pageable").pages(pages, pageBytes).with("ways", ways),
            threads);
      }
    }
  }

  /** Around the pieces of a page, and what goes through memory at a time. */
  @ParameterizedTest(name = "{0} pages of {1} bytes")
  @CsvSource({
    "1, 4096",
    "3, 12288",
    "1, 1048576",
    "2, 1052672",
    "1, 9437184",
    "257, 4096",
    "5, 4194304"
  })
  void sizesInFiles(int pages, long pageBytes) {
    Setting setting = new Setting("file", "pageable").pages(pages, pageBytes);
    moves(setting.with("ways", "both").with("order", "contiguous"), 2);
    moves(setting.with("to", "file"), 3);
  }

  @Test
  void dataCanBeOnStableStorage() {
    moves(new Setting("pageable", "file").pages(3, 4096).with("sync", "data"), 2);
    moves(new Setting("file", "file").pages(3, 4096).with("sync", "data").with("ways", "both"), 2);
  }

  private void moves(Setting setting, int threads) {
    ParameterValues values = setting.values(folder);
    for (String path : paths(setting.of("from"), setting.of("to"))) {
      try (PreparedRun run = prepare(values, threads, kernels(path, threads))) {
        for (long sample = 0; sample < 2; sample++) {
          check(run, sample, values);
        }
      }
    }
  }

  private static void check(PreparedRun run, long sample, ParameterValues values) {
    run.stage(sample);
    assertFalse(run.verify(sample), "before it has moved");
    assertFalse(run.mismatch(sample).contains("\n"));
    assertTrue(run.mismatch(sample).contains("expected"), run.mismatch(sample));
    run.execute();
    assertTrue(run.verify(sample), () -> run.mismatch(sample));
    assertEquals(WORKLOAD.answerDigest(values, sample), run.digest());
    assertFalse(run.verify(sample + 1), "stale output");
    assertTrue(run.verify(sample), () -> run.mismatch(sample));
  }

  @ParameterizedTest
  @EnumSource
  void cheatsAreFoundInMemory(Cheat cheat) {
    for (String order : List.of("scattered", "contiguous")) {
      isFound(new Setting("pinned", "pageable").pages(6, 4104).with("order", order), cheat);
    }
  }

  @ParameterizedTest
  @EnumSource
  void cheatsAreFoundInFiles(Cheat cheat) {
    if (!cheat.ofMemory) {
      isFound(new Setting("pageable", "file").pages(6, 4096), cheat);
      isFound(new Setting("file", "file").pages(6, 4096), cheat);
    }
  }

  private void isFound(Setting setting, Cheat cheat) {
    ParameterValues values = setting.with("ways", "both").values(folder);
    for (String path : paths(setting.of("from"), setting.of("to"))) {
      try (var run = prepare(values, 2, new CheatingMigrations(kernels(path, 2), cheat))) {
        boolean found = false;
        for (long sample = 0; sample < 3; sample++) {
          run.stage(sample);
          run.execute();
          if (!run.verify(sample)) {
            found = true;
            assertTrue(run.mismatch(sample).contains("expected"), run.mismatch(sample));
            assertFalse(run.mismatch(sample).contains("right now"), run.mismatch(sample));
          }
        }
        assertTrue(found, cheat.name());
      }
    }
  }

  @Test
  void nothingIsLeftInAFolderThatMayGo() throws IOException {
    Path mine = Files.createDirectory(folder.resolve("mine"));
    ParameterValues values = new Setting("file", "file").pages(4, 4096).values(mine);
    for (String path : paths("file", "file")) {
      try (PreparedRun run = session(path, values)) {
        check(run, 0, values);
        assertTrue(isEmpty(mine));
        Path moved = Files.move(mine, folder.resolve("moved"));
        check(run, 1, values);
        Files.delete(moved);
        check(run, 2, values);
      }
      Files.createDirectory(mine);
    }
    assertTrue(isEmpty(mine));
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }

  @Test
  void aFolderIsNeeded() throws IOException {
    Path missing = folder.resolve("missing");
    Path file = Files.writeString(folder.resolve("file"), "mine");
    refuses(new Setting("pageable", "file").values(missing), missing + ": it does not exist");
    refuses(new Setting("file", "pageable").values(file), file + ": it is not a folder");
    assertEquals("mine", Files.readString(file));
  }

  @Test
  void aFolderThatIsShut() throws IOException {
    Path shut = Files.createDirectory(folder.resolve("shut"));
    assumeTrue(shut.toFile().setWritable(false) && !Files.isWritable(shut), "may write anywhere");
    refuses(new Setting("file", "pageable").values(shut), shut + ": permission denied");
  }

  @Test
  void aPageThatAFileSystemCannotTransfer() {
    ParameterValues right = new Setting("pageable", "file").pages(1, 8192).values(folder);
    for (String path : paths("pageable", "file")) {
      try (PreparedRun run = session(path, right)) {
        assumeTrue(PageFile.DIRECT.equals(run.configuration().get("toAccess")));
      }
    }
    refuses(
        new Setting("pageable", "file").pages(1, 4104).values(folder),
        folder.toString(),
        "4104",
        "multiple of");
  }

  @Test
  void moreThanThereIsRoomFor() {
    refuses(
        new Setting("file", "pageable").pages(4096, 1 << 30).values(folder),
        "not enough room",
        " fits");
    assertThrows(
        EngineException.class,
        () -> {
          try (var kernels = kernels(MigrationAdapter.COPIES, 1)) {
            kernels.allocate(1L << 50, false);
          }
        });
  }

  private void refuses(ParameterValues values, String... words) {
    var setting = MigrationParameters.of(values);
    for (String path : paths(setting.from().kind().word(), setting.to().kind().word())) {
      var refused = assertThrows(EngineException.class, () -> session(path, values).close());
      for (String word : words) {
        assertTrue(refused.getMessage().contains(word), refused.getMessage());
      }
      assertFalse(refused.getMessage().contains("\n"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"device", "mapped", "peer", "peer:1"})
  void theOthersTiersAreAbsent(String tier) {
    for (var setting : List.of(new Setting(tier, "pageable"), new Setting("pinned", tier))) {
      var absent =
          assertThrows(
              EngineException.class,
              () -> session(MigrationAdapter.COPIES, setting.values(folder)).close());
      assertEquals(EngineException.Kind.ABSENT, absent.kind());
      assertTrue(absent.getMessage().contains("has no tier '" + tier), absent.getMessage());
    }
  }

  @Test
  void saysBeforehandWhatCannotBe() {
    var cold = new Mode(MigrationAdapter.COPIES, PreparedRun.Clock.HOST, Mode.Cache.COLD);
    engine().check(MigrationWorkload.ID, cold, new Setting("pageable", "pinned").values(folder));
    assertThrows(
        ConfigException.class,
        () ->
            engine()
                .check(MigrationWorkload.ID, cold, new Setting("file", "pinned").values(folder)));
    var ring = Mode.of(MigrationAdapter.URING);
    engine().check(MigrationWorkload.ID, ring, new Setting("file", "pinned").values(folder));
    assertThrows(
        ConfigException.class,
        () ->
            engine()
                .check(
                    MigrationWorkload.ID, ring, new Setting("pageable", "pinned").values(folder)));
  }

  @Test
  void tellsWhatItDoes() {
    ParameterValues values =
        new Setting("pageable", "pinned").pages(40, 4096).with("ways", "both").values(folder);
    assertEquals(
        List.of(PreparedRun.Clock.HOST),
        engine().clocks(MigrationWorkload.ID, MigrationAdapter.COPIES));
    try (PreparedRun run = session(MigrationAdapter.COPIES, values)) {
      var setting = MigrationParameters.of(values);
      assertEquals(setting.work(), run.work());
      assertEquals(Map.of("pages", 80.0), run.amounts());
      assertEquals(Map.of("ceiling.hostcopy", 4.0 * 40 * 4096), run.demands());
      assertEquals(PreparedRun.EACH_ITS_OWN, run.inputs());
      assertEquals("MigrationBatch", run.verification().get("oracle"));
      assertTrue((Long) run.configuration().get("threads") >= 1);
    }
  }

  @ParameterizedTest
  @CsvSource({"pageable, pinned", "file, pageable", "file, file"})
  void aSampleAllocatesNothing(String from, String to) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    boolean ofFile = from.equals("file");
    int samples = ofFile ? 40 : 500;
    ParameterValues values =
        new Setting(from, to).pages(8, 4096).with("ways", "both").values(folder);
    for (String path : paths(from, to)) {
      try (var run = prepare(values, 2, kernels(path, 2))) {
        // half of the smallest object per page that is moved; the test's own threads allocate, too
        long bound = samples * 16L * 8L;
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 20 && least >= bound; attempt++) {
          long before = threads.getTotalThreadAllocatedBytes();
          for (long sample = 0; sample < samples; sample++) {
            run.stage(sample);
            run.execute();
            if (!run.verify(sample)) {
              throw new AssertionError(run.mismatch(sample));
            }
          }
          least = Math.min(least, threads.getTotalThreadAllocatedBytes() - before);
        }
        assertTrue(least < bound, least + " bytes in " + samples + " samples");
      }
    }
  }

  /** Where a size in bytes has more than 31 bits. */
  @Test
  @Tag("sweep")
  void poolsBeyondTwoGibibytes() {
    moves(
        new Setting("pageable", "pageable").pages(3, (1L << 30) - 8).with("order", "contiguous"),
        2);
  }

  private List<String> paths(String from, String to) {
    boolean ofFile = from.startsWith("file") || to.startsWith("file");
    return engine().paths(MigrationWorkload.ID).stream()
        .filter(path -> ofFile || !path.equals(MigrationAdapter.URING))
        .toList();
  }

  /** As the tool prepares it. */
  private PreparedRun session(String path, ParameterValues values) {
    try (var session = engine().open(new Engine.Options(2))) {
      return session.prepare(WORKLOAD, Mode.of(path), values, FACTS);
    }
  }

  private static PreparedRun prepare(
      ParameterValues values, int threads, MigrationKernels kernels) {
    return MigrationRun.prepare(
        MigrationParameters.of(values),
        FACTS,
        new PageFile.Order("", 0, 0, threads, 0, 0),
        () -> kernels);
  }

  /** Values of the workload's parameters; a file is in whatever folder. */
  private record Setting(Map<String, Object> changed) {
    Setting(String from, String to) {
      this(Map.of("from", from, "to", to, "pages", 3L));
    }

    Setting pages(int pages, long pageBytes) {
      return with("pages", (long) pages).with("pageBytes", pageBytes);
    }

    Setting with(String name, Object value) {
      var more = new LinkedHashMap<>(changed);
      more.put(name, value);
      return new Setting(more);
    }

    String of(String name) {
      return (String) changed.get(name);
    }

    ParameterValues values(Path folder) {
      var values = new LinkedHashMap<String, Object>(WORKLOAD.defaults().asMap());
      changed.forEach(
          (name, value) -> values.put(name, value.equals("file") ? "file:" + folder : value));
      return new ParameterValues(values);
    }
  }
}
