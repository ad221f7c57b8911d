// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.gpubench.measure.stats.Statistics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordSummaryTest {
  private static final Statistics TIMES = Statistics.of(new long[] {400, 500, 600});

  @ParameterizedTest
  @CsvSource({
    "3, 0.010, 2, false",
    "3, 0.009, 2, true", // hurried
    "2, 0.010, 2, true", // a process is missing
    "3, 0.010, 4, true", // too few samples
  })
  void underSampled(int processes, double seconds, int minSamples, boolean expected) {
    List<ProcessPart> parts =
        IntStream.rangeClosed(1, processes)
            .mapToObj(i -> part(i, "Measured", i == 1 ? seconds : 1, TIMES))
            .toList();
    var summary = RecordSummary.of(parts, 3, minSamples, null, null);
    assertEquals(expected, summary.underSampled());
    assertEquals(3L * processes, summary.sampleCount());
    assertNull(summary.throughput());
  }

  @Test
  void throughputIsWorkOverTheMedian() {
    var work = new ResultRecord.WorkPart("messages", 1000, 1, 1);
    var summary = RecordSummary.of(List.of(part(1, "Measured", 1, TIMES)), 1, 1, work, null);
    assertNotNull(summary.throughput());
    assertEquals("messages/s", summary.throughput().unit());
    assertEquals(2e9, summary.throughput().median());
  }

  @Test
  void ratesAreAmountsOverTheMedianWithItsInterval() {
    var work = new ResultRecord.WorkPart("messages", 1000, 1, 1);
    var amounts = new TreeMap<String, Double>(Map.of("pairs", 500.0, "comparisons", 0.0));
    List<ProcessPart> parts =
        IntStream.rangeClosed(1, 8)
            .mapToObj(i -> part(i, "Measured", 1, Statistics.of(new long[] {400, 500 + i, 600})))
            .toList();
    var summary = RecordSummary.of(parts, 8, 1, work, amounts);
    assertNotNull(summary.throughput().lower());
    assertEquals(List.of("comparisons", "pairs"), List.copyOf(summary.rates().keySet()));
    var halfTheWork = new ResultRecord.WorkPart("pairs", 500, 1, 1);
    assertEquals(
        RecordSummary.of(parts, 8, 1, halfTheWork, null).throughput(),
        summary.rates().get("pairs"));
    assertEquals(0, summary.rates().get("comparisons").median());
    assertNull(RecordSummary.of(List.of(part(1, "Failed", 1, null)), 1, 1, work, amounts).rates());
  }

  @Test
  void aWrongAnswerLeavesNoStatistics() {
    var summary =
        RecordSummary.of(
            List.of(
                part(1, "Measured", 1, TIMES),
                part(2, "Incorrect", 1, null),
                part(3, "Failed", 1, TIMES)),
            3,
            1,
            null,
            null);
    assertEquals("Incorrect", summary.outcome());
    assertNull(summary.statistics());
    assertEquals(0, summary.sampleCount());
  }

  private static ProcessPart part(
      int repetition, String outcome, double seconds, @Nullable Statistics statistics) {
    return new ProcessPart(
        repetition,
        1,
        Fixtures.STARTED,
        outcome,
        outcome.equals("Measured") ? null : "why",
        null,
        0,
        0,
        0,
        null,
        null,
        seconds,
        null,
        3,
        statistics == null ? 0 : 3,
        Map.of(),
        statistics,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }
}
