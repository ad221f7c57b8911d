// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.measure.EngineException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockedMemoryTest {
  private static final long BYTES = 1 << 20;

  @TempDir private Path folder;

  @Test
  void locksUntilItIsFreed() throws IOException {
    long before = locked();
    try (var arena = Arena.ofConfined()) {
      LockedMemory.lock(HugePages.allocate(arena, BYTES));
      assertEquals(before + BYTES, locked());
    }
    assertEquals(before, locked());
  }

  /** What the system says that this process has locked, in bytes. */
  private static long locked() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmLck:"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  @SuppressWarnings("restricted") // an address that nothing is at
  void memoryThatIsNotThere() {
    MemorySegment nowhere = MemorySegment.ofAddress(1L << 20).reinterpret(4096);
    assertEquals(
        EngineException.Kind.ABSENT,
        assertThrows(EngineException.class, () -> LockedMemory.lock(nowhere)).kind());
  }

  @Test
  void saysTheLimit() {
    EngineException over = LockedMemory.refused(BYTES, 12, OptionalLong.of(65536));
    assertEquals(EngineException.Kind.ABSENT, over.kind());
    assertEquals(
        "1048576 bytes cannot be locked in memory: this process may lock 65536 bytes in all",
        over.reason());
    assertTrue(String.valueOf(over.remedy()).contains("ulimit -l"));
    assertTrue(
        LockedMemory.refused(BYTES, 12, OptionalLong.empty()).reason().contains("no more memory"));
    assertTrue(LockedMemory.refused(BYTES, 11, OptionalLong.empty()).reason().contains("error 11"));
  }

  /** In a process that may lock 64 KiB, where one can be made. */
  @Test
  void moreThanTheLimit() throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    if (System.getProperty("user.name").equals("root")) {
      Path program = Path.of("/usr/bin/setpriv"); // whoever has this capability has no limit
      assumeTrue(Files.isExecutable(program));
      command.addAll(
          List.of(program.toString(), "--bounding-set=-ipc_lock", "--inh-caps=-ipc_lock"));
    }
    command.addAll(List.of("/bin/bash", "-c", "ulimit -l 64 && exec \"$@\"", "bash"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx64m", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Locking.class.getName()));
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    String said = Files.readString(output).strip();
    assertFalse(said.isEmpty());
    assertEquals(
        "ABSENT: 1048576 bytes cannot be locked in memory: this process may lock 65536 bytes in all",
        said.lines().toList().getLast());
  }

  /** A process that locks memory and says how it went. */
  static final class Locking {
    private Locking() {}

    public static void main(String[] args) {
      try (var arena = Arena.ofConfined()) {
        LockedMemory.lock(arena.allocate(BYTES, 4096));
        System.out.println("locked");
      } catch (EngineException refused) {
        System.out.println(refused.kind() + ": " + refused.reason());
      }
    }
  }
}
