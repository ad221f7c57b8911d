// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.gpubench.measure.spi.MachineFacts;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MachineTest {
  private static final long MIB = 1 << 20;
  private static final long HEAP = 4096 * MIB;

  private final FileSystem memory = Jimfs.newFileSystem(Configuration.unix());
  private final Path root = memory.getPath("/");

  @AfterEach
  void close() throws IOException {
    memory.close();
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private MachineFacts facts(@Nullable Long limit) {
    return Machine.facts(root, 3, HEAP, limit);
  }

  private long availableMib() {
    return facts(null).availableBytes() / MIB;
  }

  @Test
  void thisMachineHasMemoryAndProcessors() {
    MachineFacts facts = Machine.facts(null);
    assertTrue(facts.processors() >= 1);
    assertTrue(facts.availableBytes() > 0);
    assertTrue(facts.availableBytes() <= Runtime.getRuntime().maxMemory());
    assertTrue(facts.lastLevelCacheBytes() >= 0);
    assertEquals(4096, Machine.facts(4096L).availableBytes());
  }

  @Test
  void whereNothingCanBeReadTheHeapDecides() {
    assertEquals(new MachineFacts(3, 3072 * MIB, 0), facts(null));
  }

  @Test
  void aLimitLowersButDoesNotRaise() {
    assertEquals(MIB, facts(MIB).availableBytes());
    assertEquals(3072 * MIB, facts(1L << 50).availableBytes());
  }

  @Test
  void memoryThatTheKernelCanGive() throws IOException {
    write("proc/meminfo", "MemTotal:  9999999 kB\nMemAvailable:     102400 kB\n");
    assertEquals(100, availableMib());
  }

  @Test
  void controlGroupsOfVersion2CountUpToTheTop() throws IOException {
    write("proc/self/cgroup", "0::/a/b\n");
    write("sys/fs/cgroup/a/b/memory.max", "max\n");
    write("sys/fs/cgroup/a/b/memory.current", "1\n");
    assertEquals(3072, availableMib());
    write("sys/fs/cgroup/a/memory.max", 500 * MIB + "\n");
    write("sys/fs/cgroup/a/memory.current", 300 * MIB + "\n");
    assertEquals(200, availableMib());
    write("sys/fs/cgroup/a/memory.stat", "anon 5\ninactive_file " + 100 * MIB + "\n");
    assertEquals(300, availableMib());
    write("sys/fs/cgroup/a/memory.current", 900 * MIB + "\n");
    assertEquals(0, availableMib());
  }

  @Test
  void aContainerThatSeesThePathOfItsHost() throws IOException {
    write("proc/self/cgroup", "0::/../../kubepods/pod1\n");
    write("sys/fs/cgroup/memory.max", 64 * MIB + "\n");
    assertEquals(64, availableMib());
    write("proc/self/cgroup", "0::/docker/123\n");
    assertEquals(64, availableMib());
  }

  @Test
  void controlGroupsOfVersion1() throws IOException {
    write("proc/self/cgroup", "5:cpu,cpuacct:/y\n4:hugetlb,memory:/x\n0::/\nrubbish\n");
    write("sys/fs/cgroup/memory/x/memory.limit_in_bytes", 500 * MIB + "\n");
    write("sys/fs/cgroup/memory/x/memory.usage_in_bytes", 300 * MIB + "\n");
    write("sys/fs/cgroup/memory/x/memory.stat", "total_inactive_file " + 50 * MIB + "\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    write("sys/fs/cgroup/memory/y/memory.limit_in_bytes", 100 * MIB + "\n");
    assertEquals(250, availableMib());
  }

  @Test
  void theLargestCacheIsTheLast() throws IOException {
    write("sys/devices/system/cpu/cpu0/cache/index0/size", "48K\n");
    write("sys/devices/system/cpu/cpu0/cache/index3/size", "36M\n");
    write("sys/devices/system/cpu/cpu0/cache/index2/size", "2048K\n");
    assertEquals(36 * MIB, facts(null).lastLevelCacheBytes());
  }

  /** Four processors, two of which share a slice of the last level; threads use both slices. */
  @Test
  void slicesOfTheLastLevelAreAddedUp() throws IOException {
    for (int processor = 0; processor < 4; processor++) {
      String caches = "sys/devices/system/cpu/cpu" + processor + "/cache/";
      write(caches + "index2/size", "1024K\n");
      write(caches + "index2/shared_cpu_list", processor + "\n");
      write(caches + "index3/size", "32M\n");
      write(caches + "index3/shared_cpu_list", processor < 2 ? "0-1\n" : "2-3\n");
    }
    assertEquals(64 * MIB, facts(null).lastLevelCacheBytes());
  }

  @Test
  void cpuinfoKnowsACacheWhereTheFolderDoesNot() throws IOException {
    write("proc/cpuinfo", "model name\t: x\ncache size\t: 36608 KB\n");
    assertEquals(36_608 * 1024, facts(null).lastLevelCacheBytes());
    write("sys/devices/system/cpu/cpu0/cache/index0/size", "rubbish\n");
    assertEquals(36_608 * 1024, facts(null).lastLevelCacheBytes());
  }

  @Test
  void onlyTheLineOfTheCacheCounts() throws IOException {
    write("proc/cpuinfo", "cpu cores\t: 99999999\ncache size\t: 36608 KB\n");
    assertEquals(36_608 * 1024, facts(null).lastLevelCacheBytes());
  }
}
