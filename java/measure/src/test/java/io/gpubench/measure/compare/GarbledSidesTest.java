// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ResultFormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files of other tools in which bytes were changed, lost or doubled, or values replaced: read, and
 * then fit to be compared, or refused in one line that names the file.
 */
class GarbledSidesTest {
  private static final int TRIES = 120;
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "-1",
          "0",
          "1e999",
          "1e-320",
          "\"\"",
          "\"NaN\"",
          "[]",
          "{}",
          "[[]]",
          "99999999999999999999",
          "\"\\u0000\"",
          "[null]",
          "0.1");

  @TempDir private Path temp;

  static LongStream seeds() {
    return LongStream.range(0, 10);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void jmh(long seed) throws IOException {
    String whole =
        "[%s, %s]"
            .formatted(
                ForeignFiles.jmhForks("a.B.c", 2),
                ForeignFiles.jmh("a.B.d", "sample", "ns/op", "7", "[[[[3, 2], [5.5, 30]]]]"));
    sweep(whole, new SplittableRandom(seed));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nvbench(long seed) throws IOException {
    ForeignFiles.writeTimes(temp.resolve("x-bin/0.bin"), 1e-6f, 2e-6f, 3e-6f);
    String summaries = ForeignFiles.summaries("\"2e-06\"", "x-bin/0.bin", 3);
    sweep(ForeignFiles.nvbench("NVIDIA H200", summaries), new SplittableRandom(seed));
  }

  private void sweep(String whole, SplittableRandom random) throws IOException {
    Path file = temp.resolve("it.json");
    Files.writeString(file, whole);
    RecordedSide good = RecordedSide.read(file);
    for (int i = 0; i < TRIES; i++) {
      byte[] bytes =
          random.nextBoolean()
              ? damaged(whole.getBytes(StandardCharsets.UTF_8), random)
              : replaced(whole, random).getBytes(StandardCharsets.UTF_8);
      Files.write(file, bytes);
      RecordedSide read;
      try {
        read = RecordedSide.read(file);
      } catch (ResultFormatException e) {
        String message = String.valueOf(e.getMessage());
        assertEquals(1, message.lines().count(), message);
        assertTrue(message.contains("it.json"), message);
        assertTrue(message.chars().noneMatch(Character::isISOControl), message);
        continue;
      }
      RecordedComparison comparison =
          RecordedComparison.of(good, read, 0.05, Map.of("median", 0.05));
      comparison
          .judged()
          .forEach(metric -> assertTrue(Double.isFinite(metric.ratio()) && metric.ratio() > 0));
    }
  }

  private static byte[] damaged(byte[] whole, SplittableRandom random) {
    byte[] bytes = whole.clone();
    int at = random.nextInt(bytes.length);
    int length = 1 + random.nextInt(Math.min(20, bytes.length - at));
    switch (random.nextInt(4)) {
      case 0 -> bytes[at] = (byte) random.nextInt(256);
      case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> bytes = Arrays.copyOf(bytes, at); // cut off
      default -> {
        byte[] shorter = Arrays.copyOf(bytes, bytes.length - length);
        System.arraycopy(bytes, at + length, shorter, at, bytes.length - at - length);
        bytes = shorter;
      }
    }
    return bytes;
  }

  /** One value becomes another that is JSON as well. */
  private static String replaced(String whole, SplittableRandom random) {
    String value = VALUES.get(random.nextInt(VALUES.size()));
    int colons = (int) whole.chars().filter(c -> c == ':').count();
    int skip = random.nextInt(colons);
    int at = -1;
    for (int i = 0; i <= skip; i++) {
      at = whole.indexOf(" : ", at + 1);
      if (at < 0) {
        return whole;
      }
    }
    int end = at + 3;
    while (end < whole.length() && ",}\n".indexOf(whole.charAt(end)) < 0) {
      end++;
    }
    return whole.substring(0, at + 3) + value + whole.substring(end);
  }
}
