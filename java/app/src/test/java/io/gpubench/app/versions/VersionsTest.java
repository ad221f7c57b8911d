// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.versions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.versions.Versions.Kind;
import io.gpubench.app.workers.Launcher;
import io.gpubench.measure.BenchException;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.run.Cancellation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What names of versions stand for, with launchers that are scripts of a line or two. */
class VersionsTest {
  private static final String GOOD = "echo 'gpubench 1.2.3 (abc1234)'; echo x >>\"$COUNT\"\n";

  @TempDir private Path temp;
  private final List<String> said = new ArrayList<>();
  private final Cancellation cancellation = new Cancellation();
  private Path home;
  private Path cache;
  private Path count;

  @BeforeEach
  void open() throws Exception {
    home = Files.createDirectory(temp.resolve("home"));
    cache = temp.resolve("cache");
    count = temp.resolve("count");
    program("git", "init", "--quiet", "--initial-branch=main", home.toString());
  }

  private Versions versions() {
    return new Versions(home, Map.of("XDG_CACHE_HOME", cache.toString()), said::add, cancellation);
  }

  @Test
  void aCommitIsBuiltOnce() throws Exception {
    String commit = commit(GOOD);
    commit("echo later\n");
    Launcher found = versions().find("HEAD~1");
    assertEquals(commit, found.facts().get("commit"));
    assertEquals("1.2.3", found.facts().get("version"));
    assertEquals("checkout", found.facts().get("from"));
    assertEquals("HEAD~1", found.facts().get(Versions.ASKED));
    assertEquals(false, found.facts().get("modified"));
    assertEquals(cache.resolve("gpubench/versions").resolve(commit), found.program().getParent());
    assertEquals(1, said.size(), said.toString());
    assertTrue(said.getFirst().startsWith("building the commit " + commit.substring(0, 12)));
    assertEquals(found, versions().find("HEAD~1"));
    assertEquals(1, said.size(), said.toString());
  }

  @Test
  void aBuildThatFailsLeavesNothingButItsLog() throws Exception {
    String commit = commit("echo '[ERROR] no such symbol' >&2; exit 1\n");
    var failure = assertThrows(EngineException.class, () -> versions().find("main"));
    String brief = commit.substring(0, 12);
    Path log = cache.resolve("gpubench/versions").resolve(commit + ".log");
    assertEquals(
        "version %s cannot be built: [ERROR] no such symbol; what it printed is in %s"
            .formatted(brief, log),
        failure.getMessage());
    assertEquals(List.of(commit + ".lock", commit + ".log"), names(log.getParent()));
    assertFalse(program("git", "-C", home.toString(), "worktree", "list").contains(commit + "\n"));
    assertEquals(1, program("git", "-C", home.toString(), "worktree", "list").lines().count());
  }

  @Test
  void whatAKilledProcessLeftIsMadeAnew() throws Exception {
    String commit = commit(GOOD);
    Path entry = cache.resolve("gpubench/versions").resolve(commit);
    Files.createDirectories(entry.resolve("half"));
    Launcher found = versions().find(commit);
    assertEquals(entry.resolve("gpubench"), found.program());
    assertFalse(Files.exists(entry.resolve("half")));
  }

  @Test
  void oneBuildsWhileTheOthersWait() throws Exception {
    commit("echo 'gpubench 1'; echo x >>" + count + "; sleep 0.3\n");
    try (var pool = Executors.newFixedThreadPool(4)) {
      var all = new ArrayList<Future<Launcher>>();
      for (int i = 0; i < 4; i++) {
        all.add(
            pool.submit(() ->
                new Versions(
                        home, Map.of("XDG_CACHE_HOME", cache.toString()), _ -> {}, cancellation)
                    .find("main")));
      }
      for (Future<Launcher> one : all) {
        assertNotNull(one.get());
      }
    }
    // one builds, and each asks for the version
    assertEquals(5, Files.readAllLines(count).size());
  }

  @Test
  void aCommitWithoutALauncherIsRefused() throws Exception {
    Files.writeString(home.resolve("a"), "");
    commitAll();
    var failure = assertThrows(ConfigException.class, () -> versions().find("main"));
    assertTrue(
        failure.getMessage().endsWith(": that commit has no launcher 'gpubench'"),
        failure.getMessage());
  }

