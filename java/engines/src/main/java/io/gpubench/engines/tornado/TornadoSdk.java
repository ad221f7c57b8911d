// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.tornado;

import io.gpubench.measure.EngineException;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A TornadoVM SDK as it is unpacked: jars below {@code share/java}, native libraries in {@code
 * lib}, lists of module exports in {@code etc/exportLists}. Immutable.
 *
 * @param home its folder
 * @param from what named the folder
 * @param version such as {@code 5.2.0-jdk25}
 * @param jars of {@code share/java/tornado}, in alphabetical order
 */
public record TornadoSdk(Path home, String from, String version, List<Path> jars) {
  /** The variable that TornadoVM's own tools read. */
  public static final String VARIABLE = "TORNADOVM_HOME";

  /** The property that names the folder of an SDK, before {@link #VARIABLE}. */
  public static final String PROPERTY = "tornado.home";

  /** Where a bundle has an SDK, below gpubench's home. */
  public static final String IN_BUNDLE = "tornado/sdk";

  private static final String JARS = "share/java/tornado";
  private static final String COMPILER_JARS = "share/java/graalJars";
  private static final String API = "tornado-api-";
  private static final String DRIVERS = "tornado-drivers-";

  /** Jars that no kernel of ours needs, some of which demand libraries of their own. */
  private static final List<String> NOT_NEEDED =
      List.of(
              "cublas",
              "cudnn",
              "cufft",
              "cusparse",
              "cutlass",
              "matrices",
              "examples",
              "benchmarks",
              "unittests",
              "fuzz")
          .stream()
          .map(name -> "tornado-" + name + "-")
          .toList();

  /** Java classes of version 45 + n are of JDK n + 1. */
  private static final int CLASS_VERSION_OF_JDK_0 = 44;

  private static final int CLASS_MAGIC = 0xCAFEBABE;

  /** What TornadoVM allocates at most, a limit of its own: the device's shall be the one. */
  private static final String DEVICE_MEMORY = "1024GB";

  public TornadoSdk {
    jars = List.copyOf(jars);
  }

  /** What a user can do who has none that fits. */
  public static String remedy() {
    return "'sdk install tornadovm', or unpack a release of TornadoVM for JDK %d, and set %s to its folder"
        .formatted(Runtime.version().feature(), VARIABLE);
  }

  /**
   * The SDK that is given: by the property {@value #PROPERTY}, else by {@value #VARIABLE}, else
   * with the bundle.
   *
   * @param gpubench the home of gpubench
   * @param environment variables of this process
   * @throws EngineException when there is none, or it is none that this Java can use
   */
  public static TornadoSdk find(Path gpubench, Map<String, String> environment) {
    String property = System.getProperty(PROPERTY, "");
    String variable = environment.getOrDefault(VARIABLE, "");
    if (!property.isBlank()) {
      return at(Path.of(property), "-D" + PROPERTY);
    }
    if (!variable.isBlank()) {
      return at(Path.of(variable), VARIABLE);
    }
    Path bundled = gpubench.resolve(IN_BUNDLE);
    if (Files.isDirectory(bundled)) {
      return at(bundled, "this bundle");
    }
    throw unavailable("there is no TornadoVM SDK: %s is not set".formatted(VARIABLE));
  }

  /**
   * The SDK in a folder.
   *
   * @param folder may be relative
   * @param from what named the folder, for a person
   * @throws EngineException when it is none that this Java can use
   */
  public static TornadoSdk at(Path folder, String from) {
    Path home = folder.toAbsolutePath().normalize();
    List<Path> jars = jars(home.resolve(JARS));
    Path api =
        jars.stream()
            .filter(jar -> name(jar).startsWith(API))
            .findFirst()
            .orElseThrow(() ->
                unavailable(
                    "%s names %s, which is no TornadoVM SDK: it has no %s/%s*.jar"
                        .formatted(from, home, JARS, API)));
    String version = name(api).replaceAll("^" + API + "|\\.jar$", "");
    int jdk = jdk(api);
    int ours = Runtime.version().feature();
    if (jdk != ours) {
      throw unavailable(
          "the TornadoVM SDK %s in %s is for %s, and this is JDK %d"
              .formatted(version, home, jdk == 0 ? "no JDK that it tells" : "JDK " + jdk, ours));
    }
    return new TornadoSdk(home, from, version, jars);
  }

  private static List<Path> jars(Path folder) {
    var jars = new ArrayList<Path>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
      files.forEach(jars::add);
    } catch (IOException _) {
      return List.of();
    }
    jars.sort(null);
    return jars;
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  /** For which JDK a jar was compiled; 0 when it does not tell. */
  private static int jdk(Path jar) {
    try (var zip = new ZipFile(jar.toFile())) {
      ZipEntry module = zip.getEntry("module-info.class");
      if (module == null) {
        return 0;
      }
      try (var in = new DataInputStream(zip.getInputStream(module))) {
        boolean isClass = in.readInt() == CLASS_MAGIC;
        in.readUnsignedShort();
        return isClass ? in.readUnsignedShort() - CLASS_VERSION_OF_JDK_0 : 0;
      }
    } catch (IOException e) {
      throw unavailable("%s cannot be read: %s".formatted(jar, e.getMessage()));
    }
  }

