// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.benchmarks.Page;
import io.gpubench.benchmarks.experiments.Experiment.Row;
import io.gpubench.benchmarks.experiments.Experiment.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each experiment runs. What it shows is asserted where that does not depend on the machine's mood;
 * where it does, the numbers are for people.
 */
class ExperimentsTest {
  private static final Path ROOT =
      Path.of(Objects.requireNonNull(System.getProperty("gpubench.root")));

  /** What the wrong way, which is first, and the right way, which is last, come to. */
  private static final Map<String, List<String>> CERTAIN =
      Map.of(
          "verify-each", List.of("believed for all 100 samples", "caught at sample 1"),
          "poison",
              List.of(
                  "20 of 20 answers pass; 1 was written", "1 of 20 answers pass; 1 was written"),
          "nan", List.of("100 of 100 NaN pass", "0 of 100 NaN pass"),
          "discards",
              List.of(
                  "0 samples left, mean NaN ns",
                  "10,000 samples, median 130 us, marked: throttled"),
          "order", List.of("\\+5\\.\\d\\d %, .*", "[+-]0\\.0\\d %, .*"),
          "pooled", List.of("[789]\\d\\.\\d %", "\\d(\\.\\d+)? %|0.00 %"),
          "outliers", List.of(".*p99 10\\.\\d us.*", ".*p99 (49|5\\d)\\.\\d us.*"),
          "effective-size",
              List.of("in [2-6]\\d\\.\\d % of 30 cases", "in (9\\d\\.\\d|100) % of 30 cases"),
          "clock", List.of(".* a sample", "nothing to say: .* a sample"));

  static Stream<Experiment> experiments() {
    return Experiments.all(null).stream();
  }

  @ParameterizedTest
  @MethodSource("experiments")
  void itRuns(Experiment experiment) {
    List<Row> rows = experiment.run(Size.TINY);
    assertTrue(rows.size() >= 2, rows.toString());
    rows.forEach(
        row -> assertFalse(row.way().contains("|") || row.result().contains("|"), row.toString()));
    List<String> expected = CERTAIN.get(experiment.id());
    if (expected != null) {
      assertTrue(rows.getFirst().result().matches(expected.getFirst()), rows.toString());
      assertTrue(rows.getLast().result().matches(expected.getLast()), rows.toString());
    }
  }

  @Test
  void aClockAtHalfSpeedIsRejected() {
    assertTrue(new ClockExperiment().run(Size.TINY).get(1).result().startsWith("rejected: "));
  }

  @Test
  void whoRemembersIsFasterThanHardware() {
    assertTrue(new BoundsExperiment().run(Size.TINY).getLast().result().startsWith("rejected: "));
  }

  @Test
  void thePageHasAPlaceForEachAndForNoOther() throws IOException {
    String page = Files.readString(ROOT.resolve("MEASURING.md"));
    assertEquals(
        Experiments.all("sim").stream().map(Experiment::id).sorted().toList(),
        Pattern.compile("<!-- result: (\\S+) -->")
            .matcher(page)
            .results()
            .map(result -> result.group(1))
            .sorted()
            .toList());
    for (Experiment experiment : Experiments.all("sim")) {
      assertFalse(
          new Page(page).with(experiment.id(), "new\n").text().equals(page), experiment.id());
    }
  }

  @Test
  void noTwoHaveTheSameName() {
    assertEquals(
        Experiments.all("sim").size(),
        Experiments.all("sim").stream().map(Experiment::id).collect(Collectors.toSet()).size());
  }
}
