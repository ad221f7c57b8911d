// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

import io.gpubench.measure.EngineException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
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
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final String LIMIT = "Max locked memory";

  private LockedMemory() {}

  /**
   * Locks memory until it is freed, from the first to the last page that it is in.
   *
   * @throws EngineException when this process may not lock so much, with its limit
   */
  public static void lock(MemorySegment memory) {
    int error = SystemCall.lock(memory);
    if (error != 0) {
      throw refused(memory.byteSize(), error, limit());
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
