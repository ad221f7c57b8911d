// SPDX-License-Identifier: Apache-2.0
package io.gpubench.ffi;

import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The native libraries of this process, by name: {@code host}, {@code cuda}, {@code nvml}, {@code
 * nvrtc}. A library is opened when it is first asked for, stays open until the process ends, and
 * may be absent, which is a fact to be asked for and not an error. Any thread may call.
 *
 * <p>The system property {@code gpubench.library.NAME} holds the file (or, without a slash, a name
 * that the system's loader searches for) and then nothing else is tried. Otherwise a library has
 * its usual places, below {@code gpubench.home} where it is one of ours.
 *
 * <p>In the libraries of the simulated CUDA device, the functions that the system property {@code
 * gpubench.simulator.lacks} names, separated by commas, count as missing, and so does a library
 * that it names: so it stands for an old driver, or for one that is not all there.
 */
public final class NativeLibraries {
  private static final LibrarySet PROCESS = new LibrarySet(System::getProperty, System::getenv);

  private NativeLibraries() {}

  /**
   * Makes {@code cuda}, {@code nvml} and {@code nvrtc} those of the simulated CUDA device, until
   * the process ends. Opens nothing: a simulator that is not built is an absent library like any
   * other.
   *
   * @throws IllegalStateException if another of these libraries was opened before
   */
  public static void useSimulator() {
    PROCESS.useSimulator();
  }

  /** Whether the simulated CUDA device was chosen. */
  public static boolean usesSimulator() {
    return PROCESS.usesSimulator();
  }

  /** Whether the simulated CUDA device was chosen, and told to lack functions. */
  public static boolean simulatesOldDriver() {
    return PROCESS.usesSimulator() && System.getProperty(LibrarySet.LACKS) != null;
  }

  /**
   * The symbols of a library. This opens nothing yet, so that a generated class initialises without
   * its library; in an absent library no symbol is found.
   */
  public static SymbolLookup lookup(String library) {
    return symbol -> PROCESS.open(library).symbols().find(symbol);
  }

  /** Whether the library is there. */
  public static boolean has(String library) {
    return problem(library).isEmpty();
  }

  /** Whether the library is there and has the symbol. */
  public static boolean has(String library, String symbol) {
    return PROCESS.open(library).symbols().find(symbol).isPresent();
  }

  /**
   * The functions that gpubench calls and that the library, which is there, lacks; empty if the
   * library is absent.
   */
  public static List<NativeFunction> missing(String library) {
    return has(library)
        ? NativeFunction.of(library).stream().filter(f -> !has(library, f.name())).toList()
        : List.of();
  }

  /**
   * Why the library is absent, in one line: what was tried and what the loader said. Empty if it is
   * there.
   */
  public static Optional<String> problem(String library) {
    return Optional.ofNullable(PROCESS.open(library).problem());
  }

  /** The file that was opened; empty if there is none or the system's loader chose it. */
  public static Optional<Path> file(String library) {
    return Optional.ofNullable(PROCESS.open(library).file());
  }
}
