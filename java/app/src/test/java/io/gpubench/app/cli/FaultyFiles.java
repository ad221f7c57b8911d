// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes calls fail by which this process writes files: {@code native/faultio}, which has to be
 * preloaded. For a process of a test alone.
 */
final class FaultyFiles {
  static final Path LIBRARY = CommandLineFixture.ROOT.resolve("native/build/faultio/libfaultio.so");

  private final MethodHandle arm;
  private final MethodHandle disarm;
  private final Path trace;
  private int traced;

  /** What a call fails with. */
  enum Code {
    EIO(5),
    ENOSPC(28),
    EROFS(30),
    EDQUOT(122);

    final int number;

    Code(int number) {
      this.number = number;
    }
  }

  /** Which calls fail. */
  enum Extent {
    /** That one. */
    ONCE,
    /** That one and all after it. */
    FOREVER,
    /** The same, and wherever records might be saved instead. */
    EVERYWHERE,
    /** None, but that one writes only half of what it is given. */
    SHORT
  }

  /**
   * What fails.
   *
   * @param call its number, from 1; 0 for none
   */
  record Fault(int call, Code code, Extent extent) {
    static final Fault NONE = new Fault(0, Code.EIO, Extent.ONCE);

    @Override
    public String toString() {
      return "call %d, %s %s".formatted(call, code, extent);
    }

    /** The variables that make it so in a process of its own. */
    void set(OwnProcess process, Path store, Path rescue) {
      process
          .variable("LD_PRELOAD", LIBRARY.toString())
          .variable("FAULTIO_UNDER", under(store, rescue))
          .variable("FAULTIO_CALL", "" + call)
          .variable("FAULTIO_ERROR", "" + code.number)
          .variable("FAULTIO_FOREVER", forever() ? "1" : "0")
          .variable("FAULTIO_SHORT", extent == Extent.SHORT ? "1" : "0");
    }

    boolean forever() {
      return extent == Extent.FOREVER || extent == Extent.EVERYWHERE;
    }

    private String under(Path store, Path rescue) {
      return extent == Extent.EVERYWHERE ? store + ":" + rescue : store.toString();
    }
  }

  /** A call that was counted. */
  record Call(int number, String name, int error, String path) {
    private static Call parse(String line) {
      String[] words = line.split(" ", 5);
      return new Call(Integer.parseInt(words[1]), words[2], Integer.parseInt(words[3]), words[4]);
    }

    @Override
    public String toString() {
      return name + " " + path;
    }
  }

  /**
   * Finds the library in this process.
   *
   * @param trace file that the variable FAULTIO_TRACE names
   */
  @SuppressWarnings("restricted") // as every use of native code
  FaultyFiles(Path trace) {
    this.trace = trace;
    SymbolLookup library = SymbolLookup.libraryLookup(LIBRARY, Arena.global());
    Linker linker = Linker.nativeLinker();
    arm =
        linker.downcallHandle(
            library.findOrThrow("faultio_arm"),
            FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT));
    disarm =
        linker.downcallHandle(
            library.findOrThrow("faultio_disarm"), FunctionDescriptor.of(JAVA_LONG));
  }

  /** Counts from now on, and lets the chosen call fail. */
  void arm(Fault fault, Path store, Path rescue) {
    try (Arena arena = Arena.ofConfined()) {
      arm.invokeExact(
          arena.allocateFrom(fault.under(store, rescue)),
          (long) fault.call(),
          fault.code().number,
          fault.forever() ? 1 : 0,
          fault.extent() == Extent.SHORT ? 1 : 0);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends that; returns the calls since then. */
  List<Call> disarm() {
    try {
      long counted = (long) disarm.invokeExact();
      List<Call> calls = calls(trace).skip(traced).toList();
      traced += calls.size();
      if (counted != calls.size()) {
        throw new IllegalStateException(counted + " calls, and " + calls.size() + " in the trace");
      }
      return calls;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<Call> calls(Path trace) {
    try {
      return Files.exists(trace)
          ? Files.readAllLines(trace).stream().map(Call::parse)
          : Stream.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Which of the calls failed, or wrote half. */
  static String struck(List<Call> calls) {
    return calls.stream()
        .filter(call -> call.error() != 0)
        .limit(3)
        .map(Call::toString)
        .collect(Collectors.joining(", "));
  }
}
