// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.StoreException;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.seal.Manifest;
import io.gpubench.measure.seal.Seal;
import io.gpubench.measure.seal.SignatureCheck;
import io.gpubench.measure.seal.SigningKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run that ends leaves beside its documents. */
class SealedRunTest {
  private static final Instant ENDED = Instant.parse("2026-11-21T03:57:22.125Z");
  private static final long NO_PROCESS = Long.MAX_VALUE;

  @TempDir private Path store;

  @ParameterizedTest
  @ValueSource(strings = {RunDocument.COMPLETE, RunDocument.INTERRUPTED})
  void aRunThatEndsIsSealed(String status, @TempDir Path keys) throws Exception {
    var key = SigningKey.create(keys.resolve("key.pem"));
    var samples = Fixtures.samples(100);
    Instant before = Instant.now().minusMillis(1);
    Path directory;
    try (var writer =
        RunWriter.create(store, store, Fixtures.document("run-1", NO_PROCESS, "a"), key)) {
      directory = writer.directory();
      writer.begin("a", 1, false, new Cancellation());
      writer.append(Fixtures.record("a", samples), 1, samples, null);
      assertEquals(Optional.empty(), writer.manifest());
      assertEquals(Optional.empty(), Seal.read(directory), "what is killed is not sealed");
      writer.finish(status, null, ENDED, 1.0);
      Seal seal = Seal.read(directory).orElseThrow();
      assertEquals(writer.manifest(), Optional.of(seal.manifest()));
      assertEquals(new SignatureCheck.Valid(key.signer()), seal.signature());
      assertEquals(
          List.of("histograms/a.hlog", "run.json", "samples/a.1.csv"),
          seal.manifest().files().stream().map(Manifest.Entry::path).toList());
      for (Manifest.Entry entry : seal.manifest().files()) {
        assertEquals(entry, Manifest.Entry.of(directory, entry.path()));
      }
      Instant sealedAt = Instant.parse(seal.manifest().sealedAt());
      assertTrue(!sealedAt.isBefore(before) && !sealedAt.isAfter(Instant.now()));
      assertEquals(SealHeader.of(RunReader.read(directory)), seal.manifest().header());
    }
  }

  @Test
  void aRunThatFailedIsNot() throws Exception {
    try (var writer =
        RunWriter.create(store, store, Fixtures.document("run-1", NO_PROCESS, "a"), null)) {
      writer.finish(RunDocument.FAILED, "the disk was full", ENDED, 1.0);
      assertEquals(Optional.empty(), writer.manifest());
      assertEquals(Optional.empty(), Seal.read(writer.directory()));
    }
  }

  @Test
  void aSealThatCannotBeWrittenLeavesTheRunAsItIs() throws Exception {
    var samples = Fixtures.samples(100);
    try (var writer =
        RunWriter.create(store, store, Fixtures.document("run-1", NO_PROCESS, "a"), null)) {
      writer.begin("a", 1, false, new Cancellation());
      writer.append(Fixtures.record("a", samples), 1, samples, null);
      Path inTheWay = Files.createDirectory(writer.directory().resolve(Manifest.FILE));
      var error =
          assertThrows(
              StoreException.class, () -> writer.finish(RunDocument.COMPLETE, null, ENDED, 1.0));
      assertEquals(
          "cannot write to "
              + writer.directory()
              + ": a file of that name is in the way; finished records are kept there; only the"
              + " seal is missing; free space or choose another store with --out",
          error.getMessage());
      assertEquals(RunDocument.COMPLETE, writer.document().status());
      assertEquals(writer.document(), RunReader.read(writer.directory()));
      Files.delete(inTheWay);
      writer.finish(RunDocument.FAILED, "no matter", ENDED, 1.0);
      assertEquals(Optional.empty(), writer.manifest(), "what failed is not tried again");
      assertEquals(Optional.empty(), Seal.read(writer.directory()));
      assertEquals(RunDocument.COMPLETE, RunReader.read(writer.directory()).status());
    }
  }

  @Test
  void theHeaderIsTheSameBeforeAndAfterTheFile() {
    var hashes = new LinkedHashMap<String, Object>();
    String one = "1".repeat(64);
    String two = "a".repeat(64);
    hashes.put("librarySha256", two);
    hashes.put("kernels", Map.of("consensus", Map.of("origin", "compiled", "sha256", one)));
    hashes.put("sha256", one);
    hashes.put("otherSha256", "unknown");
    hashes.put("sha256s", two);
    hashes.put("threads", Map.of("sha256", 5));
    var plain = Fixtures.document("run-1", NO_PROCESS, "a");
    var engine =
        new RunDocument.EngineChoice(
            "host", "auto", "first", null, false, hashes, null, 2, null, null);
    var planned =
        Stream.of(5L, 3, 5, "x", Long.MAX_VALUE)
            .map(seed ->
                new RunDocument.Planned(
                    "p" + seed, "consensus", "host", "call", Map.of("seed", seed), null))
            .toList();
    var document =
        new RunDocument(
            plain.schema(),
            plain.id(),
            plain.status(),
            null,
            plain.pid(),
            plain.suite(),
            plain.profile(),
            plain.startedAt(),
            null,
            null,
            plain.plannedSeconds(),
            plain.tool(),
            plain.argv(),
            List.of(engine, engine),
            plain.conditions(),
            plain.environment(),
            planned,
            List.of());
    Manifest.Header header = SealHeader.of(document);
    assertEquals(
        new Manifest.Header(
            "run-1",
            new Manifest.Tool("gpubench", "0.1.0", "unknown", false),
            List.of(
                new Manifest.Kernel("host", "", one),
                new Manifest.Kernel("host", "kernels.consensus", one),
                new Manifest.Kernel("host", "library", two)),
            new Manifest.Seeds(7L, List.of(3L, 5L, Long.MAX_VALUE))),
        header);
    try (var writer = RunWriter.create(store, store, document, null)) {
      writer.finish(RunDocument.COMPLETE, null, ENDED, 1.0);
      assertEquals(header, SealHeader.of(RunReader.read(writer.directory())));
    }
  }
}
