// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.app.BuiltIn;
import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.app.profiling.OneSample;
import io.gpubench.app.workers.WorkerMain;
import io.gpubench.measure.conditions.CpuSet;
import io.gpubench.measure.conditions.DeviceLock;
import io.gpubench.measure.conditions.LockFolder;
import io.gpubench.measure.spi.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Hand-overs to profilers that are not here: scripts take their place, which look at their options
 * and start what comes after these, on the simulated device. The record is one of that device,
 * which says that it is a GPU's.
 */
@Timeout(120)
@ExtendWith(RecordedClasses.Ready.class)
class ProfileCommandTest {
  private static final Path SIMULATOR =
      CommandLineFixture.ROOT.resolve("native/build/cudasim/libcuda.so.1");

  /** As a profiler does: its own options, the variable, then the program; and a report. */
  private static final String STAND_IN =
      """
      #!/bin/sh
      words=
      report=
      last=
      while [ "${1#*/bin/java}" = "$1" ]; do
        case $1 in --output=*) report=${1#*=} ;; esac
        [ "$last" != --export ] || report=$1
        last=$1
        words="$words $1"
        shift
      done
      echo "$words" > "$STAND_IN_LOG"
      count=$#
      for word; do
        [ -n "$first" ] || set --
        first=done
        [ "$count" -gt 1 ] || word=sim
        count=$((count - 1))
        set -- "$@" "$word"
      done
      NVTX_INJECTION64_PATH=$STAND_IN_LIBRARY "$@" || exit
      [ -n "$STAND_IN_SEES_NOTHING" ] || : > "$report"
      """;

  @TempDir private static Path shared;
  @TempDir private Path temp;
  private OwnProcess processes;
  private CommandLineFixture line;
  private Path run;
  private String id;

  @BeforeAll
  static void measure() {
    assumeTrue(Files.exists(SIMULATOR), "the simulated device is not built");
    Answer answer =
        OwnProcess.execute(
            shared,
            "run consensus launch.mailbox --engine cuda --device sim --in-process --samples 5 --ceilings off"
                .concat(" --set consensus.validators=40 --duration 50ms --anyway --out store")
                .split(" "));
    assertEquals(0, answer.exit(), answer.err());
  }

  @BeforeEach
  void copy() throws IOException {
    processes = new OwnProcess(temp);
    line = new CommandLineFixture(temp);
    line.engines = BuiltIn.engines();
    line.workloads = BuiltIn.workloads();
    Path original = CommandLineFixture.onlyEntry(shared.resolve("store"));
    run = Files.createDirectory(temp.resolve("a run"));
    Files.copy(original.resolve("run.json"), run.resolve("run.json"));
    edit(document -> {
      var engine = (ObjectNode) document.at("/engines/0");
      engine.put("synthetic", false);
      engine.put("deviceAsked", "0");
    });
    id = document().at("/planned/0/id").asString();
  }

  @AfterEach
  void endAll() {
    processes.close();
  }

  private void edit(Consumer<ObjectNode> change) throws IOException {
    ObjectNode document = (ObjectNode) document();
    change.accept(document);
    Files.writeString(run.resolve("run.json"), JsonMapper.shared().writeValueAsString(document));
  }

  private JsonNode document() {
    return CommandLineFixture.json(CommandLineFixture.read(run.resolve("run.json")));
  }

  private Answer profile(String... more) {
    var args = new ArrayList<>(List.of("profile", run.resolve(id).toString()));
    args.addAll(List.of(more));
    return line.execute(args.toArray(String[]::new));
  }

  @Test
  void ncuIsToldToLookAtTheKernelsOfOneSample() {
    Answer answer = profile("--with", "ncu");
    assertEquals(0, answer.exit(), answer.err());
    assertEquals(
        "ncu --set full --clock-control none --cache-control none --target-processes application-only"
            + " --nvtx --nvtx-include gpubench@sample/ --export "
            + id
            + ".ncu-rep \\",
        answer.out().lines().toList().getFirst());
    assertTarget(answer);
    assertEquals(
        "NOTE: clocks and caches are left as they were measured; ncu alone would change both\n"
            + "NOTE: should ncu say ERR_NVGPUCTRPERM, this user may not read the GPU's counters: run it as root,"
            + " or load the driver with NVreg_RestrictProfilingToAdminUsers=0\n",
        answer.err());
  }

