// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.bundle;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What is copied from a checkout, and where it lies in the bundle. */
final class BundlePlan {
  /** What {@code ./mvnw package} leaves for the launcher. */
  private static final String LAUNCH = "java/app/target/gpubench/";

  /**
   * Files that become part of the bundle.
   *
   * @param from a folder of the checkout; it need not exist
   * @param depth how far below it the pattern reaches
   * @param to a folder of the bundle
   */
  private record Copy(String part, String from, String pattern, int depth, String to) {}

  private static final List<Copy> ALWAYS =
      List.of(
          new Copy("jars", LAUNCH + "lib", "*.jar", 1, "lib"),
          new Copy("host library", "native/build", "libgpubench_host.so", 1, "lib"),
          new Copy("guard", "native/build", "gpubench-guard", 1, "lib"),
          new Copy(
              "simulated CUDA device",
              "native/build/cudasim",
              "{simtcc,include/**,lib*.so*,kernels/*.so,kernels/checked/*.so}",
              3,
              "lib/cudasim"),
          new Copy("GPU kernels", "native/build/cuda", "*.{fatbin,resources}", 1, "lib/cuda"),
          new Copy("kernel sources", "cuda", "*.{cu,cuh}", 1, "cuda"),
          new Copy("configurations", "configs", "**", Integer.MAX_VALUE, "configs"),
          // where configs/engines looks for it
          new Copy(
              "example engines",
              "native/build/examples",
              "consensus_worker",
              1,
              "native/build/examples"),
          new Copy("example engines", "examples", "**", Integer.MAX_VALUE, "examples"),
          new Copy("launcher and texts", "", "{gpubench,README.md,LICENSE}", 1, ""));

  private final Path checkout;
  private final List<Copy> copies = new ArrayList<>(ALWAYS);

  /** Reads the checkout for what it has built. */
  BundlePlan(Path checkout, boolean withTests) throws IOException {
    this.checkout = checkout;
    if (withTests) {
      copies.add(new Copy("tests", LAUNCH + "test-lib", "*.jar", 1, "tests/lib"));
      for (String module : testedModules()) {
        copies.add(
            new Copy(
                "tests",
                "java/" + module + "/target/test-classes",
                "**",
                Integer.MAX_VALUE,
                "tests/classes/" + module));
      }
    }
  }

  private List<String> testedModules() throws IOException {
    try (Stream<Path> modules = Files.list(checkout.resolve("java"))) {
      List<String> tested =
          modules
              .filter(module -> Files.isDirectory(module.resolve("target/test-classes")))
              .map(module -> module.getFileName().toString())
              .sorted()
              .toList();
      if (tested.isEmpty()) {
        throw new BundleException(
            "no tests are built; build them with './mvnw -DskipTests package'");
      }
      return tested;
    }
  }

  /** Copies everything below the bundle's root; returns the parts in a stable order. */
  List<Part> copyTo(Path root) throws IOException {
    Map<String, Long> sizes = new LinkedHashMap<>();
    for (Copy copy : copies) {
      sizes.merge(copy.part, copy(copy, root), Long::sum);
    }
    return sizes.entrySet().stream().map(size -> new Part(size.getKey(), size.getValue())).toList();
  }

  private long copy(Copy copy, Path root) throws IOException {
    Path from = checkout.resolve(copy.from);
    if (!Files.isDirectory(from)) {
      return 0;
    }
    PathMatcher wanted = FileSystems.getDefault().getPathMatcher("glob:" + copy.pattern);
    long bytes = 0;
    try (Stream<Path> found = Files.walk(from, copy.depth)) {
      for (Path file : found.filter(Files::isRegularFile).toList()) {
        if (wanted.matches(from.relativize(file))) {
          Path target = root.resolve(copy.to).resolve(from.relativize(file));
          Files.createDirectories(target.getParent());
          Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
          bytes += Files.size(target);
        }
      }
    }
    return bytes;
  }
}
