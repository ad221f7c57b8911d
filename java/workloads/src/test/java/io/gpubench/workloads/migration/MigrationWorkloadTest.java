// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun.Work;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.words.SampleKeys;
import io.gpubench.workloads.words.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MigrationWorkloadTest {
  private static final Workload MIGRATION = new MigrationWorkload();
  private static final MachineFacts FACTS = new MachineFacts(2, 1L << 33, 32 << 20);
  private static final long CACHE = 32 << 20;

  @Test
  void theUsualOneIsThatOfTheClaim() {
    MigrationParameters usual = MigrationParameters.of(MIGRATION.defaults());
    assertEquals("pinned", usual.from().toString());
    assertEquals("device", usual.to().toString());
    assertEquals(4 << 20, usual.batchBytes());
    assertEquals(2 * 1024, usual.frames());
    assertEquals(new Work(4 << 20, 8 << 20, 0), usual.work());
  }

  /** By hand, word by word, in the order of the pages. */
  @ParameterizedTest
  @CsvSource({"one", "both"})
  void digestIsOfTheBatchOfEachWay(String ways) {
    ParameterValues values = small().with("ways", ways);
    long sample = 9;
    int count = ways.equals("both") ? 2 : 1;
    long[] sums = new long[2 * count];
    for (int way = 0; way < count; way++) {
      long key = new SampleKeys(values.whole("seed")).of(sample, way);
      for (int i = 0; i < 3 * 513; i++) {
        long word = Words.word(key, i);
        sums[2 * way] += word;
        sums[2 * way + 1] += (2L * i + 1) * word;
      }
    }
    assertEquals(AnswerDigest.of(sums), MIGRATION.answerDigest(values, sample));
    assertNotEquals(AnswerDigest.of(sums), MIGRATION.answerDigest(values, sample + 1));
  }

  @Test
  void memoryOfPools() {
    long before = 0;
    for (long pages = 1; pages <= 4096; pages = pages * 3 / 2 + 1) {
      long footprint = MIGRATION.footprintBytes(MIGRATION.defaults().with("pages", pages), FACTS);
      assertTrue(footprint >= before, "grows with pages");
      assertTrue(footprint >= 2 * 2 * pages * 4096, "two pools, each with twice the frames");
      before = footprint;
    }
    ParameterValues files = MIGRATION.defaults().with("from", "file:/a").with("to", "file:/b");
    assertTrue(
        MIGRATION.footprintBytes(files.with("pageBytes", 1L << 30), FACTS) < 5L << 30,
        "files are not in memory");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "pinned, device, one, ceiling.h2d, 1",
        "pageable, device, one, ceiling.h2d, 1",
        "file:/x, device, one, ceiling.h2d, 1",
        "device, mapped, one, ceiling.d2h, 1",
        "device, pinned, both, ceiling.bidir, 2",
        "pinned, device, both, ceiling.bidir, 2",
        "pageable, pinned, one, ceiling.hostcopy, 2",
        "pageable, pageable, both, ceiling.hostcopy, 4",
        "device, device, one, ceiling.copy, 2",
        "pageable, file:/x, one, -, 0",
        "device, peer:1, one, -, 0"
      })
  void demands(String from, String to, String ways, String ceiling, double batches) {
    ParameterValues values =
        MIGRATION
            .defaults()
            .with("from", from)
            .with("to", to)
            .with("ways", ways)
            .with("pages", 4096L)
            .with("pageBytes", 16_384L);
    MigrationParameters setting = MigrationParameters.of(values);
    assertEquals(
        ceiling == null ? Map.of() : Map.of(ceiling, batches * setting.batchBytes()),
        setting.demands(CACHE, CACHE));
  }

  /** Or may hold it, as nobody knows their size. */
  @Test
  void noDemandOfMemoryWhereCachesHoldWhatIsMoved() {
    MigrationParameters setting = MigrationParameters.of(small().with("from", "pageable"));
    assertEquals(Map.of(), setting.demands(CACHE, 0));
    assertEquals(Map.of(), setting.demands(0, 0));
    assertEquals(Map.of(), setting.demands(setting.batchBytes(), 0));
    assertEquals(1, setting.demands(setting.batchBytes() - 1, 0).size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "from|pined|from=pined: |pinned",
        "to|file|to=file: |folder",
        "sync|data|sync=data|no page moves into one",
        "from|peer|from=peer|write device"
      })
  void contradictions(String parameter, String value, String place, String hint) {
    ParameterValues values = MIGRATION.defaults().with("to", "peer:1").with(parameter, value);
    String message =
        assertThrows(ConfigException.class, () -> MIGRATION.check(values)).getMessage();
    assertTrue(String.valueOf(message).contains(place), message);
    assertTrue(String.valueOf(message).contains(hint), message);
  }

  @Test
  void pagesAreWholeWords() {
    ParameterValues values = MIGRATION.defaults().with("pageBytes", 4100L);
    String message =
        assertThrows(ConfigException.class, () -> MIGRATION.check(values)).getMessage();
    assertEquals("pageBytes=4100 is not a multiple of 8", message);
    MIGRATION.check(values.with("pageBytes", 4104L));
  }

  @Test
  void whatCannotBeIsTold() {
    ParameterValues values = small().with("ways", "both");
    MigrationParameters setting = MigrationParameters.of(values);
    Map<String, Double> amounts = setting.amounts();
    assertNull(MIGRATION.contradiction(values, setting.work(), amounts));
    Work work = setting.work();
    for (Work wrong :
        new Work[] {
          new Work(work.units() / 2, work.bytes(), 0),
          new Work(work.units(), work.bytes() * 2, 0),
          new Work(work.units(), work.bytes(), 1)
        }) {
      assertNotNull(MIGRATION.contradiction(values, wrong, amounts), wrong::toString);
    }
    assertNotNull(MIGRATION.contradiction(values, work, Map.of("pages", 6.0, "ops", 1.0)));
    assertNotNull(MIGRATION.contradiction(values, setting.work(), Map.of("pages", 3.0)));
    assertNotNull(MIGRATION.contradiction(values, setting.work(), Map.of()));
  }

  @Test
  void keysForOtherProcesses(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("keys");
    Workload.Inputs inputs = MIGRATION.writeInputs(small().with("ways", "both"), FACTS, file);
    assertEquals(24 + 8L * 2 * inputs.digests().length, Files.size(file));
    assertEquals(MIGRATION.answerDigest(small().with("ways", "both"), 1), inputs.digests()[1]);
  }

  private static ParameterValues small() {
    return MIGRATION
        .defaults()
        .with("to", "pinned")
        .with("pages", 3L)
        .with("pageBytes", 4104L)
        .with("seed", 5L);
  }
}