  @Test
  void nsysIsToldToRecordOneSample() {
    Answer answer = profile("--with", "nsys", "--output", "my report");
    assertEquals(0, answer.exit(), answer.err());
    assertEquals(
        "nsys profile --trace=cuda,nvtx,osrt --sample=none --cpuctxsw=none --cuda-graph-trace=node"
            + " --capture-range=nvtx --nvtx-capture=sample@gpubench --capture-range-end=stop --kill=none"
            + " '--output=my report.nsys-rep' \\",
        answer.out().lines().toList().getFirst());
    assertTarget(answer);
    assertEquals("", answer.err());
  }

  private void assertTarget(Answer answer) {
    assertEquals(2, answer.out().lines().count());
    String target = answer.out().lines().toList().getLast();
    assertTrue(target.matches("  \\S+/bin/java -.*"), target);
    assertTrue(
        target.endsWith(
            " " + OneSample.class.getName() + " '" + run.toAbsolutePath() + "' " + id + " 0"),
        target);
    assertFalse(target.contains(WorkerMain.class.getName()));
  }

  @Test
  void whatTheRecordSaysChangesTheOptions() throws IOException {
    edit(document -> {
      ((ObjectNode) document.at("/planned/0")).put("clock", "device").put("cache", "cold");
      ((ObjectNode) document.at("/records/0/configuration")).put("kernels", 2);
      ((ObjectNode) document.at("/tool")).put("version", "0.0").put("commit", "abc");
    });
    Answer answer = profile("--with", "ncu", "--output", "x.ncu-rep");
    assertTrue(answer.out().contains(" --cache-control all "), answer.out());
    assertTrue(answer.out().contains(" gpubench@sample/ --export x.ncu-rep "), answer.out());
    assertTrue(
        answer.err().startsWith("NOTE: measured by gpubench 0.0 of commit abc, and this is "));
    Answer one = profile("--with", "ncu", "--kernel", "consensus_decide");
    assertTrue(one.out().contains(" --kernel-name consensus_decide --launch-count 1 "), one.out());
    assertTrue(
        one.err()
            .contains(
                "NOTE: the first launch of consensus_decide in the sample is profiled, and no other one\n"),
        one.err());
  }

  /** It is launched before the sample begins. */
  @Test
  void aKernelThatIsThereAllTheTimeIsNotLookedAt() throws IOException {
    edit(document -> {
      assertEquals("consensus", document.at("/planned/0/workload").asString());
      ((ObjectNode) document.at("/planned/0")).put("path", "mailbox");
    });
    assertRefused(
        "ncu sees kernels, and a sample of 'consensus' by the path 'mailbox' launches none; take --with nsys",
        profile("--with", "ncu"));
    assertEquals(0, profile("--with", "nsys").exit());
  }

  /** The pieces of such a sample are equal, and there may be a million of them. */
  @Test
  void onlyOneOfManyPiecesIsProfiled() throws IOException {
    edit(document -> {
      ((ObjectNode) document.at("/planned/0")).put("clock", "batch");
      ((ObjectNode) document.at("/records/0/configuration")).put("kernels", 2);
    });
    Answer answer = profile("--with", "ncu");
    assertTrue(answer.out().contains(" --launch-count 2 --export "), answer.out());
    assertTrue(answer.err().contains(" its first 2 launches are profiled\n"), answer.err());
  }

  /** The simulated device works on the processors. */
  @Test
  void aDeviceThatIsInUseIsLeftAlone() throws IOException {
    var folder = new LockFolder(temp.resolve("locks"));
    var held = DeviceLock.tryAcquire(folder, Set.of(Session.PROCESSORS), CpuSet.allowed());
    if (!(held instanceof DeviceLock.Acquired(DeviceLock lock))) {
      throw new AssertionError(held.note());
    }
    try (lock) {
      Answer answer = processes.main(OneSample.class).execute(run.toString(), id, "sim");
      assertEquals(3, answer.exit(), answer.err());
      assertTrue(
          last(answer).startsWith("gpubench: device processors is in use by "), answer.err());
    }
    assertEquals(0, processes.execute(run.toString(), id, "sim").exit());
  }

  @Test
  void anotherDeviceThanTheRecordsIsSaid() throws IOException {
    edit(document -> ((ObjectNode) document.at("/records/0")).put("device", "NVIDIA H200"));
    Answer answer = processes.main(OneSample.class).execute(run.toString(), id, "sim");
    assertEquals(0, answer.exit(), answer.err());
    assertTrue(
        answer.err().contains("NOTE: measured on NVIDIA H200, and this is Simulated CUDA device\n"),
        answer.err());
  }

