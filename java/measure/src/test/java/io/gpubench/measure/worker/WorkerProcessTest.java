// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.worker.Received.Ended;
import io.gpubench.measure.worker.Received.Line;
import io.gpubench.measure.worker.Received.Manner;
import io.gpubench.measure.worker.Received.Overlong;
import io.gpubench.measure.worker.Received.Silent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass(name = "guarded: {0}")
@ValueSource(booleans = {true, false})
@Timeout(120)
class WorkerProcessTest {
  private static final long PATIENT = TimeUnit.SECONDS.toNanos(60);
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Ended SUCCESS = new Ended(0, Manner.BY_ITSELF, "");

  /** Leaves a process of another session, without a parent, that holds none of the pipes. */
  private static final String DAEMONISE =
      "setsid sh -c '(sleep 1000 </dev/null >/dev/null 2>&1 & echo >daemon)';"
          + " until [ -e daemon ]; do sleep 0.02; done; ";

  private final boolean guarded;
  private final Workers workers;
  private final Path folder;

  WorkerProcessTest(boolean guarded, @TempDir Path folder) {
    this.guarded = guarded;
    this.folder = folder;
    boolean can = !guarded || Workers.guard().isPresent();
    assertTrue(can || System.getenv("GPUBENCH_REQUIRE_HOST") == null, "no gpubench-guard is built");
    assumeTrue(can, "no gpubench-guard is built");
    workers = new Workers(folder, guarded);
  }

  @AfterEach
  void nobodyIsLeft() throws Exception {
    try {
      workers.assertNobodyLeft();
    } finally {
      workers.killAll();
    }
  }

  @Test
  void linesGoForthAndBack() {
    try (WorkerProcess worker = workers.start("cat")) {
      assertTrue(ProcessHandle.of(worker.pid()).isPresent());
      for (String text : List.of("a", "", "Grüße", "x".repeat(1_000_000), "\r")) {
        worker.send(text.getBytes(UTF_8));
        assertEquals(text, receiveText(worker));
      }
      assertEquals(SUCCESS, worker.end(Duration.ofSeconds(60)));
      assertSame(worker.end(SHORT), worker.receive(PATIENT));
      assertEquals("", worker.stderrTail());
    }
  }

  @Test
  void anyBytesMakeALine() {
    try (WorkerProcess worker = workers.start("printf '\\000\\377\\r\\033[2J\\n'; cat")) {
      Line line = assertInstanceOf(Line.class, worker.receive(PATIENT));
      assertArrayEquals("\0\u00ff\r\033[2J".getBytes(ISO_8859_1), line.text());
    }
  }

  @Test
  void whatHasNoLineFeedIsNoLine() {
    try (WorkerProcess worker = workers.start("printf 'one\\ntw\\033\\to'; kill -SEGV $$")) {
      assertEquals("one", receiveText(worker));
      var ended = new Ended(139, Manner.BY_ITSELF, "tw␛ o");
      assertEquals(ended, worker.receive(PATIENT));
      assertEquals("killed by SIGSEGV (11), in the middle of a line: tw␛ o", ended.describe());
    }
  }

  @Test
  void anEndlessLineIsGivenUp() {
    WorkerCommand command = workers.command("sh", "-c", "yes | tr -d '\\n'");
    try (WorkerProcess worker = WorkerProcess.start(command, 1 << 20)) {
      var overlong = new Overlong("y".repeat(80) + "…");
      assertEquals(overlong, worker.receive(PATIENT));
      assertEquals(overlong, worker.receive(PATIENT));
    }
  }

  @Test
  void theLongestLineIsALine() {
    String script = "echo 12345678; echo 123456789; cat";
    try (WorkerProcess worker = WorkerProcess.start(workers.command("sh", "-c", script), 8)) {
      assertEquals("12345678", receiveText(worker));
      assertEquals(new Overlong("123456789"), worker.receive(PATIENT));
    }
  }

  @Test
  void aFloodOfLinesWaitsToBeRead() throws Exception {
    String script = "i=0; while :; do echo $i; i=$((i + 1)); echo $i >count; done";
    try (WorkerProcess worker = workers.start(script)) {
      assertEquals("0", receiveText(worker));
      // Far beyond any pipe and buffer, but a worker that is held up counts no further.
      Path count = folder.resolve("count");
      String before = "";
      for (String now = "-"; !now.equals(before); ) {
        before = now;
        TimeUnit.MILLISECONDS.sleep(300);
        now = Files.exists(count) ? Files.readString(count) : "";
      }
      assertTrue(before.strip().length() <= 6, before);
      assertEquals("1", receiveText(worker));
      assertEquals("2", receiveText(worker));
    }
  }

  @Test
  void aFloodOnStderrIsDropped() {
    String script = "yes 0123456789 | head -c 300000000 >&2; echo last >&2; echo done; cat";
    try (WorkerProcess worker = workers.start(script)) {
      assertEquals("done", receiveText(worker));
      assertEquals(SUCCESS, worker.end(Duration.ofSeconds(60)));
      assertEquals("0123456789\n".repeat(39) + "012last", worker.stderrTail());
    }
  }

