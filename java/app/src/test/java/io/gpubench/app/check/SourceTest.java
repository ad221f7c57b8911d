// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.check.Finding.Sources;
import io.gpubench.measure.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comments say, and what reports mean. */
class SourceTest {
  @TempDir private Path temp;

  private Path file(String text) throws IOException {
    return Files.writeString(temp.resolve("my.cu"), text);
  }

  @Test
  void commentsOfAllForms() throws IOException {
    Source source =
        Source.read(
            file(
                """
                // gpubench-check: kernel=a grid=4,2 n=5
                /* gpubench-check: block=64 cooperative */
                /*
                 * gpubench-check: kernel=b skip
                 * about gpubench-check: nothing
                 */
                int x; // gpubench-check: shared=100
                const char *text = "gpubench-check: n=1";
                """));
    assertEquals(
        List.of(1, 2, 4, 7), source.directives().stream().map(Source.Directive::line).toList());
    Settings first = source.directives().get(0).settings();
    assertEquals("a", source.directives().get(0).kernel());
    assertEquals(new Triple(4, 2, 1), first.grid());
    assertEquals(new ArgumentSpec.Scalar("5"), first.arguments().get("n"));
    assertEquals(true, source.directives().get(1).settings().cooperative());
    assertTrue(source.directives().get(2).settings().skip());
    assertEquals(100, source.directives().get(3).settings().sharedBytes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|gpubench-check: expected such as kernel=saxpy",
        "n|gpubench-check: 'n' has no value",
        "=5|gpubench-check: '=5' is not understood; expected NAME=VALUE",
        "grid=0|grid: '0' is no size",
        "x=f99[5]|x: 'f99' is no type of elements",
        "shared=much|shared: 'much' is no number of bytes",
      })
  void mistakesInComments(String text, String expected) throws IOException {
    Path file = file("\n// gpubench-check: " + text + "\n");
    var failure = assertThrows(ConfigException.class, () -> Source.read(file));
    String said = String.valueOf(failure.getMessage());
    assertTrue(said.startsWith(file + ":2: " + expected), said);
  }

  @Test
  void whatIsNoSource() throws IOException {
    assertProblem(temp, "it is a folder");
    assertProblem(temp.resolve("none.cu"), "cannot be read: it does not exist");
    assertProblem(file(" \n"), "it is empty");
    assertProblem(file("int \0 x;"), "it is no text");
  }

  private static void assertProblem(Path path, String expected) {
    var failure = assertThrows(ConfigException.class, () -> Source.read(path));
    assertTrue(String.valueOf(failure.getMessage()).startsWith(path + ": " + expected));
  }

  @Test
  void reports() throws IOException {
    Path file = file("first\n  second\nthird\n");
    var sources = new Sources(file, List.of());
    Finding finding =
        Finding.of(
            "kernel k, my.cu:2, block (1,0,0), thread (40,2,0): race: thread (0,0,0) wrote it in my.cu:3, and my.cu:99",
            sources,
            7);
    assertEquals("race: thread (0,0,0) wrote it in my.cu:3, and my.cu:99", finding.text());
    assertEquals(new Finding.Place(file.toString(), 2, "second"), finding.place());
    assertEquals(List.of(new Finding.Place(file.toString(), 3, "third")), finding.places());
    assertEquals("1,0,0", finding.block());
    assertEquals("40,2,0", finding.thread());
    assertEquals(7, finding.seed());

    Finding trap = Finding.of("kernel a::b, block (0,0,0), thread (1,0,0): trap", sources, 1);
    assertEquals("trap", trap.text());
    assertEquals(null, trap.place());
    assertEquals("failed: nobody knows", Finding.of("nobody knows", sources, 1).text());
  }
}
