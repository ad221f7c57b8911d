// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.seal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/** Size and SHA-256 of a file, and reading of small ones; what is not a regular file is refused. */
record FileHash(long bytes, String sha256) {
  private static final int BUFFER_BYTES = 1 << 17;

  /** Reads a file in pieces. */
  static FileHash of(Path file) throws IOException {
    demandRegular(file, LinkOption.NOFOLLOW_LINKS);
    MessageDigest digest = Sha256.digest();
    long bytes = 0;
    try (var channel =
        Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      var buffer = ByteBuffer.allocate(Math.clamp(channel.size() + 1, 1 << 10, BUFFER_BYTES));
      int read;
      while ((read = channel.read(buffer)) >= 0) {
        bytes += read;
        digest.update(buffer.flip());
        buffer.clear();
      }
    }
    return new FileHash(bytes, HexFormat.of().formatHex(digest.digest()));
  }

  Manifest.Entry entry(String path) {
    return new Manifest.Entry(path, bytes, sha256);
  }

  /**
   * All bytes of a small file.
   *
   * @throws TooLargeException when it has more than {@code most}
   * @throws IrregularException when it is not a regular file
   */
  static byte[] contents(Path file, int most, LinkOption... links) throws IOException {
    demandRegular(file, links);
    try (var in = Files.newInputStream(file, links)) {
      byte[] read = in.readNBytes(most + 1);
      if (read.length > most) {
        Arrays.fill(read, (byte) 0); // may be somebody's secret
        throw new TooLargeException(file, most);
      }
      return read;
    }
  }

  /** A special file could block whoever opens it. */
  private static void demandRegular(Path file, LinkOption... links) throws IOException {
    var attributes = Files.readAttributes(file, BasicFileAttributes.class, links);
    if (!attributes.isRegularFile()) {
      throw new IrregularException(file, FolderListing.kind(attributes));
    }
  }

  /** A link, a folder, or a special file where a regular one was expected. */
  static final class IrregularException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    IrregularException(Path file, String kind) {
      super(file.toString(), null, "it is " + kind + ", not a regular file");
    }
  }

  /** A file that is larger than any that gpubench writes there. */
  static final class TooLargeException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    TooLargeException(Path file, int most) {
      super(file.toString(), null, "it has more than " + most + " bytes");
    }
  }
}
