// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.measure.Printable;
import io.gpubench.measure.result.ResultRecord;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the files of a migration turned out to be: whether their times are those of storage. Pure.
 */
final class FileTiers {
  /** What a record's configuration says of them, in this order. */
  static final List<String> NAMES =
      List.of("fromAccess", "fromFileSystem", "toAccess", "toFileSystem");

  private static final String DIRECT = "direct";

  /** File systems behind which somebody else's memory may lie; those of fuse begin so. */
  private static final Set<String> SERVED =
      Set.of("nfs", "nfs4", "cifs", "smb3", "9p", "virtiofs", "ceph", "lustre", "afs");

  private FileTiers() {}

  /** Whether what lies behind a file system is not known here. */
  static boolean served(@Nullable String fileSystem) {
    return fileSystem != null && (SERVED.contains(fileSystem) || fileSystem.startsWith("fuse"));
  }

  /** A line for each of them; empty where there is none. */
  static String of(Collection<ResultRecord> records) {
    var lines = new LinkedHashSet<String>();
    for (ResultRecord record : records) {
      for (String tier : List.of("from", "to")) {
        String line = line(record, tier);
        if (line != null) {
          lines.add(line);
        }
      }
    }
    var text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  private static @Nullable String line(ResultRecord record, String tier) {
    Map<String, Object> found = record.configuration();
    Object access = found.get(tier + "Access");
    if (PageMove.of(record) == null || access == null) {
      return null;
    }
    Object fileSystem = found.get(tier + "FileSystem");
    boolean elsewhere = fileSystem != null && served(fileSystem.toString());
    return Printable.line(
        "%s=%s is %s%s%s"
            .formatted(
                tier,
                record.parameters().get(tier),
                !access.equals(DIRECT)
                    ? access
                    : elsewhere
                        ? "past the page cache of this machine, with whoever serves it"
                        : "storage without the page cache",
                fileSystem == null ? "" : " (" + fileSystem + ")",
                access.equals(DIRECT) ? "" : ": not storage"));
  }
}
