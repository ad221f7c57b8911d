// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.bundle;

import io.gpubench.app.workers.TornadoProcess;
import io.gpubench.engines.tornado.TornadoSdk;
import io.gpubench.measure.StoreErrors;
import io.gpubench.measure.plan.ByteSizes;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One portable archive of what a checkout has built, with a Java runtime of its own and an AOT
 * cache recorded on it. Makes it once, on the caller's thread.
 */
public final class Bundle {
  private static final String TRAINING = "GPUBENCH_AOT_TRAINING";

  /** With TornadoVM it shall not grow beyond this. */
  private static final long MOST_BYTES_WITH_TORNADO = 64L << 20;

  private static final String TORNADO = "TornadoVM";

  private final Path checkout;
  private final String name;
  private final Instant time;
  private final boolean withTests;
  private final @Nullable TornadoSdk tornado;
  private final Consumer<String> progress;

  /**
   * A bundle that is not made yet.
   *
   * @param checkout where the launcher has built everything
   * @param name of the only folder at the top of the archive
   * @param time of all files; the AOT cache knows the jars by it
   * @param withTests whether the JUnit tests go along
   * @param tornado of which what a worker needs goes along; null for none
   * @param progress is told what is done now
   */
  public Bundle(
      Path checkout,
      String name,
      Instant time,
      boolean withTests,
      @Nullable TornadoSdk tornado,
      Consumer<String> progress) {
    this.checkout = checkout;
    this.name = name;
    this.time = time;
    this.withTests = withTests;
    this.tornado = tornado;
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
        demandSmall(archive, Files.size(scratch.unfinished()));
        scratch.finish();
        return parts;
      }
    } catch (FileSystemException e) {
      throw new BundleException("cannot write " + e.getFile() + ": " + StoreErrors.text(e), e);
    } catch (IOException e) {
      throw new BundleException("cannot make " + archive + ": " + StoreErrors.text(e), e);
    }
  }

  private void demandSmall(Path archive, long bytes) {
    if (tornado != null && bytes > MOST_BYTES_WITH_TORNADO) {
      throw new BundleException(
          "%s would have %s with TornadoVM, more than %s; take an SDK with fewer backends, or leave out the tests"
              .formatted(
                  archive, ByteSizes.format(bytes), ByteSizes.format(MOST_BYTES_WITH_TORNADO)));
    }
  }

  private List<Part> fill(Path root, Path logs) throws IOException, InterruptedException {
    var runtime =
        new LinkedRuntime(Path.of(System.getProperty("java.home")), logs.resolve("jdk.log"));
    TornadoSubset subset = tornado == null ? null : new TornadoSubset(tornado);
    var parts = new ArrayList<>(new BundlePlan(checkout, withTests).copyTo(root));
    progress.accept("linking a Java runtime");
    runtime.link(
        classPath(root), subset == null ? Set.of() : subset.jdkModules(), root.resolve("runtime"));
    if (subset != null) {
      subset.copyTo(root.resolve(TornadoSdk.IN_BUNDLE));
      Path kernels = root.resolve(TornadoProcess.IN_BUNDLE);
      Files.copy(TornadoProcess.classes(checkout), kernels);
      parts.add(new Part(TORNADO, size(root.resolve(TornadoSdk.IN_BUNDLE)) + Files.size(kernels)));
    }
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
