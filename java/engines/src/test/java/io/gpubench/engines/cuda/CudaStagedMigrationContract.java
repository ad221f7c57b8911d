// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.workloads.migration.MigrationWorkload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Migrations in which the host has a hand: right by each path, and wrong ones that are found. */
abstract class CudaStagedMigrationContract extends CudaContract {
  static final MigrationWorkload WORKLOAD = new MigrationWorkload();
  static final String STAGING = CudaMigrationAdapter.STAGING;
  static final String COPIES = CudaMigrationAdapter.COPIES;

  /** Stands for a file in the temporary folder. */
  static final String FILE = "file";

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

  ParameterValues values(Case of) {
    return values(of, folder);
  }

  /**
   * The values of a case.
   *
   * @param folder for its file
   */
  static ParameterValues values(Case of, Path folder) {
    var changed = new HashMap<String, Object>();
    changed.put("from", of.from().equals(FILE) ? "file:" + folder : of.from());
    changed.put("to", of.to().equals(FILE) ? "file:" + folder : of.to());
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
