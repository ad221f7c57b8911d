// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.migration;

import io.gpubench.measure.Names;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration of a run says of a tier that is a file: under {@code fromAccess} or {@code
 * toAccess} whether its times are those of storage, under {@code fromFileSystem} or {@code
 * toFileSystem} the type of its file system. Pure.
 */
final class FileLabel {
  private static final String DIRECT = "direct";
  private static final String MEMORY = "memory";
  private static final List<String> ACCESSES = List.of(DIRECT, "page cache", MEMORY);

  /** File systems that are memory, however a file is opened. */
  private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs");

  /** Those that take a direct access and keep a cache of their own nevertheless. */
  private static final Set<String> CACHED = Set.of("zfs");

  private FileLabel() {}

  /**
   * What cannot be, in one line; null for nothing.
   *
   * @param end {@code from} or {@code to}
   */
  static @Nullable String contradiction(String end, Tier tier, Map<String, Object> configuration) {
    Object access = configuration.get(end + "Access");
    Object fileSystem = configuration.get(end + "FileSystem");
    if (tier.kind() != Tier.Kind.FILE) {
      return access == null
          ? null
          : "%s=%s is no file, and is said to be accessed by '%s'".formatted(end, tier, access);
    }
    if (!(access instanceof String word) || !(fileSystem instanceof String type)) {
      return "%s=%s does not say whether that is storage, and of which file system"
          .formatted(end, tier);
    }
    if (!ACCESSES.contains(word)) {
      return "%s=%s: %s".formatted(end, tier, Names.unknown("access", word, ACCESSES));
    }
    boolean inMemory = IN_MEMORY.contains(type);
    return inMemory != word.equals(MEMORY) || (CACHED.contains(type) && word.equals(DIRECT))
        ? "%s=%s lies on %s, which is not accessed by '%s'".formatted(end, tier, type, word)
        : null;
  }
}