  @Test
  void aRecordIsFoundByEitherName() {
    Answer answer = profile("--with", "nsys");
    String[] byOption = {"profile", run.toString(), "--record", id, "--with", "nsys"};
    assertEquals(answer, line.execute(byOption));
  }

  @Test
  void whatIsNotThereIsNamed() {
    String mailbox = document().at("/planned/1/id").asString();
    assertRefused(
        "unknown record '%s'; did you mean '%s'?".formatted(id.replace("launch", "lunch"), id),
        line.execute(
            "profile", run.resolve(id.replace("launch", "lunch")).toString(), "--with", "ncu"));
    assertRefused(
        "%s has 2 records; name one, such as %s".formatted(run, run.resolve(id)),
        line.execute("profile", run.toString(), "--with", "ncu"));
    assertRefused(
        "unknown profiler 'nvprof'; known: ncu, nsys",
        line.execute("profile", run.toString(), "--with", "nvprof"));
    assertRefused(
        temp.resolve("none") + " is not a run directory: run.json: it does not exist",
        line.execute("profile", temp.resolve("none").toString(), "--with", "ncu"));
    assertRefused(
        "ncu sees kernels, and a sample of 'launch.mailbox' launches none; take --with nsys",
        line.execute("profile", run.resolve(mailbox).toString(), "--with", "ncu"));
    assertRefused(
        "nsys records all kernels of a sample; leave out --kernel, or take --with ncu",
        profile("--with", "nsys", "--kernel", "consensus_round"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "host | gpubench | perf record sees its C kernels, as a process of gpubench run",
        "java | gpubench | gpubench run --jfr DIR records what its Java does",
        "mine | theirs | profile its own program: ./my 'own engine'",
      })
  void otherEnginesAreRefusedWithWhatWouldWork(String engine, String whose, String instead)
      throws IOException {
    edit(document -> {
      ((ObjectNode) document.at("/planned/0")).put("engine", engine);
      var choice = (ObjectNode) document.at("/engines/0");
      choice.put("id", engine);
      if (whose.equals("theirs")) {
        choice.putArray("command").add("./my").add("own engine");
      }
    });
    assertRefused(
        "ncu sees GPUs, and %s was measured by the engine '%s'; %s".formatted(id, engine, instead),
        profile("--with", "ncu"));
  }

  @Test
  void theSimulatedDeviceIsRefused() throws IOException {
    edit(document -> ((ObjectNode) document.at("/engines/0")).put("synthetic", true));
    assertRefused(
        "nsys sees GPUs, and %s was measured on the simulated device; measure it on a GPU first; the simulated"
                .formatted(id)
            + " one is seen by perf record",
        profile("--with", "nsys"));
  }

  @Test
  void whatThisVersionDoesNotKnowIsRefused() throws IOException {
    edit(document -> ((ObjectNode) document.at("/planned/0/parameters")).put("validators", -1));
    Answer answer = profile("--with", "ncu");
    assertEquals(2, answer.exit());
    assertTrue(
        answer
            .err()
            .startsWith(
                "gpubench: "
                    + run.resolve("run.json")
                    + ": planned[0]: this version of gpubench plans it differently: validators: "),
        answer.err());
  }

  private static void assertRefused(String problem, Answer answer) {
    assertEquals(new Answer(2, "", "gpubench: " + problem + "\n"), answer);
  }

  private void install(String... programs) throws IOException {
    OnlookersTest.needRecorder();
    Path bin = Files.createDirectory(temp.resolve("bin"));
    for (String program : programs) {
      Path file = Files.writeString(bin.resolve(program), STAND_IN);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    processes
        .variable("PATH", bin + ":" + System.getenv("PATH"))
        .variable("STAND_IN_LOG", temp.resolve("words").toString())
        .variable("STAND_IN_LIBRARY", OnlookersTest.RECORDER.toString())
        .variable("GPUBENCH_NVTX_LOG", temp.resolve("log").toString());
  }

  /** As somebody would who copies what was printed. */
  @ParameterizedTest
  @ValueSource(strings = {"ncu", "nsys"})
  void whatIsPrintedCanBePasted(String program) throws Exception {
    install(program);
    String[] printing = {"profile", run.resolve(id).toString(), "--with", program};
    Answer printed = processes.execute(printing);
    assertEquals(0, printed.exit(), printed.err());
    var shell = new ProcessBuilder("sh", "-c", printed.out()).directory(temp.toFile());
    CommandLineFixture.forget(shell.environment());
    shell.environment().put("PATH", temp.resolve("bin") + ":" + System.getenv("PATH"));
    shell.environment().put("STAND_IN_LOG", temp.resolve("words").toString());
    shell.environment().put("STAND_IN_LIBRARY", OnlookersTest.RECORDER.toString());
    shell.environment().put("GPUBENCH_NVTX_LOG", temp.resolve("log").toString());
    Process process = shell.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), said);
    assertEquals("one sample of " + id + " on Simulated CUDA device: the answer is right\n", said);
    assertOneSample();
  }

