// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.versions;

import io.gpubench.app.workers.Launcher;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.Printable;
import io.gpubench.measure.StoreErrors;
import io.gpubench.measure.StoreException;
import io.gpubench.measure.run.Cancellation;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds other versions of gpubench by what a user calls them: the folder of a checkout, an unpacked
 * bundle or its archive, or a commit of this checkout, which is built in a folder of its own. Used
 * by one thread.
 */
public final class Versions {
  /** In the description of an engine: which gpubench opened it. */
  public static final String FACT = "gpubench";

  /** In that description: what the user called it; absent for the gpubench that measures. */
  public static final String ASKED = "asked";

  private static final String LAUNCHER = "gpubench";
  private static final String RUNTIME = "runtime";
  private static final String ARCHIVE = ".tar.xz";
  private static final int BRIEF = 12;

  private final Path home;
  private final Map<String, String> environment;
  private final Consumer<String> progress;
  private final Program program;
  private final Cancellation cancellation;

  /**
   * Looks for nothing yet.
   *
   * @param home of this gpubench, of which commits are
   * @param environment variables of this process
   * @param progress is told what takes long, a line each
   */
  public Versions(
      Path home,
      Map<String, String> environment,
      Consumer<String> progress,
      Cancellation cancellation) {
    this.home = home;
    this.environment = environment;
    this.progress = progress;
    this.cancellation = cancellation;
    this.program = new Program(cancellation);
  }

  /** What a name stands for. */
  public enum Kind {
    /** A folder with a launcher. */
    FOLDER,
    /** A bundle that is not unpacked. */
    ARCHIVE,
    /** A commit of this checkout. */
    COMMIT,
    /** Nothing that could be started. */
    NONE
  }

  /** What a name stands for; starts nothing but git. */
  public Kind kind(String name) {
    Path path = path(name);
    if (path != null && Files.isDirectory(path) && Files.exists(path.resolve(LAUNCHER))) {
      return Kind.FOLDER;
    }
    if (path != null && Files.isRegularFile(path) && name.endsWith(ARCHIVE)) {
      return Kind.ARCHIVE;
    }
    return commit(name).isPresent() ? Kind.COMMIT : Kind.NONE;
  }

