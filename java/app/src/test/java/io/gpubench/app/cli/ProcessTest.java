// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Processes of their own that are interrupted, killed, or lack something. */
@Timeout(120)
@ExtendWith(RecordedClasses.Ready.class)
class ProcessTest {
  /** A process that an interactive shell started hears Ctrl-C; one of a build need not. */
  private static final String[] HEARS_INTERRUPTS = {"env", "--default-signal=INT"};

  @TempDir private Path temp;
  private CommandLineFixture line;
  private Path rescue;
  private OwnProcess processes;
  private OwnProcess.Running last;

  @BeforeEach
  void open() throws IOException {
    line = new CommandLineFixture(temp);
    rescue = Files.createDirectories(temp.resolve("rescue"));
    processes = new OwnProcess(temp).property("java.io.tmpdir=" + rescue);
  }

  @AfterEach
  void endAll() {
    processes.close();
  }

  @Test
  void anInterruptedRunKeepsWhatItHas() throws Exception {
    processes.within(HEARS_INTERRUPTS);
    OwnProcess.Running process = run("--set", "consensus.validators=100,101,102", "--duration=1s");
    awaitSamples(2);
    assertEquals(
        0, new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor());
    assertEquals(130, process.exit(), err());
    Path directory = line.onlyRun();
    CommandLineFixture.validRun(CommandLineFixture.read(directory.resolve("run.json")));
    RunDocument run = RunReader.read(directory);
    assertEquals("interrupted", run.status());
    assertEquals(2, run.records().size());
    ResultRecord last = run.records().getLast();
    assertEquals("Measured", last.outcome());
    assertEquals("interrupted", last.processes().getLast().stop());
    assertTrue(last.sampleCount() > 0);
    assertTrue(out().contains(", profile quick, interrupted (stopped on request) in "), out());
    assertTrue(
        err()
            .endsWith(
                "\ngpubench: interrupted; what was measured is kept\nevidence: "
                    + directory
                    + ", sealed\n"),
        err());
    assertEquals(new Answer(130, out(), ""), line.execute("show", directory.toString()));
    Answer json = line.execute("show", directory.toString(), "--format", "json");
    assertEquals("interrupted", CommandLineFixture.validRun(json.out()).at("/status").asString());
  }

  @Test
  void aKillLosesNoFinishedRecord() throws Exception {
    var random = new SplittableRandom(7);
    int finished = 0;
    int cutOff = 0;
    for (int i = 0; i < 8; i++) {
      line.store = temp.resolve("store-" + i);
      OwnProcess.Running process =
          run(
              "--set",
              "consensus.validators=100:107:+1",
              "--set=consensus.tags=none",
              i == 7 ? "--duration=30s" : "--duration=200ms");
      // the last two kills come after a record, and while samples are taken; the others at any
      // moment, half of them before there is a run
      switch (i) {
        case 6 -> awaitSamples(2);
        case 7 -> awaitSamples(1);
        default -> {
          for (int wait = 0; i % 2 == 1 && !OwnProcess.hasRun(line.store) && wait < 2_000; wait++) {
            process.await(Duration.ofMillis(10));
          }
          process.await(Duration.ofMillis(random.nextLong(100, 1_300)));
        }
      }
      process.kill();
      // a beginning announces the end of the run before it
      long announced = Math.max(0, err().lines().filter(text -> text.startsWith("[")).count() - 1);
      if (!OwnProcess.hasRun(line.store)) {
        assertEquals(0, announced);
        continue;
      }
      Path directory = line.onlyRun();
      RunDocument run = RunReader.read(directory);
      List<ResultRecord> whole =
          run.records().stream()
              .filter(record -> record.processes().getLast().stop() != null)
              .toList();
      assertTrue(whole.size() >= announced, whole.size() + " of " + announced);
      assertTrue(whole.size() <= announced + 1);
      assertTrue(run.records().size() <= whole.size() + 1);
      finished += whole.size();
      cutOff += run.records().size() - whole.size();
      Answer list = line.execute("list", "runs", "--out", line.store.toString());
      assertTrue(
          list.out().contains("  unfinished      " + run.records().size() + "/8\n"), list.out());
      Answer table = line.execute("show", directory.toString());
      assertEquals(3, table.exit());
      assertTrue(table.out().contains(", profile quick, unfinished\n"), table.out());
      Answer json = line.execute("show", directory.toString(), "--format", "json");
      assertEquals(
          run.records().size(), CommandLineFixture.validRun(json.out()).at("/records").size());
    }
    assertTrue(finished > 0, "at least one kill came after a record");
    assertTrue(cutOff > 0, "at least one kill came while samples were taken");
  }

