// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ResultFormatException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files in which bytes were changed, lost or doubled: read, or refused in a line that names them.
 */
class GarbledFilesTest {
  private static final int TRIES = 60;

  static LongStream seeds() {
    return LongStream.range(0, 12);
  }

  private static byte[] garbled(byte[] whole, SplittableRandom random) {
    byte[] bytes = whole.clone();
    int at = random.nextInt(bytes.length);
    int length = 1 + random.nextInt(Math.min(20, bytes.length - at));
    switch (random.nextInt(4)) {
      case 0 -> bytes[at] = (byte) random.nextInt(256);
      case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> { // a piece is lost
        byte[] shorter = Arrays.copyOf(bytes, bytes.length - length);
        System.arraycopy(bytes, at + length, shorter, at, bytes.length - at - length);
        return shorter;
      }
      default -> { // a piece is there twice
        byte[] longer = Arrays.copyOf(bytes, bytes.length + length);
        System.arraycopy(bytes, at, longer, at + length, bytes.length - at);
        return longer;
      }
    }
    return bytes;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aDocument(long seed) {
    var random = new SplittableRandom(seed);
    RunDocument document =
        Fixtures.document("run-1", Long.MAX_VALUE, "a")
            .withRecord(Fixtures.record("a", Fixtures.samples(100)))
            .ended(RunDocument.COMPLETE, null, "2026-11-21T03:57:22.125Z", 1.0);
    byte[] whole = RunJson.pretty(document).getBytes(StandardCharsets.UTF_8);
    Path file = Path.of("somewhere", "run.json");
    assertEquals(document, RunReader.parse(file, whole).document());
    for (int i = 0; i < TRIES; i++) {
      byte[] bytes = garbled(whole, random);
      try {
        RunReader.parse(file, bytes);
      } catch (ResultFormatException e) {
        isOneLineThatBegins("somewhere/run.json", e);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void samples(long seed) {
    var random = new SplittableRandom(seed);
    var text = new StringBuilder(SampleFile.HEADER);
    int count = random.nextInt(1, 300);
    long start = 0;
    for (int i = 0; i < count; i++) {
      long duration = random.nextLong(1, 1_000_000);
      text.append(i).append(',').append(start).append(',').append(duration).append('\n');
      start += duration;
    }
    byte[] whole = text.toString().getBytes(StandardCharsets.US_ASCII);
    assertEquals(count, read(whole).count());
    for (int i = 0; i < TRIES; i++) {
      byte[] bytes = garbled(whole, random);
      try {
        RawSamples samples = read(bytes);
        // whatever was accepted is what its text says
        var again = new StringBuilder(SampleFile.HEADER);
        IntStream.range(0, samples.count())
            .forEach(k ->
                again.append(k + "," + samples.start(k) + "," + samples.duration(k)).append('\n'));
        String accepted = new String(bytes, StandardCharsets.ISO_8859_1);
        assertTrue(
            samples.cutOff()
                ? accepted.startsWith(again.toString()) || samples.count() == 0
                : accepted.equals(again.toString()),
            accepted);
      } catch (ResultFormatException e) {
        isOneLineThatBegins("a.csv:", e);
      }
    }
  }

  private static RawSamples read(byte[] bytes) {
    return SampleReader.read("a.csv", new ByteArrayInputStream(bytes));
  }

  private static void isOneLineThatBegins(String file, ResultFormatException e) {
    String message = String.valueOf(e.getMessage());
    assertTrue(message.startsWith(file), message);
    assertEquals(1, message.lines().count(), message);
  }
}
