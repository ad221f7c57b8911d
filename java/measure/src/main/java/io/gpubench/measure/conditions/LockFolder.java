// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;

/**
 * The folder of lock files that all users of this machine share. Created when it is first needed,
 * never removed. It need not be on a disk, but has to be the same for all who measure.
 *
 * @param path absolute
 */
public record LockFolder(Path path) {
  /** The system property that names another folder. */
  public static final String PROPERTY = "gpubench.locks";

  /** As /tmp: everybody may create files, and only their owner may remove them. */
  private static final int SHARED_FOLDER = 01777;

  private static final int SHARED_FILE = 0666;

  public LockFolder {
    path = path.toAbsolutePath().normalize();
  }

  /**
   * The one that {@link #PROPERTY} names, or {@code /tmp/gpubench-locks}: a temporary folder of its
   * user's own would be no place to meet others.
   */
  public static LockFolder ofThisMachine() {
    String chosen = System.getProperty(PROPERTY);
    return new LockFolder(Path.of(chosen == null ? "/tmp/gpubench-locks" : chosen));
  }

  /**
   * Creates it, unless it is there.
   *
   * @throws IOException if that cannot be
   */
  void create() throws IOException {
    if (Files.isDirectory(path)) {
      return;
    }
    try {
      Files.createDirectory(path);
      Files.setAttribute(path, "unix:mode", SHARED_FOLDER);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(path)) {
        throw e;
      }
    }
  }

  /**
   * Opens a file in it that everybody may lock, and creates it if necessary. Where a folder is
   * sticky, Linux may refuse to open another user's file with the permission to create it
   * (fs.protected_regular); so that comes second.
   */
  FileChannel open(String name) throws IOException {
    Path file = path.resolve(name);
    Set<OpenOption> existing = Set.of(READ, WRITE, LinkOption.NOFOLLOW_LINKS);
    try {
      return FileChannel.open(file, existing);
    } catch (NoSuchFileException _) {
      try {
        FileChannel created = FileChannel.open(file, Set.of(READ, WRITE, CREATE_NEW));
        Files.setAttribute(file, "unix:mode", SHARED_FILE);
        return created;
      } catch (FileAlreadyExistsException _) {
        return FileChannel.open(file, existing);
      }
    }
  }

  /** Why it cannot be used, in a few words. */
  String problem(IOException error) {
    String reason =
        switch (error) {
          case AccessDeniedException _ -> "permission denied";
          case NoSuchFileException _ -> "no such folder";
          case FileAlreadyExistsException _ -> "a file of that name is in the way";
          case FileSystemException known when known.getReason() != null -> known.getReason();
          default ->
              error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
        };
    return path + ": " + reason;
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