  private static @Nullable Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException _) {
      return null;
    }
  }

  /**
   * The launcher of a version, which has answered; a commit is built and an archive unpacked when
   * that has not been done before.
   *
   * @throws ConfigException when the name stands for nothing
   * @throws EngineException when it cannot be built or does not answer
   */
  public Launcher find(String name) {
    var facts = new LinkedHashMap<String, Object>(Map.of(ASKED, name));
    return switch (kind(name)) {
      case FOLDER -> launcher(Path.of(name), facts);
      case ARCHIVE -> launcher(unpacked(Path.of(name)), facts);
      case COMMIT -> launcher(built(commit(name).orElseThrow()), facts);
      case NONE ->
          throw new ConfigException(
              "version '%s': expected the folder of a checkout or of a bundle, a bundle's %s, or a commit of %s%s"
                  .formatted(
                      name,
                      ARCHIVE,
                      home.toAbsolutePath().normalize(),
                      Files.exists(home.resolve(".git")) ? "" : ", which is no git checkout"));
    };
  }

  /** Facts of a launcher for a person: {@code main, gpubench 0.1.0, commit abc1234, a checkout}. */
  public static String text(Map<?, ?> facts) {
    var parts = new ArrayList<String>();
    if (facts.get(ASKED) instanceof String asked) {
      parts.add(asked);
    }
    Object version = facts.get("version");
    parts.add("gpubench " + (version == null ? "of an unknown version" : version));
    if (facts.get("commit") instanceof String commit) {
      parts.add("commit " + brief(commit));
    }
    if (facts.get("from") instanceof String from) {
      parts.add("a " + from);
    }
    if (Boolean.TRUE.equals(facts.get("modified"))) {
      parts.add("with changed sources");
    }
    return String.join(", ", parts);
  }

  private static String brief(String commit) {
    return commit.substring(0, Math.min(BRIEF, commit.length()));
  }

  /** The launcher of this gpubench, by which it starts workers like those of another version. */
  public Launcher own() {
    return launcher(home, new LinkedHashMap<>());
  }

  /** The full name of a commit of this checkout; empty where it has none of that name. */
  private Optional<String> commit(String name) {
    if (!Files.exists(home.resolve(".git"))) {
      return Optional.empty();
    }
    Program.Ended git =
        git("rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}");
    return git.well() ? Optional.of(git.out().strip()) : Optional.empty();
  }

  private Program.Ended git(String... arguments) {
    return gitIn(home, arguments);
  }

  private Program.Ended gitIn(Path folder, String... arguments) {
    var command =
        Stream.concat(Stream.of("git", "-C", folder.toString()), Stream.of(arguments)).toList();
    try {
      return program.run(command, Map.of(), null);
    } catch (IOException e) {
      throw new EngineException(
          EngineException.Kind.UNAVAILABLE,
          "git cannot be started, and commits need it",
          "install git, or name a folder or a bundle",
          e);
    }
  }

  private VersionCache cache() {
    Path folder =
        VersionCache.usualFolder(environment)
            .orElseThrow(() ->
                new ConfigException(
                    "nowhere to keep another version: set XDG_CACHE_HOME or HOME to an absolute path"));
    return new VersionCache(folder, progress, cancellation);
  }

  /** A work tree with a commit, built by its own launcher. */
  private Path built(String commit) {
    String brief = brief(commit);
    return cache()
        .entry(
            commit,
            new VersionCache.Maker() {
              @Override
              public void make(Path entry, Path log) throws IOException {
                progress.accept("building the commit %s in %s, once".formatted(brief, entry));
                Program.Ended added =
                    git("worktree", "add", "--force", "--detach", entry.toString(), commit);
                if (!added.well()) {
                  throw new EngineException(
                      "version %s: git makes no work tree: %s".formatted(brief, added.complaint()));
                }
                if (!Files.isExecutable(entry.resolve(LAUNCHER))) {
                  throw new ConfigException(
                      "version %s: that commit has no launcher '%s'".formatted(brief, LAUNCHER));
                }
                Program.Ended built = answer(entry, log);
                if (!built.well()) {
                  throw new EngineException(
                      EngineException.Kind.UNAVAILABLE,
                      "version %s cannot be built: %s".formatted(brief, reason(built, entry)),
                      "what it printed is in " + log,
                      null);
                }
              }

              @Override
              public void discard(Path entry) {
                git("worktree", "remove", "--force", "--force", entry.toString());
                git("worktree", "prune");
              }
            });
  }

  /** Without the log in the folder that is removed. */
  private static String reason(Program.Ended built, Path entry) {
    String complaint = built.complaint();
    return complaint.contains(entry.toString())
        ? built
            .err()
            .lines()
            .filter(line -> line.startsWith("[ERROR]"))
            .findFirst()
            .map(Printable::line)
            .orElse("the build failed")
        : complaint;
  }

  /** A bundle, unpacked where it is known by its contents. */
  private Path unpacked(Path archive) {
    String name = "bundle-" + hash(archive);
    Path entry =
        cache()
            .entry(
                name,
                (folder, log) -> {
                  progress.accept("unpacking " + archive + ", once");
                  Files.createDirectory(folder);
                  Program.Ended tar = unpack(archive, folder, log);
                  if (!tar.well()) {
                    throw new EngineException(
                        "version %s cannot be unpacked: %s".formatted(archive, tar.complaint()));
                  }
                });
    try (Stream<Path> top = Files.list(entry)) {
      return top.filter(folder -> Files.exists(folder.resolve(LAUNCHER)))
          .findFirst()
          .orElseThrow(() ->
              new ConfigException(
                  "version %s: there is no launcher '%s' in it".formatted(archive, LAUNCHER)));
    } catch (IOException e) {
      throw new StoreException(entry + " cannot be read: " + StoreErrors.text(e), e);
    }
  }

  private Program.Ended unpack(Path archive, Path folder, Path log) {
    List<String> command =
        List.of("tar", "-xJf", archive.toAbsolutePath().toString(), "-C", folder.toString());
    try {
      return program.run(command, Map.of(), log);
    } catch (IOException e) {
      throw new EngineException(
          EngineException.Kind.UNAVAILABLE,
          "tar cannot be started, and bundles need it",
          "install tar and xz-utils, or name an unpacked bundle",
          e);
    }
  }

  private static String hash(Path file) {
    try (var in =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    } catch (IOException e) {
      throw new ConfigException(file + " cannot be read: " + StoreErrors.text(e), e);
    }
  }

  /** Asks a launcher for its version; that builds a checkout whose sources have changed. */
  private Program.Ended answer(Path folder, @Nullable Path log) throws IOException {
    var launcher = new Launcher(program(folder), jdk(folder), Map.of());
    var variables = new LinkedHashMap<String, String>();
    if (launcher.jdk() != null) {
      variables.put("JAVA_HOME", launcher.jdk().toString());
    }
    return program.run(List.of(launcher.program().toString(), "--version"), variables, log);
  }

  private Launcher launcher(Path folder, Map<String, Object> facts) {
    Path script = program(folder);
    if (!Files.isExecutable(script)) {
      throw new EngineException(
          "%s: there is no launcher '%s' that can be started".formatted(folder, LAUNCHER));
    }
    Program.Ended answer;
    try {
      answer = answer(folder, null);
    } catch (IOException e) {
      throw new EngineException(script + " cannot be started: " + StoreErrors.text(e), e);
    }
    String said = answer.out().strip();
    if (!answer.well() || !said.startsWith("gpubench ")) {
      throw new EngineException(
          "%s --version: expected the version of a gpubench; %s"
              .formatted(
                  script, answer.well() ? "found '" + first(said) + "'" : answer.complaint()));
    }
    String version = first(said).substring("gpubench ".length());
    facts.put("version", version);
    facts.put("from", Files.isDirectory(folder.resolve(RUNTIME)) ? "bundle" : "checkout");
    if (Files.exists(folder.resolve(".git"))) {
      // what a build in a work tree says may be the commit of another one
      facts.put("version", version.replaceFirst(" \\(.*\\)$", ""));
      facts.put("commit", gitIn(folder, "rev-parse", "HEAD").out().strip());
      facts.put(
          "modified",
          !gitIn(folder, "status", "--porcelain", "--untracked-files=no").out().isBlank());
    }
    Path jdk = jdk(folder);
    java(jdk == null ? folder.resolve(RUNTIME) : jdk).ifPresent(java -> facts.put("java", java));
    return new Launcher(script, jdk, facts);
  }

  private static Path program(Path folder) {
    return folder.resolve(LAUNCHER).toAbsolutePath().normalize();
  }

  private static String first(String text) {
    return Printable.line(text.lines().findFirst().orElse(""));
  }

  /**
   * This Java, for whoever brings none; null where this one cannot build, or another is brought.
   */
  private static @Nullable Path jdk(Path folder) {
    Path java = Path.of(System.getProperty("java.home"));
    return Files.isDirectory(folder.resolve(RUNTIME)) || !Files.exists(java.resolve("bin/javac"))
        ? null
        : java;
  }

  /** The version of a Java, as it says itself. */
  private static Optional<String> java(Path java) {
    try (Stream<String> lines = Files.lines(java.resolve("release"))) {
      return lines
          .filter(line -> line.startsWith("JAVA_VERSION="))
          .map(line -> line.substring("JAVA_VERSION=".length()).replace("\"", ""))
          .findFirst();
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }
}
