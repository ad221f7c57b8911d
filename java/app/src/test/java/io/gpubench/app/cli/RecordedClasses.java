// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * How processes of a test find the classes of gpubench: as those of a user do, in jars, with an AOT
 * cache of the classes that a start needs; without it, starting takes most of a short run. Made
 * when it is first asked for, below the folder of the build, where the next process with the same
 * classes finds it. Any thread of any process may ask.
 *
 * @param classPath the jars, and after them the classes of the tests
 * @param flags for a JVM that has this class path and the serial collector
 */
record RecordedClasses(String classPath, List<String> flags) {
  /** Makes them before the time of a test runs, which they might exceed on a busy machine. */
  static final class Ready implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
      get();
    }
  }

  private static final class Holder {
    static final RecordedClasses MADE = make();
  }

  /** Those of this build. */
  static RecordedClasses get() {
    return Holder.MADE;
  }

  private static RecordedClasses make() {
    String all = System.getProperty("java.class.path");
    List<Path> entries = Stream.of(all.split(":", -1)).map(Path::of).filter(Files::exists).toList();
    Path tests = entries.getFirst();
    if (!tests.endsWith("target/test-classes")) {
      return new RecordedClasses(all, List.of()); // not in a build
    }
    try {
      Path parent = Files.createDirectories(tests.resolveSibling("recorded"));
      try (FileChannel file =
              FileChannel.open(
                  parent.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          var _ = file.lock()) {
        return in(parent, entries.subList(1, entries.size()), tests);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RecordedClasses in(Path parent, List<Path> entries, Path tests)
      throws IOException {
    Path folder = parent.resolve(hash(entries));
    Path cache = folder.resolve("classes.aot");
    boolean made = Files.exists(cache);
    if (!made) {
      forgetOthers(parent);
      Files.createDirectories(folder); // it may be there from one who was interrupted
    }
    var jars = new ArrayList<String>();
    for (Path entry : entries) {
      Path jar = entry;
      if (Files.isDirectory(entry)) {
        jar = folder.resolve(jars.size() + ".jar");
        if (!made) {
          pack(entry, jar);
        }
      }
      jars.add(jar.toString());
    }
    String classPath = String.join(":", jars);
    if (!made) {
      record(cache, classPath);
    }
    return new RecordedClasses(
        classPath + ":" + tests,
        List.of(
            "-Xlog:disable",
            "-Xlog:all=warning,aot*=off,cds*=off:stderr",
            "-XX:AOTCache=" + cache));
  }

  /** Tells classes from those of an earlier build. */
  private static String hash(List<Path> entries) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
    for (Path entry : entries) {
      for (Path file : files(entry)) {
        String line = file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file) + "\n";
        digest.update(line.getBytes(StandardCharsets.UTF_8));
      }
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  private static List<Path> files(Path entry) throws IOException {
    try (Stream<Path> all = Files.walk(entry)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** Those of yesterday, since tests may still run that have younger ones. */
  private static void forgetOthers(Path parent) throws IOException {
    Instant yesterday = Instant.now().minus(Duration.ofDays(1));
    try (Stream<Path> all = Files.list(parent)) {
      for (Path other : all.filter(Files::isDirectory).toList()) {
        if (Files.getLastModifiedTime(other).toInstant().isBefore(yesterday)) {
          CommandLineFixture.delete(other);
        }
      }
    }
  }

  private static void pack(Path folder, Path jar) throws IOException {
    try (var zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.setLevel(Deflater.BEST_SPEED);
      for (Path file : files(folder)) {
        zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
        Files.copy(file, zip);
        zip.closeEntry();
      }
    }
  }

  /** As the build does for the launcher. */
  private static void record(Path cache, String classPath) throws IOException {
    Path log = cache.resolveSibling("log");
    Path unfinished = cache.resolveSibling("unfinished.aot");
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(OwnProcess.FLAGS);
    command.addAll(
        List.of(
            "-Dgpubench.home=" + CommandLineFixture.ROOT,
            "-Dgpubench.locks=" + cache.resolveSibling("locks"),
            "-XX:AOTCacheOutput=" + unfinished,
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-AOTRecordTraining",
            "-cp",
            classPath,
            AotTraining.class.getName()));
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    CommandLineFixture.forget(builder.environment());
    try {
      int code = builder.start().waitFor();
      if (code != 0) {
        throw new IllegalStateException(code + ": " + CommandLineFixture.read(log));
      }
      Files.move(unfinished, cache, StandardCopyOption.ATOMIC_MOVE);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