  @Test
  void aFolderIsTakenAsItIs() throws Exception {
    Path bundle = Files.createDirectories(temp.resolve("bundle/runtime")).getParent();
    Files.writeString(bundle.resolve("runtime/release"), "JAVA_VERSION=\"25.0.9\"\n");
    launcher(bundle, "echo gpubench 2.0\n");
    Launcher found = versions().find(bundle.toString());
    assertEquals(
        Map.of("asked", bundle.toString(), "version", "2.0", "from", "bundle", "java", "25.0.9"),
        found.facts());
    assertEquals(null, found.jdk());
    assertEquals(Kind.FOLDER, versions().kind(bundle.toString()));
    assertEquals(List.of(), said);
  }

  @Test
  void anArchiveIsUnpackedOnce() throws Exception {
    Path bundle = Files.createDirectories(temp.resolve("gpubench-3/runtime")).getParent();
    launcher(bundle, "echo gpubench 3\n");
    Path archive = temp.resolve("gpubench-3.tar.xz");
    program("tar", "-cJf", archive.toString(), "-C", temp.toString(), "gpubench-3");
    assertEquals(Kind.ARCHIVE, versions().kind(archive.toString()));
    Launcher found = versions().find(archive.toString());
    assertEquals("3", found.facts().get("version"));
    assertTrue(found.program().startsWith(cache), found.toString());
    assertEquals(found.program(), versions().find(archive.toString()).program());
    assertEquals(List.of("unpacking " + archive + ", once"), said);

    Path broken = Files.writeString(temp.resolve("broken.tar.xz"), "no archive");
    assertOneLine("version " + broken + " cannot be unpacked: ", broken.toString());
    assertEquals(3 + 2, names(cache.resolve("gpubench/versions")).size(), "lock and log stay");
  }

  @Test
  void whatDoesNotAnswerIsSaid() throws Exception {
    Path other = Files.createDirectory(temp.resolve("other"));
    launcher(other, "echo hello\n");
    assertOneLine(
        other.resolve("gpubench") + " --version: expected the version of a gpubench; found 'hello'",
        other.toString());
    launcher(other, "echo 'gpubench: no JDK 25 or newer found' >&2; exit 3\n");
    assertOneLine(
        other.resolve("gpubench")
            + " --version: expected the version of a gpubench; no JDK 25 or newer found",
        other.toString());
    commit(GOOD);
    assertOneLine("version 'HAED': expected the folder of a checkout or of a bundle", "HAED");
    assertOneLine("version '--help': expected the folder", "--help");
    assertEquals(Kind.NONE, versions().kind("HAED"));
  }

  @Test
  void withoutARepositoryThereAreNoCommits() throws Exception {
    home = Files.createDirectory(temp.resolve("plain"));
    assertTrue(
        assertThrows(ConfigException.class, () -> versions().find("main"))
            .getMessage()
            .endsWith("/plain, which is no git checkout"));
  }

  @Test
  void aCancellationEndsTheBuild() throws Exception {
    commit("sleep 1000\n");
    cancellation.request();
    var failure = assertThrows(EngineException.class, () -> versions().find("main"));
    assertEquals("interrupted while another version was prepared", failure.getMessage());
  }

  private void assertOneLine(String start, String name) {
    var failure = assertThrows(BenchException.class, () -> versions().find(name));
    assertTrue(failure.getMessage().startsWith(start), failure.getMessage());
    assertEquals(1, failure.getMessage().lines().count());
  }

  private String commit(String body) throws Exception {
    launcher(home, body.replace("\"$COUNT\"", count.toString()));
    return commitAll();
  }

  private String commitAll() throws Exception {
    program("git", "-C", home.toString(), "add", "--all");
    program(
        "git",
        "-C",
        home.toString(),
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@example.org",
        "-c",
        "commit.gpgsign=false",
        "commit",
        "--quiet",
        "--message=x");
    return program("git", "-C", home.toString(), "rev-parse", "HEAD").strip();
  }

  private static void launcher(Path folder, String body) throws Exception {
    Path script = Files.writeString(folder.resolve("gpubench"), "#!/bin/sh\n" + body);
    assertTrue(script.toFile().setExecutable(true));
  }

  private static List<String> names(Path folder) throws Exception {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private static String program(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), out);
    return out;
  }
}
