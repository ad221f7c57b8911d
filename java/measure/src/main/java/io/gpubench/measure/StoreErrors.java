// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Words for what went wrong with a file. */
public final class StoreErrors {
  private StoreErrors() {}

  /** The reason alone, without the file's name. */
  public static String text(IOException error) {
    return switch (error) {
      case AccessDeniedException _ -> "permission denied";
      case NoSuchFileException _ -> "it does not exist";
      case NotDirectoryException _ -> "it is not a folder";
      case FileAlreadyExistsException _ -> "a file of that name is in the way";
      case FileSystemException known when known.getReason() != null -> known.getReason();
      default -> error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
    };
  }

  /**
   * Whether the path itself is to blame, and whoever chose it: not the disk behind it.
   *
   * @param error of making something there
   */
  public static boolean isPlace(IOException error) {
    return error instanceof AccessDeniedException
        || error instanceof NoSuchFileException
        || error instanceof NotDirectoryException
        || error instanceof FileAlreadyExistsException
        || (error instanceof FileSystemException known && isBelowFile(known.getFile()));
  }

  /** Whether a file stands where a folder would have to be. */
  private static boolean isBelowFile(@Nullable String path) {
    Path folder = path == null ? null : Path.of(path).getParent();
    while (folder != null && !Files.exists(folder)) {
      folder = folder.getParent();
    }
    return folder != null && !Files.isDirectory(folder);
  }
}
