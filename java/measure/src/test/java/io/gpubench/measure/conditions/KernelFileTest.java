// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelFileTest {
  @TempDir private Path temp;

  private long first(String text) throws IOException {
    Path path = Files.writeString(temp.resolve("number"), text);
    try (var file = new KernelFile(path)) {
      file.load();
      return file.word(0);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\n", " ", "x", "1x", "-", "+1", "1.5", "0x10", "max 100000", "1e3", "\n7"})
  void whatIsNoNumberIsNone(String text) throws IOException {
    assertEquals(KernelFile.NONE, first(text));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "'7\n', 7",
    "'  42 43', 42",
    "'-1\n', -1",
    "007, 7",
    "9223372036854775807, 9223372036854775807",
    "9223372036854775808, -9223372036854775808",
    "99999999999999999999, -9223372036854775808"
  })
  void aNumberIsReadAsFarAsALongGoes(String text, long number) throws IOException {
    assertEquals(number, first(text));
  }

  /** Against Java's own parser, with numbers of every length and texts that are almost numbers. */
  @Test
  void whatJavaReadsIsReadAlike() throws IOException {
    var random = new Random(20261122);
    for (int i = 0; i < 2000; i++) {
      var text = new StringBuilder();
      text.append(" ".repeat(random.nextInt(3)));
      text.append(random.nextInt(4) == 0 ? "-" : "");
      text.append(new BigInteger(1 + random.nextInt(72), random));
      if (random.nextInt(4) == 0) {
        text.insert(random.nextInt(text.length() + 1), (char) (32 + random.nextInt(95)));
      }
      String word = text.toString().strip().split(" ")[0];
      assertEquals(parsed(word), first(text + "\n"), "'" + text + "'");
    }
  }

  private static long parsed(String word) {
    try {
      return word.startsWith("+") ? KernelFile.NONE : Long.parseLong(word);
    } catch (NumberFormatException _) {
      return KernelFile.NONE;
    }
  }

  @Test
  void wordsAndKeysAreFoundWhereTheyBegin() throws IOException {
    Path path =
        Files.writeString(
            temp.resolve("stat"),
            "cpu  1 2\t3\nxnr_throttled 9\nnr_throttled 12\nsome avg10=1.5 total=77\nlast");
    try (var file = new KernelFile(path)) {
      assertTrue(file.load());
      assertEquals(KernelFile.NONE, file.word(0));
      assertEquals(1, file.word(1));
      assertEquals(3, file.word(3));
      assertEquals(KernelFile.NONE, file.word(4), "the line ends before the next number");
      assertEquals(12, file.after(ascii("nr_throttled")));
      assertEquals(77, file.after(ascii("total=")));
      assertEquals(KernelFile.NONE, file.after(ascii("avg10=")));
      assertEquals(KernelFile.NONE, file.after(ascii("last")), "nothing follows");
      assertEquals(KernelFile.NONE, file.after(ascii("absent")));
    }
  }

  @Test
  void eachLoadSeesTheTextOfItsMoment() throws IOException {
    Path path = Files.writeString(temp.resolve("clock"), "2600000\n");
    try (var file = new KernelFile(path)) {
      assertTrue(file.load());
      assertEquals(2_600_000, file.word(0));
      Files.writeString(path, "800\n");
      assertTrue(file.load());
      assertEquals(800, file.word(0));
      Files.writeString(path, "");
      assertFalse(file.load());
      assertEquals(KernelFile.NONE, file.word(0));
    }
  }
}
