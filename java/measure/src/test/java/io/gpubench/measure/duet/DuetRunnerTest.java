// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.duet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.compare.Judged;
import io.gpubench.measure.compare.TrialRule;
import io.gpubench.measure.compare.TwoStage;
import io.gpubench.measure.compare.Verdict;
import io.gpubench.measure.conditions.CoolDown;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.plan.Profile;
import io.gpubench.measure.result.Conditions;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.DuetComparison.Played;
import io.gpubench.measure.result.DuetComparison.Trial;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunJson;
import io.gpubench.measure.result.RunReader;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Measurer;
import io.gpubench.measure.run.Observer;
import io.gpubench.measure.run.SampleBatch;
import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.run.Timer;
import io.gpubench.measure.spi.Engine.SelfCheck;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Telemetry;
import io.gpubench.measure.spi.Workload;
import io.gpubench.measure.suite.FakeWorkload;
import io.gpubench.measure.suite.Turn;
import io.gpubench.measure.suite.Workbench;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuetRunnerTest {
  private static final String A = "fake-fake-call-a-000000000000";
  private static final String B = "fake-fake-call-b-000000000000";

  @TempDir private Path store;

  private final Cancellation cancellation = new Cancellation();
  private final List<String> events = new ArrayList<>();
  private final List<String> opened = Collections.synchronizedList(new ArrayList<>());
  private int closed;

  /** Counted from 1: in which duets B fails while it measures, and in which it is wrong. */
  private IntPredicate failing = _ -> false;

  private IntPredicate wrong = _ -> false;
  private IntPredicate missing = _ -> false;
  private IntPredicate absent = _ -> false;
  private int cancelledIn = Integer.MAX_VALUE;
  private IntToLongFunction timeOfB = _ -> 150_000;
  private boolean apart;

  /** Where sides wait for each other before they are open; null where they do not. */
  private @Nullable CyclicBarrier meeting;

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

  @Test
  void aTrialOfEqualSidesEndsAtItsFirstLook() {
    timeOfB = duet -> 100_000 + 100 * (duet % 3);
    RunDocument run = run(8, TrialRule.DEFAULT);
    DuetComparison comparison = comparison(run);
    assertEquals(8, comparison.played().size());
    assertEquals(26, comparison.planned());
    assertEquals("decided", trial(run).ended());
    assertEquals(8, trial(run).firstStage());
    assertEquals("Same", TwoStage.judge(List.of(comparison)).getFirst().verdict().word());
    assertNull(TwoStage.irregularity(comparison));
    for (ResultRecord record : run.records()) {
      assertEquals(8, record.processes().size());
      assertEquals(8, record.repetitions());
    }
  }

  @Test
  void aTrialConfirmsWhatIsSuspectByFreshDuets() {
    RunDocument run = run(8, TrialRule.DEFAULT);
    DuetComparison comparison = comparison(run);
    assertEquals(18, comparison.played().size());
    assertEquals(8, trial(run).firstStage());
    assertEquals("decided", trial(run).ended());
    Judged judged = TwoStage.judge(List.of(comparison)).getFirst();
    assertEquals(new Verdict.Changed(1.5).word(), judged.verdict().word());
    assertTrue(judged.regressed());
    assertEquals(1.5, Objects.requireNonNull(judged.ratio()), 1e-9);
    assertNull(TwoStage.irregularity(comparison));
    assertEquals(18, record(run, A).processes().size());
  }

  @Test
  void aTrialReplacesDuetsThatFail() {
    timeOfB = _ -> 100_000;
    failing = duet -> duet == 3;
    RunDocument run = run(8, TrialRule.DEFAULT);
    assertEquals(9, comparison(run).played().size());
    assertEquals(9, trial(run).firstStage());
    assertEquals(8, Objects.requireNonNull(comparison(run).summary()).duets());
    assertNull(TwoStage.irregularity(comparison(run)));
  }

  @Test
  void aTrialIsGivenUpWhereDuetsKeepFailing() {
    failing = duet -> duet % 2 == 0;
    timeOfB = duet -> duet % 4 == 1 ? 50_000 : 300_000;
    RunDocument run = run(8, TrialRule.DEFAULT);
    assertEquals("failed", trial(run).ended());
    assertEquals(2 * DuetRunner.MOST_FAILURES_OF_TRIAL, comparison(run).played().size());
    assertNull(TwoStage.irregularity(comparison(run)));
    assertEquals("complete", run.status());
  }

  @Test
  void aTrialThatDiffersFromDuetToDuetEndsAtItsLastLook() {
    timeOfB = duet -> duet % 2 == 0 ? 50_000 : 200_000;
    RunDocument run = run(8, TrialRule.DEFAULT);
    assertEquals(16, comparison(run).played().size());
    Judged judged = TwoStage.judge(List.of(comparison(run))).getFirst();
    assertEquals(
        new Verdict.Inconclusive("the duets differ too much from each other"), judged.verdict());
    assertTrue(Objects.requireNonNull(judged.duetsNeeded()) > 1_000);
    assertNull(TwoStage.irregularity(comparison(run)));
  }

  @Test
  void aTrialBeginsNoDuetThatWouldNotEndInTime() {
    RunDocument run = run(8, TrialRule.DEFAULT.withMaxTime(Duration.ofNanos(1)));
    assertEquals(1, comparison(run).played().size());
    assertEquals("time", trial(run).ended());
    assertEquals(
        new Verdict.Inconclusive("1 of 8 duets count, as the time was up; fewer say nothing"),
        TwoStage.judge(List.of(comparison(run))).getFirst().verdict());
    assertNull(TwoStage.irregularity(comparison(run)));
    assertEquals("complete", run.status());
  }

  @Test
  void aTrialThatIsInterruptedIsNotDecided() {
    cancelledIn = 4;
    RunDocument run = run(8, TrialRule.DEFAULT);
    assertNull(trial(run).ended());
    assertEquals(4, comparison(run).played().size());
    assertTrue(TwoStage.judge(List.of(comparison(run))).getFirst().open());
  }

  private static Trial trial(RunDocument run) {
    return Objects.requireNonNull(comparison(run).trial());
  }

  private static ResultRecord record(RunDocument run, String id) {
    return run.records().stream().filter(r -> r.id().equals(id)).findFirst().orElseThrow();
  }

  private static DuetComparison comparison(RunDocument run) {
    var duets = run.duets();
    assertNotNull(duets);
    assertEquals(1, duets.size());
    return duets.getFirst();
  }

  private RunDocument run(int duets) {
    return run(duets, null);
  }

  private RunDocument run(int duets, @Nullable TrialRule trial) {
    var profile =
        new Profile(
            "quick", "", Duration.ofMinutes(1), 6, 40, 50, 0, Duration.ZERO, 5, Duration.ZERO);
    var effort =
        new DuetPlan.Effort(
            duets, 40L, Duration.ofMillis(3), Duration.ofSeconds(60), profile, trial);
    var plan =
        DuetPlan.of(
            new DuetPlan.Player("left", planned()),
            new DuetPlan.Player("right", planned()),
            effort);
    var document =
        new RunDocument(
            RunDocument.SCHEMA,
            "run",
            RunDocument.RUNNING,
            null,
            1,
            "duet",
            "quick",
            "2026-11-21T03:56:22.125Z",
            null,
            null,
            1,
            new RunDocument.Tool("gpubench", "0", "unknown", false),
            List.of(),
            List.of(),
            new Conditions(
                Conditions.WORKERS, duets, 7L, null, null, List.of(), List.of(), null, null, null),
            Map.of(),
            List.of(),
            List.of());
    try (var writer = RunWriter.create(store, store, document, null)) {
      var bench =
          new Workbench(
              this::open,
              writer,
              new MachineFacts(1, 1L << 30, 0),
              new CoolDown.None(),
              cancellation,
              Workbench.Epilogue.NONE,
              apart);
      return new DuetRunner(bench, new Listener(), 7).run(List.of(plan));
    }
  }

  private Measurer open(Turn turn) {
    boolean ofA = turn.run().id().equals(A);
    int duet = turn.repetition();
    opened.add(ofA ? "a" : "b");
    if (meeting != null) {
      try {
        meeting.await(1, TimeUnit.MINUTES);
      } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
        throw new IllegalStateException("the other side is not started at the same time", e);
      }
    }
    if (!ofA && missing.test(duet)) {
      throw new EngineException("no such engine");
    }
    return new FakeMeasurer(ofA, duet);
  }

  private final class Listener implements DuetListener {
    @Override
    public Observer started(DuetPlan plan, int number, int index) {
      events.add("started " + number + " " + index);
      return Observer.NONE;
    }

    @Override
    public void ended(DuetPlan plan, Played duet) {
      events.add("ended " + duet.number() + " " + duet.reason());
    }

    @Override
    public void leftOut(DuetPlan plan, int duets) {
      events.add("left out " + duets);
    }
  }

  /** Its samples take no time, and say that they took 100 or 150 us. */
  private final class FakeMeasurer implements Measurer {
    private final boolean ofA;
    private final int duet;
    private final SampleBatch batch = new SampleBatch();
    private long taken;
    private long now;

    FakeMeasurer(boolean ofA, int duet) {
      this.ofA = ofA;
      this.duet = duet;
    }

    @Override
    public Facts facts() {
      return new Facts(
          null, "processors", List.of(), false, Double.POSITIVE_INFINITY, Map.of(), Map.of(), 1);
    }

    @Override
    public SelfCheck selfCheck() {
      return SelfCheck.passed("fake");
    }

    @Override
    public Prepared prepare(
        Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
      if (!ofA && absent.test(duet)) {
        throw new EngineException(EngineException.Kind.ABSENT, "no second device", null, null);
      }
      return new Prepared(
          new PreparedRun.Work(1, 1, 1),
          1,
          2,
          Map.of(),
          Map.of(),
          PreparedRun.Clock.HOST,
          Map.of(),
          Map.of(),
          new Timer(1, 1),
          false);
    }

    @Override
    public long[] digests(long... samples) {
      return new long[samples.length];
    }

    @Override
    public SampleBatch take(long first, long samples, long nanos, int discard) {
      boolean measuring = taken >= Duet.WARMUP_SAMPLES;
      if (measuring && duet == cancelledIn) {
        cancellation.request();
      }
      if (!ofA && measuring && failing.test(duet)) {
        throw new EngineException(
            EngineException.Kind.LOST_DEVICE, "the device is lost", null, null);
      }
      long duration = ofA ? 100_000 : timeOfB.applyAsLong(duet);
      int count = (int) Math.min(samples, Math.max(1, nanos / duration - discard));
      long[] starts = new long[count];
      long[] durations = new long[count];
      for (int i = 0; i < count; i++) {
        starts[i] = now;
        durations[i] = duration;
        now += duration;
      }
      taken += count + discard;
      batch.set(
          starts,
          durations,
          null,
          count + discard,
          !ofA && measuring && wrong.test(duet) ? "wrong word" : null,
          null,
          Map.of());
      return batch;
    }

    @Override
    public Telemetry telemetry() {
      return Telemetry.NONE;
    }

    @Override
    public void close() {
      closed++;
    }
  }

  private static PlannedRun planned() {
    return new PlannedRun(
        "fake-fake-call-000000000000",
        new FakeWorkload(),
        "fake",
        Mode.of("call"),
        new ParameterValues(Map.of()),
        new StoppingRule(1, 1, 0, 1, 0, 0, 0, 0),
        1,
        1,
        Duration.ofSeconds(1));
  }
}
