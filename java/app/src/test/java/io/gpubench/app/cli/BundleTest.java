// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.app.workers.TornadoProcess;
import io.gpubench.engines.tornado.TornadoSdk;
import io.gpubench.measure.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Makes a bundle with the launcher of this checkout, unpacks it elsewhere, and runs it with nothing
 * but bash and coreutils. Comes after the packaging, whose output it packs.
 */
@Timeout(300)
class BundleTest {
  private static final Path ROOT = CommandLineFixture.ROOT;
  private static final long LARGEST = 40 << 20;
  private static final String EXAMPLE_ENGINE = "native/build/examples/consensus_worker";

  /** With this a cache that does not fit ends the process. */
  private static final String STRICT = "-XX:AOTMode=on";

  @TempDir private static Path temp;
  private static BundleFixture fixture;
  private static Path archive;
  private static Path home;
  private static Answer made;

  @BeforeAll
  static void makeAndUnpack() throws Exception {
    fixture = new BundleFixture(temp);
    archive = temp.resolve("made here.tar.xz");
    made = fixture.make("--output", archive.toString());
    assertEquals(0, made.exit(), made.err());
    home = fixture.unpack(archive, "another place");
  }

  @AfterAll
  static void close() throws IOException {
    fixture.close();
  }

  @Test
  void theArchiveIsSmallAndNothingElseIsLeft() throws Exception {
    long size = Files.size(archive);
    assertTrue(size <= LARGEST, size + " bytes, packed in haste");
    assertTrue(made.out().startsWith(archive + ": "), made.out());
    for (String part : List.of("Java runtime", "AOT cache", "jars", "configurations")) {
      assertTrue(made.out().matches("(?s).*\n" + part + " +\\d\\S* [KM]iB\n.*"), made.out());
    }
    // a launcher that found something to build says so before
    assertTrue(
        made.err().endsWith("linking a Java runtime…\nrecording the AOT cache…\npacking…\n"),
        made.err());
    assertTrue(
        home.getFileName().toString().matches("gpubench-\\d\\S+-linux-(x86_64|aarch64)"),
        home.toString());
    assertEquals(List.of(), fixture.leftOvers());
  }

  @Test
  void whatTheCheckoutHasBuiltIsInIt() throws Exception {
    assertSameNames("native/build", "lib", "libgpubench_host\\.so|gpubench-guard");
    assertSameNames("native/build/cudasim", "lib/cudasim", "lib.*\\.so.*|simtcc");
    assertSameNames("native/build/cudasim/include", "lib/cudasim/include", ".*\\.h|.*\\.cpp");
    assertSameNames("native/build/cudasim/kernels", "lib/cudasim/kernels", ".*\\.so");
    assertSameNames(
        "native/build/cudasim/kernels/checked", "lib/cudasim/kernels/checked", ".*\\.so");
    assertSameNames("native/build/cuda", "lib/cuda", ".*\\.(fatbin|resources)");
    assertSameNames("cuda", "cuda", ".*\\.cuh?");
    assertSameNames("java/app/target/gpubench/lib", "lib", ".*\\.jar");
    for (String folder : List.of("profiles", "suites", "schemas", "engines")) {
      assertSameNames("configs/" + folder, "configs/" + folder, ".*");
    }
    assertSameNames("native/build/examples", "native/build/examples", "consensus_worker");
    for (String folder : List.of("", "/python", "/cpp")) {
      assertSameNames("examples/engines" + folder, "examples/engines" + folder, ".*");
    }
    assertSameNames("", "", "LICENSE|README\\.md|gpubench");
    assertFalse(Files.exists(home.resolve("tests")));
  }

