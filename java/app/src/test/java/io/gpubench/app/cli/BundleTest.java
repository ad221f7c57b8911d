// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import java.io.File;
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
  private static final Path BUILT = ROOT.resolve("java/app/target");
  private static final long LARGEST = 40 << 20;

  /** Of coreutils, what a script might use; nothing else is on the PATH of the other machine. */
  private static final String TOOLS =
      "bash env readlink dirname basename cat cp cut date head id ls mkdir mktemp mv nproc rm sort"
          + " stat tail tee touch tr tty uname wc";

  /** The launcher of a checkout needs these as well. */
  private static final String TOOLS_OF_A_CHECKOUT = TOOLS + " find flock";

  @TempDir private static Path temp;
  private static Path bin;
  private static Path archive;
  private static Path home;
  private static Answer made;

  @BeforeAll
  static void makeAndUnpack() throws Exception {
    bin = tools("bin", TOOLS);
    archive = temp.resolve("made here.tar.xz");
    made = make("--output", archive.toString());
    assertEquals(0, made.exit(), made.err());
    home = unpack(archive, "another place");
  }

  @AfterAll
  static void unlinkTools() throws IOException {
    // else JUnit warns of every link that leads out of its folder
    try (Stream<Path> links = Files.walk(temp)) {
      for (Path link : links.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
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
    assertEquals(List.of(), leftOvers());
  }

  @Test
  void whatTheCheckoutHasBuiltIsInIt() throws Exception {
    assertSameNames("native/build", "lib", "libgpubench_host\\.so");
    assertSameNames("native/build/cudasim", "lib/cudasim", "lib.*\\.so.*");
    assertSameNames("native/build/cudasim/kernels", "lib/cudasim/kernels", ".*\\.so");
    assertSameNames("native/build/cuda", "lib/cuda", ".*\\.fatbin");
    assertSameNames("cuda", "cuda", ".*\\.cuh?");
    assertSameNames("java/app/target/gpubench/lib", "lib", ".*\\.jar");
    for (String folder : List.of("profiles", "suites", "schemas")) {
      assertSameNames("configs/" + folder, "configs/" + folder, ".*");
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
    Answer engines = run("list", "engines");
    assertEquals(new Answer(0, engines.out(), ""), engines);
    assertTrue(engines.out().contains("\njava    ok "), engines.out());
    assertTrue(!hasHostLibrary() || engines.out().contains("\nhost    ok "), engines.out());
  }

  @Test
  void itMeasuresOnTheHost() throws Exception {
    assumeTrue(hasHostLibrary(), "the host library is built");
    Path folder = Files.createDirectory(temp.resolve("host run"));
    Answer answer = runIn(folder, "run", "consensus", "--engine", "host", "--samples", "20");
    assertEquals(0, answer.exit(), answer.err());
    JsonNode run = onlyRun(folder);
    assertEquals("host", run.at("/engines/0/id").asString());
    assertEquals("Measured", run.at("/records/0/outcome").asString());
    assertEquals(20, run.at("/records/0/sampleCount").asInt());
    for (String format : List.of("table", "json", "csv")) {
      String directory = CommandLineFixture.onlyEntry(folder.resolve("results")).toString();
      assertEquals(0, runIn(folder, "show", directory, "--format", format).exit());
    }
  }

  @Test
  @EnabledIf("hasSimulator")
  void itMeasuresOnTheSimulatedDevice() throws Exception {
    Path folder = Files.createDirectory(temp.resolve("simulated run"));
    Answer answer = runIn(folder, "run", "consensus", "--device", "sim", "--samples", "20");
    assertEquals(0, answer.exit(), answer.err());
    JsonNode run = onlyRun(folder);
    assertEquals("Measured", run.at("/records/0/outcome").asString());
    assertTrue(run.at("/records/0/synthetic").asBoolean());
  }

  @Test
  void theAotCacheIsUsedWhereverItLies() throws Exception {
    Path log = temp.resolve("classes.log");
    // with AOTMode=on a cache that does not fit ends the process
    String strict = "-XX:AOTMode=on -Xlog:class+load:file=" + log;
    Answer answer = run(Map.of("GPUBENCH_JAVA_OPTS", strict), temp, "--version");
    assertEquals(0, answer.exit(), answer.err());
    List<String> classes = CommandLineFixture.read(log).lines().toList();
    assertTrue(
        classes.stream().anyMatch(text -> text.matches(".*GpubenchMain source: shared objects.*")),
        String.join("\n", classes));
    // the heap of a large machine, and of a small one
    for (String heap : List.of("-Xmx30g", "-Xmx200m")) {
      Map<String, String> options = Map.of("GPUBENCH_JAVA_OPTS", "-XX:AOTMode=on " + heap);
      assertEquals(0, run(options, temp, "--version").exit(), heap);
    }
  }

  @Test
  void anAotCacheThatDoesNotFitIsNoError() throws Exception {
    Path jar = home.resolve("lib/jspecify-1.0.1.jar");
    FileTime time = Files.getLastModifiedTime(jar);
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now()));
    try {
      Map<String, String> strict = Map.of("GPUBENCH_JAVA_OPTS", "-XX:AOTMode=on");
      assertNotEquals(0, run(strict, temp, "--version").exit());
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
  void aBundleMakesNoBundle() throws Exception {
    assertEquals(
        new Answer(3, "", "gpubench: a bundle needs a source checkout, and " + home + " is none\n"),
        run("bundle"));
  }

  @Test
  void withTestsItTestsItself() throws Exception {
    Path larger = temp.resolve("with-tests.tar.xz");
    Answer answer = make("--with-tests", "--output", larger.toString());
    assertEquals(0, answer.exit(), answer.err());
    assertTrue(answer.out().matches("(?s).*\ntests +\\d\\S* [KM]iB\n"), answer.out());
    Path plain = home;
    try {
      home = unpack(larger, "tested place");
      assertEquals(0, run("--version").exit());
      String test = "io.gpubench.engines.java.JavaConsensusTest";
      Answer tested = run("test", "execute", "--disable-banner", "--select-class=" + test);
      assertEquals(0, tested.exit(), tested.out() + tested.err());
      assertTrue(tested.out().contains(" 0 tests failed "), tested.out());
      assertFalse(tested.out().contains("[         0 tests successful"), tested.out());
    } finally {
      home = plain;
    }
  }

  @Test
  void anInterruptLeavesNothing() throws Exception {
    Path folder = Files.createDirectory(temp.resolve("interrupted"));
    var launcher =
        new ProcessBuilder(
            "env", "--default-signal=INT", ROOT.resolve("gpubench").toString(), "bundle");
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
    assertEquals(List.of(), leftOvers());
  }

  @Test
  void whatIsMissingIsNamedBeforeTheWork() throws Exception {
    assertProblem(
        3,
        "xz not found; to install it: apt-get install xz-utils",
        tools("no xz", TOOLS_OF_A_CHECKOUT + " tar"),
        Map.of());
    assertProblem(
        3,
        "tar not found; to install it: apt-get install tar",
        tools("no tar", TOOLS_OF_A_CHECKOUT + " xz"),
        Map.of());
    Path complete = tools("complete", TOOLS_OF_A_CHECKOUT + " tar xz");
    assertProblem(
        3,
        "jdeps is missing in "
            + System.getProperty("java.home")
            + "; set JAVA_HOME to a complete JDK",
        complete,
        Map.of(
            "GPUBENCH_JAVA_OPTS",
            "--limit-modules=java.base,java.management,java.sql,java.desktop"));
    assertProblem(
        3,
        "cannot write /nonexistent/x.tar.xz: there is no such folder",
        complete,
        Map.of("GPUBENCH_OUTPUT", "/nonexistent/x.tar.xz"));
    assertProblem(
        3,
        "cannot write /proc/x.tar.xz.\\d+.part: .*",
        complete,
        Map.of("GPUBENCH_OUTPUT", "/proc/x.tar.xz"));
    assertProblem(
        2,
        "--output x.zip: expected the name of a file that ends in .tar.xz( .*)?",
        complete,
        Map.of("GPUBENCH_OUTPUT", "x.zip"));
  }

  private static void assertProblem(int exit, String line, Path tools, Map<String, String> more)
      throws Exception {
    var environment = new TreeMap<>(more);
    environment.put("PATH", tools.toString());
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    Answer answer =
        start(environment, temp, List.of(ROOT.resolve("gpubench").toString(), "bundle"));
    assertEquals(exit, answer.exit(), answer.err());
    List<String> lines =
        answer.err().lines().filter(text -> !text.equals("linking a Java runtime…")).toList();
    assertEquals(1, lines.size(), answer.err());
    assertTrue(lines.getFirst().matches("gpubench: " + line), answer.err());
    assertEquals(List.of(), leftOvers());
  }

  private static boolean hasHostLibrary() {
    return Files.exists(home.resolve("lib/libgpubench_host.so"))
        || System.getenv("GPUBENCH_REQUIRE_HOST") != null;
  }

  static boolean hasSimulator() {
    return Files.exists(home.resolve("lib/cudasim/libcuda.so.1"));
  }

  /** Packs in haste: what is small enough so is smaller as users get it. */
  private static Answer make(String... options) throws Exception {
    var environment = new TreeMap<>(System.getenv());
    environment.keySet().removeIf(name -> name.startsWith("GPUBENCH_"));
    environment.put("XZ_OPT", "-0");
    var command = new ArrayList<>(List.of(ROOT.resolve("gpubench").toString(), "bundle"));
    command.addAll(List.of(options));
    return start(environment, temp, command);
  }

  private static Path unpack(Path archive, String place) throws Exception {
    Path folder = Files.createDirectory(temp.resolve(place));
    var tar = new ProcessBuilder("tar", "-C", folder.toString(), "-xf", archive.toString());
    assertEquals(0, tar.inheritIO().start().waitFor());
    return CommandLineFixture.onlyEntry(folder);
  }

  private static Answer run(String... args) throws Exception {
    return runIn(temp, args);
  }

  private static Answer runIn(Path folder, String... args) throws Exception {
    return run(Map.of(), folder, args);
  }

  /** Runs the bundle with a PATH of coreutils and, but for what is given, no other variable. */
  private static Answer run(Map<String, String> more, Path folder, String... args)
      throws Exception {
    var environment = new TreeMap<>(more);
    environment.put("PATH", bin.toString());
    var command = new ArrayList<>(List.of(home.resolve("gpubench").toString()));
    command.addAll(List.of(args));
    return start(environment, folder, command);
  }

  private static Answer start(Map<String, String> environment, Path folder, List<String> command)
      throws Exception {
    Path out = Files.createTempFile(temp, "out", ".txt");
    Path err = Files.createTempFile(temp, "err", ".txt");
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    int exit = builder.start().waitFor();
    return new Answer(exit, CommandLineFixture.read(out), CommandLineFixture.read(err));
  }

  private static JsonNode onlyRun(Path folder) {
    Path directory = CommandLineFixture.onlyEntry(folder.resolve("results"));
    return CommandLineFixture.validRun(CommandLineFixture.read(directory.resolve("run.json")));
  }

  /** A folder with links to the tools of those names, to be the PATH. */
  private static Path tools(String name, String tools) throws IOException {
    Path folder = Files.createDirectory(temp.resolve(name));
    for (String tool : tools.split(" ")) {
      for (String place : System.getenv("PATH").split(File.pathSeparator)) {
        Path found = Path.of(place, tool);
        if (Files.isExecutable(found)) {
          Files.createSymbolicLink(folder.resolve(tool), found);
          break;
        }
      }
    }
    return folder;
  }

  private static List<Path> leftOvers() throws IOException {
    try (Stream<Path> built = Files.list(BUILT);
        Stream<Path> here = Files.list(temp)) {
      return Stream.concat(
              built.filter(path -> path.getFileName().toString().startsWith("bundle-")),
              here.filter(path -> path.toString().endsWith(".part")))
          .toList();
    }
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
