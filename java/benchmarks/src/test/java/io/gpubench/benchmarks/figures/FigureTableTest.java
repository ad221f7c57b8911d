// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.benchmarks.Page;
import io.gpubench.benchmarks.Reading;
import io.gpubench.benchmarks.figures.FigureTable.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FigureTableTest {
  private static final Path ROOT =
      Path.of(Objects.requireNonNull(System.getProperty("gpubench.root")));
  private static final String MONDAY = "2026-11-23, a processor, commit 1";
  private static final String TUESDAY = "2026-11-24, another, commit 2";

  private static final Figure FAST = figure("fast", Goal.atMost(5, "5 ns"));
  private static final Figure SLOW = figure("slow", Goal.none(""));
  private static final Figure CARD = figure("card", Goal.atLeast(4.3, "4.3 TB/s"));

  private static Figure figure(String name, Goal goal) {
    return new Figure(
        name,
        "the " + name + " one",
        goal,
        _ -> {
          throw new LackingException("no GPU was named");
        });
  }

  private static final Taken TAKEN =
      new Taken(new Reading(4, 3, 6, 0, "ns"), "2 of them | another's");

  @Test
  void aTableIsWrittenAndRead() {
    var table =
        new FigureTable(
            List.of(
                Row.measured(FAST, TAKEN, MONDAY),
                Row.failed(SLOW, "it ended\nwith 3", TUESDAY),
                Row.unmeasured(CARD, "no GPU was named")));
    String text =
        """
        | what | measured | floor or goal | | by |
        |---|---|---|---|---|
        | the fast one | 4.000 ns (3.000 .. 6.000); 2 of them / another's | at most 5 ns | holds, narrowly | a |
        | the slow one | failed: it ended with 3 |  |  | b |
        | the card one | unmeasured: no GPU was named | at least 4.3 TB/s |  |  |

        Measured by

        - a: 2026-11-23, a processor, commit 1
        - b: 2026-11-24, another, commit 2
        """;
    assertEquals(text, table.text());
    assertEquals(table, FigureTable.parse(text));
  }

  @Test
  void whatIsNotMeasuredKeepsItsNumberAndItsSitting() {
    var before =
        new FigureTable(
            List.of(Row.measured(FAST, TAKEN, MONDAY), Row.measured(SLOW, TAKEN, MONDAY)));
    var now = new LinkedHashMap<Figure, Row>();
    now.put(FAST, Row.measured(FAST, Taken.of(Reading.of(7, "ns")), TUESDAY));
    now.put(SLOW, Row.unmeasured(SLOW, "no GPU was named"));
    FigureTable after = FiguresMain.merged(List.of(CARD, FAST, SLOW), before, now);
    assertEquals(
        List.of(
            Row.unmeasured(CARD, "not asked for yet"),
            now.get(FAST),
            Row.measured(SLOW, TAKEN, MONDAY)),
        after.rows());
    assertEquals("missed", after.rows().get(1).verdict());
  }

  @Test
  void aNumberDoesNotOutliveItsGoal() {
    var before = new FigureTable(List.of(Row.measured(FAST, TAKEN, MONDAY)));
    assertEquals(Optional.empty(), before.of(figure("fast", Goal.atMost(4, "4 ns"))));
    assertTrue(before.of(FAST).isPresent());
  }

  @Test
  void aNumberWithoutASittingIsNone() {
    String text = new FigureTable(List.of(Row.measured(FAST, TAKEN, MONDAY))).text();
    FigureTable forged = FigureTable.parse(text.replace("- a: ", ""));
    assertEquals(Optional.empty(), forged.of(FAST));
  }

  @Test
  void theMedianDecidesAndTheSpreadDoubts() {
    Goal most = Goal.atMost(5, "5");
    assertEquals("holds", most.verdict(new Reading(4, 3, 5, 0, "")));
    assertEquals("holds, narrowly", most.verdict(new Reading(5, 3, 5.1, 0, "")));
    assertEquals("missed, narrowly", most.verdict(new Reading(5.1, 5, 6, 0, "")));
    assertEquals("missed", most.verdict(new Reading(6, 5.5, 7, 0, "")));
    assertEquals("missed", Goal.atLeast(2, "2").verdict(Reading.of(1, "")));
    assertEquals("holds", Goal.atLeast(2, "2").verdict(new Reading(3, 2, 4, 0, "")));
    assertEquals("", Goal.none("").verdict(Reading.of(1, "")));
  }

  @Test
  void whatFailsIsARowAndTheOthersGoOn() throws IOException {
    var broken =
        new Figure(
            "broken",
            "it",
            Goal.none(""),
            bench -> {
              throw new FailedException("nothing in " + bench.root().resolve("x"));
            });
    var right = new Figure("right", "that", Goal.none(""), _ -> TAKEN);
    try (var bench = new Bench(ROOT, null, null)) {
      Map<Figure, Row> rows = FiguresMain.measured(List.of(broken, CARD, right), bench, MONDAY);
      assertEquals(
          List.of(
              "failed: nothing in ./x",
              "unmeasured: no GPU was named",
              "4.000 ns (3.000 .. 6.000); 2 of them / another's"),
          rows.values().stream().map(Row::measured).toList());
    }
  }

  @Test
  void aCommandIsStartedOnce() throws IOException {
    try (var bench = new Bench(ROOT, null, null)) {
      Path file = bench.scratch("times");
      List<String> command = List.of("sh", "-c", "echo x >>" + file + "; echo said");
      assertEquals(List.of("said"), bench.lines(Map.of(), command));
      assertEquals(List.of("said"), bench.lines(Map.of(), command));
      assertEquals(List.of("x"), Files.readAllLines(file));
      bench.lines(Map.of("ANOTHER", "1"), command);
      assertEquals(2, Files.readAllLines(file).size());
    }
  }

  @Test
  void aSittingSaysWhenAndWhere() {
    assertEquals(
        "2026-11-23 10:15 UTC, a | b (virtual machine), 2 processors, Linux unknown, Java 25, load at the beginning 0.12, commit abc"
            .replace('|', '/'),
        Sitting.line(
            Instant.parse("2026-11-23T10:15:30Z"),
            Map.of(
                "cpu",
                Map.of("model", "a | b", "virtualMachine", true, "availableProcessors", 2),
                "os",
                Map.of(),
                "java",
                Map.of("version", "25"),
                "loadAverage",
                "0.12 0.10 0.05 1/200 4711"),
            "abc"));
    assertFalse(Sitting.now(ROOT).isEmpty());
  }

  @Test
  void figuresAreToldApart() {
    assertEquals(
        Figures.ALL.size(),
        Figures.ALL.stream().map(Figure::name).collect(Collectors.toSet()).size());
    assertEquals(
        Figures.ALL.size(),
        Figures.ALL.stream().map(Figure::what).collect(Collectors.toSet()).size());
    for (Figure figure : Figures.ALL) {
      assertFalse((figure.what() + figure.goal().text()).matches(".*[|\n].*"), figure.what());
    }
  }

  @Test
  void thePageHasAPlaceForThem() throws IOException {
    assertTrue(new Page(Files.readString(ROOT.resolve("README.md"))).result("figures").isPresent());
  }
}
