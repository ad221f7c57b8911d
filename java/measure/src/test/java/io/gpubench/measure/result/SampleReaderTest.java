// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Samples;
import io.gpubench.measure.run.SamplesFixture;
import io.gpubench.measure.stats.Statistics;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleReaderTest {
  private static final String HEADER = "sample,start_ns,duration_ns\n";

  @TempDir Path folder;

  private static RawSamples read(String text) {
    return SampleReader.read(
        "a.csv", new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  /** Across the borders of blocks, and from a stream that gives a few bytes at a time. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 1_023, 1_024, 1_025, 20_000})
  void whatWasWrittenIsRead(int count) throws IOException {
    var random = new Random(count);
    long[] durations =
        random.longs(count, 1, 64).map(bits -> 1 + (random.nextLong() >>> bits)).toArray();
    for (int i = 0; i < count; i++) {
      durations[i] = 1 + Math.floorMod(durations[i], Statistics.MAX_NANOS);
    }
    Samples samples = SamplesFixture.of(count, i -> 123_456_789_012L * i, i -> durations[i]);
    Path file = folder.resolve("a.csv");
    try (var out = SampleFile.create(file, false, new Cancellation())) {
      out.finish(samples);
    }

    for (RawSamples read : new RawSamples[] {SampleReader.read(file), dripping(file)}) {
      assertEquals(count, read.count());
      assertArrayEquals(durations, read.durations());
      for (int i = 0; i < count; i++) {
        assertEquals(samples.startNanos(i), read.start(i));
      }
      assertTrue(!read.cutOff());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1_025, 9_000})
  void baselinesAreReadToo(int count) throws IOException {
    Samples samples =
        SamplesFixture.paired(count, i -> 1_000L * i, i -> 1L + i, i -> Statistics.MAX_NANOS - i);
    Path file = folder.resolve("paired.csv");
    try (var out = SampleFile.create(file, true, new Cancellation())) {
      out.finish(samples);
    }
    RawSamples read = SampleReader.read(file);
    assertEquals(count, read.count());
    assertEquals(count, read.baselines().length);
    for (int i = 0; i < count; i++) {
      assertEquals(1L + i, read.duration(i));
      assertEquals(Statistics.MAX_NANOS - i, read.baselines()[i]);
    }
  }

  private static RawSamples dripping(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return SampleReader.read(
          "a.csv",
          new InputStream() {
            @Override
            public int read() throws IOException {
              return in.read();
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
              return in.read(bytes, from, Math.min(length, 37));
            }
          });
    }
  }

  @Test
  void everyPlaceToCutOffIsTold() {
    String text = HEADER + "0,0,500\n1,700,9007199254740992\n";
    for (int length = 0; length < text.length(); length++) {
      RawSamples read = read(text.substring(0, length));
      String whole = text.substring(0, text.lastIndexOf('\n', length - 1) + 1);
      long lines = Math.max(0, whole.lines().count() - 1);
      assertEquals(lines, read.count(), "cut at " + length);
      assertEquals(whole.isEmpty() || whole.length() < length, read.cutOff(), "cut at " + length);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1,0,5\n",
        "00,0,5\n",
        "0,00,5\n",
        "0,0,05\n",
        "+0,0,5\n",
        "0,-1,5\n",
        "0,0,0\n",
        "0,0,-5\n",
        "0,0,9007199254740993\n",
        "0,9007199254740993,5\n",
        "0,0,5,6\n",
        "0,0\n",
        "0,0,\n",
        ",0,5\n",
        "0,0,5 \n",
        "0, 0,5\n",
        "0,0,5\r\n",
        "\n",
        "0,0,5.0\n",
        "0,0,5e3\n",
        "0,0,99999999999999999999999999999999999999\n",
        "0,0,18446744073709551617\n",
        "é,0,5\n",
      })
  void aForeignLineIsNamed(String line) {
    var error = assertThrows(ResultFormatException.class, () -> read(HEADER + line));
    assertEquals(
        "a.csv:2: expected sample 0, its start and its duration in ns", error.getMessage());
    var later =
        assertThrows(ResultFormatException.class, () -> read(HEADER + "0,0,5\n1,9,5\n" + line));
    assertTrue(String.valueOf(later.getMessage()).startsWith("a.csv:4: expected sample 2"));
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 64, 70, 70_000, 200_000})
  void aLineWithoutEndIsNoLine(int digits) {
    String zeros = HEADER + "0,0,5\n" + "0".repeat(digits);
    assertThrows(ResultFormatException.class, () -> read(zeros + "\n"));
    String nines = HEADER + "0,0," + "9".repeat(digits);
    assertThrows(ResultFormatException.class, () -> read(nines + "\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "\n", "sample,start_ns,duration_nS\n0,0,5\n", "sample;"})
  void aForeignHeaderIsNamed(String text) {
    var error = assertThrows(ResultFormatException.class, () -> read(text));
    assertEquals("a.csv:1: expected sample,start_ns,duration_ns", error.getMessage());
  }

  @Test
  void aFileThatCannotBeReadIsNamed() {
    Path missing = folder.resolve("none.csv");
    var error = assertThrows(ResultFormatException.class, () -> SampleReader.read(missing));
    assertEquals(missing + ": cannot be read: it does not exist", error.getMessage());
  }
}