  private static EngineException unavailable(String reason) {
    return new EngineException(EngineException.Kind.UNAVAILABLE, reason, remedy(), null);
  }

  /** The backends that it has, whether or not this machine has drivers for them. */
  public List<TornadoBackend> backends() {
    return Arrays.stream(TornadoBackend.values())
        .filter(backend -> driver(backend) != null && Files.exists(library(backend)))
        .toList();
  }

  private @Nullable Path driver(TornadoBackend backend) {
    return jars.stream()
        .filter(jar -> name(jar).startsWith(DRIVERS + backend.word() + "-"))
        .findFirst()
        .orElse(null);
  }

  /** The native library of a backend. */
  public Path library(TornadoBackend backend) {
    return home.resolve("lib").resolve(System.mapLibraryName("tornado-" + backend.word()));
  }

  /**
   * Demands a backend with all that starts it.
   *
   * @throws EngineException when this SDK has none of that kind, or is not complete
   */
  public void demand(TornadoBackend backend) {
    List<TornadoBackend> there = backends();
    if (!there.contains(backend)) {
      throw unavailable(
          "the TornadoVM SDK %s in %s has no %s backend, but %s"
              .formatted(
                  version,
                  home,
                  backend.title(),
                  there.isEmpty()
                      ? "none at all"
                      : there.stream()
                          .map(TornadoBackend::title)
                          .collect(Collectors.joining(", "))));
    }
    Stream.concat(Stream.of(compilerJars()), exportLists(backend).stream())
        .filter(Files::notExists)
        .findFirst()
        .ifPresent(missing -> {
          throw unavailable(
              "the TornadoVM SDK %s in %s is not complete: it has no %s"
                  .formatted(version, home, home.relativize(missing)));
        });
  }

  /**
   * The jars that a backend needs. One backend whose library is missing ends the whole runtime, so
   * that no other's is among them.
   */
  public List<Path> jarsFor(TornadoBackend backend) {
    return jars.stream()
        .filter(jar -> NOT_NEEDED.stream().noneMatch(name(jar)::startsWith))
        .filter(jar ->
            !name(jar).startsWith(DRIVERS)
                || name(jar).startsWith(DRIVERS + "common-")
                || jar.equals(driver(backend)))
        .toList();
  }

  /** The modules with which a backend starts; what else it needs follows from them. */
  public List<String> modules(TornadoBackend backend) {
    return List.of(
        "tornado.runtime",
        "tornado.annotation",
        "tornado.drivers.common",
        "tornado.drivers." + backend.word());
  }

  /** The folder of the compiler's jars. */
  public Path compilerJars() {
    return home.resolve(COMPILER_JARS);
  }

  /** Lists of module exports that a backend needs, as files of arguments for Java. */
  public List<Path> exportLists(TornadoBackend backend) {
    Path lists = home.resolve("etc").resolve("exportLists");
    return List.of(lists.resolve("common-exports"), lists.resolve(backend.word() + "-exports"));
  }

  /**
   * Options for a Java that runs TornadoVM on a backend, and on nothing else: a kernel that cannot
   * be compiled is an error there and not run as plain Java.
   *
   * @throws EngineException when this SDK has no such backend
   */
  public List<String> flags(TornadoBackend backend) {
    demand(backend);
    var flags = new ArrayList<String>();
    flags.addAll(
        List.of(
            "-XX:+UnlockExperimentalVMOptions",
            "-XX:+EnableJVMCI",
            "--enable-preview",
            "-XX:+UseParallelGC",
            "-Djava.library.path=" + home.resolve("lib"),
            "--module-path",
            jarsFor(backend).stream().map(Path::toString).collect(Collectors.joining(":")),
            "--upgrade-module-path",
            compilerJars().toString(),
            "--add-modules",
            String.join(",", modules(backend))));
    String runtime = "uk.ac.manchester.tornado.runtime.";
    flags.addAll(
        List.of(
            "-Dtornado.load.api.implementation=" + runtime + "tasks.TornadoTaskGraph",
            "-Dtornado.load.runtime.implementation=" + runtime + "TornadoCoreRuntime",
            "-Dtornado.load.tornado.implementation=" + runtime + "common.Tornado",
            "-Dtornado.load.annotation.implementation=uk.ac.manchester.tornado.annotation.ASMClassVisitor",
            "-Dtornado.load.annotation.parallel=uk.ac.manchester.tornado.api.annotations.Parallel",
            "-Dtornado.recover.bailout=False",
            "-Dtornado.device.memory=" + DEVICE_MEMORY));
    exportLists(backend).forEach(list -> flags.add("@" + list));
    flags.add("--enable-native-access=ALL-UNNAMED,tornado.drivers." + backend.word());
    return List.copyOf(flags);
  }
}
