// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CpuSetTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0            | 0       | 1",
        "0-3,6        | 0-3,6   | 5",
        "6 , 2-3, 0-1 | 0-3,6   | 5",
        "1,1,1        | 1       | 1",
        "4-6,5-9      | 4-9     | 6",
        "7-7          | 7       | 1",
        "1,2,3        | 1-3     | 3",
        "8191         | 8191    | 1",
        "0-8191       | 0-8191  | 8192",
        "00,01        | 0-1     | 2",
      })
  void theShortestTextForTheSameCpus(String text, String canonical, int size) {
    CpuSet cpus = CpuSet.parse(text);
    assertEquals(canonical, cpus.toString());
    assertEquals(size, cpus.size());
    assertEquals(cpus, CpuSet.parse(canonical));
    assertEquals(cpus.hashCode(), CpuSet.parse(canonical).hashCode());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "null",
      value = {
        "''     | expected numbers and ranges with commas, such as 0-3,6",
        "' '    | expected numbers and ranges with commas, such as 0-3,6",
        "all    | 'all' is not a set of CPUs; expected numbers and ranges with commas",
        "1,     | expected numbers and ranges",
        ",1     | expected numbers and ranges",
        "1,,2   | expected numbers and ranges",
        "-1     | expected numbers and ranges",
        "1-     | expected numbers and ranges",
        "1-2-3  | expected numbers and ranges",
        "1.5    | expected numbers and ranges",
        "0x1    | expected numbers and ranges",
        "9999999999 | expected numbers and ranges",
        "0,3-1  | '0,3-1' is not a set of CPUs: the range 3-1 goes backwards",
        "0-8192 | '0-8192' is not a set of CPUs: 8192 is over 8191",
      })
  void nonsenseIsRefusedInOneLine(String text, String message) {
    var error = assertThrows(ConfigException.class, () -> CpuSet.parse(text));
    String said = String.valueOf(error.getMessage());
    assertTrue(said.contains(message), said);
    assertEquals(1, said.lines().count());
  }

  @Test
  void contents() {
    CpuSet cpus = CpuSet.parse("1-3,6");
    assertTrue(cpus.contains(1) && cpus.contains(3) && cpus.contains(6));
    assertFalse(cpus.contains(0) || cpus.contains(4) || cpus.contains(-1) || cpus.contains(9000));
    assertEquals(List.of(new CpuSet.Range(1, 3), new CpuSet.Range(6, 6)), cpus.ranges());
    assertTrue(CpuSet.parse("2,6").isSubsetOf(cpus));
    assertTrue(cpus.isSubsetOf(cpus));
    assertFalse(cpus.isSubsetOf(CpuSet.parse("1-5")));
    assertTrue(cpus.intersects(CpuSet.parse("5-7")));
    assertFalse(cpus.intersects(CpuSet.parse("4-5")));
    assertEquals("1-3,6", cpus.toString());
    assertNotEquals(cpus, CpuSet.parse("1-3"));
  }

  @Test
  void thoseThatThisProcessMayUse(@TempDir Path root) throws IOException {
    Path status = Files.createDirectories(root.resolve("proc/self")).resolve("status");
    Files.writeString(
        status, "Name:\tjava\nCpus_allowed:\tf,00ff0003\nCpus_allowed_list:\t0-1,16-23,32-35\n");
    assertEquals("0-1,16-23,32-35", CpuSet.allowed(root).toString());
    assertTrue(CpuSet.allowed().size() >= 1);
  }

  @Test
  void whereTheSystemDoesNotTellJavaDoes(@TempDir Path root) throws IOException {
    int processors = Runtime.getRuntime().availableProcessors();
    assertEquals(processors, CpuSet.allowed(root).size());
    Path status = Files.createDirectories(root.resolve("proc/self")).resolve("status");
    Files.writeString(status, "Cpus_allowed_list:\t\n");
    assertEquals(processors, CpuSet.allowed(root).size());
  }

  /** Any set of CPUs is the same after it was written and read. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatIsWrittenIsRead(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 40; i++) {
      var cpus = new TreeSet<Integer>();
      int most = 1 + random.nextInt(CpuSet.LARGEST);
      for (int j = random.nextInt(1, 50); j > 0; j--) {
        int first = random.nextInt(most);
        int last = Math.min(most, first + (random.nextBoolean() ? 0 : random.nextInt(20)));
        IntStream.rangeClosed(first, last).forEach(cpus::add);
      }
      var text = new ArrayList<String>();
      cpus.forEach(cpu -> text.add(cpu + (random.nextBoolean() ? "" : "-" + cpu)));
      Collections.shuffle(text, new Random(seed));
      CpuSet parsed = CpuSet.parse(String.join(",", text));
      assertEquals(parsed, CpuSet.parse(parsed.toString()));
      assertEquals(cpus.size(), parsed.size());
      assertTrue(cpus.stream().allMatch(parsed::contains));
      assertEquals(cpus.size(), parsed.ranges().stream().mapToInt(CpuSet.Range::size).sum());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void anyTextIsASetOrAnErrorThatQuotesIt(long seed) {
    var random = new SplittableRandom(seed);
    String signs = "0123456789,,--  x";
    int sets = 0;
    for (int i = 0; i < 2_000; i++) {
      var text = new StringBuilder();
      for (int j = random.nextInt(12); j >= 0; j--) {
        text.append(signs.charAt(random.nextInt(signs.length())));
      }
      try {
        CpuSet parsed = CpuSet.parse(text.toString());
        assertEquals(parsed, CpuSet.parse(parsed.toString()), text::toString);
        sets++;
      } catch (ConfigException e) {
        String message = String.valueOf(e.getMessage());
        assertTrue(message.startsWith("'" + text + "' is not a set of CPUs"), message);
      }
    }
    assertTrue(sets > 20, "only " + sets + " of the texts were sets");
  }
}
