// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.conditions.CoolDown;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.Conditions;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunJson;
import io.gpubench.measure.result.RunReader;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.LocalMeasurer;
import io.gpubench.measure.run.Observer;
import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.run.Timer;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteRunnerTest {
  private static final StoppingRule RULE = new StoppingRule(50, 50, 0, 60_000_000_000L, 0, 5, 0, 0);

  @TempDir private Path store;

  private final Cancellation cancellation = new Cancellation();
  private final List<String> events = new ArrayList<>();
  private Timer timer = new Timer(1, 1);
  private IntUnaryOperator piecesOfProcess = _ -> 1;
  private int opened;
  private int closed;

  @Test
  void aGoodRunIsMeasured() {
    RunDocument run = run(1, new FakeSession(_ -> spin(300_000)), "a", "b");
    assertEquals("complete", run.status());
    ResultRecord first = run.records().getFirst();
    assertEquals("Measured", first.outcome());
    assertEquals(50, first.sampleCount());
    assertNull(first.reason());
    assertFalse(first.underSampled());
    var throughput = first.throughput();
    var statistics = first.statistics();
    assertNotNull(throughput);
    assertNotNull(statistics);
    assertEquals(1_000 / (statistics.median() / 1e9), throughput.median());
    assertTrue(throughput.lower() <= throughput.median());
    ProcessPart part = first.processes().getFirst();
    assertEquals(statistics, part.statistics());
    assertEquals(part.answersRight(), first.verification().get("answersRight"));
    assertTrue(part.answersRight() >= 55, "warm-up and samples: " + part.answersRight());
    assertEquals(List.of("start a1", "end a1 Measured", "start b1", "end b1 Measured"), events);
    assertEquals(RunJson.pretty(run), RunJson.pretty(RunReader.read(store.resolve("run"))));
  }

  @Test
  void eachRepetitionHasAMeasurerOfItsOwn() {
    RunDocument run = run(3, new FakeSession(_ -> spin(20_000)), "a", "b");
    assertEquals(6, opened);
    assertEquals(6, closed);
    ResultRecord first = run.records().getFirst();
    assertEquals(150, first.sampleCount());
    assertEquals(3, first.repetitions());
    assertEquals(
        List.of(1, 2, 3), first.processes().stream().map(ProcessPart::repetition).toList());
    for (ProcessPart part : first.processes()) {
      assertTrue(Files.exists(store.resolve("run").resolve(String.valueOf(part.samples()))));
    }
    var variation = first.variation();
    assertNotNull(variation);
    assertEquals(3, variation.processes());
    assertEquals(
        List.of("start a1", "start b1", "start a2", "start b2", "start a3", "start b3"),
        events.stream().filter(event -> event.startsWith("start")).toList());
  }

  @Test
  void batchesOfDifferentSizeDoNotCompare() {
    piecesOfProcess = process -> process < 3 ? 64 : 32;
    ResultRecord record = run(3, new FakeSession(_ -> spin(20_000)), "a").records().getFirst();
    assertEquals("Rejected", record.outcome());
    assertEquals(
        "a batch has 32 pieces, and in the process before it had 64: they do not compare",
        record.reason());
    assertEquals("Measured", record.processes().get(1).outcome());
  }

  @Test
  void processesThatDoDifferentAmountsDoNotCompare() {
    var session = new FakeSession(_ -> spin(20_000));
    session.amountsOfRun = run -> run < 3 ? Map.of("pairs", 64.0) : Map.of("pairs", 63.5);
    ResultRecord record = run(3, session, "a").records().getFirst();
    assertEquals("Rejected", record.outcome());
    assertEquals(
        "a sample does 63.5 pairs, and in the process before it did 64.0 pairs: they do not compare",
        record.reason());
    assertEquals("Measured", record.processes().get(1).outcome());
  }

  @Test
  void someAmountsDoNotCompareWithNone() {
    var session = new FakeSession(_ -> spin(20_000));
    session.amountsOfRun = run -> run < 2 ? Map.of() : Map.of("pairs", 1.0);
    ResultRecord record = run(2, session, "a").records().getFirst();
    assertEquals(
        "a sample does 1.0 pairs, and in the process before it did nothing but its work: they do not compare",
        record.reason());
  }

  @Test
  void amountsThatCannotBeAreRejectedByPiece() {
    piecesOfProcess = _ -> 4;
    var session = new FakeSession(_ -> spin(20_000));
    session.amountsOfRun = _ -> Map.of("pairs", 64.0, "comparisons", 66.0);
    ResultRecord record = run(1, session, "a").records().getFirst();
    assertEquals("Rejected", record.outcome());
    assertEquals("implausible: 16.5 comparisons of 16.0 pairs", record.reason());
  }

  @Test
  void amountsAreKeptInTheirOrderWithTheirRates() {
    var session = new FakeSession(_ -> spin(20_000));
    var amounts = new LinkedHashMap<String, Double>();
    amounts.put("pairs", 64.0);
    amounts.put("comparisons", 4.0);
    session.amountsOfRun = _ -> amounts;
    ResultRecord record = run(2, session, "a").records().getFirst();
    assertEquals("Measured", record.outcome(), record.reason());
    assertEquals(List.of("pairs", "comparisons"), List.copyOf(record.amounts().keySet()));
    assertEquals(List.of("pairs", "comparisons"), List.copyOf(record.rates().keySet()));
    assertEquals(64 / (record.statistics().median() / 1e9), record.rates().get("pairs").median());
    RunDocument read = RunReader.read(store.resolve("run"));
    assertEquals(amounts, read.records().getFirst().amounts());
    assertEquals(record.rates(), read.records().getFirst().rates());
  }

  @Test
  void stagesAreThoseOfEachProcessInTheirOrder() {
    var session = new FakeSession(_ -> spin(20_000));
    session.stagesOfRun =
        run -> {
          var stages = new LinkedHashMap<String, Long>();
          stages.put("firstExecution", 1_000L * run);
          stages.put("copyIn", 0L);
          return run == 3 ? Map.of() : stages;
        };
    ResultRecord record = run(3, session, "a").records().getFirst();
    assertEquals("Measured", record.outcome(), record.reason());
    ResultRecord read = RunReader.read(store.resolve("run")).records().getFirst();
    assertEquals(
        List.of("firstExecution", "copyIn"),
        List.copyOf(read.processes().getFirst().stages().keySet()));
    assertEquals(Map.of("firstExecution", 2_000L, "copyIn", 0L), read.processes().get(1).stages());
    assertNull(read.processes().get(2).stages());
    assertEquals(record.processes(), read.processes());
  }

  @Test
  void aStageLongerThanAllOfPreparingIsRejected() {
    var session = new FakeSession(_ -> spin(20_000));
    session.stagesOfRun = _ -> Map.of("firstExecution", 3_600_000_000_000L);
    ResultRecord record = run(1, session, "a").records().getFirst();
    assertEquals("Rejected", record.outcome());
    assertTrue(
        record
            .reason()
            .startsWith(
                "implausible: the stage firstExecution is said to have taken 3,600,000,000,000 ns"),
        record.reason());
  }

  @Test
  void aWrongAnswerIsIncorrectWithoutSamplesAndTheSuiteGoesOn() {
    var session = new FakeSession(_ -> spin(20_000));
    session.wrongAt = 30;
    RunDocument run = run(2, session, "a", "b");
    ResultRecord first = run.records().getFirst();
    assertEquals("Incorrect", first.outcome());
    assertEquals("sample 30: wrong word", first.reason());
    assertEquals(0, first.sampleCount());
    assertNull(first.statistics());
    assertEquals(1, first.verification().get("answersWrong"));
    assertEquals(2, run.records().size());
    assertEquals(1, first.processes().size(), "a wrong answer is not asked for again");
    assertEquals(List.of("left out a2", "left out b2"), events.subList(4, 6));
    assertTrue(Files.notExists(store.resolve("run/samples/a-000000000000.1.csv")));
  }

  @Test
  void aWrongFirstAnswerIsIncorrectBeforeAnyTimeIsTaken() {
    var session =
        new FakeSession(sample -> {
          if (sample > 1) {
            throw new AssertionError("sampled");
          }
        });
    session.digest = 0xabcL;
    ResultRecord record = run(1, session, "a").records().getFirst();
    assertEquals("Incorrect", record.outcome());
    assertEquals(
        "sample 0: the answer's digest is 0000000000000abc, expected 0000000000000000",
        record.reason());
  }

  @Test
  void anEngineThatFailsHalfWayKeepsTheSamplesOfEarlierBatches() {
    var session =
        new FakeSession(sample -> {
          spin(5_000_000);
          if (sample == 45) {
            throw new EngineException(
                EngineException.Kind.LOST_DEVICE, "the device is lost", null, null);
          }
        });
    ResultRecord record = run(2, session, "a").records().getFirst();
    assertEquals("Failed", record.outcome());
    assertEquals("the device is lost", record.reason());
    assertTrue(record.sampleCount() > 0 && record.sampleCount() < 45);
    assertNotNull(record.statistics());
    ProcessPart part = record.processes().getFirst();
    assertEquals(new ProcessPart.Failure("lost-device", "measure", null), part.failure());
    assertTrue(record.underSampled());
    assertEquals("left out a2", events.getLast());
  }

  @Test
  void anEngineThatCannotPrepareIsARecord() {
    var session = new FakeSession(_ -> {});
    session.unavailable = true;
    RunDocument run = run(1, session, "a");
    assertEquals("Failed", run.records().getFirst().outcome());
    assertEquals("complete", run.status());
  }

  @Test
  void whatTheEngineHasNotIsSkippedAndNotRepeated() {
    var session = new FakeSession(_ -> spin(5_000));
    session.absentRuns = 1;
    RunDocument run = run(2, session, "a", "b");
    ResultRecord record = run.records().getFirst();
    assertEquals("Skipped", record.outcome());
    assertEquals("there is no second device; add one", record.reason());
    assertEquals(1, record.processes().size());
    assertNull(record.processes().getFirst().failure());
    assertNull(record.statistics());
    assertEquals("Measured", run.records().getLast().outcome());
    assertEquals("complete", run.status());
    assertTrue(events.contains("left out a2"), events.toString());
  }

  @Test
  void whatIsAbsentOnlyOnceItIsMeasuredHasFailed() {
    var session =
        new FakeSession(_ -> {
          throw new EngineException(
              EngineException.Kind.ABSENT, "there is no second device", null, null);
        });
    ResultRecord record = run(1, session, "a").records().getFirst();
    assertEquals("Failed", record.outcome());
    assertEquals(
        new ProcessPart.Failure("engine", "prepare", null),
        record.processes().getFirst().failure());
  }

  @Test
  void anEngineThatFailsInClosingAfterAFailureIsOneRecordWithTheFirst() {
    var session =
        new FakeSession(_ -> {
          throw new EngineException("the device is lost");
        });
    session.failsToClose = true;
    RunDocument run = run(1, session, "a", "b");
    assertEquals(
        List.of("the device is lost", "the device is lost"),
        run.records().stream().map(ResultRecord::reason).toList());
    assertEquals("complete", run.status());
  }

  @Test
  void anEngineThatFailsInClosingOnlyHasFailedAndKeepsItsSamples() {
    var session = new FakeSession(_ -> spin(20_000));
    session.failsToClose = true;
    RunDocument run = run(1, session, "a");
    assertEquals(1, run.records().size());
    ResultRecord record = run.records().getFirst();
    assertEquals("Failed", record.outcome());
    assertEquals("closed in vain", record.reason());
    assertTrue(record.sampleCount() > 0);
    assertTrue(Files.exists(store.resolve("run/samples/a-000000000000.1.csv")));
  }

  @Test
  void timesBelowTheTimerAreRejected() {
    timer = new Timer(1, 5_000_000_000L);
    ResultRecord record = run(1, new FakeSession(_ -> {}), "a").records().getFirst();
    assertEquals("Rejected", record.outcome());
    assertTrue(String.valueOf(record.reason()).startsWith("implausible"), record.reason());
    ProcessPart part = record.processes().getFirst();
    assertEquals(
        50, part.sampleCount() + part.discards().values().stream().mapToLong(n -> n).sum());
  }

  @Test
  void moreWorkThanTheHardwareCanDoIsRejected() {
    var session = new FakeSession(_ -> spin(20_000));
    session.operations = 1e9;
    ResultRecord record = run(1, session, "a").records().getFirst();
    assertEquals("Rejected", record.outcome());
    assertTrue(String.valueOf(record.reason()).contains("more than this hardware can execute"));
    assertNotNull(record.statistics(), "a doubtful number is shown, not dropped");
  }

  @Test
  void aRequestToStopKeepsWhatIsThere() {
    var session =
        new FakeSession(sample -> {
          spin(5_000_000);
          if (sample == 20) {
            cancellation.request();
          }
        });
    RunDocument run = run(2, session, "a", "b");
    assertEquals("interrupted", run.status());
    assertEquals(1, run.records().size());
    ResultRecord record = run.records().getFirst();
    assertEquals("Measured", record.outcome());
    assertEquals("interrupted", record.processes().getFirst().stop());
    assertTrue(record.underSampled());
    assertTrue(record.sampleCount() >= 15 && record.sampleCount() < 50);
  }

  @Test
  void aBugKeepsItsTraceAndLeavesAReadableRun() {
    var session =
        new FakeSession(sample -> {
          spin(20_000);
          if (sample == 20) {
            throw new IllegalStateException("bug");
          }
        });
    assertThrows(IllegalStateException.class, () -> run(1, session, "a"));
    assertEquals("running", RunReader.read(store.resolve("run")).status());
  }

  @Test
  void theOrderIsRandomWithinBlocksAndRepeatable() {
    List<PlannedRun> plan = Stream.of("a", "b", "c", "d").map(name -> planned(name, 5)).toList();
    List<Turn> turns = Turn.shuffled(plan, 7);
    assertEquals(turns, Turn.shuffled(plan, 7));
    assertNotEquals(turns, Turn.shuffled(plan, 8));
    assertNotEquals(turns, Turn.inOrder(plan));
    for (int block = 0; block < 5; block++) {
      List<Turn> part = turns.subList(4 * block, 4 * block + 4);
      assertEquals(Set.copyOf(plan), part.stream().map(Turn::run).collect(Collectors.toSet()));
      assertEquals(
          Set.of(block + 1), part.stream().map(Turn::repetition).collect(Collectors.toSet()));
    }
  }

  private RunDocument run(int repetitions, FakeSession session, String... names) {
    List<PlannedRun> plan =
        List.of(names).stream().map(name -> planned(name, repetitions)).toList();
    var document =
        new RunDocument(
            RunDocument.SCHEMA,
            "run",
            RunDocument.RUNNING,
            null,
            1,
            "suite",
            "quick",
            "2026-11-21T03:56:22.125Z",
            null,
            null,
            1,
            new RunDocument.Tool("gpubench", "0", "unknown", false),
            List.of(),
            List.of(
                new RunDocument.EngineChoice(
                    "fake", "fake", "asked for", null, false, Map.of(), null, 1, null, null)),
            new Conditions(
                Conditions.IN_PROCESS,
                repetitions,
                null,
                null,
                null,
                List.of(),
                List.of(),
                null,
                null,
                null),
            Map.of(),
            plan.stream()
                .map(p -> new RunDocument.Planned(p.id(), "fake", "fake", "call", Map.of(), null))
                .toList(),
            List.of());
    try (var writer = RunWriter.create(store, store, document, null)) {
      var facts = new MachineFacts(1, 1L << 30, 0);
      var bench =
          new Workbench(
              _ -> {
                int pieces = piecesOfProcess.applyAsInt(++opened);
                return new FakeMeasurer(new LocalMeasurer(session), pieces, timer, () -> closed++);
              },
              writer,
              facts,
              new CoolDown.None(),
              cancellation);
      return new SuiteRunner(bench, new Listener()).run(Turn.inOrder(plan));
    }
  }

  private final class Listener implements SuiteListener {
    @Override
    public Observer started(Turn turn, int index, int total) {
      events.add("start " + name(turn));
      return Observer.NONE;
    }

    @Override
    public void ended(Turn turn, ResultRecord record) {
      events.add("end " + name(turn) + " " + record.processes().getLast().outcome());
    }

    @Override
    public void leftOut(Turn turn) {
      events.add("left out " + name(turn));
    }

    private static String name(Turn turn) {
      return turn.run().id().substring(0, 1) + turn.repetition();
    }
  }

  private static PlannedRun planned(String name, int repetitions) {
    return new PlannedRun(
        name + "-000000000000",
        new FakeWorkload(),
        "fake",
        Mode.of("call"),
        new ParameterValues(Map.of()),
        RULE,
        1,
        repetitions,
        Duration.ofSeconds(1));
  }

  private static void spin(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }
}
