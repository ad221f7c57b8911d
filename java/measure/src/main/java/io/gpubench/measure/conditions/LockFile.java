// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A lock file, open once in this process: when a process closes any descriptor of a file, the
 * system drops all locks that the process has on the file. So all locks of a file share a channel,
 * which is closed with the last of them. For any thread.
 */
final class LockFile {
  private static final Map<Key, LockFile> OPEN = new HashMap<>();

  private final Key key;
  private final FileChannel channel;
  private int users;

  private record Key(Path folder, String name) {}

  private LockFile(Key key, FileChannel channel) {
    this.key = key;
    this.channel = channel;
  }

  /** The file; whoever asked for it calls {@link #close}, after releasing its own locks. */
  static LockFile open(LockFolder folder, String name) throws IOException {
    folder.create();
    synchronized (OPEN) {
      var key = new Key(folder.path().toRealPath(), name);
      LockFile file = OPEN.get(key);
      if (file == null) {
        file = new LockFile(key, folder.open(name));
        OPEN.put(key, file);
      }
      file.users++;
      return file;
    }
  }

  /**
   * Locks bytes; null if another process has one of them.
   *
   * @throws java.nio.channels.OverlappingFileLockException if this process has, in whatever mode
   */
  @Nullable FileLock tryLock(CpuSet.Range bytes, boolean shared) throws IOException {
    return channel.tryLock(bytes.first(), bytes.size(), shared);
  }

  void close() {
    synchronized (OPEN) {
      users--;
      if (users == 0) {
        OPEN.remove(key);
        try {
          channel.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }
}
