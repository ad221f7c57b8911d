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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}
