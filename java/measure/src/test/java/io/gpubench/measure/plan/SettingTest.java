// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import static io.gpubench.measure.plan.Fakes.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.gpubench.measure.spi.Parameter;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingTest {
  private static final Parameter ANY_DECIMAL =
      new Parameter.Decimal("rate", "rate", -1e6, 1e6, List.of(0.0));

  private static List<Object> values(Parameter parameter, String text) {
    return List.copyOf(Setting.parse(parameter.name() + "=" + text).values(parameter));
  }

  @Test
  void aNameIsSplitAtItsLastDot() {
    Setting setting = Setting.parse("synthesis.match.nodes=5");
    assertEquals("synthesis.match", setting.workload());
    assertEquals("nodes", setting.parameter());
    assertEquals("5", setting.text());
    assertNull(Setting.parse("seed=1").workload());
  }

  @Test
  void listsRangesAndBothTogether() {
    assertEquals(List.of(1000L, 10_000L), values(Fakes.VALIDATORS, "1000,10_000"));
    assertEquals(
        List.of(1024L, 4096L, 16_384L, 65_536L, 262_144L, 1_048_576L),
        values(Fakes.VALIDATORS, "1024:1048576:x4"));
    assertEquals(List.of(4L, 1000L, 2000L, 3000L), values(Fakes.VALIDATORS, "4,1000:3999:+1000"));
    assertEquals(List.of(8L, 12L, 18L), values(Fakes.VALIDATORS, "8:20:x1.5"));
    assertEquals(List.of(5L), values(Fakes.VALIDATORS, "5:5:x2"));
    assertEquals(List.of("siphash", "none"), values(Fakes.TAGS, "siphash, none"));
  }

  @Test
  void wordsMayHaveColonsAndSpaces() {
    var text = new Parameter.Text("from", "where from", "WORDS", List.of("a"));
    assertEquals(List.of("file:./a b:c", "pinned"), values(text, "file:./a b:c, pinned"));
    assertEquals(List.of("1:2:x4"), values(text, "1:2:x4"));
    assertEquals("--set from= : empty value; expected WORDS", message(() -> values(text, "\t")));
    assertEquals(
        "--set from=a b: a comma or a control character is in it; expected WORDS",
        message(() -> values(text, "a\u0007b")));
    assertEquals(
        "1025 characters; expected at most 1024", message(() -> text.parse("x".repeat(1025))));
  }

  @Test
  void decimalsAreExactAndTheEndIsIncluded() {
    assertEquals(List.of(0.0, 0.1, 0.2, 0.3), values(Fakes.BYZANTINE, "0:0.3:+0.1"));
    assertEquals(List.of(0.001, 0.01, 0.1), values(Fakes.BYZANTINE, "1e-3:0.1:x10"));
    assertEquals(List.of(-0.2, -0.1, 0.0, 0.1), values(ANY_DECIMAL, "-0.2:0.1:+0.1"));
  }

  @Test
  void aValueGivenTwiceCountsOnce() {
    assertEquals(List.of(5L, 6L, 7L), values(Fakes.VALIDATORS, "5,5:7:+1,6"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "abc          | 'abc' is not an integer; expected 4 .. 1048576",
        "3            | 3 is out of range; expected 4 .. 1048576",
        "5,           | empty value; expected 4 .. 1048576",
        ",            | empty value; expected 4 .. 1048576",
        "5:10         | '5:10' is not a range; expected start:end:xFACTOR or start:end:+STEP",
        "5:10:2       | '5:10:2' is not a range; expected start:end:xFACTOR or start:end:+STEP",
        "5:10:x       | '5:10:x' is not a range; expected start:end:xFACTOR or start:end:+STEP",
        "5:6:7:x2     | '5:6:7:x2' is not a range; expected start:end:xFACTOR or start:end:+STEP",
        ":10:x2       | '' is not an integer; expected 4 .. 1048576",
        "1:10:x2      | 1 is out of range; expected 4 .. 1048576",
        "4:2000000:x2 | 2000000 is out of range; expected 4 .. 1048576",
        "10:5:x2      | range '10:5:x2' ends before it starts",
        "5:10:x1      | range '5:10:x1' needs a factor greater than 1",
        "5:10:x-2     | range '5:10:x-2' needs a factor greater than 1",
        "5:10:+0      | range '5:10:+0' needs a step greater than 0",
        "5:10:+-1     | range '5:10:+-1' needs a step greater than 0",
        "5:10:+0.5    | '5.5' is not an integer; expected 4 .. 1048576",
        "4:20000:+1   | more than 10,000 values"
      })
  void mistakesInIntegersNameTheOption(String text, String problem) {
    assertEquals(
        "--set validators=" + text + ": " + problem, message(() -> values(Fakes.VALIDATORS, text)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "0:0.3:x2         | range '0:0.3:x2' multiplies, so it needs a start greater than 0",
        "NaN              | 'NaN' is not a number; expected 0 .. 0.33",
        "0.34             | 0.34 is out of range; expected 0 .. 0.33",
        "1e999999999      | 1e999999999 is out of range; expected 0 .. 0.33",
        "0:1e-999999:+0.1 | '1e-999999' has too many digits for a range",
        "0:0.3:+1e-99     | more than 10,000 values"
      })
  void mistakesInDecimals(String text, String problem) {
    assertEquals(
        "--set byzantine=" + text + ": " + problem, message(() -> values(Fakes.BYZANTINE, text)));
  }

  @Test
  void mistakesInChoices() {
    assertEquals(
        "--set tags=siphas: unknown value 'siphas'; did you mean 'siphash'?",
        message(() -> values(Fakes.TAGS, "siphas")));
    assertEquals(
        "--set tags=a:b:x2: unknown value 'a:b:x2'; known: siphash, none",
        message(() -> values(Fakes.TAGS, "a:b:x2")));
  }

  @Test
  void mistakesInTheForm() {
    String form = "expected workload.parameter=values, such as consensus.validators=1000,10000";
    assertEquals("--set x: missing '='; " + form, message(() -> Setting.parse("x")));
    assertEquals("--set =1: no parameter before '='; " + form, message(() -> Setting.parse("=1")));
    assertEquals(
        "--set a.=1: no parameter before '='; " + form, message(() -> Setting.parse("a.=1")));
    assertEquals(
        "--set .a=1: no parameter before '='; " + form, message(() -> Setting.parse(".a=1")));
    assertEquals("--set a b: missing '='; " + form, message(() -> Setting.parse("a\nb")));
  }

  @Test
  void slowlyGrowingRangesEndSoon() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          assertEquals(
              "--set rate=1:1000000:x1.0000000000000000001: more than 10,000 values",
              message(() -> values(ANY_DECIMAL, "1:1000000:x1.0000000000000000001")));
        });
  }

  @Test
  void randomListsAndRangesMeanWhatANaiveLoopSays() {
    var random = new Random(20_26);
    for (int round = 0; round < 2_000; round++) {
      var expected = new LinkedHashSet<Object>();
      var items = new ArrayList<String>();
      for (int item = 0; item <= random.nextInt(4); item++) {
        long start = 4L + random.nextInt(1000);
        long end = start + random.nextInt(1000);
        long by = 2L + random.nextInt(50);
        switch (random.nextInt(3)) {
          case 0 -> {
            items.add(Long.toString(start));
            expected.add(start);
          }
          case 1 -> {
            items.add(start + ":" + end + ":+" + by);
            for (long value = start; value <= end; value += by) {
              expected.add(value);
            }
          }
          default -> {
            items.add(start + ":" + end + ":x" + by);
            for (long value = start; value <= end; value *= by) {
              expected.add(value);
            }
          }
        }
      }
      String text = String.join(",", items);
      assertEquals(List.copyOf(expected), values(Fakes.VALIDATORS, text), text);
    }
  }

  @Test
  void randomDecimalRangesCountInWholeHundredths() {
    var random = new Random(7);
    for (int round = 0; round < 2_000; round++) {
      int start = random.nextInt(200) - 100;
      int end = start + random.nextInt(300);
      int step = 1 + random.nextInt(40);
      var expected = new ArrayList<Object>();
      for (int value = start; value <= end; value += step) {
        expected.add(value / 100.0);
      }
      String text = hundredths(start) + ":" + hundredths(end) + ":+" + hundredths(step);
      assertEquals(expected, values(ANY_DECIMAL, text), text);
    }
  }

  private static String hundredths(int value) {
    return BigDecimal.valueOf(value, 2).toPlainString();
  }
}
