// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.duet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.DuetComparison.Played;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunJson;
import io.gpubench.measure.result.RunReader;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DuetRunnerTest extends DuetFixture {
  @Test
  void eachSideHasARecordWithAProcessForEachDuet() {
    RunDocument run = run(8);
    assertEquals("complete", run.status());
    assertEquals(List.of(A, B), run.records().stream().map(ResultRecord::id).sorted().toList());
    for (ResultRecord record : run.records()) {
      assertTrue(record.id().matches("[a-z0-9.-]+-[0-9a-f]{12}"));
      assertEquals("Measured", record.outcome());
      assertEquals(8, record.repetitions());
      assertEquals(8, record.processes().size());
      assertEquals("samples", record.processes().getFirst().stop());
      for (ProcessPart part : record.processes()) {
        assertTrue(part.sampleCount() >= 40, part.toString());
        assertTrue(Files.exists(store.resolve("run").resolve(String.valueOf(part.samples()))));
      }
    }
    DuetComparison comparison = comparison(run);
    assertEquals("left", comparison.a().name());
    assertEquals(A, comparison.a().record());
    assertEquals(B, comparison.b().record());
    assertEquals(8, comparison.planned());
    assertEquals(0.003, comparison.sliceSeconds());
    var summary = comparison.summary();
    assertNotNull(summary);
    assertEquals(8, summary.duets());
    assertEquals(1.5, summary.median().ratio(), 1e-9);
    for (Played duet : comparison.played()) {
      assertEquals(Math.log(1.5), Objects.requireNonNull(duet.logRatios()).median(), 1e-9);
      assertTrue(duet.slices() > 0 && duet.slices() % 4 == 0);
      assertNull(duet.reason());
    }
    assertEquals(16, opened.size());
    assertEquals(16, closed);
    assertEquals(RunJson.pretty(run), RunJson.pretty(RunReader.read(store.resolve("run"))));
  }

  @Test
  void whoIsFirstIsRandomInBothWaysAndRepeatable() {
    DuetComparison comparison = comparison(run(8));
    assertEquals(Set.of("a", "b"), all(comparison, Played::startedFirst));
    assertEquals(Set.of("a", "b"), all(comparison, Played::beganFirst));
    for (Played duet : comparison.played()) {
      assertEquals(duet.startedFirst(), opened.get(2 * (duet.number() - 1)));
    }
    List<String> before = List.copyOf(opened);
    opened.clear();
    store = store.resolve("again");
    run(8);
    assertEquals(before, opened);
  }

  private static Set<String> all(DuetComparison comparison, Function<Played, String> what) {
    return comparison.played().stream().map(what).collect(Collectors.toSet());
  }

  @Test
  void aFailedDuetCountsForNeitherSideAndTheOthersGoOn() {
    failing = duet -> duet == 3;
    RunDocument run = run(8);
    DuetComparison comparison = comparison(run);
    assertEquals(8, comparison.played().size());
    Played failed = comparison.played().get(2);
    assertEquals("b: Failed: the device is lost", failed.reason());
    assertNull(failed.logRatios());
    assertEquals(7, Objects.requireNonNull(comparison.summary()).duets());
    ProcessPart partOfA = record(run, A).processes().get(2);
    assertEquals("Skipped", partOfA.outcome());
    assertEquals("the duet does not count; b: Failed: the device is lost", partOfA.reason());
    ProcessPart partOfB = record(run, B).processes().get(2);
    assertEquals("Failed", partOfB.outcome());
    assertEquals(new ProcessPart.Failure("lost-device", "measure", null), partOfB.failure());
    assertEquals("Failed", record(run, B).outcome());
    assertEquals(16, closed);
    assertTrue(events.contains("ended 3 b: Failed: the device is lost"), events.toString());
  }

  @Test
  void threeFailuresInARowEndTheComparison() {
    failing = duet -> duet == 1 || duet >= 3;
    DuetComparison comparison = comparison(run(8));
    assertEquals(5, comparison.played().size());
    assertEquals(1, Objects.requireNonNull(comparison.summary()).duets());
    assertEquals("left out 3", events.getLast());
  }

  @Test
  void aSideThatCannotBeStartedFailsTheDuet() {
    missing = _ -> true;
    RunDocument run = run(8);
    DuetComparison comparison = comparison(run);
    assertEquals("complete", run.status());
    assertEquals(3, comparison.played().size());
    assertNull(comparison.summary());
    assertEquals(0, comparison.played().getFirst().slices());
    assertEquals("Skipped", record(run, A).outcome());
    assertEquals("no such engine", record(run, B).reason());
  }

  @Test
  void whatASideHasNotSkipsTheComparisonAtOnce() {
    absent = duet -> duet == 2;
    RunDocument run = run(8);
    DuetComparison comparison = comparison(run);
    assertEquals("complete", run.status());
    assertEquals(2, comparison.played().size());
    assertEquals("b: Skipped: no second device", comparison.played().getLast().reason());
    assertEquals("Skipped", record(run, B).outcome());
    assertEquals("Skipped", record(run, A).processes().getLast().outcome());
    assertEquals("left out 6", events.getLast());
  }

  @Test
  void aWrongAnswerEndsTheComparisonAtOnce() {
    wrong = duet -> duet == 2;
    RunDocument run = run(8);
    DuetComparison comparison = comparison(run);
    assertEquals(2, comparison.played().size());
    assertEquals("b: Incorrect: wrong word", comparison.played().getLast().reason());
    assertEquals("Incorrect", record(run, B).outcome());
    assertEquals(0, record(run, B).sampleCount());
    assertEquals("left out 6", events.getLast());
    assertEquals("complete", run.status());
  }

  @Test
  void aRequestEndsTheDuetInProgressWhichDoesNotCount() {
    cancelledIn = 4;
    RunDocument run = run(8);
    assertEquals("interrupted", run.status());
    DuetComparison comparison = comparison(run);
    assertEquals(4, comparison.played().size());
    assertEquals("stopped on request", comparison.played().getLast().reason());
    assertEquals(3, Objects.requireNonNull(comparison.summary()).duets());
    assertEquals("Measured", record(run, A).processes().getLast().outcome());
    assertEquals("interrupted", record(run, A).processes().getLast().stop());
  }

  @Test
  void processesOfTheirOwnStartAtATime() {
    apart = true;
    meeting = new CyclicBarrier(2);
    RunDocument run = run(3);
    assertEquals("complete", run.status());
    assertEquals(3, Objects.requireNonNull(comparison(run).summary()).duets());
    assertEquals(6, closed);
  }

  @Test
  void aSideThatCannotBeStartedFailsTheDuetAlsoWhereBothStartAtATime() {
    apart = true;
    missing = duet -> duet == 2;
    RunDocument run = run(3);
    assertEquals(2, Objects.requireNonNull(comparison(run).summary()).duets());
    assertEquals("b: Failed: no such engine", comparison(run).played().get(1).reason());
    assertEquals(5, closed);
  }

  @Test
  void aBugOfEitherSideIsNotSwallowedWhereBothStartAtATime() {
    apart = true;
    missing =
        _ -> {
          throw new IllegalStateException("a bug");
        };
    assertEquals("a bug", assertThrows(IllegalStateException.class, () -> run(8)).getMessage());
  }
}
