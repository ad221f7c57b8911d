// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import static io.gpubench.measure.compare.ForeignFiles.jmh;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JmhSideTest {
  @TempDir private Path temp;

  private Path file(String text) {
    return ForeignFiles.write(temp.resolve("jmh.json"), text);
  }

  private RecordedCase only(String result) {
    List<RecordedCase> cases = RecordedSide.read(file("[" + result + "]")).cases();
    assertEquals(1, cases.size());
    return cases.getFirst();
  }

  private static void near(double expected, double[] actual) {
    assertArrayEquals(new double[] {expected}, actual, expected * 1e-9);
  }

  @Test
  void aForkIsAProcessWithTheMedianOfItsIterations() {
    RecordedCase one = only(jmh("a.B.c", "avgt", "us/op", "10", "[[3.0, 1.0, 2.0], [5, 7]]"));
    assertEquals("a.B.c", one.workload());
    assertEquals(Map.of("size", "10"), one.parameters());
    assertEquals(Map.of("mode", "avgt", "threads", "1"), one.settings());
    assertArrayEquals(new double[] {2_000, 6_000}, one.nanos("median"), 1e-6);
    assertNull(one.nanos("p95"), "means of iterations have no tail");
    assertNull(one.nanos("mean"));
    assertEquals(3, one.processes().getFirst().samples());
    assertEquals(
        List.of(
            "the median is one of means of iterations, which have no p95",
            "5 forks were asked for, and 2 are there"),
        one.remarks());
  }

  @ParameterizedTest
  @CsvSource({
    "avgt, ns/op, 0.31, 0.31", "avgt, ms/op, 2, 2e6", "avgt, s/op, 3, 3e9",
    "avgt, min/op, 1, 6e10", "avgt, hr/op, 1, 3.6e12", "avgt, day/op, 1, 8.64e13",
    "thrpt, ops/s, 1000, 1e6", "thrpt, ops/us, 4, 250", "thrpt, ops/ns, 2.5, 0.4",
    "thrpt, ops/day, 2, 4.32e13", "ss, us/op, 8, 8000"
  })
  void everyUnitBecomesNanosecondsOfAnOperation(
      String mode, String unit, String score, double nanos) {
    near(nanos, only(jmh("b", mode, unit, "1", "[[" + score + "]]")).nanos("median"));
  }

  @Test
  void aHistogramHasQuantilesOfItsSamples() {
    // 100 samples to 5 us and 100 from 10 us, in two iterations
    String pairs = "[[[[1,1],[2,1],[3,1],[4,1],[5,96]],[[10.0,20],[20,80]]]]";
    RecordedCase one = only(jmh("b", "sample", "us/op", "1", pairs));
    RecordedProcess process = one.processes().getFirst();
    assertEquals(200, process.samples());
    // ranks 99 and 100 of 0 .. 199 are the last of 5 us and the first of 10 us
    assertEquals(7_500, process.nanos().get("median"), 1e-6);
    assertEquals(20_000, process.nanos().get("p95"), 1e-6);
    assertNotNull(process.nanos().get("p99"));
    assertNull(process.effectiveSampleSize(), "a histogram knows no order");
  }

  @Test
  void singleShotsAreSamples() {
    var scores = new StringBuilder("[[1");
    for (int i = 2; i <= 40; i++) {
      scores.append(", ").append(i);
    }
    RecordedCase one = only(jmh("b", "ss", "us/op", "1", scores.append("]]").toString()));
    assertEquals(20_500, one.processes().getFirst().nanos().get("median"), 1e-3);
    assertEquals(38_050, one.processes().getFirst().nanos().get("p95"), 1e-3);
    assertEquals(new RecordedCase.Work("operations", 1), one.work());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "avgt|us/op|[[1e400]]|rawData[0][0]: expected a finite number",
        "avgt|us/op|[[\"NaN\"]]|expected a finite number, found \"NaN\"",
        "avgt|us/op|[[-1]]|expected a time of more than 0 and at most 104 days, found -1",
        "avgt|us/op|[[0]]|expected a time of more than 0",
        "avgt|us/op|[[1e300]]|expected a time of more than 0",
        "avgt|us/op|[[1e-300]]|expected a time of more than 0",
        "thrpt|ops/s|[[0]]|expected a rate of more than 0",
        "thrpt|ops/s|[[-3]]|expected a rate of more than 0",
        "avgt|us/op|[[true]]|expected a number, found true",
        "avgt|us/op|[[\"fast\"]]|expected a number, found \"fast\"",
        "avgt|us/op|[[null]]|expected a number, found null",
        "avgt|us/op|[[]]|primaryMetric.rawData[0]: no iteration in it",
        "avgt|us/op|[]|primaryMetric.rawData: no fork in it",
        "avgt|us/op|{}|expected a list, found {}",
        "avgt|us/op|7|expected a list, found 7",
        "avgt|ops/s|[[1]]|unknown unit 'ops/s' in the mode avgt; expected us/op",
        "thrpt|us/op|[[1]]|unknown unit 'us/op' in the mode thrpt; expected ops/s",
        "avgt|parsec/op|[[1]]|unknown unit 'parsec/op'",
        "average|us/op|[[1]]|unknown mode 'average'; known: thrpt, avgt, sample, ss",
        "sample|us/op|[[[[1]]]]|expected a time and how often it was seen",
        "sample|us/op|[[[[1,0]]]]|expected a whole number in 1 .. ",
        "sample|us/op|[[[[1,1.5]]]]|expected a whole number in 1 .. ",
        "sample|us/op|[[[[1,1e18]]]]|expected a whole number in 1 .. ",
        "sample|us/op|[[[[\"NaN\",1]]]]|expected a finite number",
        "sample|us/op|[[[]]]|no sample in it"
      })
  void whatNoMeasurementGivesIsRefusedInOneLine(
      String mode, String unit, String raw, String problem) {
    ForeignFiles.refused(file("[" + jmh("b", mode, unit, "1", raw) + "]"), problem, "[0]");
  }

  @Test
  void whatIsNoResultOfJmhIsRefusedInOneLine() {
    String good = ForeignFiles.jmhForks("a", 1);
    ForeignFiles.refused(file("[]"), "no result in it");
    ForeignFiles.refused(file("[{}]"), "[0].mode: expected a text, found nothing");
    ForeignFiles.refused(file("[1]"), "[0].mode: expected a text");
    ForeignFiles.refused(file("[" + good), "no whole JSON");
    ForeignFiles.refused(file(""), "neither a result of JMH nor of nvbench");
    ForeignFiles.refused(file("[" + good + "] []"), "no whole JSON");
    ForeignFiles.refused(file("[" + good + "," + good + "]"), "a size=10 is there a second time");
    ForeignFiles.refused(
        file("[" + good + "," + good.replace("\"a\"", "\"b\"").replace("1.37", "1.36") + "]"),
        "several versions of JMH");
    ForeignFiles.refused(file("{\"benchmark\": 1}"), "neither a result of JMH nor of nvbench");
    ForeignFiles.refused(file("[".repeat(100_000)), "no whole JSON");
  }

  @Test
  void aControlCharacterReachesNoTerminal() {
    String result = jmh("a\\u001b[31mb", "avgt", "us/op", "x\\ny", "[[1]]");
    RecordedCase one = only(result);
    assertEquals("a\u241b[31mb size=x y", one.label());
  }
}
