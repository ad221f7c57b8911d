// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.StoreErrors;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a folder lies on.
 *
 * @param folder its real path
 * @param fileSystem the type of the file system, such as {@code ext4} or {@code tmpfs}
 * @param blockBytes the file system's fragment size in bytes: what passes by the page cache is a
 *     multiple of it
 * @param freeBytes what this user may still write there, in bytes, when it was asked
 */
public record FolderFacts(Path folder, String fileSystem, int blockBytes, long freeBytes) {
  private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs", "devtmpfs");
  private static final Set<String> SERVED =
      Set.of(
          "9p",
          "afs",
          "ceph",
          "cifs",
          "gfs2",
          "glusterfs",
          "lustre",
          "nfs",
          "nfs4",
          "smb3",
          "smbfs",
          "virtiofs");
  private static final int USUAL_BLOCK = 4096;

  /**
   * Asks the system.
   *
   * @param folder as a user wrote it
   * @throws EngineException in one line, when it does not exist or is no folder that this user can
   *     write to
   */
  public static FolderFacts of(String folder) {
    try {
      Path real = Path.of(folder).toRealPath();
      if (!Files.isDirectory(real)) {
        throw failure(folder, "it is not a folder");
      }
      FileStore store = Files.getFileStore(real);
      if (store.isReadOnly()) {
        throw failure(folder, "it lies on a file system that is read-only");
      }
      if (!Files.isWritable(real) || !Files.isExecutable(real)) {
        throw failure(folder, "permission denied");
      }
      return new FolderFacts(real, store.type(), blockBytes(store), store.getUsableSpace());
    } catch (InvalidPathException e) {
      throw failure(folder, "no path: " + e.getReason());
    } catch (IOException e) {
      throw failure(folder, StoreErrors.text(e), e);
    }
  }

  private static int blockBytes(FileStore store) throws IOException {
    try {
      long bytes = store.getBlockSize();
      return bytes > 0 && bytes <= 1 << 30 ? (int) bytes : USUAL_BLOCK;
    } catch (UnsupportedOperationException _) {
      return USUAL_BLOCK;
    }
  }

  /** Whether all that is written there stays in memory. */
  public boolean inMemory() {
    return IN_MEMORY.contains(fileSystem);
  }

  /** Whether it has a cache that is not the system's, and that nobody can look into. */
  boolean hasCacheOfItsOwn() {
    return fileSystem.equals("zfs");
  }

  /**
   * Whether files of such a file system are on another machine, or with a program or host that
   * serves them: what is past this system's page cache may be in a cache there.
   *
   * @param fileSystem its type
   */
  public static boolean isServed(String fileSystem) {
    return SERVED.contains(fileSystem) || fileSystem.startsWith("fuse");
  }

  /**
   * Checks that a pool of pages fits, before any of it is written.
   *
   * @param takes what the pool takes, in bytes
   * @param pages of a migration
   * @throws EngineException when it does not; it says how many pages would
   */
  public void checkRoom(long takes, int pages) {
    long fits = freeBytes / Math.ceilDiv(takes, pages);
    checkRoom(takes, fits > 0 ? "; pages=" + fits + " fits" : "; not even one page fits");
  }

  /**
   * Likewise of any file.
   *
   * @param remedy what else to say
   */
  void checkRoom(long takes, String remedy) {
    if (takes > freeBytes) {
      throw failure(
          folder.toString(),
          "not enough room: the pool takes %d bytes, %d are free%s"
              .formatted(takes, freeBytes, remedy));
    }
  }

  /**
   * Checks that frames can be transferred past the page cache.
   *
   * @param granularity what the file system transfers
   * @throws EngineException when their size is no multiple of that
   */
  void checkGranularity(long pageBytes, int granularity) {
    if (pageBytes % granularity != 0) {
      throw failure(
          folder.toString(),
          "pages of %d bytes cannot be moved there past the page cache: expected a multiple of %d"
              .formatted(pageBytes, granularity));
    }
  }

  /** What went wrong in a folder, in one line. */
  static EngineException failure(String folder, String reason) {
    return failure(folder, reason, null);
  }

  /** Likewise, with what was thrown. */
  static EngineException failure(String folder, String reason, @Nullable Throwable cause) {
    return new EngineException("file tier %s: %s".formatted(folder, reason), cause);
  }
}
