// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.seal;

import io.gpubench.measure.Printable;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * What lies in a run directory, found without following a link or opening a file.
 *
 * @param files paths of all regular files but the seal's own, sorted
 * @param irregular what has no place in a run directory, sorted by path
 */
public record FolderListing(List<String> files, List<Irregular> irregular) {
  /** Folders within each other, the file's name counted too. */
  static final int MOST_PARTS = 8;

  /** A folder with more entries is not listed to its end. */
  static final int MOST_ENTRIES = 200_000;

  private static final int MOST_CHARACTERS = 1_000;
  private static final Set<String> SEAL =
      Set.of(Manifest.FILE, Manifest.SIGNATURE_FILE, Manifest.SIGNER_FILE);

  /**
   * An entry that is neither a regular file nor a folder, or that has a name no manifest can have.
   *
   * @param path printable
   * @param what in words: {@code a symbolic link}
   */
  public record Irregular(String path, String what) {}

  /**
   * Lists a folder and those below it. The folder itself may be a link.
   *
   * @throws IOException when the folder itself cannot be listed
   */
  public static FolderListing of(Path directory) throws IOException {
    var walk = new Walk();
    walk.list(directory, "", 1);
    Collections.sort(walk.files);
    walk.irregular.sort(Comparator.comparing(Irregular::path));
    return new FolderListing(List.copyOf(walk.files), List.copyOf(walk.irregular));
  }

  /**
   * Whether a manifest may list this path: relative, of printable ASCII without backslash, no part
   * empty, {@code .} or {@code ..}, and not one of the seal's own files.
   */
  static boolean isPlain(String path) {
    String[] parts = path.split("/", -1);
    if (parts.length > MOST_PARTS || path.length() > MOST_CHARACTERS || SEAL.contains(path)) {
      return false;
    }
    for (String part : parts) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        return false;
      }
    }
    return path.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '\\');
  }

  /** What a run says of itself, on one line and not too long. */
  public static String printable(String text) {
    return Printable.ascii(text, MOST_CHARACTERS);
  }

  static String kind(BasicFileAttributes attributes) {
    return attributes.isSymbolicLink()
        ? "a symbolic link"
        : attributes.isDirectory()
            ? "a folder"
            : attributes.isRegularFile() ? "a file" : "a special file";
  }

  private static final class Walk {
    final List<String> files = new ArrayList<>();
    final List<Irregular> irregular = new ArrayList<>();
    private int entries;

    void list(Path folder, String prefix, int parts) throws IOException {
      try (var stream = Files.newDirectoryStream(folder)) {
        for (Path entry : stream) {
          if (++entries > MOST_ENTRIES) {
            if (entries == MOST_ENTRIES + 1) {
              found(prefix, "a folder with more than " + MOST_ENTRIES + " entries");
            }
            return;
          }
          visit(entry, prefix + entry.getFileName(), parts);
        }
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }

    private void visit(Path entry, String path, int parts) {
      try {
        var attributes =
            Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (attributes.isDirectory()) {
          if (parts == MOST_PARTS) {
            found(path, "a folder in too many others");
          } else {
            list(entry, path + "/", parts + 1);
          }
        } else if (!SEAL.contains(path)) {
          if (!attributes.isRegularFile()) {
            found(path, kind(attributes));
          } else if (!isPlain(path)) {
            found(path, "a file with a name that gpubench does not give");
          } else {
            files.add(path);
          }
        }
      } catch (IOException e) {
        found(path, "an entry that cannot be read");
      }
    }

    private void found(String path, String what) {
      irregular.add(new Irregular(printable(path), what));
    }
  }
}
