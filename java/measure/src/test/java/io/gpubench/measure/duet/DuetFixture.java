// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.duet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.compare.TrialRule;
import io.gpubench.measure.conditions.CoolDown;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.plan.Profile;
import io.gpubench.measure.result.Conditions;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.DuetComparison.Played;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** A runner of duets with sides that a test makes to measure what it wants. */
abstract class DuetFixture {
  static final String A = "fake-fake-call-a-000000000000";
  static final String B = "fake-fake-call-b-000000000000";

  @TempDir Path store;

  final Cancellation cancellation = new Cancellation();
  final List<String> events = new ArrayList<>();
  final List<String> opened = Collections.synchronizedList(new ArrayList<>());
  int closed;

  /** Counted from 1: in which duets B fails while it measures, and in which it is wrong. */
  IntPredicate failing = _ -> false;

  IntPredicate wrong = _ -> false;
  IntPredicate missing = _ -> false;
  IntPredicate absent = _ -> false;
  int cancelledIn = Integer.MAX_VALUE;
  IntToLongFunction timeOfB = _ -> 150_000;
  boolean apart;

  /** Where sides wait for each other before they are open; null where they do not. */
  @Nullable CyclicBarrier meeting;

  static ResultRecord record(RunDocument run, String id) {
    return run.records().stream().filter(r -> r.id().equals(id)).findFirst().orElseThrow();
  }

  static DuetComparison comparison(RunDocument run) {
    var duets = run.duets();
    assertNotNull(duets);
    assertEquals(1, duets.size());
    return duets.getFirst();
  }

  RunDocument run(int duets) {
    return run(duets, null);
  }

  RunDocument run(int duets, @Nullable TrialRule trial) {
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

  Measurer open(Turn turn) {
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

  final class Listener implements DuetListener {
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
  final class FakeMeasurer implements Measurer {
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

  static PlannedRun planned() {
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
