// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.seal;

import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.StoreErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The seal of a run directory: its manifest, and what became of checking the signature. That the
 * files are those of the manifest is not checked here.
 */
public record Seal(Manifest manifest, SignatureCheck signature) {
  private static final String FRESH = Manifest.FILE + ".new";
  private static final DateTimeFormatter MILLISECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /**
   * Reads the seal of a directory.
   *
   * @return empty when there is none
   * @throws ManifestException when {@code manifest.json} is not one that gpubench wrote
   * @throws ResultFormatException when it is of a newer format or cannot be read
   */
  public static Optional<Seal> read(Path directory) throws ManifestException {
    Path file = directory.resolve(Manifest.FILE);
    try {
      byte[] json = FileHash.contents(file, Manifest.MOST_BYTES, LinkOption.NOFOLLOW_LINKS);
      Manifest manifest = ManifestJson.read(json, file);
      return Optional.of(new Seal(manifest, SignatureCheck.of(directory, manifest, json)));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (FileHash.IrregularException | FileHash.TooLargeException e) {
      throw new ManifestException(Manifest.FILE + ": " + StoreErrors.text(e), e);
    } catch (IOException e) {
      throw new ResultFormatException(file + ": cannot be read: " + StoreErrors.text(e), e);
    }
  }

  /**
   * Seals a directory: reads each regular file once, and writes the manifest, which appears as a
   * whole and last. What is not a regular file, or has a name that no manifest can have, is left
   * out; a verifier reports it.
   *
   * @param key that signs; null for an unsigned seal
   * @param sealedAt kept to the millisecond
   * @throws IOException when a file cannot be read or written, and nothing of a seal is left then;
   *     or when there is a seal or a part of one, which is kept
   */
  public static Manifest write(
      Path directory, Manifest.Header header, @Nullable SigningKey key, Instant sealedAt)
      throws IOException {
    for (String name : List.of(Manifest.FILE, Manifest.SIGNER_FILE, Manifest.SIGNATURE_FILE)) {
      if (!Files.notExists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
        throw new FileAlreadyExistsException(name);
      }
    }
    List<Manifest.Entry> files = new ArrayList<>();
    for (String path : FolderListing.of(directory).files()) {
      files.add(Manifest.Entry.of(directory, path));
    }
    var manifest =
        new Manifest(
            Manifest.SCHEMA,
            header.run(),
            MILLISECONDS.format(sealedAt),
            header.tool(),
            key == null ? null : key.signer().fingerprint(),
            header.kernels(),
            header.seeds(),
            List.copyOf(files));
    byte[] json = ManifestJson.write(manifest);
    if (json.length > Manifest.MOST_BYTES) {
      throw new IOException("more files than a manifest can list");
    }
    try {
      write(directory.resolve(FRESH), json);
      if (key != null) {
        write(
            directory.resolve(Manifest.SIGNER_FILE),
            key.signer().pem().getBytes(StandardCharsets.US_ASCII));
        write(directory.resolve(Manifest.SIGNATURE_FILE), key.sign(json));
      }
      Files.move(
          directory.resolve(FRESH),
          directory.resolve(Manifest.FILE),
          StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      remove(directory, e);
      throw e;
    }
    return manifest;
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      var buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  /** Takes half a seal away, from a disk that may be full. */
  private static void remove(Path directory, IOException failure) {
    for (String name : List.of(FRESH, Manifest.SIGNER_FILE, Manifest.SIGNATURE_FILE)) {
      try {
        Files.deleteIfExists(directory.resolve(name));
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
    }
  }
}
