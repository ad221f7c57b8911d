// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.StoreErrors;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.seal.FolderListing;
import io.gpubench.measure.seal.Manifest;
import io.gpubench.measure.seal.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files of one run directory. Each is read once: what is parsed is what is hashed and compared
 * with the manifest. Used by one thread.
 */
final class SealedFiles {
  private static final int BUFFER = 1 << 16;

  private final Path directory;
  private final @Nullable Manifest manifest;
  private final FolderListing listing;
  private final Findings findings;
  private final Map<String, Manifest.Entry> entries = new HashMap<>();
  private final Map<String, String> byHash = new HashMap<>();
  private final Set<Long> sizes = new HashSet<>();
  private final Set<String> present;
  private final Set<String> read = new HashSet<>();
  private final byte[] buffer = new byte[BUFFER];

  /** Makes something of a file's bytes; need not read to the end. */
  interface Parser<T> {
    T parse(String name, InputStream in) throws IOException;
  }

  /**
   * Lists the directory.
   *
   * @param manifest null where there is none to compare with
   * @throws ResultFormatException when it cannot be listed
   */
  SealedFiles(Path directory, @Nullable Manifest manifest, Findings findings) {
    this.directory = directory;
    this.manifest = manifest;
    this.findings = findings;
    try {
      this.listing = FolderListing.of(directory);
    } catch (IOException e) {
      throw new ResultFormatException(directory + ": cannot be read: " + StoreErrors.text(e), e);
    }
    present = new HashSet<>(listing.files());
    if (manifest != null) {
      for (Manifest.Entry entry : manifest.files()) {
        entries.put(entry.path(), entry);
        byHash.putIfAbsent(entry.sha256(), entry.path());
        sizes.add(entry.bytes());
      }
    }
  }

  /** Finds what is in the directory and not in the manifest, and the other way round. */
  void compareNames() {
    for (FolderListing.Irregular entry : listing.irregular()) {
      findings.add(
          Flaw.IRREGULAR, entry.path(), "it is " + entry.what() + "; gpubench makes none there");
    }
    if (manifest == null) {
      return;
    }
    for (String path : listing.files()) {
      if (!entries.containsKey(path)) {
        findings.add(Flaw.UNLISTED, path, "the manifest does not list it");
      }
    }
    for (Manifest.Entry entry : manifest.files()) {
      if (!present.contains(entry.path())) {
        findings.add(
            Flaw.MISSING,
            entry.path(),
            "the manifest lists %,d bytes, and it is not there".formatted(entry.bytes()));
      }
    }
  }

  /** Whether a file is shorter than it was sealed. */
  boolean isShorter(String path) {
    Manifest.Entry entry = entries.get(path);
    try {
      return entry != null && Files.size(directory.resolve(path)) < entry.bytes();
    } catch (IOException _) {
      return false;
    }
  }

  /** How many files' hashes were compared. */
  int compared() {
    return (int) read.stream().filter(entries::containsKey).count();
  }

  /**
   * Reads a file that the run must have, and compares its hash.
   *
   * @return null when it is not there, which is found then
   * @throws ResultFormatException when the parser throws it, or the file cannot be read
   */
  <T> @Nullable T read(String path, Parser<T> parser) {
    if (!present.contains(path)) {
      if (!entries.containsKey(path)) { // else it was found already
        findings.add(Flaw.MISSING, path, "run.json names it, and it is not there");
      }
      return null;
    }
    read.add(path);
    Path file = directory.resolve(path);
    Manifest.Entry entry = entries.get(path);
    MessageDigest digest = Sha256.digest();
    try (var in =
        new DigestInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), digest)) {
      long bytes = Files.size(file);
      // the hash of a file of another size can only say whose it is; and it may be endless
      boolean hash = entry != null && sizes.contains(bytes);
      try {
        return parser.parse(file.toString(), in);
      } finally {
        while (hash && in.read(buffer) >= 0) {
          // the rest counts for the hash
        }
        if (entry != null) {
          compare(entry, bytes, hash ? HexFormat.of().formatHex(digest.digest()) : "");
        }
      }
    } catch (IOException e) {
      throw new ResultFormatException(file + ": cannot be read: " + StoreErrors.text(e), e);
    }
  }

  /**
   * Compares the hashes of the files that nobody has read. None should be left.
   *
   * @param all whether everything was read that the run mentions
   */
  void readRest(boolean all) {
    for (String path : listing.files()) {
      if (entries.containsKey(path) && !read.contains(path)) {
        if (all) {
          findings.add(Flaw.UNLISTED, path, "nothing in run.json mentions it");
        }
        read(path, (_, _) -> path);
      }
    }
  }

  private void compare(Manifest.Entry entry, long bytes, String hash) {
    if (entry.bytes() == bytes && entry.sha256().equals(hash)) {
      return;
    }
    String path = entry.path();
    String other = byHash.get(hash);
    String sizes = "%,d bytes, and %,d were sealed".formatted(bytes, entry.bytes());
    if (other != null) {
      findings.add(Flaw.SWAPPED, path, "it holds what was sealed as " + other);
    } else if (bytes < entry.bytes() && !path.equals(RunWriter.RUN_FILE)) {
      findings.add(Flaw.TRUNCATED, path, sizes);
    } else {
      findings.add(
          Flaw.ALTERED,
          path,
          entry.bytes() != bytes
              ? sizes
              : "its SHA-256 is %s…, sealed was %s…"
                  .formatted(hash.substring(0, 12), entry.sha256().substring(0, 12)));
    }
  }
}
