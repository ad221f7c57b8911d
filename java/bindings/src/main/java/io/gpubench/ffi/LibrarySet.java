// SPDX-License-Identifier: Apache-2.0
package io.gpubench.ffi;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Libraries by name, each opened at most once, and where they may lie according to system
 * properties and environment. Any thread may call.
 */
final class LibrarySet {
  /** The system property that names the functions, and libraries, which the simulator is to lack. */
  static final String LACKS = "gpubench.simulator.lacks";

  private static final String HOME = "gpubench.home";
  private static final List<String> SIMULATED = List.of("cuda", "nvml", "nvrtc");

  private final Function<String, @Nullable String> properties;
  private final Function<String, @Nullable String> environment;
  private final Map<String, NativeLibrary> opened = new HashMap<>();
  private boolean simulator;

  LibrarySet(
      Function<String, @Nullable String> properties,
      Function<String, @Nullable String> environment) {
    this.properties = properties;
    this.environment = environment;
  }

  synchronized NativeLibrary open(String name) {
    NativeLibrary library = opened.get(name);
    if (library == null) {
      Set<String> lacked = lacked(name);
      library =
          lacked.contains(name)
              ? NativeLibrary.absent(
                  "native library '%s' not found: %s names it".formatted(name, LACKS))
              : NativeLibrary.open(name, candidates(name)).without(lacked);
      opened.put(name, library);
    }
    return library;
  }

  /** Libraries found absent so far are forgotten: only what is open cannot be exchanged. */
  synchronized void useSimulator() {
    if (simulator) {
      return;
    }
    for (String name : SIMULATED) {
      NativeLibrary library = opened.get(name);
      if (library != null && library.problem() == null && chosen(name) == null) {
        throw new IllegalStateException(
            "the simulator is chosen too late: native library '%s' is open already"
                .formatted(name));
      }
    }
    opened.values().removeIf(library -> library.problem() != null);
    simulator = true;
  }

  synchronized boolean usesSimulator() {
    return simulator;
  }

  private List<String> candidates(String name) {
    String chosen = chosen(name);
    if (chosen != null) {
      return List.of(chosen);
    }
    return switch (name) {
      case "host" -> belowHome("libgpubench_host.so");
      case "cuda" -> simulator ? belowHome("cudasim/libcuda.so.1") : List.of("libcuda.so.1");
      case "nvml" ->
          simulator ? belowHome("cudasim/libnvidia-ml.so.1") : List.of("libnvidia-ml.so.1");
      case "nvrtc" -> simulator ? belowHome("cudasim/libnvrtc.so") : toolkitCompilers();
      default -> throw new IllegalArgumentException("no native library is named " + name);
    };
  }

  /** What the simulator is to lack, as an old driver does, or an incomplete one. */
  private Set<String> lacked(String name) {
    String functions = properties.apply(LACKS);
    return functions == null || !simulator || !SIMULATED.contains(name)
        ? Set.of()
        : Set.of(functions.split(","));
  }

  private @Nullable String chosen(String name) {
    return properties.apply("gpubench.library." + name);
  }

  /** In an unpacked archive, then in a source checkout. */
  private List<String> belowHome(String file) {
    String home = properties.apply(HOME);
    return home == null
        ? List.of()
        : Stream.of("lib", "native/build")
            .map(folder -> Path.of(home, folder, file).toString())
            .toList();
  }

  /** NVRTC's name has the version of its interface; without a version it is there for building. */
  private List<String> toolkitCompilers() {
    var candidates =
        new ArrayList<>(
            List.of("libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so.11.2", "libnvrtc.so"));
    Stream.of(environment.apply("CUDA_HOME"), environment.apply("CUDA_PATH"), "/usr/local/cuda")
        .filter(toolkit -> toolkit != null && !toolkit.isEmpty())
        .distinct()
        .forEach(toolkit -> candidates.add(Path.of(toolkit, "lib64/libnvrtc.so").toString()));
    return candidates;
  }
}
