// SPDX-License-Identifier: Apache-2.0
package io.gpubench.ffi;

import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The native libraries of this process, by name. A library is opened when it is first asked for,
 * stays open until the process ends, and may be absent, which is a fact to be asked for and not an
 * error. Any thread may call.
 *
 * <p>The system property {@code gpubench.library.NAME} holds the file (or, without a slash, a name
 * that the system's loader searches for) and then nothing else is tried. Otherwise a library has
 * its usual places, below {@code gpubench.home} where it is one of ours.
 */
public final class NativeLibraries {
  private static final String HOME = "gpubench.home";

  private static final Map<String, NativeLibrary> OPENED = new ConcurrentHashMap<>();

  private NativeLibraries() {}

  /**
   * The symbols of a library. This opens nothing yet, so that a generated class initialises without
   * its library; in an absent library no symbol is found.
   */
  public static SymbolLookup lookup(String library) {
    return symbol -> open(library).symbols().find(symbol);
  }

  /** Whether the library is there. */
  public static boolean has(String library) {
    return problem(library).isEmpty();
  }

  /** Whether the library is there and has the symbol. */
  public static boolean has(String library, String symbol) {
    return open(library).symbols().find(symbol).isPresent();
  }

  /**
   * Why the library is absent, in one line: what was tried and what the loader said. Empty if it is
   * there.
   */
  public static Optional<String> problem(String library) {
    return Optional.ofNullable(open(library).problem());
  }

  /** The file that was opened; empty if there is none or the system's loader chose it. */
  public static Optional<Path> file(String library) {
    return Optional.ofNullable(open(library).file());
  }

  private static NativeLibrary open(String library) {
    return OPENED.computeIfAbsent(library, name -> NativeLibrary.open(name, candidates(name)));
  }

  private static List<String> candidates(String library) {
    String chosen = System.getProperty("gpubench.library." + library);
    if (chosen != null) {
      return List.of(chosen);
    }
    return switch (library) {
      case "host" -> belowHome("lib/libgpubench_host.so", "native/build/libgpubench_host.so");
      default -> throw new IllegalArgumentException("no native library is named " + library);
    };
  }

  private static List<String> belowHome(String... files) {
    @Nullable String home = System.getProperty(HOME);
    List<String> candidates = new ArrayList<>();
    if (home != null) {
      for (String file : files) {
        candidates.add(Path.of(home, file).toString());
      }
    }
    return candidates;
  }
}