  @Test
  void aKillLosesAtMostTheLastSecondOfSamples() throws Exception {
    OwnProcess.Running process = run("--set", "consensus.validators=1000", "--duration", "30s");
    awaitSamples(1);
    long seen = System.nanoTime();
    process.await(Duration.ofMillis(1_500));
    double measuredFor = (System.nanoTime() - seen) / 1e9;
    process.kill();
    ResultRecord cutOff = RunReader.read(line.onlyRun()).records().getFirst();
    assertEquals("Failed", cutOff.outcome());
    assertNotNull(cutOff.statistics());
    List<String> samples =
        CommandLineFixture.read(line.onlyRun().resolve(cutOff.processes().getLast().samples()))
            .lines()
            .toList();
    double lastStart = Long.parseLong(samples.get((int) cutOff.sampleCount()).split(",")[1]) / 1e9;
    assertTrue(
        lastStart > measuredFor - 1,
        "killed after " + measuredFor + " s, kept " + lastStart + " s");
  }

  @Test
  void aFileThatMayNotGrowIsAFullDisk() throws Exception {
    // the first run has a few samples, the second too many for a file of 64 KiB
    processes.within("bash", "-c", "ulimit -f 64; exec \"$@\"", "bash");
    OwnProcess.Running process = run("--set", "consensus.validators=20000,100", "--duration=300ms");
    assertEquals(3, process.exit(), err());
    String error = err().lines().toList().getLast();
    assertEquals(
        "gpubench: cannot write to "
            + line.onlyRun()
            + ": File too large; finished records are kept there; the last one could not be saved to "
            + rescue
            + " either; free space or choose another store with --out",
        error);
    RunDocument run = RunReader.read(line.onlyRun());
    assertEquals("failed", run.status());
    assertEquals("Measured", run.records().getFirst().outcome());
    assertTrue(out().contains(", profile quick, failed (cannot write to "), out());
    assertEquals(2, rows(), out());
  }

  @Test
  void onAFullDiskTheLastRecordIsSavedElsewhere() throws Exception {
    Path mount = Files.createDirectories(temp.resolve("mount"));
    Path copy = Files.createDirectories(temp.resolve("copy"));
    String script =
        """
        mount -t tmpfs -o size=144k tmpfs "$1" || exit 99
        folder=$1 copy=$2
        shift 2
        "$@"
        code=$?
        cp -r "$folder/." "$copy" || exit 98
        exit $code
        """;
    processes.within("unshare", "-rm", "bash", "-c", script, "bash", mount + "", copy + "");
    line.store = mount;
    boolean possible =
        new ProcessBuilder("unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", mount.toString())
                .redirectErrorStream(true)
                .start()
                .waitFor()
            == 0;
    assumeTrue(possible, "a file system can be mounted");
    OwnProcess.Running process =
        run("--set", "consensus.validators=100:107:+1", "--samples=2000", line.profile());
    assertEquals(3, process.exit(), err());
    String error = err().lines().toList().getLast();
    assertTrue(error.startsWith("gpubench: cannot write to " + mount), err());
    assertTrue(
        error.contains(": No space left on device; finished records are kept there; "), err());
    Path saved = CommandLineFixture.onlyEntry(CommandLineFixture.onlyEntry(rescue));
    assertTrue(error.contains("; the last one was saved to " + saved + "; "), error);
    RunDocument rescued = RunReader.read(saved);
    RunDocument kept = RunReader.read(CommandLineFixture.onlyEntry(copy));
    assertEquals("failed", rescued.status());
    int last = rescued.records().size() - 1;
    assertTrue(last > 0, "records before the last one");
    assertEquals(rescued.records().subList(0, last), kept.records().subList(0, last));
    ResultRecord record = rescued.records().getLast();
    assertEquals("Measured", record.outcome());
    assertTrue(record.sampleCount() > 0);
    Path samples = saved.resolve(record.processes().getLast().samples());
    assertEquals(1 + record.sampleCount(), CommandLineFixture.read(samples).lines().count());
    assertEquals(rescued.records().size(), rows(), out());
  }

