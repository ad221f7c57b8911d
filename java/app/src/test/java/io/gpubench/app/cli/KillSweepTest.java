// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.app.workers.Guard;
import io.gpubench.measure.conditions.CpuSet;
import io.gpubench.measure.conditions.DeviceLock;
import io.gpubench.measure.conditions.LockFolder;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunReader;
import io.gpubench.measure.spi.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Runs of which a process is killed at a random moment: that of the tool, of a worker or of its
 * guard, or all of the group. Nobody is left behind, nothing that had been measured is lost, and
 * the next run is not kept from anything. An ordinary build kills {@value #FEW} times; the test
 * tagged {@code sweep} 200 times, or as often as the property {@code gpubench.kills} says.
 */
@ExtendWith(RecordedClasses.Ready.class)
class KillSweepTest {
  private static final int FEW = 8;
  private static final int MANY = Integer.getInteger("gpubench.kills", 200);
  private static final long SEED = Long.getLong("gpubench.kills.seed", 20_261_121);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path temp;
  private Path store;
  private Path scratch;
  private String profile;
  private OwnProcess processes;

  /** Whom the signal meets. */
  private enum Victim {
    TOOL,
    WORKER,
    GUARD,
    GROUP
  }

  /** What is measured meanwhile. */
  private enum Task {
    SUITE(
        "run", "consensus", "--set=consensus.validators=4,5,6", "--engine=java", "--repetitions=1"),
    IN_PROCESS(
        "run", "consensus", "--set=consensus.validators=4:7:+1", "--engine=java", "--in-process"),
    DUET(
        "duet",
        "engine=java",
        "engine=java,consensus.tags=none",
        "consensus",
        "--set=consensus.validators=4",
        "--duets=1");

    final String arguments;

    Task(String... arguments) {
      this.arguments = String.join(" ", arguments);
    }
  }

  @BeforeEach
  void open() throws IOException {
    boolean built = Guard.below(CommandLineFixture.ROOT).isPresent();
    assertTrue(built || System.getenv("GPUBENCH_REQUIRE_HOST") == null, "no guard is built");
    assumeTrue(built, "no guard is built");
    store = Files.createDirectory(temp.resolve("store"));
    scratch = Files.createDirectory(temp.resolve("tmp"));
    profile = new CommandLineFixture(temp).profile();
    // in a session of its own, so that its group is not this process's
    processes = new OwnProcess(temp).property("java.io.tmpdir=" + scratch).within("setsid");
  }

  @AfterEach
  void endAll() {
    if (processes != null) {
      processes.close();
    }
  }

  @Test
  @Timeout(600)
  void aKillAtAnyMomentLosesNothing() throws Exception {
    sweep(FEW);
  }

  @Test
  @Tag("sweep")
  @Timeout(7_200)
  void manyKillsAtAnyMomentLoseNothing() throws Exception {
    sweep(MANY);
  }

  private void sweep(int kills) throws Exception {
    var random = new SplittableRandom(SEED);
    Map<Task, Long> lasts = new EnumMap<>(Task.class);
    int kept = 0;
    for (int i = 0; i < kills; i++) {
      Task task = Task.values()[random.nextInt(8) < 5 ? 0 : random.nextInt(1, 3)];
      Victim victim =
          task == Task.IN_PROCESS
              ? Victim.TOOL
              : Victim.values()[Math.max(0, random.nextInt(7) - 3)];
      long millis = random.nextLong(lasts.computeIfAbsent(task, this::millis));
      String point = "kill %d: %s of %s after %d ms".formatted(i, victim, task, millis);
      try {
        kept += kill(task, victim, running -> running.await(Duration.ofMillis(millis)));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(point + ": " + e.getMessage(), e);
      }
    }
    kept += kill(Task.SUITE, Victim.TOOL, this::awaitRecord);
    assertTrue(kept > 0, "no kill came after a process had measured");
    millis(Task.SUITE); // the next run
    assertReadable();
    System.out.printf("kill sweep: %d kills, %d processes kept%n", kills, kept);
  }

  /** How long a run takes of which nobody is killed. */
  private long millis(Task task) {
    long begin = System.nanoTime();
    Answer answer = start(task).end();
    assertEquals(0, answer.exit(), answer.err());
    return (System.nanoTime() - begin) / 1_000_000;
  }

  /** When to kill. */
  private interface Moment {
    void await(OwnProcess.Running running) throws Exception;
  }

  /** Until the store has what a process measured, or the run has ended. */
  private void awaitRecord(OwnProcess.Running running) throws Exception {
    while (!running.await(Duration.ofMillis(20))) {
      for (Path run : runs()) {
        Path records = run.resolve("records.jsonl");
        if (Files.exists(records) && Files.size(records) > 0) {
          return;
        }
      }
    }
  }

  /** Returns how many processes of the run are in the store. */
  private int kill(Task task, Victim victim, Moment moment) throws Exception {
    Set<Path> before = runs();
    OwnProcess.Running running = start(task);
    moment.await(running);
    Set<Long> struck = strike(running, victim);
    assertTrue(running.await(PATIENCE), "it hangs: " + running.err());
    Answer answer = running.end();
    assertTrue(processes.awaitNobody(PATIENCE), "a process is left: " + processes.living());
    boolean killed = answer.exit() == 137;
    assertTrue(!killed || struck.contains(running.pid()), "it dies by itself: " + answer.err());
    if (!killed) { // it may have been at its end
      assertTrue(List.of(0, 3).contains(answer.exit()), answer.exit() + ": " + answer.err());
      assertFalse(answer.err().contains("internal error"), answer.err());
    }
    assertFalse(answer.err().contains("\tat "), answer.err());
    assertUnlocked();
    Set<Path> made = runs();
    made.removeAll(before);
    assertTrue(made.size() <= 1, made.toString());
    int kept = 0;
    for (Path run : made) {
      kept += assertWhole(run, answer, killed);
    }
    assertReadable();
    try (Stream<Path> left = Files.list(scratch)) {
      assertEquals(List.of(), left.toList(), "left in the folder for temporary files");
    }
    for (Path run : made) {
      CommandLineFixture.delete(run);
    }
    return kept;
  }

  private OwnProcess.Running start(Task task) {
    return processes.start(
        Stream.concat(
                Stream.of(task.arguments.split(" ", -1)),
                Stream.of("--samples=20", profile, "--out=" + store))
            .toArray(String[]::new));
  }

  /** Returns who was killed; nobody where the run had ended, or had no worker. */
  private Set<Long> strike(OwnProcess.Running running, Victim victim) throws Exception {
    if (victim == Victim.TOOL) {
      running.process.destroyForcibly();
      return Set.of(running.pid());
    }
    if (victim == Victim.GROUP) {
      var kill = new ProcessBuilder("kill", "-KILL", "--", "-" + running.pid());
      if (kill.redirectErrorStream(true).start().waitFor() != 0) {
        running.process.destroyForcibly(); // before it had its own group
      }
      return Set.of(running.pid());
    }
    Set<Long> struck = new HashSet<>();
    for (long pid : processes.living()) {
      boolean guard = name(pid).equals("gpubench-guard");
      if (pid != running.pid() && guard == (victim == Victim.GUARD) && !name(pid).isEmpty()) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        struck.add(pid);
      }
    }
    return struck;
  }

  private static String name(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/comm")).strip();
    } catch (IOException _) {
      return "";
    }
  }

  private void assertUnlocked() {
    DeviceLock.Result lock =
        DeviceLock.tryAcquire(
            new LockFolder(temp.resolve("locks")), Set.of(Session.PROCESSORS), CpuSet.allowed());
    assertInstanceOf(DeviceLock.Acquired.class, lock, lock.note());
    ((DeviceLock.Acquired) lock).lock().close();
  }

  /**
   * Every process that was announced to have ended is there with its samples; and what is not whole
   * does not verify.
   */
  private int assertWhole(Path directory, Answer answer, boolean killed) throws IOException {
    if (Files.notExists(directory.resolve("run.json"))) {
      assertTrue(killed, "a folder without a run");
      assertEquals(0, begun(answer));
      return 0;
    }
    RunDocument run = RunReader.read(directory);
    int ended = 0;
    for (ResultRecord record : run.records()) {
      for (ProcessPart process : record.processes()) {
        if (process.startedAt().equals(run.startedAt()) && process.pid() == 0) {
          continue; // reconstructed from the samples of a process that was not at its end
        }
        ended++;
        if (process.samples() != null) {
          assertEquals(
              1 + process.sampleCount(),
              CommandLineFixture.read(directory.resolve(process.samples())).lines().count());
        }
      }
    }
    // a beginning announces the end of what came before it; of a duet, of both sides
    int sides = run.duets() == null ? 1 : 2;
    int announced = sides * Math.max(0, begun(answer) - 1);
    assertTrue(ended >= announced, ended + " of " + announced + " processes are there");
    Answer verified = Evidence.verify(List.of(directory), List.of());
    assertTrue(List.of(0, 7).contains(verified.exit()), verified.out());
    boolean complete = run.status().equals(RunDocument.COMPLETE);
    if (verified.exit() == 0) {
      assertTrue(complete, "verified: " + run.status());
      int planned = run.planned().stream().mapToInt(one -> one.effort().repetitions()).sum();
      boolean allMeasured =
          run.records().stream().allMatch(record -> record.outcome().equals("Measured"));
      assertTrue(ended == planned || !allMeasured, ended + " of " + planned + " verified");
    }
    assertTrue(killed || complete, "it was not killed, and is " + run.status());
    return ended;
  }

  private static int begun(Answer answer) {
    return (int) answer.err().lines().filter(line -> line.startsWith("[")).count();
  }

  /** Every command reads every run. */
  private void assertReadable() {
    Answer list = Evidence.execute("list", "runs", "--out=" + store);
    assertEquals(0, list.exit(), list.err());
    assertFalse(list.out().contains("unreadable"), list.out());
    for (Path run : runs()) {
      if (Files.exists(run.resolve("run.json"))) {
        Answer shown = Evidence.execute("show", run.toString(), "--format=json");
        assertTrue(List.of(0, 3).contains(shown.exit()), shown.exit() + ": " + shown.err());
        CommandLineFixture.validRun(shown.out());
        Answer table = Evidence.execute("show", run.toString());
        assertEquals(shown.exit(), table.exit(), table.err());
      }
    }
    Answer verified = Evidence.verify(List.of(store), List.of());
    assertNotEquals(1, verified.exit(), verified.out());
    for (JsonNode run : CommandLineFixture.json(verified.out()).at("/runs")) {
      assertFalse(run.toString().contains("internal error"), run.toString());
    }
  }

  private Set<Path> runs() {
    try (Stream<Path> runs = Files.list(store)) {
      return new HashSet<>(runs.toList());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
