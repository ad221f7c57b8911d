// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.bundle;

import io.gpubench.engines.tornado.TornadoBackend;
import io.gpubench.engines.tornado.TornadoSdk;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolutionException;
import java.lang.module.ResolvedModule;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * What a worker needs of a TornadoVM SDK: of each backend the modules that follow from its own by
 * what they require, its native library and its list of exports; and the licences. Resolved by the
 * JDK of this process, which the bundle gets too. Immutable.
 */
final class TornadoSubset {
  private static final String JDK = "jrt";

  private final TornadoSdk sdk;
  private final List<TornadoBackend> backends;
  private final Set<String> jdkModules = new TreeSet<>();
  private final Set<Path> jars = new TreeSet<>();

  /**
   * Finds out what that is; copies nothing.
   *
   * @throws BundleException when the SDK lacks a module or has no backend
   */
  TornadoSubset(TornadoSdk sdk) {
    this.sdk = sdk;
    backends = sdk.backends();
    if (backends.isEmpty()) {
      throw new BundleException("the TornadoVM SDK in %s has no backend".formatted(sdk.home()));
    }
    backends.forEach(this::resolve);
  }

  private void resolve(TornadoBackend backend) {
    ModuleFinder all =
        ModuleFinder.compose(
            ModuleFinder.of(sdk.compilerJars()),
            ModuleFinder.of(sdk.jarsFor(backend).toArray(Path[]::new)),
            ModuleFinder.ofSystem());
    try {
      Configuration.resolve(
              all, List.of(Configuration.empty()), ModuleFinder.of(), sdk.modules(backend))
          .modules()
          .forEach(this::add);
    } catch (FindException | ResolutionException e) {
      throw new BundleException(
          "the TornadoVM SDK in %s is not complete: %s".formatted(sdk.home(), e.getMessage()), e);
    }
  }

  private void add(ResolvedModule module) {
    URI location = module.reference().location().orElseThrow();
    if (JDK.equals(location.getScheme())) {
      jdkModules.add(module.name());
    } else {
      jars.add(Path.of(location));
    }
  }

  /** The modules of the JDK that it needs, in the order of their names. */
  Set<String> jdkModules() {
    return jdkModules;
  }

  /**
   * Copies it.
   *
   * @param to the folder of the SDK in the bundle
   */
  void copyTo(Path to) throws IOException {
    for (Path jar : jars) {
      Path target = target(jar, to);
      store(jar, target);
    }
    var files = new ArrayList<Path>();
    for (TornadoBackend backend : backends) {
      files.add(sdk.library(backend));
      files.addAll(sdk.exportLists(backend));
    }
    try (Stream<Path> top = Files.list(sdk.home())) {
      top.filter(file -> file.getFileName().toString().startsWith("LICENSE")).forEach(files::add);
    }
    for (Path file : new TreeSet<>(files)) {
      Files.copy(file, target(file, to), StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  private Path target(Path file, Path to) throws IOException {
    Path target = to.resolve(sdk.home().relativize(file).toString());
    Files.createDirectories(target.getParent());
    return target;
  }

  /** The same jar without compression: an archive of these is half as large. */
  private static void store(Path jar, Path target) throws IOException {
    try (var from = new ZipFile(jar.toFile());
        var to = new ZipOutputStream(Files.newOutputStream(target))) {
      for (ZipEntry entry : from.stream().toList()) {
        var stored = new ZipEntry(entry.getName());
        stored.setMethod(ZipEntry.STORED);
        stored.setSize(entry.getSize());
        stored.setCrc(entry.getCrc());
        stored.setTimeLocal(entry.getTimeLocal());
        to.putNextEntry(stored);
        try (InputStream bytes = from.getInputStream(entry)) {
          bytes.transferTo(to);
        }
      }
    }
  }
}
