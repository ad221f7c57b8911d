// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.bundle;

import io.gpubench.measure.StoreErrors;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One portable archive of what a checkout has built, with a Java runtime of its own and an AOT
 * cache recorded on it. Makes it once, on the caller's thread.
 */
public final class Bundle {
  private static final String TRAINING = "GPUBENCH_AOT_TRAINING";

  private final Path checkout;
  private final String name;
  private final Instant time;
  private final boolean withTests;
  private final Consumer<String> progress;

  /**
   * A bundle that is not made yet.
   *
   * @param checkout where the launcher has built everything
   * @param name of the only folder at the top of the archive
   * @param time of all files; the AOT cache knows the jars by it
   * @param withTests whether the JUnit tests go along
   * @param progress is told what is done now
   */
  public Bundle(
      Path checkout, String name, Instant time, boolean withTests, Consumer<String> progress) {
    this.checkout = checkout;
    this.name = name;
    this.time = time;
    this.withTests = withTests;
    this.progress = progress;
  }

  /** The usual name of a bundle for machines like this one. */
  public static String usualName(String version) {
    String architecture = System.getProperty("os.arch").replace("amd64", "x86_64");
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    return "gpubench-" + version + "-" + system + "-" + architecture;
  }

  /**
   * Writes the archive, or nothing.
   *
   * @return the parts and their sizes
   * @throws BundleException when that is not possible here; the message says why
   */
  public List<Part> write(Path archive) throws InterruptedException {
    if (Files.notExists(checkout.resolve("pom.xml"))) {
      throw new BundleException("a bundle needs a source checkout, and " + checkout + " is none");
    }
    try {
      Archive.requireTools();
      Path folder = archive.toAbsolutePath().getParent();
      if (folder == null || !Files.isDirectory(folder)) {
        throw new BundleException("cannot write " + archive + ": there is no such folder");
      }
      try (var scratch = new Scratch(checkout.resolve("java/app/target"), archive)) {
        Path root = Files.createDirectory(scratch.folder().resolve(name));
        List<Part> parts = fill(root, scratch.folder());
        progress.accept("packing");
        Archive.pack(root, time, scratch.unfinished(), scratch.folder());
        scratch.finish();
        return parts;
      }
    } catch (FileSystemException e) {
      throw new BundleException("cannot write " + e.getFile() + ": " + StoreErrors.text(e), e);
    } catch (IOException e) {
      throw new BundleException("cannot make " + archive + ": " + StoreErrors.text(e), e);
    }
  }

  private List<Part> fill(Path root, Path logs) throws IOException, InterruptedException {
    var runtime =
        new LinkedRuntime(Path.of(System.getProperty("java.home")), logs.resolve("jdk.log"));
    var parts = new ArrayList<>(new BundlePlan(checkout, withTests).copyTo(root));
    progress.accept("linking a Java runtime");
    runtime.link(classPath(root), root.resolve("runtime"));
    parts.add(0, new Part("Java runtime", size(root.resolve("runtime"))));
    setTimes(root);
    progress.accept("recording the AOT cache");
    recordCache(root, logs.resolve("training.log"));
    parts.add(1, new Part("AOT cache", size(root.resolve("gpubench.aot"))));
    return parts;
  }

  private static List<Path> classPath(Path root) throws IOException {
    var classPath = new ArrayList<Path>();
    try (Stream<Path> files = Files.walk(root)) {
      files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(classPath::add);
    }
    Path tests = root.resolve("tests/classes");
    if (Files.isDirectory(tests)) {
      try (Stream<Path> modules = Files.list(tests)) {
        modules.sorted().forEach(classPath::add);
      }
    }
    return classPath;
  }

  private void setTimes(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, FileTime.from(time));
      }
    }
  }

  /**
   * Lets the bundle's own launcher do it, so that the cache fits the flags of every later start.
   */
  private static void recordCache(Path root, Path log) throws IOException, InterruptedException {
    var training =
        new ProcessBuilder(root.resolve("gpubench").toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    training
        .environment()
        .keySet()
        .removeIf(variable -> variable.matches("GPUBENCH_.*|.*JAVA_(TOOL_)?OPTIONS"));
    training.environment().put(TRAINING, "1");
    int code = training.start().waitFor();
    if (code != 0 || Files.notExists(root.resolve("gpubench.aot"))) {
      String last = Files.readString(log).lines().reduce((_, line) -> line).orElse("no message");
      throw new BundleException("the bundle's runtime cannot record its AOT cache: " + last);
    }
  }

  private static long size(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      long bytes = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
      return bytes;
    }
  }
}
