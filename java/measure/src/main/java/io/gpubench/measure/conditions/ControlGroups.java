// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The control groups that share out CPU time to this process: its own and those around it, since
 * any of them can hold it back. Where a container hides its group, what it shows as the top is its
 * own.
 *
 * @param unified whether they are of the second version
 * @param folders those that tell of CPU time, the innermost first
 */
public record ControlGroups(boolean unified, List<Path> folders) {
  private static final String MOUNTED = "sys/fs/cgroup";

  public ControlGroups {
    folders = List.copyOf(folders);
  }

  /**
   * Those of this process.
   *
   * @param root holds {@code sys} and {@code proc}
   */
  public static ControlGroups find(Path root) {
    List<String> lines;
    try {
      lines = Files.readAllLines(root.resolve("proc/self/cgroup"), StandardCharsets.UTF_8);
    } catch (IOException _) {
      return new ControlGroups(true, List.of());
    }
    // hierarchy:controllers:path
    List<String[]> entries =
        lines.stream().map(line -> line.split(":", 3)).filter(parts -> parts.length == 3).toList();
    Path mounted = root.resolve(MOUNTED);
    for (String[] entry : entries) {
      if (Arrays.asList(entry[1].split(",")).contains("cpu")) {
        Path top =
            Stream.of(entry[1], "cpu", "cpu,cpuacct")
                .map(mounted::resolve)
                .filter(Files::isDirectory)
                .findFirst()
                .orElse(mounted.resolve("cpu"));
        return new ControlGroups(false, upwards(top, entry[2]));
      }
    }
    return entries.stream()
        .filter(entry -> entry[1].isEmpty())
        .findFirst()
        .map(entry -> new ControlGroups(true, upwards(mounted, entry[2])))
        .orElseGet(() -> new ControlGroups(true, List.of()));
  }

  /** A folder for each part of a path that is there, and the top itself. */
  private static List<Path> upwards(Path top, String path) {
    var folders = new ArrayList<Path>();
    try {
      Path own = top.resolve(path.replaceFirst("^/+", "")).normalize();
      for (Path at = own;
          at != null && at.startsWith(top) && !at.equals(top);
          at = at.getParent()) {
        folders.add(at);
      }
    } catch (InvalidPathException _) {
      // then only the top is known
    }
    folders.add(top);
    return folders.stream().filter(folder -> Files.exists(folder.resolve("cpu.stat"))).toList();
  }

  /** Files with the quotas of those that have one; the period follows its quota where apart. */
  List<Path> quotas() {
    List<String> names =
        unified ? List.of("cpu.max") : List.of("cpu.cfs_quota_us", "cpu.cfs_period_us");
    return folders.stream()
        .map(folder -> names.stream().map(folder::resolve).toList())
        .filter(files -> files.stream().allMatch(Files::exists))
        .flatMap(List::stream)
        .toList();
  }

  /** Files that say how long each was held back; the top of the second version does not. */
  List<Path> statistics() {
    return folders.stream()
        .map(folder -> folder.resolve("cpu.stat"))
        .filter(ControlGroups::counts)
        .toList();
  }

  private static boolean counts(Path statistics) {
    try {
      return Files.readString(statistics).contains("nr_throttled ");
    } catch (IOException _) {
      return false;
    }
  }
}
