// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.app.measuring.CeilingUse;
import io.gpubench.app.measuring.Gpubench;
import io.gpubench.app.measuring.RunRequest;
import io.gpubench.app.measuring.StoredRun;
import io.gpubench.measure.BenchException;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.conditions.CoolDown;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunJson;
import io.gpubench.measure.result.RunReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Java program asks for, beside what the command line does. */
class ApiTest {
  private static final String NOTE = "asked for by a Java program; ";

  @TempDir private Path temp;
  private CommandLineFixture line;
  private FakeEngine engine;
  private Gpubench gpubench;

  @BeforeEach
  void open() {
    line = new CommandLineFixture(temp);
    engine = FakeEngine.passing("fake");
    line.engines = List.of(engine);
    gpubench = Gpubench.of(line.app().installation());
  }

  /** One that takes an instant. */
  private RunRequest request() {
    return gpubench
        .run("consensus")
        .profile(line.profile().substring("--profile=".length()))
        .set("consensus.validators", 4)
        .out(line.store)
        .inProcess();
  }

  @Test
  void aRunIsMeasuredStoredAndSealed() throws IOException {
    var told = new ArrayList<String>();
    StoredRun run = request().set("consensus.validators", 4, 5).listener(told::add).measure();
    assertEquals(line.onlyRun(), run.directory());
    assertTrue(run.complete());
    assertTrue(run.sealed());
    assertNull(run.failure());
    assertEquals(List.of(), gpubench.verify(run.directory()).findings());
    assertEquals(2, run.records().size());
    for (var measured : run.records()) {
      assertInstanceOf(Outcome.Measured.class, measured.outcomeValue());
      assertTrue(measured.statistics().median() >= 20_000, measured.statistics().toString());
    }
    String stored = Files.readString(run.directory().resolve("run.json"));
    assertEquals(stored, RunJson.pretty(run.document()));
    CommandLineFixture.validRun(stored);
    assertTrue(run.document().conditions().notes().getFirst().startsWith(NOTE));
    assertEquals("engine fake: fake fake (best that passes its self-check)", told.getFirst());
    assertTrue(told.get(1).startsWith("2 runs, at most "), told.toString());
  }

  @Test
  void theCommandLineInTheRecordAsksForTheSame() {
    RunRequest request =
        request()
            .engine("fake")
            .path("call")
            .clock("host")
            .cache("hot")
            .set("tags", "none")
            .set("consensus.byzantine", "0.1:0.3:+0.2")
            .seed(7)
            .samples(12)
            .warmup(3)
            .duration(Duration.ofMillis(150))
            .threads(1)
            .memoryLimit(1L << 30)
            .coolDown(new CoolDown.Time(Duration.ofMillis(1)))
            .waiting(Duration.ofSeconds(90))
            .anyway()
            .ceilings(CeilingUse.Mode.OFF)
            .state(temp.resolve("state"))
            .unsigned();
    RunDocument asked = request.measure().document();
    assertEquals(request.argv(), asked.argv());
    CommandLineFixture.delete(line.store);

    List<String> words = new ArrayList<>(asked.argv());
    words.remove("--in-process"); // the fixture says it
    Answer answer = line.execute(words.toArray(String[]::new));
    assertEquals(0, answer.exit(), answer.err());
    RunDocument typed = RunReader.read(line.onlyRun());
    assertEquals(typed.planned().toString(), asked.planned().toString());
    assertEquals(typed.engines().toString(), asked.engines().toString());
    assertEquals(typed.suite(), asked.suite());
    assertEquals(typed.profile(), asked.profile());
    assertEquals(typed.ceilings(), asked.ceilings());
    assertEquals(typed.conditions().coolDown(), asked.conditions().coolDown());
    assertEquals(typed.conditions().isolation(), asked.conditions().isolation());
  }

  @Test
  void whatWorkersAreToldHasItsOptionToo() {
    assertEquals(
        List.of(
            "run",
            "--suite",
            "cuda",
            "--device",
            "sim",
            "--repetitions",
            "2",
            "--cpus",
            "0-1",
            "--timeout",
            "1m30s",
            "--faults",
            "crash",
            "--order-seed",
            "5",
            "--ceilings",
            "refresh",
            "--key",
            "k.pem"),
        gpubench
            .suite("cuda")
            .device("sim")
            .repetitions(2)
            .cpus("0,1")
            .timeout(Duration.ofSeconds(90))
            .faults("crash")
            .orderSeed(5)
            .ceilings(CeilingUse.Mode.REFRESH)
            .unsigned()
            .key(Path.of("k.pem"))
            .argv());
  }

  @Test
  void aRequestNeverChanges() {
    RunRequest first = gpubench.run("consensus");
    List<String> before = first.argv();
    RunRequest second = first.samples(5).set("validators", 1).set("validators", 2);
    assertEquals(before, first.argv());
    assertEquals(
        List.of("run", "consensus", "--set", "validators=2", "--samples", "5"), second.argv());
  }

  @Test
  void aPlanMeasuresNothing() {
    assertEquals(2, request().set("consensus.validators", 4, 5).plan().runs().size());
    assertEquals(0, engine.prepared);
    assertTrue(Files.notExists(line.store));
  }

