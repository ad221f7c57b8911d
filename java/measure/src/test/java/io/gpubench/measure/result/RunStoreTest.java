// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.StoreException;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Observer.Phase;
import io.gpubench.measure.stats.Distribution;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunStoreTest {
  private static final Instant ENDED = Instant.parse("2026-11-21T03:57:22.125Z");
  private static final long NO_PROCESS = Long.MAX_VALUE;

  @TempDir private Path store;

  private RunWriter writer(String id, String... planned) {
    return RunWriter.create(store, store, Fixtures.document(id, NO_PROCESS, planned));
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    var samples = Fixtures.samples(1_000);
    var record = Fixtures.record("a", samples);
    Path directory;
    try (var writer = writer("run-1", "a")) {
      directory = writer.directory();
      writer.begin("a", new Cancellation());
      writer.append(record, samples);
      writer.finish(RunDocument.COMPLETE, null, ENDED, 60.0);
    }
    RunDocument read = RunReader.read(directory);
    assertEquals("complete", read.status());
    assertEquals(record, read.records().getFirst());
    assertArrayEquals(
        samples.durations(), SampleFile.readDurations(directory.resolve("samples/a.csv")));
    try (var log = Files.newInputStream(directory.resolve("histograms/a.hlog"))) {
      assertEquals(1_000, Distribution.readLog(log).getTotalCount());
    }
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(
          List.of("histograms", "run.json", "samples"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void theSampleFileIsPlainText() throws IOException {
    var samples = Fixtures.samples(3);
    try (var writer = writer("run-1", "a")) {
      writer.begin("a", new Cancellation());
      writer.append(Fixtures.record("a", samples), samples);
    }
    assertEquals(
        "sample,start_ns,duration_ns\n0,0,500\n1,1000000,507\n2,2000000,514\n",
        Files.readString(store.resolve("run-1/samples/a.csv")));
  }

  @Test
  void aRunThatWasCutOffKeepsFinishedRecordsAndFlushedSamples() {
    var samples = Fixtures.samples(100);
    var writer = writer("run-1", "a", "b", "c");
    writer.begin("a", new Cancellation());
    writer.append(Fixtures.record("a", samples), samples);
    writer
        .begin("b", new Cancellation())
        .checkpoint(Phase.MEASURE, Fixtures.samples(42), 1_000_000_000);
    // no finish and no close: this is what kill -9 leaves
    RunDocument read = RunReader.read(store.resolve("run-1"));
    assertEquals("running", read.status());
    assertEquals("unfinished", RunReader.status(read));
    assertEquals(2, read.records().size());
    assertEquals(Fixtures.record("a", samples), read.records().getFirst());
    ResultRecord cutOff = read.records().getLast();
    assertEquals("b", cutOff.id());
    assertEquals("Failed", cutOff.outcome());
    assertEquals(42, cutOff.sampleCount());
    assertTrue(String.valueOf(cutOff.reason()).contains("42 samples"));
    assertNotNull(cutOff.statistics());
  }

  @Test
  void aRunThatIsStillBeingWrittenIsNotCutOff() {
    var samples = Fixtures.samples(100);
    var document =
        Fixtures.startedAt(
            Instant.now().toString(), "run-1", ProcessHandle.current().pid(), "a", "b");
    try (var writer = RunWriter.create(store, store, document)) {
      writer.begin("a", new Cancellation());
      writer.append(Fixtures.record("a", samples), samples);
      writer
          .begin("b", new Cancellation())
          .checkpoint(Phase.MEASURE, Fixtures.samples(42), 1_000_000_000);
      RunDocument read = RunReader.read(store.resolve("run-1"));
      assertEquals("running", RunReader.status(read));
      assertEquals(List.of(Fixtures.record("a", samples)), read.records());
    }
  }

  @Test
  void aReasonIsOneLine() {
    assertEquals("no library: a, b", new Outcome.Failed("no library:\n  a,\r\nb\n").reasonText());
  }

  @Test
  void samplesReachTheDiskWithinASecond() throws IOException {
    var writer = writer("run-1", "a");
    var file = writer.begin("a", new Cancellation());
    file.checkpoint(Phase.MEASURE, Fixtures.samples(10), 100_000_000);
    file.checkpoint(Phase.MEASURE, Fixtures.samples(20), 500_000_000);
    file.checkpoint(Phase.MEASURE, Fixtures.samples(30), 900_000_000);
    assertEquals(31, Files.readAllLines(store.resolve("run-1/samples/a.csv")).size());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aRunCutAnywhereIsReadable(long seed) throws IOException {
    var random = new SplittableRandom(seed);
    var samples = Fixtures.samples(50);
    var writer = writer("run-1", "a", "b");
    writer.begin("a", new Cancellation());
    writer.append(Fixtures.record("a", samples), samples);
    writer.begin("b", new Cancellation()).checkpoint(Phase.MEASURE, samples, 1_000_000_000);
    Path records = store.resolve("run-1/records.jsonl");
    Path csv = store.resolve("run-1/samples/b.csv");
    byte[] allRecords = Files.readAllBytes(records);
    byte[] allSamples = Files.readAllBytes(csv);
    for (int i = 0; i < 30; i++) {
      int cut = random.nextInt(allSamples.length + 1);
      Files.write(csv, java.util.Arrays.copyOf(allSamples, cut));
      Files.write(
          records, java.util.Arrays.copyOf(allRecords, random.nextInt(allRecords.length + 1)));
      RunDocument read = RunReader.read(store.resolve("run-1"));
      long whole = 0;
      for (int at = 0; at < cut; at++) {
        whole += allSamples[at] == '\n' ? 1 : 0;
      }
      assertEquals(Math.max(0, whole - 1), read.records().getLast().sampleCount());
    }
  }

  @Test
  void aRunOfALivingProcessIsRunning() {
    long pid = ProcessHandle.current().pid();
    var now = Fixtures.startedAt(Instant.now().toString(), "run-1", pid, "a");
    var document = Fixtures.document("run-1", pid, "a");
    assertEquals("running", RunReader.status(now));
    assertEquals("unfinished", RunReader.status(document), "the process is younger than the run");
  }

  @Test
  void aFullDiskKeepsWhatWasMeasured(@TempDir Path rescue) throws IOException {
    var configuration =
        Configuration.unix().toBuilder().setMaxSize(64 * 1024).setBlockSize(1024).build();
    try (FileSystem disk = Jimfs.newFileSystem(configuration)) {
      Path full = disk.getPath("/store");
      var writer = RunWriter.create(full, rescue, Fixtures.document("run-1", NO_PROCESS, "a", "b"));
      var few = Fixtures.samples(100);
      writer.begin("a", new Cancellation());
      writer.append(Fixtures.record("a", few), few);

      var cancellation = new Cancellation();
      var many = Fixtures.samples(20_000);
      var file = writer.begin("b", cancellation);
      file.checkpoint(Phase.MEASURE, many, 1_000_000_000);
      assertTrue(cancellation.requested(), "a store that cannot be written ends the run");
      var error =
          assertThrows(StoreException.class, () -> writer.append(Fixtures.record("b", many), many));
      assertTrue(
          String.valueOf(error.getMessage())
              .startsWith("cannot write to /store/run-1: out of disk space"),
          error.getMessage());

      assertEquals(
          Fixtures.record("a", few), RunReader.read(full.resolve("run-1")).records().getFirst());
      Path saved;
      try (Stream<Path> roots = Files.list(rescue)) {
        saved = roots.findFirst().orElseThrow().resolve("run-1");
      }
      assertTrue(String.valueOf(error.getMessage()).contains("saved to " + saved));
      RunDocument rescued = RunReader.read(saved);
      assertEquals(2, rescued.records().size());
      assertEquals("failed", rescued.status());
      assertArrayEquals(many.durations(), SampleFile.readDurations(saved.resolve("samples/b.csv")));
    }
  }

  @Test
  void aStoreThatCannotBeWrittenIsAUsersMistake() throws IOException {
    Path file = Files.writeString(store.resolve("file"), "text");
    var error =
        assertThrows(
            ConfigException.class,
            () -> RunWriter.create(file, store, Fixtures.document("run-1", NO_PROCESS)));
    assertEquals(
        "cannot write results to "
            + file
            + ": a file of that name is in the way; choose another folder with --out",
        error.getMessage());
  }

  @Test
  void aRecordWithoutSamplesLeavesNoSampleFile() {
    var empty = Fixtures.samples(0);
    try (var writer = writer("run-1", "a")) {
      writer.begin("a", new Cancellation());
      writer.append(Fixtures.record("a", empty));
    }
    assertFalse(Files.exists(store.resolve("run-1/samples/a.csv")));
    assertNull(RunReader.read(store.resolve("run-1")).records().getFirst().statistics());
  }

  @Test
  void foreignNewerAndDamagedFilesAreRefusedByName() throws IOException {
    Path directory = Files.createDirectory(store.resolve("r"));
    assertRefused(directory, "is not a run directory: run.json: it does not exist");
    Path file = directory.resolve("run.json");
    Files.writeString(file, "{\"a\": 1}");
    assertRefused(directory, "run.json: not a result of gpubench");
    Files.writeString(file, "{\"schema\": \"gpubench.run/2\"}");
    assertRefused(
        directory, "written in the format gpubench.run/2; this version reads gpubench.run/1");
    Files.writeString(file, "{\n\"schema\": \"gpubench.run/1\",\n\"id\":");
    assertRefused(directory, "run.json:3: not a readable result");
    Files.writeString(file, "[1, 2");
    assertRefused(directory, "run.json:1: not a readable result");
    Files.writeString(file, "");
    assertRefused(directory, "not a result of gpubench");
  }

  private static void assertRefused(Path directory, String text) {
    var error = assertThrows(ResultFormatException.class, () -> RunReader.read(directory));
    assertTrue(String.valueOf(error.getMessage()).contains(text), error.getMessage());
  }

  @Test
  void theListingTellsUnfinishedAndUnreadableRunsApart() throws IOException {
    try (var writer = writer("1-complete", "a")) {
      writer.finish(RunDocument.COMPLETE, null, ENDED, 1.0);
    }
    writer("2-unfinished", "a", "b").close();
    Files.writeString(Files.createDirectory(store.resolve("3-broken")).resolve("run.json"), "{");
    Files.createDirectory(store.resolve("4-foreign"));
    assertEquals(
        List.of("1-complete complete", "2-unfinished unfinished", "3-broken unreadable"),
        RunReader.list(store).stream().map(run -> run.id() + " " + run.status()).toList());
  }
}
