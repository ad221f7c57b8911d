// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts at the root, among JDKs and Mavens that are scripts themselves. */
class ScriptsTest {
  private static final Path ROOT = Path.of(System.getProperty("gpubench.root"));
  private static final String TOOLS =
      "bash env dirname readlink find flock mktemp mkdir rm mv cp cat tee touch tar gzip curl sha512sum";

  /**
   * A Java that says whose it is, then its arguments one by one, then its stdin, and exits with 42.
   */
  private static final String JAVA =
      "echo \"${0%/bin/java}\"; printf '[%s]\\n' \"$@\"; cat; exit 42";

  private static final String MAVEN =
      "[[ $1 == --version ]] && echo 'Apache Maven %s (x)' || echo \"$JAVA_HOME\" \"$@\"";

  record Answer(int exit, String out, String err) {}

  @TempDir Path temp;
  Path home;
  Path bin;
  final Map<String, String> environment = new TreeMap<>();

  @BeforeEach
  void copyScripts() throws IOException {
    home = Files.createDirectories(temp.resolve("home dir"));
    bin = Files.createDirectories(temp.resolve("bin"));
    Files.createDirectories(home.resolve("java"));
    for (String script : List.of("mvnw", "gpubench", "java/find-jdk.sh")) {
      Files.copy(ROOT.resolve(script), home.resolve(script));
    }
    for (String tool : TOOLS.split(" ")) {
      Stream.of(System.getenv("PATH").split(File.pathSeparator))
          .map(folder -> Path.of(folder, tool))
          .filter(Files::isExecutable)
          .findFirst()
          .ifPresent(found -> link(bin.resolve(tool), found));
    }
    environment.put("PATH", bin.toString());
    environment.put("HOME", temp.toString());
    environment.put("GPUBENCH_JDK_FOLDERS", temp + "/jvm/*");
  }

  /** Else JUnit warns of every link that leads out of its folder. */
  @AfterEach
  void unlinkTools() throws IOException {
    try (Stream<Path> tools = Files.list(bin)) {
      for (Path tool : tools.toList()) {
        Files.delete(tool);
      }
    }
  }

  @Test
  void oldestJdkThatFitsIsTaken() throws Exception {
    jdk("26", "JAVA_VERSION=\"26\"");
    jdk("25", "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"25.0.3\"\nMODULES=\"java.base\"");
    jdk("17", "JAVA_VERSION=\"17.0.15\"");
    jdk("8", "JAVA_VERSION=\"1.8.0_402\"");
    jdk("broken", "no version here");
    jdk("runtime", "JAVA_VERSION=\"25\"");
    Files.delete(temp.resolve("jvm/runtime/bin/javac"));
    script(bin.resolve("mvn"), MAVEN.formatted("3.8.1"));
    assertEquals(
        new Answer(0, temp + "/jvm/25 -q verify\n", ""), run(home, "mvnw", "-q", "verify"));
  }

  @Test
  void javaHomeThenPathWin() throws Exception {
    Path chosen = jdk("26", "JAVA_VERSION=\"26.0.1\"");
    Path old = jdk("17", "JAVA_VERSION=\"17.0.15\"");
    jdk("25", "JAVA_VERSION=\"25\"");
    script(bin.resolve("mvn"), MAVEN.formatted("4.0.0"));
    environment.put("JAVA_HOME", chosen.toString());
    assertEquals(chosen + " verify\n", run(home, "mvnw", "verify").out);
    environment.put("JAVA_HOME", old.toString());
    link(bin.resolve("java"), chosen.resolve("bin/java"));
    assertEquals(chosen + " verify\n", run(home, "mvnw", "verify").out);
  }

  @Test
  void noJdkIsOneLineAndExit3() throws Exception {
    jdk("17", "JAVA_VERSION=\"17.0.15\"");
    String line = "gpubench: no JDK 25 or newer found; install one, or set JAVA_HOME to it\n";
    assertEquals(new Answer(3, "", line), run(home, "mvnw", "verify"));
    assertEquals(new Answer(3, "", line), run(home, "gpubench", "--help"));
  }

