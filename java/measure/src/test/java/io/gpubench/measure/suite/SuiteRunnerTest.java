// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.plan.PlannedRun;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunJson;
import io.gpubench.measure.result.RunReader;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Observer;
import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.run.Timer;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteRunnerTest {
  private static final StoppingRule RULE = new StoppingRule(50, 50, 0, 60_000_000_000L, 0, 5, 0, 0);

  @TempDir private Path store;

  private final Cancellation cancellation = new Cancellation();
  private final List<String> events = new ArrayList<>();
  private Timer timer = new Timer(1, 1);

  @Test
  void aGoodRunIsMeasured() {
    RunDocument run = run(new FakeSession(_ -> spin(20_000)), "a", "b");
    assertEquals("complete", run.status());
    ResultRecord first = run.records().getFirst();
    assertEquals("Measured", first.outcome());
    assertEquals(50, first.sampleCount());
    assertNull(first.reason());
    assertEquals(55L, first.verification().get("answersRight"));
    var throughput = first.throughput();
    var statistics = first.statistics();
    assertNotNull(throughput);
    assertNotNull(statistics);
    assertEquals(1_000 / (statistics.median() / 1e9), throughput.median());
    assertTrue(throughput.lower() <= throughput.median());
    assertEquals(List.of("start a", "end Measured", "start b", "end Measured"), events);
    assertEquals(RunJson.pretty(run), RunJson.pretty(RunReader.read(store.resolve("run"))));
  }

  @Test
  void aWrongAnswerIsIncorrectWithoutSamplesAndTheSuiteGoesOn() {
    var session = new FakeSession(_ -> spin(20_000));
    session.wrongAt = 30;
    RunDocument run = run(session, "a", "b");
    ResultRecord first = run.records().getFirst();
    assertEquals("Incorrect", first.outcome());
    assertEquals("sample 30: wrong word", first.reason());
    assertEquals(0, first.sampleCount());
    assertNull(first.statistics());
    assertEquals(1, first.verification().get("answersWrong"));
    assertEquals(2, run.records().size());
    assertTrue(Files.notExists(store.resolve("run/samples/a-000000000000.csv")));
  }

  @Test
  void anEngineThatFailsHalfWayKeepsItsSamples() {
    var session =
        new FakeSession(sample -> {
          spin(20_000);
          if (sample == 40) {
            throw new EngineException("the device is lost");
          }
        });
    ResultRecord record = run(session, "a").records().getFirst();
    assertEquals("Failed", record.outcome());
    assertEquals("the device is lost", record.reason());
    assertEquals(35, record.sampleCount());
    assertNotNull(record.statistics());
  }

  @Test
  void anEngineThatCannotPrepareIsARecord() {
    var session = new FakeSession(_ -> {});
    session.unavailable = true;
    RunDocument run = run(session, "a");
    assertEquals("Failed", run.records().getFirst().outcome());
    assertEquals("complete", run.status());
  }

  @Test
  void anEngineThatFailsInClosingAfterAFailureIsOneRecordWithTheFirst() {
    var session =
        new FakeSession(_ -> {
          throw new EngineException("the device is lost");
        });
    session.failsToClose = true;
    RunDocument run = run(session, "a", "b");
    assertEquals(
        List.of("the device is lost", "the device is lost"),
        run.records().stream().map(ResultRecord::reason).toList());
    assertEquals("complete", run.status());
  }

  @Test
  void anEngineThatFailsInClosingOnlyHasFailedAndKeepsItsSamples() {
    var session = new FakeSession(_ -> spin(20_000));
    session.failsToClose = true;
    RunDocument run = run(session, "a");
    assertEquals(1, run.records().size());
    ResultRecord record = run.records().getFirst();
    assertEquals("Failed", record.outcome());
    assertEquals("closed in vain", record.reason());
    assertTrue(record.sampleCount() > 0);
    assertTrue(Files.exists(store.resolve("run/samples/a-000000000000.csv")));
  }

  @Test
  void timesBelowTheTimerAreRejected() {
    timer = new Timer(1, 5_000_000_000L);
    ResultRecord record = run(new FakeSession(_ -> {}), "a").records().getFirst();
    assertEquals("Rejected", record.outcome());
    assertTrue(String.valueOf(record.reason()).startsWith("implausible"), record.reason());
    assertEquals(
        50, record.sampleCount() + record.discards().values().stream().mapToLong(n -> n).sum());
  }

  @Test
  void moreWorkThanTheHardwareCanDoIsRejected() {
    var session = new FakeSession(_ -> spin(20_000));
    session.operations = 1e9;
    ResultRecord record = run(session, "a").records().getFirst();
    assertEquals("Rejected", record.outcome());
    assertTrue(String.valueOf(record.reason()).contains("more than this hardware can execute"));
    assertNotNull(record.statistics(), "a doubtful number is shown, not dropped");
  }

  @Test
  void aRequestToStopKeepsWhatIsThere() {
    var session =
        new FakeSession(sample -> {
          spin(20_000);
          if (sample == 20) {
            cancellation.request();
          }
        });
    RunDocument run = run(session, "a", "b");
    assertEquals("interrupted", run.status());
    assertEquals(1, run.records().size());
    ResultRecord record = run.records().getFirst();
    assertEquals("Measured", record.outcome());
    assertEquals("interrupted", record.stop());
    assertTrue(record.underSampled());
    assertEquals(16, record.sampleCount());
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
    assertThrows(IllegalStateException.class, () -> run(session, "a"));
    assertEquals("running", RunReader.read(store.resolve("run")).status());
  }

  private RunDocument run(Session session, String... names) {
    List<PlannedRun> plan = List.of(names).stream().map(SuiteRunnerTest::planned).toList();
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
                new RunDocument.EngineChoice("fake", "fake", "asked for", null, false, Map.of())),
            Map.of(),
            plan.stream()
                .map(p -> new RunDocument.Planned(p.id(), "fake", "fake", "call", Map.of()))
                .toList(),
            List.of());
    try (var writer = RunWriter.create(store, store, document)) {
      var listener =
          new SuiteListener() {
            @Override
            public Observer started(PlannedRun run, int index, int total) {
              events.add("start " + run.id().charAt(0));
              return Observer.NONE;
            }

            @Override
            public void ended(ResultRecord result) {
              events.add("end " + result.outcome());
            }
          };
      var facts = new MachineFacts(1, 1L << 30, 0);
      return new SuiteRunner(Map.of("fake", session), writer, facts, cancellation, listener, timer)
          .run(plan);
    }
  }

  private static PlannedRun planned(String name) {
    return new PlannedRun(
        name + "-000000000000",
        new FakeWorkload(),
        "fake",
        "call",
        new ParameterValues(Map.of()),
        RULE,
        1,
        Duration.ofSeconds(1));
  }

  private static void spin(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private record FakeWorkload() implements Workload {
    @Override
    public long answerDigest(ParameterValues values, long sample) {
      return 0;
    }

    @Override
    public Inputs writeInputs(ParameterValues values, MachineFacts facts, Path file) {
      throw new AssertionError("nobody asked for a file");
    }

    @Override
    public String id() {
      return "fake";
    }

    @Override
    public String summary() {
      return "nothing";
    }

    @Override
    public String unitOfWork() {
      return "things";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of();
    }

    @Override
    public String sizeParameter() {
      return "size";
    }

    @Override
    public long footprintBytes(ParameterValues values, MachineFacts facts) {
      return 1;
    }
  }

  private static final class FakeSession implements Session {
    private final LongConsumer work;
    private long wrongAt = Long.MAX_VALUE;
    private double operations = 10;
    private boolean unavailable;
    private boolean failsToClose;

    FakeSession(LongConsumer work) {
      this.work = work;
    }

    @Override
    public Map<String, Object> description() {
      return Map.of();
    }

    @Override
    public boolean synthetic() {
      return false;
    }

    @Override
    public double physicalOperationsPerSecond() {
      return 1e12;
    }

    @Override
    public PreparedRun prepare(
        Workload workload, String path, ParameterValues values, MachineFacts facts) {
      if (unavailable) {
        throw new EngineException("no such device");
      }
      return new FakeRun(this);
    }

    @Override
    public void close() {}
  }

  private static final class FakeRun implements PreparedRun {
    private final FakeSession session;
    private long current;

    FakeRun(FakeSession session) {
      this.session = session;
    }

    @Override
    public void stage(long sample) {
      current = sample;
    }

    @Override
    public void execute() {
      session.work.accept(current);
    }

    @Override
    public boolean verify(long sample) {
      return sample != session.wrongAt;
    }

    @Override
    public String mismatch(long sample) {
      return "wrong word";
    }

    @Override
    public long digest() {
      return 0;
    }

    @Override
    public Work work() {
      return new Work(1_000, 100, session.operations);
    }

    @Override
    public Map<String, Object> verification() {
      return Map.of("oracle", "Fake");
    }

    @Override
    public Map<String, Object> configuration() {
      return Map.of("threads", 1);
    }

    @Override
    public void close() {
      if (session.failsToClose) {
        throw new EngineException("closed in vain");
      }
    }
  }
}