  @Test
  void whatIsOnStderrIsMadePrintable() {
    String line = "ü".repeat(5000);
    try (WorkerProcess worker =
        workers.start(
            "printf '%s\\n\\033[31mred\\r\\n\\ttab \\000 \\177 \\377\\n\\n' " + line + " >&2")) {
      assertEquals(SUCCESS, worker.receive(PATIENT));
      String tail = worker.stderrTail();
      String end = "ü\n␛[31mred\n\ttab ␀ ␡ \uFFFD";
      assertTrue(tail.endsWith(end), tail);
      assertEquals("", tail.substring(0, tail.length() - end.length()).replace("ü", ""));
    }
  }

  @Test
  void silenceIsNoEnd() {
    try (WorkerProcess worker = workers.start("read line; echo \"$line\"; cat")) {
      assertEquals(new Silent(), worker.receive(TimeUnit.MILLISECONDS.toNanos(50)));
      assertEquals(new Silent(), worker.receive(0));
      worker.send("now".getBytes(UTF_8));
      assertEquals("now", receiveText(worker));
    }
  }

  @Test
  void theExitStatusIsTheWorkers() {
    try (WorkerProcess worker = workers.start("echo line; echo why >&2; exit 3")) {
      assertEquals("line", receiveText(worker));
      assertEquals(new Ended(3, Manner.BY_ITSELF, ""), worker.receive(PATIENT));
      assertEquals("why", worker.stderrTail());
      // to one that is gone
      worker.send("text".getBytes(UTF_8));
      worker.send("text".getBytes(UTF_8));
      assertEquals("exit status 3", ((Ended) worker.receive(PATIENT)).describe());
    }
  }

  @Test
  void theSignalIsTheWorkers() {
    try (WorkerProcess worker = workers.start("kill -KILL $$")) {
      var ended = assertInstanceOf(Ended.class, worker.receive(PATIENT));
      assertEquals(new Ended(137, Manner.BY_ITSELF, ""), ended);
      assertEquals("killed by SIGKILL (9)", ended.describe());
    }
  }

  @Test
  void oneThatDoesNotReadBlocksNobody() {
    try (WorkerProcess worker = workers.start("echo; exec sleep 1000")) {
      assertEquals("", receiveText(worker));
      for (int i = 0; i < 100; i++) {
        worker.send(new byte[100_000]);
      }
      assertEquals(new Silent(), worker.receive(0));
      assertEquals(Manner.KILLED, worker.end(SHORT).manner());
    }
  }

  @Test
  void oneThatIgnoresAllIsKilled() {
    try (WorkerProcess worker = workers.start("trap '' TERM; echo; exec sleep 1000")) {
      assertEquals("", receiveText(worker));
      Ended ended = worker.end(SHORT);
      assertEquals(new Ended(137, Manner.KILLED, ""), ended);
      assertEquals("had to be ended: killed by SIGKILL (9)", ended.describe());
      assertSame(ended, worker.end(SHORT));
    }
  }

  @Test
  void theEndOfStdinIsSeenInPeace() {
    try (WorkerProcess worker = workers.start("cat; sleep 0.3; yes | head -c 1000000; exit 4")) {
      assertEquals(new Ended(4, Manner.BY_ITSELF, ""), worker.end(Duration.ofSeconds(60)));
    }
  }

  @Test
  void closedStdoutIsTheEnd() {
    try (WorkerProcess worker = workers.start("echo line; exec >&-; exec sleep 1000")) {
      assertEquals("line", receiveText(worker));
      var ended = assertInstanceOf(Ended.class, worker.receive(PATIENT));
      assertEquals(Manner.KILLED, ended.manner());
      assertEquals(guarded ? 143 : 137, ended.status());
    }
  }

  /** All are there before the end: without a guard, what is forked meanwhile may escape. */
  @Test
  void childrenAreKilledWithTheWorker() {
    String script =
        "sleep 1000 & sh -c 'sleep 1000 & echo >inner; wait' &"
            + " until [ -e inner ]; do sleep 0.02; done; echo; wait";
    try (WorkerProcess worker = workers.start(script)) {
      assertEquals("", receiveText(worker));
    }
  }

  @Test
  void noDaemonSurvivesTheGuard() {
    assumeTrue(guarded, "only a guard finds them");
    try (WorkerProcess worker = workers.start(DAEMONISE + "echo; cat")) {
      assertEquals("", receiveText(worker));
      assertEquals(SUCCESS, worker.end(Duration.ofSeconds(60)));
    }
  }

  @Test
  void noDaemonSurvivesAClose() {
    assumeTrue(guarded, "only a guard finds them");
    try (WorkerProcess worker = workers.start(DAEMONISE + "echo; while :; do sleep 1000; done")) {
      assertEquals("", receiveText(worker));
    }
  }