  @Test
  void itSaysWhatItIs() throws Exception {
    Answer version = run("--version");
    assertEquals(0, version.exit(), version.err());
    assertTrue(version.out().matches("gpubench \\d+\\.\\S+( \\(\\w+\\))?\n"), version.out());
    Answer help = run("--help");
    assertEquals(new Answer(0, help.out(), ""), help);
    assertTrue(help.out().startsWith("Usage: gpubench "), help.out());
    Answer doctor = run("doctor");
    assertEquals(new Answer(0, doctor.out(), ""), doctor);
    Answer monitor = run("monitor", "--device", "processors", "--prometheus", "0", "--count", "1");
    assertEquals(new Answer(0, monitor.out(), ""), monitor);
    assertTrue(monitor.out().startsWith("for Prometheus: http://127.0.0.1:"), monitor.out());
    Answer engines = run("list", "engines");
    assertEquals(new Answer(0, engines.out(), ""), engines);
    assertTrue(engines.out().matches("(?s).*\njava +ok .*"), engines.out());
    assertTrue(!hasHostLibrary() || engines.out().matches("(?s).*\nhost +ok .*"), engines.out());
  }

  @Test
  void itMeasuresOnTheHost() throws Exception {
    assumeTrue(hasHostLibrary(), "the host library is built");
    Path folder = Files.createDirectory(temp.resolve("host run"));
    Answer answer =
        runIn(
            folder,
            "run",
            "consensus",
            "--engine",
            "host",
            "--samples",
            "20",
            "--repetitions",
            "2");
    assertEquals(0, answer.exit(), answer.err());
    JsonNode run = onlyRun(folder);
    assertEquals("host", run.at("/engines/0/id").asString());
    assertEquals("Measured", run.at("/records/0/outcome").asString());
    assertEquals(40, run.at("/records/0/sampleCount").asInt());
    for (String format : List.of("table", "json", "csv")) {
      String directory = CommandLineFixture.onlyEntry(folder.resolve("results")).toString();
      assertEquals(0, runIn(folder, "show", directory, "--format", format).exit());
    }
  }

  @Test
  @EnabledIf("hasSimulator")
  void itMeasuresOnTheSimulatedDevice() throws Exception {
    Path folder = Files.createDirectory(temp.resolve("simulated run"));
    Answer answer =
        runIn(
            folder, "run", "consensus", "--device", "sim", "--samples", "20", "--repetitions", "2");
    assertEquals(0, answer.exit(), answer.err());
    JsonNode run = onlyRun(folder);
    assertEquals("Measured", run.at("/records/0/outcome").asString());
    assertTrue(run.at("/records/0/synthetic").asBoolean());
  }

  @Test
  void theAotCacheIsUsedWhereverItLies() throws Exception {
    Path log = temp.resolve("classes.log");
    Answer answer = runWith(STRICT + " -Xlog:class+load:file=" + log, "--version");
    assertEquals(0, answer.exit(), answer.err());
    String classes = CommandLineFixture.read(log);
    assertTrue(classes.matches("(?s).*GpubenchMain source: shared objects.*"), classes);
    // the heap of a large machine, and of a small one
    for (String heap : List.of(" -Xmx30g", " -Xmx200m")) {
      assertEquals(0, runWith(STRICT + heap, "--version").exit(), heap);
    }
  }

