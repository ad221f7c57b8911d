// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.app.onlookers.FlightRecording;
import io.gpubench.gpu.Nvtx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a profiler and a flight recorder see of a run, in each of its processes. */
@Timeout(120)
@ExtendWith(RecordedClasses.Ready.class)
class OnlookersTest {
  static final Path RECORDER =
      CommandLineFixture.ROOT.resolve("native/build/test/libnvtx_recorder.so");

  /** An answer that is asked for again at random may come between any two batches. */
  private static final String BATCHES = "batch( verify| batch)*";

  private static final String WORKER =
      "open prepare verify warm-up\\(%1$s\\) measure\\(%1$s\\) close".formatted(BATCHES);
  private static final String RUN = "open prepare verify warm-up(batch) measure(batch) close";

  @TempDir private Path temp;
  private OwnProcess processes;
  private CommandLineFixture line;

  @BeforeEach
  void open() {
    line = new CommandLineFixture(temp);
    processes = new OwnProcess(temp);
  }

  @AfterEach
  void endAll() {
    processes.close();
  }

  private Answer run(String... more) {
    var args = new ArrayList<>(List.of("run", "consensus", line.profile(), "--engine", "java"));
    args.addAll(List.of("--set", "consensus.validators=4", "--out", line.store.toString()));
    args.addAll(List.of("--ceilings", "off", "--warmup", "400", "--duration", "250ms"));
    args.addAll(List.of(more));
    Answer answer = processes.execute(args.toArray(String[]::new));
    assertEquals(0, answer.exit(), answer.err());
    return answer;
  }

  static void needRecorder() {
    boolean built = Files.exists(RECORDER);
    assertTrue(built || System.getenv("GPUBENCH_REQUIRE_HOST") == null, "no recorder is built");
    assumeTrue(built, "no recorder is built");
  }

  @Test
  void aProfilerSeesTheSameRangesInEveryProcess() throws IOException {
    needRecorder();
    processes
        .variable(Nvtx.VARIABLE, RECORDER.toString())
        .variable("GPUBENCH_NVTX_LOG", temp.resolve("log").toString());
    run("--repetitions", "2");
    List<Path> logs = files("log.");
    assertEquals(4, logs.size(), "the run, the check of the engine, two workers");
    var seen = new ArrayList<String>();
    for (Path log : logs) {
      seen.add(Nesting.of(Files.readAllLines(log)));
    }
    assertTrue(seen.remove("open check close"), seen.toString());
    assertTrue(seen.remove(RUN + " " + RUN), seen.toString());
    assertTrue(seen.stream().allMatch(text -> text.matches(WORKER)), seen.toString());
  }

  @Test
  void aProfilerThatCannotAttachDisturbsNobody() {
    processes.variable(Nvtx.VARIABLE, temp.resolve("missing.so").toString());
    run("--repetitions", "1");
  }

  @Test
  void flightRecordingsTellOfPhasesAndBatches() throws IOException {
    Path folder = temp.resolve("my recordings, all");
    run("--repetitions", "2", "--jfr", folder.toString());
    JsonNode document = CommandLineFixture.validRun(CommandLineFixture.read(runFile()));
    assertEquals(FlightRecording.NOTE, document.at("/conditions/notes/0").asString());
    JsonNode record = document.at("/records/0");
    List<Path> all = list(folder);
    assertEquals(3, all.size(), all.toString());
    for (Path file : all) {
      List<RecordedEvent> events = events(file);
      boolean worker = String.valueOf(file.getFileName()).startsWith("worker-");
      String nesting = nesting(events);
      assertTrue(worker ? nesting.matches(WORKER) : nesting.equals(RUN + " " + RUN), nesting);
      assertSubjects(events, record.at("/id").asString());
      assertEquals(
          worker ? samples(record, file) : record.at("/sampleCount").asLong(),
          batches(events, "measure").stream().mapToLong(batch -> batch.getInt("samples")).sum());
    }
  }