  /** Without a guard it lives on with the pipes; it must not keep us. */
  @Test
  void anOrphanWithThePipesKeepsNobody() throws Exception {
    try (WorkerProcess worker = workers.start("sleep 1000 & echo line; exit 5")) {
      assertEquals("line", receiveText(worker));
      assertEquals(new Ended(5, Manner.BY_ITSELF, ""), worker.receive(PATIENT));
      assertEquals("", worker.stderrTail());
    }
    if (!guarded) {
      workers.killAll();
    }
  }

  @Test
  void anInterruptEndsTheWorker() throws Exception {
    try (WorkerProcess worker = workers.start("echo; exec sleep 1000")) {
      assertEquals("", receiveText(worker));
      Thread.currentThread().interrupt();
      var ended = assertInstanceOf(Ended.class, worker.receive(PATIENT));
      assertTrue(Thread.interrupted());
      assertEquals(Manner.KILLED, ended.manner());
    }
    try (WorkerProcess worker = workers.start("echo; exec sleep 1000")) {
      assertEquals("", receiveText(worker));
      Thread.currentThread().interrupt();
      assertEquals(Manner.KILLED, worker.end(Duration.ofSeconds(60)).manner());
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void environmentAndFolderArePassedOn() throws Exception {
    WorkerCommand plain = workers.command("sh", "-c", "pwd; echo \"$WORD-$PATH\"");
    var environment = new TreeMap<>(plain.environment());
    environment.put("WORD", "two words");
    var command = new WorkerCommand(plain.arguments(), environment, folder, plain.guard(), null);
    try (WorkerProcess worker = WorkerProcess.start(command)) {
      assertEquals(folder.toRealPath().toString(), receiveText(worker));
      assertEquals("two words-" + System.getenv("PATH"), receiveText(worker));
      assertEquals(SUCCESS, worker.receive(PATIENT));
    }
  }

  @Test
  void theGuardSetsTheCpus() {
    assumeTrue(guarded, "only a guard does");
    WorkerCommand plain = workers.command("echo", "started");
    WorkerCommand command =
        new WorkerCommand(plain.arguments(), plain.environment(), folder, plain.guard(), "8000");
    assertEquals("8000", command.commandLine().get(2));
    try (WorkerProcess worker = WorkerProcess.start(command)) {
      assertEquals(new Ended(125, Manner.BY_ITSELF, ""), worker.receive(PATIENT));
      assertEquals("gpubench-guard: the worker cannot have the CPUs 8000", worker.stderrTail());
    }
  }

  @Test
  void whatCannotBeStartedIsSaid() throws Exception {
    Path plain = Files.createFile(folder.resolve("plain"));
    assertEquals(
        "cannot start the worker 'no-such-program': there is no program 'no-such-program' in PATH",
        problem(workers.command("no-such-program")));
    assertEquals(
        "cannot start the worker './missing': there is no program " + folder.resolve("./missing"),
        problem(workers.command("./missing")));
    assertEquals(
        "cannot start the worker './plain': " + folder.resolve("./plain") + " is not executable",
        problem(workers.command("./plain")));
    assertEquals("cannot start the worker '/': / is not executable", problem(workers.command("/")));
    Path missing = folder.resolve("missing");
    assertEquals(
        "cannot start the worker 'sh': there is no folder " + missing,
        problem(new WorkerCommand(List.of("sh"), Map.of(), missing, null, null)));
    assertEquals(
        "cannot start the worker 'sh': " + plain + " is not a folder",
        problem(new WorkerCommand(List.of("sh"), Map.of(), plain, null, null)));
    assertEquals(
        "cannot start the worker 'sh': there is no program " + missing,
        problem(new WorkerCommand(List.of("sh"), Map.of(), folder, missing, null)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new WorkerCommand(List.of("sh"), Map.of(), folder, null, "0"));
    assertThrows(
        IllegalArgumentException.class,
        () -> new WorkerCommand(List.of(), Map.of(), folder, null, null));
  }

  @Test
  void statusesHaveWords() {
    assertEquals("exit status 0", WorkerProcess.describe(0));
    assertEquals("exit status 126: command cannot be executed", WorkerProcess.describe(126));
    assertEquals("exit status 127: command not found", WorkerProcess.describe(127));
    assertEquals("exit status 128", WorkerProcess.describe(128));
    assertEquals("killed by SIGABRT (6)", WorkerProcess.describe(134));
    assertEquals("killed by signal 35", WorkerProcess.describe(163));
    assertEquals("exit status 255", WorkerProcess.describe(255));
    assertNotEquals("", new Ended(-1, Manner.SURVIVED, "").describe());
  }

  private static String problem(WorkerCommand command) {
    return assertThrows(EngineException.class, () -> WorkerProcess.start(command)).getMessage();
  }

  private static String receiveText(WorkerProcess worker) {
    return new String(assertInstanceOf(Line.class, worker.receive(PATIENT)).text(), UTF_8);
  }
}