  @Test
  void anAotCacheThatDoesNotFitIsNoError() throws Exception {
    Path jar;
    try (Stream<Path> files = Files.list(home.resolve("lib"))) {
      jar = files.filter(file -> file.toString().endsWith(".jar")).findAny().orElseThrow();
    }
    FileTime time = Files.getLastModifiedTime(jar);
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now()));
    try {
      assertNotEquals(0, runWith(STRICT, "--version").exit());
      Answer version = run("--version");
      assertEquals(new Answer(0, version.out(), ""), version);
    } finally {
      Files.setLastModifiedTime(jar, time);
    }
  }

  @Test
  void itTellsNothingOfTheMachineThatMadeIt() throws Exception {
    List<String> told = List.of(ROOT.toString(), System.getProperty("java.home"), "target/bundle-");
    var found = new ArrayList<String>();
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        search(Files.readAllBytes(file), file.toString(), told, found);
        if (file.toString().endsWith(".jar")) {
          try (var jar = new JarFile(file.toFile())) {
            for (var entry : jar.stream().toList()) {
              byte[] content = jar.getInputStream(entry).readAllBytes();
              search(content, file + "!" + entry.getName(), told, found);
            }
          }
        }
      }
    }
    assertEquals(List.of(), found);
  }

  @Test
  void itsLibrariesNeedNothingButTheCLibrary() throws Exception {
    var found = new ArrayList<String>();
    try (Stream<Path> files = Files.walk(home.resolve("lib"))) {
      for (Path file : files.filter(path -> path.toString().contains(".so")).toList()) {
        search(
            Files.readAllBytes(file),
            file.toString(),
            List.of("libstdc++.so", "libgcc_s.so", "libgomp.so"),
            found);
      }
    }
    assertEquals(List.of(), found);
  }

  @Test
  @EnabledIf("hasExampleEngine")
  void itsExampleEngineNeedsNothingButTheCLibrary() throws Exception {
    var found = new ArrayList<String>();
    byte[] program = Files.readAllBytes(home.resolve(EXAMPLE_ENGINE));
    search(program, EXAMPLE_ENGINE, List.of("libstdc++.so", "libgcc_s.so"), found);
    assertEquals(List.of(), found);
    assertTrue(Files.isExecutable(home.resolve(EXAMPLE_ENGINE)));
  }

  @Test
  void aBundleMakesNoBundle() throws Exception {
    assertEquals(
        new Answer(3, "", "gpubench: a bundle needs a source checkout, and " + home + " is none\n"),
        run("bundle"));
  }

  @Test
  @Tag("slow")
  void withTestsItTestsItself() throws Exception {
    Path larger = temp.resolve("with-tests.tar.xz");
    Answer answer = fixture.make("--with-tests", "--output", larger.toString());
    assertEquals(0, answer.exit(), answer.err());
    assertTrue(answer.out().matches("(?s).*\ntests +\\d\\S* [KM]iB\n"), answer.out());
    Path tested = fixture.unpack(larger, "tested place");
    Map<String, String> strict = Map.of("GPUBENCH_JAVA_OPTS", STRICT);
    assertEquals(0, fixture.run(tested, strict, temp, "--version").exit());
    String test = "--select-class=io.gpubench.workloads.consensus.ConsensusOracleTest";
    Answer report = fixture.run(tested, Map.of(), temp, "test", "execute", test);
    assertEquals(0, report.exit(), report.out() + report.err());
    assertTrue(report.out().contains(" 0 tests failed "), report.out());
    assertFalse(report.out().contains(" 0 tests successful"), report.out());
    // on this machine they may pass or fail, but they are found
    Answer onGpu = fixture.run(tested, Map.of(), temp, "test");
    assertNotEquals(2, onGpu.exit(), onGpu.out() + onGpu.err());
  }

  /** Where an SDK is given, and kernels were built for it. */
  @Test
  @Tag("slow")
  void withTornadoItsWorkersNeedNoVariable() throws Exception {
    try {
      TornadoSdk.find(ROOT, System.getenv());
      TornadoProcess.classes(ROOT);
    } catch (EngineException e) {
      abort(e.getMessage());
    }
    Path larger = temp.resolve("with-tornado.tar.xz");
    Answer answer = fixture.make("--with-tornado", "--output", larger.toString());
    assertEquals(0, answer.exit(), answer.err());
    assertTrue(answer.out().matches("(?s).*\nTornadoVM +\\d\\S* MiB\n"), answer.out());
    Path unpacked = fixture.unpack(larger, "place of TornadoVM");
    assertTrue(Files.exists(unpacked.resolve(TornadoSdk.IN_BUNDLE).resolve("LICENSE_GPLv2CE")));
    Answer doctor = fixture.run(unpacked, Map.of(), temp, "doctor");
    assertTrue(doctor.out().matches("(?s).*\nTornadoVM +ok .*, by this bundle\n.*"), doctor.out());
    String engine = "\nengine tornado:opencl ";
    String row =
        doctor.out().substring(doctor.out().indexOf(engine)).lines().skip(1).findFirst().orElse("");
    // a driver of the system may be there or not, but TornadoVM itself starts
    assertTrue(row.matches("engine tornado:opencl +(ok .*|missing .* nothing to run on: .*)"), row);
  }

  @Test
  void anInterruptLeavesNothing() throws Exception {
    Path folder = Files.createDirectory(temp.resolve("interrupted"));
    var launcher =
        new ProcessBuilder(
            "env", "--default-signal=INT", BundleFixture.LAUNCHER.toString(), "bundle");
    Process process = launcher.directory(folder.toFile()).start();
    try (var progress = process.errorReader(UTF_8)) {
      assertEquals("linking a Java runtime…", progress.readLine());
      assertEquals(
          0, new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor());
      assertEquals(130, process.waitFor());
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    }
    assertEquals(List.of(), fixture.leftOvers());
  }

  @Test
  void whatIsMissingIsNamedBeforeTheWork() throws Exception {
    Path complete = fixture.tools("find flock tar xz");
    assertProblem(
        "xz not found; to install it: apt-get install xz-utils",
        fixture.tools("find flock tar"),
        Map.of());
    assertProblem(
        "tar not found; to install it: apt-get install tar",
        fixture.tools("find flock xz"),
        Map.of());
    assertProblem(
        "cannot write /nonexistent/x.tar.xz: there is no such folder",
        complete,
        Map.of("GPUBENCH_OUTPUT", "/nonexistent/x.tar.xz"));
    assertProblem(
        "cannot write /proc/x.tar.xz.\\d+.part: .*",
        complete,
        Map.of("GPUBENCH_OUTPUT", "/proc/x.tar.xz"));
  }

  private static void assertProblem(String line, Path path, Map<String, String> more)
      throws Exception {
    var environment = new TreeMap<>(more);
    environment.put("PATH", path.toString());
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    Answer answer = fixture.start(environment, temp, BundleFixture.LAUNCHER, Stream.of("bundle"));
    assertEquals(3, answer.exit(), answer.err());
    assertTrue(answer.err().matches("gpubench: " + line + "\n"), answer.err());
    assertEquals(List.of(), fixture.leftOvers());
  }

  private static boolean hasHostLibrary() {
    return Files.exists(home.resolve("lib/libgpubench_host.so"))
        || System.getenv("GPUBENCH_REQUIRE_HOST") != null;
  }

  static boolean hasExampleEngine() {
    return Files.exists(home.resolve(EXAMPLE_ENGINE));
  }

  static boolean hasSimulator() {
    return Files.exists(home.resolve("lib/cudasim/libcuda.so.1"));
  }

  private static Answer runWith(String javaOptions, String... args) throws Exception {
    return fixture.run(home, Map.of("GPUBENCH_JAVA_OPTS", javaOptions), temp, args);
  }

  private static Answer run(String... args) throws Exception {
    return runIn(temp, args);
  }

  private static Answer runIn(Path folder, String... args) throws Exception {
    return fixture.run(home, Map.of(), folder, args);
  }

  private static JsonNode onlyRun(Path folder) {
    Path directory = CommandLineFixture.onlyEntry(folder.resolve("results"));
    return CommandLineFixture.validRun(CommandLineFixture.read(directory.resolve("run.json")));
  }

  private static void assertSameNames(String from, String to, String pattern) throws IOException {
    assertEquals(names(ROOT.resolve(from), pattern), names(home.resolve(to), pattern), from);
  }

  private static Set<String> names(Path folder, String pattern) throws IOException {
    var names = new TreeSet<String>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        files
            .filter(Files::isRegularFile)
            .map(file -> file.getFileName().toString())
            .filter(name -> name.matches(pattern))
            .forEach(names::add);
      }
    }
    return names;
  }

  private static void search(byte[] content, String name, List<String> wanted, List<String> found) {
    String text = new String(content, ISO_8859_1);
    for (String word : wanted) {
      if (text.contains(word)) {
        found.add(word + " in " + name);
      }
    }
  }
}
