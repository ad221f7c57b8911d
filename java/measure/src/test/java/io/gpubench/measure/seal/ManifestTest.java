// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.gpubench.measure.ResultFormatException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ManifestTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(
              JSON.readTree(
                  Path.of(
                      Objects.requireNonNull(System.getProperty("gpubench.root")),
                      "configs/schemas/manifest.schema.json")));

  @TempDir private Path temp;
  private Path file;
  private String whole;

  @BeforeEach
  void seal() throws IOException {
    Path folder = Folders.filled(Files.createDirectory(temp.resolve("run-1")), 1);
    file = folder.resolve(Manifest.FILE);
    SigningKey key = SigningKey.create(temp.resolve("key.pem"));
    Seal.write(folder, Folders.HEADER, key, Instant.parse("2026-11-21T03:57:22Z"));
    whole = Files.readString(file);
  }

  private ManifestException refusal() {
    return assertThrows(ManifestException.class, () -> Seal.read(temp.resolve("run-1")));
  }

  @Test
  void whatIsWrittenAgreesWithTheSchema() throws Exception {
    JsonNode written = JSON.readTree(whole);
    assertEquals(List.of(), SCHEMA.validate(written));
    assertEquals(
        "schema run sealedAt tool signer kernels seeds files",
        String.join(" ", written.propertyNames()));
    assertEquals("2026-11-21T03:57:22.000Z", written.get("sealedAt").asString());
    Path unsigned = Folders.filled(Files.createDirectory(temp.resolve("run-2")), 1);
    var header =
        new Manifest.Header(
            "run-2", Folders.HEADER.tool(), List.of(), new Manifest.Seeds(null, List.of()));
    Seal.write(unsigned, header, null, Instant.EPOCH);
    assertEquals(
        List.of(),
        SCHEMA.validate(JSON.readTree(Files.readString(unsigned.resolve(Manifest.FILE)))));
  }

  /** What the schema refuses, the reader refuses too, and in one line. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "run" : "run-1"              | "run" : null               | run, tool, seeds: a value is null
          "run" : "run-1"              | "run" : 5                  | run lacks something, or is of another kind
          "run" : "run-1"              | "ruin" : "run-1"           | run lacks something, or is of another kind
          "run" : "run-1",             | ``                         | run lacks something, or is of another kind
          "run" : "run-1"              | "run" : "run-1", "more": 1 | more is unknown
          "commit" : "unknown"         | "commit" : "a", "new": 1   | tool.new is unknown
          22.000Z                      | 22Z                        | sealedAt is not a time in UTC to the millisecond
          11-21T03                     | 13-21T03                   | sealedAt is not a time in UTC to the millisecond
          "signer" : "ed25519:         | "signer" : "rsa:           | signer is not a fingerprint
          "modified" : false           | "modified" : "false"       | tool.modified lacks something, or is of another kind
          "modified" : false           | "modified" : null          | tool.modified lacks something, or is of another kind
          "version" : "0.1.0"          | "version" : null           | tool: a value is null
          "version" : "0.1.0",         | ``                         | tool.version lacks something, or is of another kind
          "inputs" : [ 1, 2 ]          | "inputs" : [ 1, null ]     | seeds.inputs: a value is null
          "inputs" : [ 1, 2 ]          | "inputs" : [ 1.5 ]         | seeds.inputs[0] lacks something, or is of another kind
          "inputs" : [ 1, 2 ]          | "inputs" : [ "1" ]         | seeds.inputs[0] lacks something, or is of another kind
          "inputs" : [ 1, 2 ]          | "inputs" : 1               | seeds.inputs lacks something, or is of another kind
          "engine" : "host"            | "engine" : null            | kernels: a value is null
          "sha256" : "0                | "sha256" : "G              | kernels: not a SHA-256 in lower-case hexadecimal
          "path" : "run.json"          | "path" : null              | files: a value is null
          "sha256" : "e3b0c4           | "sha256" : "E3b0c4         | files: 'samples/empty.csv' has no SHA-256
          "bytes" : 0,                 | "bytes" : -1,              | files: 'samples/empty.csv' has a negative size
          "bytes" : 0,                 | "bytes" : 1e400,           | files[3].bytes lacks something, or is of another kind
          "kernels" : [                | "kernels" : [ null,        | kernels: a value is null
          "files" : [                  | "files" : [ null,          | files: a value is null
          """)
  void whatGpubenchDoesNotWriteIsRefused(String text, String other, String problem)
      throws Exception {
    assertTrue(whole.contains(text), whole);
    String altered = whole.replace(text, other);
    Files.writeString(file, altered);
    String message = String.valueOf(refusal().getMessage());
    assertEquals("manifest.json: not a manifest of gpubench: " + problem, message);
    if (!other.startsWith("13-")) { // the schema knows no calendar
      assertFalse(SCHEMA.validate(JSON.readTree(altered)).isEmpty(), altered);
    }
  }

  @Test
  void whatIsNoJsonIsRefusedWithItsLine() throws Exception {
    Files.writeString(file, whole.replace("\"run\" :", "\"run\" \"\u001b\u00e9\""));
    String message = String.valueOf(refusal().getMessage());
    assertTrue(message.startsWith("manifest.json:3: not whole: Unexpected character"), message);
    Files.writeString(file, "x" + whole);
    message = String.valueOf(refusal().getMessage());
    assertTrue(message.startsWith("manifest.json:1: not whole: Unrecognized"), message);
    Files.writeString(file, whole.replace("\"run\" :", "\"run\" : \"a\", \"run\" :"));
    message = String.valueOf(refusal().getMessage());
    assertTrue(message.startsWith("manifest.json:3: not whole: Duplicate"), message);
    Files.writeString(file, whole.replace("\"bytes\" : 0,", "\"bytes\" : 9223372036854775808,"));
    message = String.valueOf(refusal().getMessage());
    assertTrue(message.contains(": not whole: Numeric value (9223372036854775808)"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/etc/passwd",
        "../run.json",
        "..",
        ".",
        "samples/../../x",
        "samples//x",
        "samples/./x",
        "samples/",
        "/",
        "a\\\\b",
        "a\\nb",
        "a\\u0000b",
        "\\u001b[2J",
        "\\u00e9",
        "a/b/c/d/e/f/g/h/i",
        "manifest.json",
        "manifest.sig",
        "signer.pem"
      })
  void pathsStayBelowTheRun(String path) throws Exception {
    String altered = whole.replace("\"run.json\"", "\"" + path + "\"");
    Files.writeString(file, altered);
    String message = String.valueOf(refusal().getMessage());
    assertTrue(message.endsWith("' is not a path below the run"), message);
    assertTrue(message.chars().allMatch(c -> c >= ' ' && c < 0x7f), message);
    assertFalse(SCHEMA.validate(JSON.readTree(altered)).isEmpty(), altered);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..a",
        "a..",
        "...",
        ".hidden",
        "x/..y",
        "a b",
        "~",
        "[x]",
        "samples/manifest.json",
        "a/b/c/d/e/f/g/h"
      })
  void oddPathsAreAccepted(String path) throws Exception {
    assertTrue(FolderListing.isPlain(path));
    JsonNode altered = JSON.readTree(whole.replace("\"run.json\"", "\"" + path + "\""));
    assertEquals(List.of(), SCHEMA.validate(altered));
  }

  @Test
  void filesAreSortedAndListedOnce() throws Exception {
    Files.writeString(file, whole.replace("samples/b.2.csv", "samples/a.1.csv"));
    assertEquals(
        "manifest.json: not a manifest of gpubench: files: 'samples/a.1.csv' is listed twice",
        refusal().getMessage());
    Files.writeString(file, whole.replace("samples/b.2.csv", "a.csv"));
    assertEquals(
        "manifest.json: not a manifest of gpubench: files: 'a.csv' is not in the order of the paths",
        refusal().getMessage());
  }

  @Test
  void aNewerFormatIsToldApart() throws Exception {
    for (String newer : new String[] {"2", "17"}) {
      Files.writeString(
          file, "{\"later\": [{}], \"schema\": \"gpubench.manifest/" + newer + "\", \"x\": 1}");
      var error = assertThrows(ResultFormatException.class, () -> Seal.read(temp.resolve("run-1")));
      assertEquals(
          file
              + ": written in the format gpubench.manifest/"
              + newer
              + "; this version reads gpubench.manifest/1",
          error.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "\"gpubench.manifest/1\"",
        "{\"schema\": 1}",
        "{\"schema\": {}}",
        "{\"schema\": \"gpubench.run/2\"}",
        "{\"schema\": \"gpubench.manifest/x\"}",
        "{\"schema\": \"gpubench.manifest/0\"}",
        "null",
        ""
      })
  void aForeignFileIsRefused(String text) throws Exception {
    Files.writeString(file, text);
    assertEquals(
        "manifest.json: not a manifest of gpubench: no \"schema\": \"gpubench.manifest/1\"",
        refusal().getMessage());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void aTruncatedOrGarbledFileIsRefused(long seed) throws Exception {
    var random = new SplittableRandom(seed);
    byte[] bytes = whole.getBytes(UTF_8);
    for (int i = 0; i < 100; i++) {
      Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length - 2)));
      assertEquals(1, String.valueOf(refusal().getMessage()).lines().count());
    }
    Files.writeString(file, whole + "{}");
    assertTrue(String.valueOf(refusal().getMessage()).startsWith("manifest.json"));
    for (int i = 0; i < 20; i++) {
      byte[] garbage = new byte[random.nextInt(5_000)];
      random.nextBytes(garbage);
      Files.write(file, garbage);
      String message = String.valueOf(refusal().getMessage());
      assertTrue(message.chars().allMatch(c -> (c >= ' ' && c < 0x7f) || c == '…'), message);
    }
  }

  @Test
  void whatIsTooDeepOrTooLargeIsRefused() throws Exception {
    Files.writeString(
        file, "{\"schema\": \"gpubench.manifest/1\", \"run\": " + "[".repeat(1 << 20));
    assertTrue(String.valueOf(refusal().getMessage()).startsWith("manifest.json"));
    Files.writeString(file, "{\"a\": " + "[".repeat(1 << 20));
    assertTrue(String.valueOf(refusal().getMessage()).startsWith("manifest.json"));
    try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(1L << 40);
    }
    assertEquals("manifest.json: it has more than 16777216 bytes", refusal().getMessage());
  }

  @Test
  void whatIsNotARegularFileIsRefused() throws Exception {
    Path elsewhere = Files.move(file, temp.resolve("elsewhere"));
    Files.createSymbolicLink(file, elsewhere);
    assertEquals(
        "manifest.json: it is a symbolic link, not a regular file", refusal().getMessage());
    Files.delete(file);
    Files.createDirectory(file);
    assertEquals("manifest.json: it is a folder, not a regular file", refusal().getMessage());
    Files.delete(file);
    assertEquals(0, Folders.run(temp, "mkfifo", file.toString()).exit());
    assertEquals("manifest.json: it is a special file, not a regular file", refusal().getMessage());
  }
}