  @Test
  void wrongMavenDistributionIsRefused() throws Exception {
    jdk("25", "JAVA_VERSION=\"25\"");
    script(bin.resolve("mvn"), MAVEN.formatted("3.6.3"));
    Path folder = temp.resolve("repository/org/apache/maven/apache-maven/3.9.16");
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("apache-maven-3.9.16-bin.tar.gz"), "not Maven");
    environment.put("MVNW_REPOURL", "file://" + temp + "/repository");
    Answer answer = run(home, "mvnw", "verify");
    assertEquals(1, answer.exit);
    assertTrue(answer.err.contains("is not the expected file: its SHA-512 differs"), answer.err);
    try (Stream<Path> left = Files.list(temp.resolve(".m2/wrapper/dists/gpubench"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void unreachableMavenDistributionIsNamed() throws Exception {
    jdk("25", "JAVA_VERSION=\"25\"");
    environment.put("MVNW_REPOURL", "file://" + temp + "/nowhere");
    Answer answer = run(home, "mvnw", "verify");
    assertEquals(1, answer.exit);
    assertTrue(answer.err.contains("mvnw: cannot fetch file://" + temp + "/nowhere/"), answer.err);
  }

  @Test
  void launcherPassesArgumentsInputAndExitCode() throws Exception {
    Path jdk = jdk("25", "JAVA_VERSION=\"25\"");
    Path lib = Files.createDirectories(home.resolve("java/app/target/gpubench/lib"));
    Files.createFile(lib.resolve("b.jar"));
    Files.createFile(lib.resolve("A.jar"));
    Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
    link(elsewhere.resolve("link"), home.resolve("gpubench"));
    environment.put("GPUBENCH_JAVA_OPTS", "-Dx=1 -Dy=2");
    Answer answer = run(elsewhere, "link", "a b", "", "*", "--x=$HOME");
    assertEquals(42, answer.exit);
    assertEquals("", answer.err);
    assertTrue(answer.out.startsWith(jdk + "\n"), answer.out);
    String command =
        String.join(
            "]\n[",
            "[-Dx=1",
            "-Dy=2",
            "-cp",
            lib + "/A.jar:" + lib + "/b.jar",
            "io.gpubench.app.cli.GpubenchMain",
            "a b",
            "",
            "*",
            "--x=$HOME]\ninput");
    assertTrue(answer.out.endsWith(command), answer.out);
  }

  @Test
  void launcherOfABundleUsesItsOwnRuntime() throws Exception {
    jdk("25", "JAVA_VERSION=\"25\"");
    Files.delete(home.resolve("java/find-jdk.sh"));
    Files.createDirectories(home.resolve("runtime/bin"));
    script(home.resolve("runtime/bin/java"), JAVA);
    Path jar = Files.createFile(Files.createDirectories(home.resolve("lib")).resolve("a.jar"));
    Path cache = Files.createFile(home.resolve("gpubench.aot"));
    Answer answer = run(temp, "home dir/gpubench", "run");
    assertEquals(42, answer.exit);
    assertEquals("", answer.err);
    assertTrue(answer.out.startsWith(home + "/runtime\n"), answer.out);
    assertTrue(answer.out.contains("\n[-XX:AOTCache=" + cache + "]\n"), answer.out);
    assertTrue(
        answer.out.endsWith(
            "[-cp]\n[" + jar + "]\n[io.gpubench.app.cli.GpubenchMain]\n[run]\ninput"),
        answer.out);
  }

  /** Cached profiles of methods made what was measured several times as slow. */
  @Test
  void theCacheIsRecordedWithoutProfilesOfMethods() throws Exception {
    Files.createDirectories(home.resolve("runtime/bin"));
    script(home.resolve("runtime/bin/java"), JAVA);
    Files.createFile(Files.createDirectories(home.resolve("lib")).resolve("a.jar"));
    environment.put("GPUBENCH_AOT_TRAINING", "1");
    String out = run(temp, "home dir/gpubench").out;
    assertTrue(out.contains("\n[-XX:AOTCacheOutput=./gpubench.aot]\n"), out);
    assertTrue(out.contains("\n[-XX:-AOTRecordTraining]\n"), out);
    assertTrue(out.contains("[io.gpubench.app.cli.AotTraining]\n"), out);
  }

  @Test
  void launcherOfABundleWithTestsRunsThem() throws Exception {
    Files.createDirectories(home.resolve("runtime/bin"));
    script(home.resolve("runtime/bin/java"), JAVA);
    Path jar = Files.createFile(Files.createDirectories(home.resolve("lib")).resolve("a.jar"));
    Path lib = Files.createDirectories(home.resolve("tests/lib"));
    Path junit = Files.createFile(lib.resolve("junit.jar"));
    Path classes = Files.createDirectories(home.resolve("tests/classes/gpu"));
    String launcher =
        "[%s:%s:%s]\n[org.junit.platform.console.ConsoleLauncher]\n[execute]\n"
            .formatted(jar, junit, classes);
    String gpu = run(home, "gpubench", "test").out;
    assertTrue(gpu.contains(launcher + "[--scan-classpath]\n"), gpu);
    assertTrue(gpu.contains("[--include-tag=gpu]\n"), gpu);
    String chosen = run(home, "gpubench", "test", "execute", "--select-class=X Y").out;
    assertTrue(chosen.endsWith(launcher + "[--select-class=X Y]\ninput"), chosen);
  }

  @Test
  void launcherBuildsWhatIsMissingOrOlder() throws Exception {
    jdk("25", "JAVA_VERSION=\"25\"");
    Path pom = checkout("echo noise; mkdir -p $t/lib; touch $t/lib/a.jar $t/stamp");
    Answer first = run(home, "gpubench");
    assertEquals(42, first.exit);
    assertEquals("building gpubench (first use)…\nnoise\n", first.err);
    assertTrue(!first.out.contains("noise"), first.out);
    assertEquals("", run(home, "gpubench").err);
    Files.setLastModifiedTime(pom, FileTime.from(Instant.now().plusSeconds(1)));
    assertEquals("building gpubench (sources changed)…\nnoise\n", run(home, "gpubench").err);
  }

  @Test
  void launcherBuildsAgainWhereAnSdkOfTornadoIsGiven() throws Exception {
    jdk("25", "JAVA_VERSION=\"25\"");
    checkout(
        "mkdir -p $t/lib; touch $t/lib/a.jar $t/stamp; echo \"<$TORNADOVM_HOME>\"; "
            + "[[ ! $TORNADOVM_HOME ]] || { [[ -f sdk/fits ]] && touch $t/stamp-tornado; }");
    environment.put("TORNADOVM_HOME", home.resolve("sdk").toString());
    assertEquals("building gpubench (first use)…\n<>\n", run(home, "gpubench").err);
    assertEquals("", run(home, "gpubench").err);
    Path sdk = Files.createDirectories(home.resolve("sdk/share/java/tornado"));
    String without = "gpubench: built without kernels for TornadoVM, as they do not fit ";
    Answer unfit = run(home, "gpubench");
    assertEquals(42, unfit.exit);
    assertTrue(unfit.err.endsWith("/sdk>\n<>\n" + without + home + "/sdk\n"), unfit.err);
    assertEquals("", run(home, "gpubench").err);
    Files.delete(home.resolve("java/app/target/gpubench/stamp-tornado"));
    Files.createFile(home.resolve("sdk/fits"));
    environment.remove("TORNADOVM_HOME");
    assertEquals("", run(home, "gpubench").err);
    Path moved = Files.move(sdk.getParent().getParent().getParent(), temp.resolve("sdk"));
    Files.createDirectories(home.resolve("sdk"));
    Files.createFile(home.resolve("sdk/fits"));
    environment.put("GPUBENCH_JAVA_OPTS", "-Dx=1 -Dtornado.home=" + moved);
    String again = run(home, "gpubench").err;
    assertEquals("building gpubench (sources changed)…\n<" + moved + ">\n", again);
    assertEquals("", run(home, "gpubench").err);
    String options = environment.remove("GPUBENCH_JAVA_OPTS");
    Files.delete(home.resolve("java/app/target/gpubench/stamp"));
    assertEquals("building gpubench (sources changed)…\n<>\n", run(home, "gpubench").err);
    environment.put("GPUBENCH_JAVA_OPTS", options);
    assertEquals(again, run(home, "gpubench").err); // what it has for TornadoVM is older
  }

  @Test
  void twoLaunchesBuildOnce() throws Exception {
    jdk("25", "JAVA_VERSION=\"25\"");
    checkout(
        "echo noise; mkdir -p $t/lib; touch $t/lib/a.jar; read -t 0.3 <> <(:); touch $t/stamp");
    Process other = start(home, "gpubench");
    Answer mine = run(home, "gpubench");
    String both = mine.err + new String(other.getErrorStream().readAllBytes(), UTF_8);
    assertEquals("building gpubench (first use)…\nnoise\n", both);
    assertEquals(42, mine.exit);
    assertEquals(42, other.waitFor());
  }

  @Test
  void failedBuildNamesItsLog() throws Exception {
    jdk("25", "JAVA_VERSION=\"25\"");
    checkout("echo 'does not compile'; exit 7");
    Answer answer = run(home, "gpubench");
    assertEquals(1, answer.exit);
    assertEquals("", answer.out);
    Path log = home.resolve("java/app/target/build.log");
    assertTrue(
        answer.err.endsWith("gpubench: the build failed; its output is in " + log + "\n"),
        answer.err);
    assertEquals("does not compile\n", Files.readString(log));
  }

  private Path jdk(String name, String release) throws IOException {
    Path jdk = temp.resolve("jvm").resolve(name);
    Files.createDirectories(jdk.resolve("bin"));
    script(jdk.resolve("bin/java"), JAVA);
    script(jdk.resolve("bin/javac"), "exit 0");
    Files.writeString(jdk.resolve("release"), release);
    return jdk;
  }

  /** Turns the home into a source checkout whose build is the given script; returns its pom.xml. */
  private Path checkout(String build) throws IOException {
    script(home.resolve("mvnw"), "t=java/app/target/gpubench; " + build);
    return Files.createFile(home.resolve("pom.xml"));
  }

  private Answer run(Path folder, String... command) throws Exception {
    Process process = start(folder, command);
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
    return new Answer(process.waitFor(), out, err);
  }

  private Process start(Path folder, String... command) throws IOException {
    String[] absolute = Arrays.copyOf(command, command.length);
    absolute[0] = folder.resolve(command[0]).toString();
    ProcessBuilder builder = new ProcessBuilder(absolute).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    try (var stdin = process.outputWriter(UTF_8)) {
      stdin.write("input");
    }
    return process;
  }

  private static void script(Path path, String body) throws IOException {
    Files.writeString(path, "#!/usr/bin/env bash\n" + body + "\n");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void link(Path link, Path target) {
    try {
      Files.createSymbolicLink(link, target);
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }
}
