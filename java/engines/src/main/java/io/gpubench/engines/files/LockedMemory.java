// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gpubench.measure.EngineException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Memory that the system may not take out of the machine's memory: {@code mlock} of the C library.
 * Stateless; any thread may use it.
 */
public final class LockedMemory {
  private static final int NO_PERMISSION = 1;
  private static final int NO_MEMORY = 12;
  private static final String ERRNO = "errno";
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final String LIMIT = "Max locked memory";
  private static final FunctionDescriptor CALL =
      FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG);

  private LockedMemory() {}

  /**
   * Locks memory.
   *
   * @throws EngineException when this process may not lock so much, with its limit
   */
  public static void lock(MemorySegment memory) {
    int error = call("mlock", memory);
    if (error != 0) {
      throw refused(memory.byteSize(), error, limit());
    }
  }

  /** Lets the system do with it as it likes again. */
  public static void unlock(MemorySegment memory) {
    int _ = call("munlock", memory); // what is not locked need not be unlocked
  }

  /** The error's number; 0 when there is none. */
  @SuppressWarnings("restricted") // a function of the C library
  private static int call(String name, MemorySegment memory) {
    Linker linker = Linker.nativeLinker();
    MethodHandle function =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow(name), CALL, Linker.Option.captureCallState(ERRNO));
    try (var arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      if ((int) function.invokeExact(state, memory, memory.byteSize()) == 0) {
        return 0;
      }
      long at =
          Linker.Option.captureStateLayout()
              .byteOffset(MemoryLayout.PathElement.groupElement(ERRNO));
      return state.get(JAVA_INT, at);
    } catch (Throwable impossible) { // the call itself throws nothing
      throw new IllegalStateException(name, impossible);
    }
  }

  /** What a process may lock at most, in bytes; empty when there is no limit, or it is unknown. */
  static OptionalLong limit() {
    try {
      for (String line : Files.readAllLines(LIMITS)) {
        if (line.startsWith(LIMIT)) {
          String soft = line.substring(LIMIT.length()).strip().split(" +", 2)[0];
          return soft.equals("unlimited")
              ? OptionalLong.empty()
              : OptionalLong.of(Long.parseLong(soft));
        }
      }
    } catch (IOException | NumberFormatException _) {
      // unknown
    }
    return OptionalLong.empty();
  }

  /** Why it was refused. */
  static EngineException refused(long bytes, int error, OptionalLong limit) {
    String why =
        switch (error) {
          case NO_PERMISSION, NO_MEMORY ->
              limit.isPresent()
                  ? "this process may lock %d bytes in all".formatted(limit.getAsLong())
                  : "the machine has no more memory for it";
          default -> "error %d of mlock".formatted(error);
        };
    return new EngineException(
        EngineException.Kind.ABSENT,
        "%d bytes cannot be locked in memory: %s".formatted(bytes, why),
        "raise the limit ('ulimit -l', in KiB), or take fewer or smaller pages",
        null);
  }
}