  /** Each sample that was kept is in one batch of the phase; those before it are numbered too. */
  private static long samples(JsonNode record, Path file) {
    String pid = String.valueOf(file.getFileName()).replaceAll("\\D", "");
    for (JsonNode process : record.at("/processes")) {
      if (process.at("/pid").asString().equals(pid)) {
        return process.at("/sampleCount").asLong();
      }
    }
    throw new AssertionError("no process " + pid);
  }

  private static List<RecordedEvent> batches(List<RecordedEvent> events, String phase) {
    List<RecordedEvent> phases =
        events.stream()
            .filter(event -> named(event, "gpubench.Phase"))
            .filter(event -> event.getString("phase").equals(phase))
            .toList();
    assertFalse(phases.isEmpty());
    return events.stream()
        .filter(event -> named(event, "gpubench.Batch"))
        .filter(event -> phases.stream().anyMatch(outer -> within(event, outer)))
        .toList();
  }

  private static boolean within(RecordedEvent inner, RecordedEvent outer) {
    return !inner.getStartTime().isBefore(outer.getStartTime())
        && !inner.getEndTime().isAfter(outer.getEndTime());
  }

  private static void assertSubjects(List<RecordedEvent> events, String record) {
    for (RecordedEvent event : events) {
      boolean batch = named(event, "gpubench.Batch");
      boolean early = !batch && event.getString("record").isEmpty();
      assertEquals(early ? "" : record, event.getString("record"));
      if (batch) {
        assertEquals("", event.getString("why"));
        assertEquals(0, event.getLong("discarded"));
        assertTrue(event.getInt("samples") > 0);
      } else {
        assertEquals("java", event.getString("engine"));
        assertEquals(early ? "" : "consensus", event.getString("workload"));
        assertEquals(early, early && event.getString("phase").equals("open"));
      }
    }
  }

  @Test
  void aFlightRecordingOfTheUserSeesThemToo() throws IOException {
    Path file = temp.resolve("mine.jfr");
    processes.flag("-XX:StartFlightRecording:filename=" + file);
    assertFalse(run("--in-process").err().contains(FlightRecording.NOTE));
    assertEquals(RUN, nesting(events(file)));
  }

  @Test
  void aFolderThatCannotBeWrittenIsSaid() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));
    Answer answer =
        processes.execute(
            "run", "consensus", line.profile(), "--engine", "java", "--jfr", file.toString());
    assertEquals(3, answer.exit());
    assertEquals(
        "gpubench: no flight recording in " + file + ": a file of that name is in the way",
        answer.err().lines().reduce((_, last) -> last).orElseThrow());
  }

  /** Events of ours, in the order in which they began. */
  private static List<RecordedEvent> events(Path file) throws IOException {
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().startsWith("gpubench."))
        .sorted(
            Comparator.comparing(RecordedEvent::getStartTime)
                .thenComparing(RecordedEvent::getEndTime, Comparator.reverseOrder()))
        .toList();
  }

  private static boolean named(RecordedEvent event, String name) {
    return event.getEventType().getName().equals(name);
  }

  private static String nesting(List<RecordedEvent> events) {
    var nesting = new Nesting();
    var open = new ArrayDeque<RecordedEvent>();
    for (RecordedEvent event : events) {
      while (!open.isEmpty() && !within(event, open.element())) {
        open.pop();
        nesting.end();
      }
      open.push(event);
      nesting.begin(named(event, "gpubench.Batch") ? "batch" : event.getString("phase"));
    }
    open.forEach(_ -> nesting.end());
    return nesting.text();
  }

  private Path runFile() {
    return line.onlyRun().resolve("run.json");
  }

  private List<Path> files(String prefix) throws IOException {
    return list(temp).stream()
        .filter(file -> String.valueOf(file.getFileName()).startsWith(prefix))
        .toList();
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted().toList();
    }
  }
}
