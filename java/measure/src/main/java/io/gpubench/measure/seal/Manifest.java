// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.seal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The contents of {@code manifest.json}: every file of a run directory with its hash, and what the
 * run says of its origin, so that {@code run.json} cannot say something else later.
 *
 * @param schema {@value #SCHEMA}
 * @param run id of the run, and the name of its directory
 * @param sealedAt UTC, ISO 8601, to the millisecond
 * @param signer fingerprint of the key that signs; null for an unsigned run
 * @param kernels by engine and image
 * @param files every regular file but the seal's own, sorted by path
 */
public record Manifest(
    String schema,
    String run,
    String sealedAt,
    Tool tool,
    @Nullable String signer,
    List<Kernel> kernels,
    Seeds seeds,
    List<Entry> files) {
  /** Name and version of the format. */
  public static final String SCHEMA = "gpubench.manifest/1";

  /** The manifest's file in a run directory. */
  public static final String FILE = "manifest.json";

  /** The signature over the bytes of {@link #FILE}: 64 raw bytes, Ed25519. */
  public static final String SIGNATURE_FILE = "manifest.sig";

  /** The public key that fits the signature, in PEM. */
  public static final String SIGNER_FILE = "signer.pem";

  /** A manifest with more bytes is neither written nor read. */
  public static final int MOST_BYTES = 16 << 20;

  /**
   * What measured.
   *
   * @param commit of the source it was built from
   * @param modified whether that source had uncommitted changes
   */
  public record Tool(String name, String version, String commit, boolean modified) {}

  /**
   * Code that an engine loaded.
   *
   * @param image which of the engine's, such as {@code library}
   * @param sha256 lower-case hexadecimal, 64 digits
   */
  public record Kernel(String engine, String image, String sha256) {}

  /**
   * Where randomness began.
   *
   * @param order seed of the order of the processes; null when they follow the plan
   * @param inputs seeds of the inputs, ascending, each once
   */
  public record Seeds(@Nullable Long order, List<Long> inputs) {}

  /**
   * A file.
   *
   * @param path below the run directory, with forward slashes; see {@link
   *     FolderListing#isPlain(String)}
   * @param sha256 lower-case hexadecimal, 64 digits
   */
  public record Entry(String path, long bytes, String sha256) {
    /**
     * Reads a file once, without following a link, and never the whole of it into memory.
     *
     * @throws IOException when it is not there, not a regular file, or cannot be read
     */
    public static Entry of(Path directory, String path) throws IOException {
      return FileHash.of(directory.resolve(path)).entry(path);
    }
  }

  /** What a manifest says about the run itself; the verifier compares it with {@code run.json}. */
  public record Header(String run, Tool tool, List<Kernel> kernels, Seeds seeds) {}

  public Header header() {
    return new Header(run, tool, kernels, seeds);
  }
}
