// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.migration.MigrationWorkload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pages that move to and from a second device. */
abstract class CudaPeerContract extends CudaContract {
  private static final MigrationWorkload WORKLOAD = new MigrationWorkload();

  @TempDir Path folder;

  CudaPeerContract(String device) {
    super(device);
  }

  /** A migration with a peer; the other tier is {@code other}. */
  record Case(String path, String other, boolean there, long pageBytes, long pages, String ways) {}

  ParameterValues values(String from, String to, Case of) {
    var changed = new HashMap<String, Object>();
    changed.put("from", from);
    changed.put("to", to);
    changed.put("pageBytes", of.pageBytes());
    changed.put("pages", of.pages());
    changed.put("ways", of.ways());
    if (of.path().equals(CudaMigrationAdapter.STAGING)) {
      changed.put("chunkBytes", 8192L);
    }
    return values(WORKLOAD, changed);
  }

  /** What works with kernels that access the peer, and without. */
  static List<Case> casesByCopies() {
    var cases = new ArrayList<Case>();
    for (String ways : List.of("one", "both")) {
      cases.add(new Case(CudaMigrationAdapter.STAGING, "device", true, 4096, 5, ways));
      cases.add(new Case(CudaMigrationAdapter.STAGING, "device", false, 4104, 3, ways));
      cases.add(new Case(CudaMigrationAdapter.STAGING, "pageable", true, 4096, 5, ways));
      cases.add(new Case(CudaMigrationAdapter.STAGING, "file", false, 4096, 5, ways));
      cases.add(new Case(CudaMigrationAdapter.COPIES, "pageable", false, 4096, 3, ways));
      cases.add(new Case(CudaMigrationAdapter.COPIES, "file", true, 8192, 3, ways));
    }
    return cases;
  }

  static List<Case> cases() {
    var cases = new ArrayList<>(casesByCopies());
    for (String ways : List.of("one", "both")) {
      for (String path :
          List.of(
              CudaMigrationAdapter.COPIES,
              CudaMigrationAdapter.BATCHED,
              CudaMigrationAdapter.KERNEL)) {
        cases.add(new Case(path, "device", true, 4096, 5, ways));
        cases.add(new Case(path, "device", false, 4104, 3, ways));
        cases.add(new Case(path, "pinned", true, 4096, 4, ways));
      }
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithTheOracle(Case of) {
    agrees("peer", of);
  }

  void agrees(String peer, Case of) {
    String other = of.other().equals("file") ? "file:" + folder : of.other();
    ParameterValues values = of.there() ? values(other, peer, of) : values(peer, other, of);
    Mode mode = Mode.of(of.path());
    engine().check(MigrationWorkload.ID, mode, values);
    try (var session = open();
        PreparedRun run = session.prepare(WORKLOAD, mode, values, FACTS)) {
      CudaStagedMigrationContract.agrees(run, values);
      assertEquals(
          Map.of("pages", (of.ways().equals("both") ? 2.0 : 1.0) * of.pages()), run.amounts());
    }
  }
}