  @Test
  void itIsReplayedLikeAnyOther() {
    StoredRun run = request().measure();
    Answer answer =
        line.execute(
            "replay", run.directory().toString(), "--out", temp.resolve("again").toString());
    assertEquals(0, answer.exit(), answer.err());
    RunDocument again = RunReader.read(CommandLineFixture.onlyEntry(temp.resolve("again")));
    assertEquals(run.document().planned().toString(), again.planned().toString());
    assertEquals(run.document().id(), again.conditions().replayOf());
    assertFalse(again.conditions().notes().toString().contains(NOTE));
  }

  @Test
  void mistakesAreThoseOfTheCommandLine() {
    mistake("--samples 0 is out of range; expected 1 .. 10000000", request().samples(0));
    mistake("unknown engine 'fak'; did you mean 'fake'?", request().engine("fak"));
    mistake(
        "--timeout is about workers, and --in-process has none; leave one of them out",
        request().timeout(Duration.ofSeconds(1)));
    mistake(
        "--repetitions are processes, and --in-process has one only; leave one of them out",
        request().repetitions(2));
    var empty = assertThrows(ConfigException.class, () -> gpubench.run().set("validators"));
    assertEquals("--set validators=: no value", empty.getMessage());
    assertTrue(Files.notExists(line.store));
  }

  private static void mistake(String message, RunRequest request) {
    var error = assertThrows(ConfigException.class, request::measure);
    assertEquals(message, error.getMessage());
  }

  @Test
  void aHomeIsACheckoutOrABundleAndTheOnlyOne() {
    var none = assertThrows(ConfigException.class, () -> Gpubench.at(temp));
    assertEquals(temp + " is no home of gpubench: it has no folder 'configs'", none.getMessage());
    assertThrows(ConfigException.class, () -> Gpubench.at(temp.resolve("missing")));
    Path other = temp.resolve("configs").getParent();
    assertTrue(other.resolve("configs").toFile().mkdir());
    assertTrue(
        assertThrows(ConfigException.class, () -> Gpubench.at(other))
            .getMessage()
            .startsWith("this process has its gpubench in " + CommandLineFixture.ROOT));
    assertEquals("consensus", Gpubench.here().run("consensus").argv().getLast());
  }

  @Test
  void failuresAreWhatTheyWere() {
    line.engines = List.of(FakeEngine.missing("fake"));
    BenchException missing =
        assertThrows(EngineException.class, () -> request().engine("fake").measure());
    assertEquals("no engine: fake: fake is not there; buy fake", missing.getMessage());
    line.engines = List.of(engine);
    var bug = new IllegalStateException("this cannot be");
    engine.work =
        _ -> {
          throw bug;
        };
    assertEquals(bug, assertThrows(IllegalStateException.class, () -> request().measure()));
  }

  @Test
  void anInterruptEndsTheRunAndKeepsWhatWasMeasured() {
    Thread caller = Thread.currentThread();
    engine.work =
        sample -> {
          if (sample == 200) {
            caller.interrupt();
          }
        };
    StoredRun run = request().samples(1_000_000).duration(Duration.ofMinutes(1)).measure();
    assertTrue(Thread.interrupted());
    assertEquals(RunDocument.INTERRUPTED, run.document().status());
    assertTrue(run.sealed());
    assertTrue(run.records().getFirst().sampleCount() > 0);
  }

  @Test
  void oneAtATimeMeasuresInAProcess() {
    var second = new AtomicReference<Throwable>();
    engine.preparing =
        () ->
            second.set(
                assertThrows(IllegalStateException.class, () -> request().anyway().measure()));
    assertTrue(request().measure().complete());
    assertEquals("another thread of this process measures", second.get().getMessage());
  }

  @Test
  void theExampleSaysWhatItMeasured() {
    Answer answer;
    try (var process = new OwnProcess(temp)) {
      answer =
          process
              .source(CommandLineFixture.ROOT.resolve("examples/api/Measure.java"))
              .variable("HOME", "") // without a folder to keep them in, no ceilings are measured
              .variable("XDG_STATE_HOME", "")
              .execute();
    }
    assertEquals(0, answer.exit(), answer.err());
    List<String> printed = answer.out().lines().toList();
    assertEquals(3, printed.size(), answer.out());
    assertTrue(
        printed.get(0).matches("consensus \\{validators=1000, .*\\}: [A-Z][a-z]+"), answer.out());
    assertTrue(printed.get(1).matches("median \\d+ ns, p99 \\d+ ns"), answer.out());
    Path run = CommandLineFixture.onlyEntry(temp.resolve("results"));
    assertEquals("evidence: " + Path.of("results").resolve(run.getFileName()), printed.get(2));
    assertEquals(List.of(), Gpubench.here().verify(run).findings());
    RunDocument document = RunReader.read(run);
    assertEquals("java", document.records().getFirst().engine());
    assertEquals(6, document.records().getFirst().repetitions());
    assertEquals(2_000, document.planned().getFirst().effort().stoppingRule().minSamples());
  }
}