  @Test
  void aReaderThatLeavesEarlyIsNoError() throws Exception {
    processes.within("bash", "-c", "\"$@\" | true; exit ${PIPESTATUS[0]}", "bash");
    OwnProcess.Running process = run("--set", "consensus.validators=100", line.profile());
    assertEquals(0, process.exit(), err());
    assertFalse(err().contains("Exception") || err().contains("\tat "), err());
    assertTrue(err().endsWith("\nevidence: " + line.onlyRun() + ", sealed\n"), err());
  }

  @Test
  void withoutTheHostLibraryJavaServesAndSaysSo() throws Exception {
    processes
        .property("gpubench.library.host=/nonexistent/lib.so")
        .property("gpubench.library.cuda=/nonexistent/libcuda.so");
    String[] small = {
      "--repetitions=2", "--set=consensus.validators=100", line.profile(), "--engine", "auto"
    };
    assertEquals(0, start(small).exit(), err());
    String first = err().lines().findFirst().orElse("");
    assertTrue(
        first.startsWith("engine java: ")
            && first.endsWith(
                " (best that passes its self-check; passed over cuda: native library 'cuda' not"
                    + " found; host: native library 'host' not found; 'gpubench doctor' tells what"
                    + " helps)"),
        first);
    String why = RunReader.read(line.onlyRun()).engines().getFirst().why();
    assertEquals("engine java: " + why, first);
    small[small.length - 1] = "host";
    assertEquals(3, start(small).exit());
    assertTrue(err().startsWith("gpubench: no engine: host: native library"), err());
    assertTrue(
        err()
            .endsWith(
                "; install a C compiler, make and CMake, then build with './mvnw -DskipTests package'\n"),
        err());
    assertEquals(1, err().lines().count(), err());
  }

  private OwnProcess.Running run(String... more) {
    return start(
        Stream.concat(Stream.of("--engine", "java", "--in-process"), Stream.of(more))
            .toArray(String[]::new));
  }

  private OwnProcess.Running start(String... options) {
    var arguments =
        new ArrayList<>(
            List.of("run", "consensus", "--warmup", "5", "--out", line.store.toString()));
    arguments.addAll(List.of(options));
    last = processes.start(arguments.toArray(String[]::new));
    return last;
  }

  private String out() {
    return last.out();
  }

  private String err() {
    return last.err();
  }

  /** How many records the table on stdout has. */
  private long rows() {
    return out().lines().filter(text -> text.matches(" *\\d+ .* \\.\\. .*")).count();
  }

  /** Waits until samples of the run of that number, counted from 1, are on the disk. */
  private void awaitSamples(int number) throws Exception {
    while (!hasSamples(number)) {
      assertTrue(last.isAlive(), err());
      last.await(Duration.ofMillis(20));
    }
  }

  private boolean hasSamples(int number) throws IOException {
    if (!OwnProcess.hasRun(line.store)) {
      return false;
    }
    try (Stream<Path> files = Files.list(line.onlyRun().resolve("samples"))) {
      List<Path> all = files.toList();
      Path latest = all.isEmpty() ? null : all.getFirst();
      for (Path file : all) {
        if (Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(latest)) > 0) {
          latest = file;
        }
      }
      return all.size() > number
          || (all.size() == number && Files.readString(latest, UTF_8).lines().count() > 1);
    }
  }
}
