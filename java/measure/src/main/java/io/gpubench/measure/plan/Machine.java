// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import io.gpubench.measure.spi.MachineFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Probes this machine for what planning needs to know. What cannot be read counts as unlimited; it
 * never fails.
 *
 * <p>Available memory is the least of: what the kernel can give without swapping; what the control
 * groups of this process have left; and three quarters of the largest Java heap, since inputs and
 * expected answers lie on the heap with some engines and one number has to hold for all of them.
 * The last quarter is for samples and the tool itself. An explicit limit can lower this, not raise
 * it.
 */
public final class Machine {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})([KMG]?)B?");
  private static final long UNKNOWN = Long.MAX_VALUE;

  private final Path root;

  private Machine(Path root) {
    this.root = root;
  }

  /**
   * The facts of the machine on which this runs, now.
   *
   * @param memoryLimitBytes use no more memory than this; null for no limit of its own
   */
  public static MachineFacts facts(@Nullable Long memoryLimitBytes) {
    Runtime runtime = Runtime.getRuntime();
    return facts(
        Path.of("/"), runtime.availableProcessors(), runtime.maxMemory(), memoryLimitBytes);
  }

  /** As {@link #facts(Long)}, with the file system below another root. */
  static MachineFacts facts(
      Path root, int processors, long maxHeapBytes, @Nullable Long memoryLimitBytes) {
    var machine = new Machine(root);
    long available = Math.min(machine.kernelBytes(), maxHeapBytes / 4 * 3);
    available = Math.min(available, machine.controlGroupBytes());
    if (memoryLimitBytes != null) {
      available = Math.min(available, memoryLimitBytes);
    }
    return new MachineFacts(processors, available, machine.lastLevelCacheBytes());
  }

  private long kernelBytes() {
    for (String line : lines("proc/meminfo")) {
      if (line.startsWith("MemAvailable:")) {
        return size(line.substring(line.indexOf(':') + 1).replace("kB", "K").replace(" ", ""))
            .orElse(UNKNOWN);
      }
    }
    return UNKNOWN;
  }

  /** What is left in the tightest control group from that of this process up to the root. */
  private long controlGroupBytes() {
    long left = UNKNOWN;
    for (String line : lines("proc/self/cgroup")) {
      String[] parts = line.split(":", 3); // hierarchy:controllers:path
      if (parts.length < 3) {
        continue;
      }
      if (parts[1].isEmpty()) {
        left = Math.min(left, left("sys/fs/cgroup", parts[2], VERSION_2));
      } else if (List.of(parts[1].split(",")).contains("memory")) {
        left = Math.min(left, left("sys/fs/cgroup/memory", parts[2], VERSION_1));
      }
    }
    return left;
  }

  private record GroupFiles(String limit, String usage, String reclaimable) {}

  private static final GroupFiles VERSION_2 =
      new GroupFiles("memory.max", "memory.current", "inactive_file ");
  private static final GroupFiles VERSION_1 =
      new GroupFiles("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file ");

  private long left(String mount, String group, GroupFiles files) {
    Path top = root.resolve(mount);
    Path folder = top.resolve(group.replaceFirst("^/+", "")).normalize();
    if (!folder.startsWith(top)) {
      folder = top; // a process that was moved out of its name space sees /../..
    }
    long left = UNKNOWN;
    // a container may see the path of its host, which is not there: the parents up to the top are
    while (folder != null && folder.startsWith(top)) {
      OptionalLong limit = firstSize(folder.resolve(files.limit));
      if (limit.isPresent()) {
        long used = firstSize(folder.resolve(files.usage)).orElse(0);
        long reclaimable = reclaimable(folder.resolve("memory.stat"), files.reclaimable);
        left = Math.min(left, Math.max(0, limit.getAsLong() - Math.max(0, used - reclaimable)));
      }
      folder = folder.getParent();
    }
    return left;
  }

  /** File pages that the kernel drops before it runs out of memory. */
  private static long reclaimable(Path stat, String key) {
    return lines(stat).stream()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> size(line.substring(key.length())).orElse(0))
        .findFirst()
        .orElse(0);
  }

  /** Of all caches of the last level together: threads on several of them use them all. */
  private long lastLevelCacheBytes() {
    var slices = new HashMap<String, Long>();
    long largest = 0;
    try (DirectoryStream<Path> processors =
        Files.newDirectoryStream(root.resolve("sys/devices/system/cpu"), "cpu[0-9]*")) {
      for (Path processor : processors) {
        try (DirectoryStream<Path> indexes =
            Files.newDirectoryStream(processor.resolve("cache"), "index*")) {
          for (Path index : indexes) {
            long size = firstSize(index.resolve("size")).orElse(0);
            if (size > largest) {
              largest = size;
              slices.clear();
            }
            if (size == largest) {
              slices.put(sharedBy(index), size);
            }
          }
        }
      }
    } catch (IOException _) {
      slices.clear(); // a virtual machine may hide its caches here and show one in cpuinfo
    }
    long all = slices.values().stream().mapToLong(size -> size).sum();
    return all > 0 ? all : cacheBytesOfCpuinfo();
  }

  /** The processors that share a cache; where that is not told, one cache is taken for all. */
  private static String sharedBy(Path cache) {
    List<String> list = lines(cache.resolve("shared_cpu_list"));
    return list.isEmpty() ? "" : list.getFirst();
  }

  private long cacheBytesOfCpuinfo() {
    return lines("proc/cpuinfo").stream()
        .filter(line -> line.startsWith("cache size"))
        .mapToLong(line -> size(line.substring(line.indexOf(':') + 1).replace(" ", "")).orElse(0))
        .max()
        .orElse(0);
  }

  private static OptionalLong firstSize(Path file) {
    List<String> lines = lines(file);
    return lines.isEmpty() ? OptionalLong.empty() : size(lines.getFirst());
  }

  /**
   * A size as the kernel writes it: {@code 4096}, {@code 32768K}, {@code 36608KB}; not {@code max}.
   */
  private static OptionalLong size(String text) {
    Matcher size = SIZE.matcher(text.strip());
    if (!size.matches()) {
      return OptionalLong.empty();
    }
    int shift =
        switch (size.group(2)) {
          case "K" -> 10;
          case "M" -> 20;
          case "G" -> 30;
          default -> 0;
        };
    return OptionalLong.of(Long.parseLong(size.group(1)) << shift);
  }

  private List<String> lines(String file) {
    return lines(root.resolve(file));
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    } catch (IOException _) {
      return List.of();
    }
  }
}
