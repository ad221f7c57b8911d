// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ResultFormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lines of polls, on the wire and in files. */
final class PollLineTest {
  private static final List<String> WORDS = List.of("lost", "not-supported", "sentinel");

  private static Polls random(Random random, int sensors, int count) {
    var polls = new Polls(sensors);
    long at = -random.nextInt(1_000_000_000);
    for (int poll = 0; poll < count; poll++) {
      polls.begin(at);
      polls.took(random.nextInt(1_000_000));
      for (int sensor = 0; sensor < sensors; sensor++) {
        switch (random.nextInt(5)) {
          case 0 -> {}
          case 1 -> polls.set(sensor, Double.NaN, WORDS.get(random.nextInt(WORDS.size())));
          case 2 -> polls.set(sensor, random.nextInt(1_000), null);
          case 3 -> polls.set(sensor, random.nextLong(1L << 50), null);
          default ->
              polls.set(sensor, random.nextGaussian() * Math.exp(20 * random.nextGaussian()), null);
        }
      }
      at += random.nextInt(100_000_000);
    }
    return polls;
  }

  private static void same(Polls expected, Polls found) {
    assertEquals(expected.count(), found.count());
    for (int poll = 0; poll < expected.count(); poll++) {
      assertEquals(expected.atNanos(poll), found.atNanos(poll));
      assertEquals(expected.tookNanos(poll), found.tookNanos(poll));
      for (int sensor = 0; sensor < expected.sensors(); sensor++) {
        assertEquals(expected.value(poll, sensor), found.value(poll, sensor), "bit for bit");
        assertEquals(expected.gap(poll, sensor), found.gap(poll, sensor));
      }
    }
  }

  @RepeatedTest(40)
  void whatIsWrittenIsReadBack(RepetitionInfo repetition, @TempDir Path folder) throws IOException {
    var random = new Random(repetition.getCurrentRepetition());
    int sensors = 1 + random.nextInt(6);
    Polls polls = random(random, sensors, random.nextInt(200));
    List<Column> columns =
        java.util.stream.IntStream.range(0, sensors)
            .mapToObj(i -> Made.level("sensor" + i, false))
            .toList();
    Path file = folder.resolve("t.csv");
    TelemetryFile.write(file, columns, polls);
    try (var in = Files.newInputStream(file)) {
      same(
          polls,
          TelemetryFile.read(
              "t.csv", in, columns.stream().map(column -> column.sensor().id()).toList()));
    }
    assertThrows(FileAlreadyExistsException.class, () -> TelemetryFile.write(file, columns, polls));
  }

  @Test
  void aFileReadsAsAPersonExpects() throws IOException {
    var polls = new Polls(3);
    polls.begin(-5_000);
    polls.took(61_000);
    polls.set(0, 411.5, null);
    polls.set(1, Double.NaN, "no-permission");
    polls.begin(50_000_000);
    polls.took(60_000);
    polls.set(0, 412, null);
    polls.set(2, 1, null);
    assertEquals("-5000,61000,411.5,no-permission,", PollLine.text(polls, 0));
    assertEquals("50000000,60000,412,,1", PollLine.text(polls, 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,2,3|it has 3 cells, expected 4",
        "1,2,3,4,5|it has 5 cells, expected 4",
        "x,2,3,4|'x' is no time in nanoseconds",
        "1,,3,4|'' is no time in nanoseconds",
        "1,-2,3,4|it took -2 ns",
        "1,2,3,NaN|'NaN' is neither a number nor the word of a gap",
        "1,2,3,Infinity|'Infinity' is neither a number nor the word of a gap",
        "1,2,3,1e400|'1e400' is neither a number nor the word of a gap",
        "1,2,3,1E400|'1E400' is no reading",
        "1,2,3,1E999|'1E999' is no reading",
        "1,2,3,0x1p3|'0x1p3' is neither a number nor the word of a gap",
        "1,2,3, 4|' 4' is neither a number nor the word of a gap",
      })
  void anotherLineIsRefused(String line, String why) {
    var polls = new Polls(2);
    var refused = assertThrows(IllegalArgumentException.class, () -> PollLine.read(line, polls));
    assertEquals(why, refused.getMessage());
  }

  @Test
  void timeDoesNotGoBackwards() {
    var polls = new Polls(1);
    PollLine.read("10,1,5", polls);
    PollLine.read("10,1,5", polls);
    assertThrows(IllegalArgumentException.class, () -> PollLine.read("9,1,5", polls));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|t.csv:1: expected time_ns,took_ns,a",
        "time_ns,took_ns,b\\n|t.csv:1: expected time_ns,took_ns,a",
        "time_ns,took_ns,a\\n1,1,1|t.csv:2: the last line has no end",
        "time_ns,took_ns,a\\n1,1,1\\n1,1\\n|t.csv:3: it has 2 cells, expected 3",
      })
  void anotherFileIsRefused(String text, String why) {
    byte[] bytes = text.replace("\\n", "\n").getBytes(StandardCharsets.US_ASCII);
    var refused =
        assertThrows(
            ResultFormatException.class,
            () -> TelemetryFile.read("t.csv", new ByteArrayInputStream(bytes), List.of("a")));
    assertTrue(String.valueOf(refused.getMessage()).startsWith(why), refused.getMessage());
  }
}