  private void assertOneSample() throws IOException {
    List<Path> logs;
    try (var all = Files.list(temp)) {
      logs = all.filter(file -> file.getFileName().toString().startsWith("log.")).toList();
    }
    assertEquals(1, logs.size(), "of the process that is profiled, and no other");
    assertEquals(
        "open prepare verify warm-up sample close",
        Nesting.of(Files.readAllLines(logs.getFirst())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ncu", "nsys"})
  void itIsRunWhereThatIsAskedFor(String program) throws IOException {
    install(program);
    edit(document ->
        ((ObjectNode) document.at("/engines/0/description/kernels/consensus"))
            .put("sha256", "0123456789abcdef"));
    Answer answer =
        processes.execute("profile", run.resolve(id).toString(), "--with", program, "--run");
    assertEquals(0, answer.exit(), answer.err());
    assertEquals(id + (program.equals("ncu") ? ".ncu-rep" : ".nsys-rep") + "\n", answer.out());
    assertTrue(Files.exists(temp.resolve(answer.out().strip())));
    assertTrue(
        answer
            .err()
            .contains(
                "NOTE: consensus.cu: not the code that was measured: SHA-256 0123456789ab then, "),
        answer.err());
    assertTrue(answer.err().endsWith("the answer is right\n"), answer.err());
    assertOneSample();
    Answer again =
        processes.execute("profile", run.resolve(id).toString(), "--with", program, "--run");
    assertEquals(2, again.exit());
    assertTrue(again.err().contains(" is there already; give another name by --output"));
  }

  @Test
  void aProfilerThatFailsOrIsMissingIsSaid() throws IOException {
    install("ncu");
    String place = run.resolve(id).toString();
    processes.variable("STAND_IN_SEES_NOTHING", "1");
    Answer blind = processes.execute("profile", place, "--with", "ncu", "--run");
    assertEquals(3, blind.exit());
    assertEquals(
        "gpubench: ncu ended well, but without the report %s.ncu-rep; it has seen nothing of the sample"
            .formatted(id),
        last(blind));
    Files.writeString(temp.resolve("bin/ncu"), "#!/bin/sh\nexit 9\n");
    Answer failed = processes.execute("profile", place, "--with", "ncu", "--run");
    assertEquals(3, failed.exit());
    assertEquals(
        "gpubench: ncu ended with exit code 9; what it says above tells why", last(failed));
    processes.variable("PATH", temp.toString());
    assumeTrue(!Files.exists(Path.of("/usr/local/cuda/bin/ncu")), "ncu is installed here");
    Answer missing = processes.execute("profile", place, "--with", "ncu", "--run");
    assertEquals(3, missing.exit());
    assertEquals(
        "gpubench: ncu is not installed here; install Nsight Compute, which comes with the CUDA toolkit, and"
            + " put ncu on the PATH",
        last(missing));
  }

  private static String last(Answer answer) {
    return answer.err().lines().reduce((_, end) -> end).orElseThrow();
  }

  @Test
  void theSampleIsRefusedWhereItsDeviceIsMissing() {
    Answer answer =
        processes
            .main(OneSample.class)
            .property("gpubench.library.cuda=/no/libcuda.so.1")
            .execute(run.toString(), id, "0");
    assertEquals(3, answer.exit(), answer.err());
    assertTrue(
        answer.err().startsWith("NOTE: no profiler has attached by NVTX; it would see no range\n"),
        answer.err());
    assertEquals(2, answer.err().lines().count(), answer.err());
  }

  /** All paths and clocks: a sample on its own comes to the right answer by each. */
  @ParameterizedTest
  @CsvSource({"launch,host,hot", "graph,host,cold", "launch,device,hot", "graph,batch,hot"})
  void everyModeCanExecuteOneSample(String path, String clock, String cache) throws IOException {
    edit(document ->
        ((ObjectNode) document.at("/planned/0"))
            .put("path", path)
            .put("clock", clock)
            .put("cache", cache));
    Answer answer = processes.main(OneSample.class).execute(run.toString(), id, "sim");
    assertEquals(0, answer.exit(), answer.err());
    assertTrue(answer.err().endsWith("the answer is right\n"), answer.err());
  }
}
