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
import io.gpubench.measure.seal.Seal;
import io.gpubench.measure.stats.Distribution;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunStoreTest {
  private static final Instant ENDED = Instant.parse("2026-11-21T03:57:22.125Z");
  private static final long NO_PROCESS = Long.MAX_VALUE;

  @TempDir private Path store;

  private RunWriter writer(String id, String... planned) {
    return RunWriter.create(store, store, Fixtures.document(id, NO_PROCESS, planned), null);
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    var samples = Fixtures.samples(1_000);
    var record = Fixtures.record("a", samples);
    Path directory;
    try (var writer = writer("run-1", "a")) {
      directory = writer.directory();
      writer.begin("a", 1, false, new Cancellation());
      writer.append(record, 1, samples, null);
      writer.finish(RunDocument.COMPLETE, null, ENDED, 60.0);
    }
    RunDocument read = RunReader.read(directory);
    assertEquals("complete", read.status());
    assertEquals(record, read.records().getFirst());
    assertArrayEquals(
        samples.durations(), SampleReader.read(directory.resolve("samples/a.1.csv")).durations());
    byte[] text = Files.readAllBytes(directory.resolve("histograms/a.hlog"));
    try (var log = new Distribution.Log(text)) {
      assertEquals(1_000, Objects.requireNonNull(log.next()).getTotalCount());
    }
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(
          List.of("histograms", "manifest.json", "run.json", "samples"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void theSampleFileIsPlainText() throws IOException {
    var samples = Fixtures.samples(3);
    try (var writer = writer("run-1", "a")) {
      writer.begin("a", 1, false, new Cancellation());
      writer.append(Fixtures.record("a", samples), 1, samples, null);
    }
    assertEquals(
        "sample,start_ns,duration_ns\n0,0,500\n1,1000000,507\n2,2000000,514\n",
        Files.readString(store.resolve("run-1/samples/a.1.csv")));
  }

  @Test
  void aRunThatWasCutOffKeepsFinishedRecordsAndFlushedSamples() {
    var samples = Fixtures.samples(100);
    var writer = writer("run-1", "a", "b", "c");
    writer.begin("a", 1, false, new Cancellation());
    writer.append(Fixtures.record("a", samples), 1, samples, null);
    writer
        .begin("b", 1, false, new Cancellation())
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
    try (var writer = RunWriter.create(store, store, document, null)) {
      writer.begin("a", 1, false, new Cancellation());
      writer.append(Fixtures.record("a", samples), 1, samples, null);
      writer
          .begin("b", 1, false, new Cancellation())
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
    var file = writer.begin("a", 1, false, new Cancellation());
    file.checkpoint(Phase.MEASURE, Fixtures.samples(10), 100_000_000);
    file.checkpoint(Phase.MEASURE, Fixtures.samples(20), 500_000_000);
    file.checkpoint(Phase.MEASURE, Fixtures.samples(30), 900_000_000);
    assertEquals(31, Files.readAllLines(store.resolve("run-1/samples/a.1.csv")).size());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aRunCutAnywhereIsReadable(long seed) throws IOException {
    var random = new SplittableRandom(seed);
    var samples = Fixtures.samples(50);
    var writer = writer("run-1", "a", "b");
    writer.begin("a", 1, false, new Cancellation());
    writer.append(Fixtures.record("a", samples), 1, samples, null);
    writer
        .begin("b", 1, false, new Cancellation())
        .checkpoint(Phase.MEASURE, samples, 1_000_000_000);
    Path records = store.resolve("run-1/records.jsonl");
    Path csv = store.resolve("run-1/samples/b.1.csv");
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
  void aFullDiskKeepsWhatWasMeasured(@TempDir Path rescue) throws Exception {
    var configuration =
        Configuration.unix().toBuilder().setMaxSize(64 * 1024).setBlockSize(1024).build();
    try (FileSystem disk = Jimfs.newFileSystem(configuration)) {
      Path full = disk.getPath("/store");
      var writer =
          RunWriter.create(full, rescue, Fixtures.document("run-1", NO_PROCESS, "a", "b"), null);
      var few = Fixtures.samples(100);
      writer.begin("a", 1, false, new Cancellation());
      writer.append(Fixtures.record("a", few), 1, few, null);

      var cancellation = new Cancellation();
      var many = Fixtures.samples(20_000);
      var file = writer.begin("b", 1, false, cancellation);
      file.checkpoint(Phase.MEASURE, many, 1_000_000_000);
      assertTrue(cancellation.requested(), "a store that cannot be written ends the run");
      var error =
          assertThrows(
              StoreException.class, () -> writer.append(Fixtures.record("b", many), 1, many, null));
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
      assertTrue(Seal.read(saved).isEmpty(), "what was rescued is a part");
      assertArrayEquals(
          many.durations(), SampleReader.read(saved.resolve("samples/b.1.csv")).durations());
    }
  }

  @Test
  void aStoreThatCannotBeWrittenIsAUsersMistake() throws IOException {
    Path file = Files.writeString(store.resolve("file"), "text");
    var error =
        assertThrows(
            ConfigException.class,
            () -> RunWriter.create(file, store, Fixtures.document("run-1", NO_PROCESS), null));
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
      writer.begin("a", 1, false, new Cancellation());
      writer.append(Fixtures.record("a", empty), 1, null, null);
    }
    assertFalse(Files.exists(store.resolve("run-1/samples/a.1.csv")));
    assertNull(RunReader.read(store.resolve("run-1")).records().getFirst().statistics());
  }

  @Test
  void foreignNewerAndDamagedFilesAreRefusedByName() throws IOException {
    Path directory = Files.createDirectory(store.resolve("r"));
    assertRefused(directory, "is not a run directory: run.json: it does not exist");
    Path file = directory.resolve("run.json");
    Files.writeString(file, "{\"a\": 1}");
    assertRefused(directory, "run.json: not a result of gpubench");
    Files.writeString(file, "{\"schema\": \"gpubench.run/3\"}");
    assertRefused(
        directory, "written in the format gpubench.run/3; this version reads gpubench.run/2");
    Files.writeString(file, "{\n\"schema\": \"gpubench.run/2\",\n\"id\":");
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

  @Test
  void eachProcessOfARunIsKeptAsItEnds() throws IOException {
    var first = Fixtures.samples(100);
    var second = Fixtures.samples(80);
    var record =
        Fixtures.record("a", List.of(Fixtures.part("a", 1, first), Fixtures.part("a", 2, second)));
    try (var writer = writer("run-1", "a")) {
      writer.begin("a", 1, false, new Cancellation());
      writer.append(Fixtures.record("a", first), 1, first, null);
      assertEquals(
          List.of(Fixtures.record("a", first)), RunReader.read(store.resolve("run-1")).records());
      writer.begin("a", 2, false, new Cancellation());
      writer.append(record, 2, second, null);
      assertEquals(List.of(record), RunReader.read(store.resolve("run-1")).records());
      writer.finish(RunDocument.COMPLETE, null, ENDED, 60.0);
    }
    assertEquals(List.of(record), RunReader.read(store.resolve("run-1")).records());
    var tags = new ArrayList<String>();
    try (var log = new HistogramLogReader(store.resolve("run-1/histograms/a.hlog").toFile())) {
      while (log.nextIntervalHistogram() instanceof Histogram interval) {
        tags.add(interval.getTag() + " " + interval.getTotalCount());
      }
    }
    assertEquals(List.of("process-1 100", "process-2 80"), tags);
  }

  @Test
  void aRunThatWasCutOffInItsSecondProcessKeepsTheFirst() {
    var samples = Fixtures.samples(100);
    var writer = writer("run-1", "a");
    writer.begin("a", 1, false, new Cancellation());
    writer.append(Fixtures.record("a", samples), 1, samples, null);
    writer
        .begin("a", 2, false, new Cancellation())
        .checkpoint(Phase.MEASURE, Fixtures.samples(42), 1_000_000_000);
    ResultRecord read = RunReader.read(store.resolve("run-1")).records().getFirst();
    assertEquals("Failed", read.outcome());
    assertEquals(142, read.sampleCount());
    assertEquals(
        List.of("Measured", "Failed"),
        read.processes().stream().map(ProcessPart::outcome).toList());
  }

  @Test
  void runsOfTheFirstFormatAreRead() throws IOException {
    Path directory = Files.createDirectory(store.resolve("old"));
    try (var old = getClass().getResourceAsStream("/runs/run-1.json")) {
      Files.copy(Objects.requireNonNull(old), directory.resolve("run.json"));
    }
    RunDocument read = RunReader.read(directory);
    assertEquals(Conditions.IN_PROCESS, read.conditions().isolation());
    ResultRecord record = read.records().getFirst();
    assertEquals("Measured", record.outcome());
    assertEquals(20, record.sampleCount());
    assertEquals(1, record.repetitions());
    assertEquals("histograms/" + record.id() + ".hlog", record.histogram());
    ProcessPart part = record.processes().getFirst();
    assertEquals(record.statistics(), part.statistics());
    assertEquals("samples/" + record.id() + ".csv", part.samples());
    assertEquals("samples", part.stop());
    assertNotNull(part.warmup());
    assertNotNull(part.timer());
    assertEquals(record.verification().get("answersRight"), (int) part.answersRight());
  }
}
