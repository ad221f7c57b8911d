// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of verifying one run directory.
 *
 * @param run its id, as {@code run.json} says; null when that could not be read
 * @param sealedAt when it was sealed, as its manifest says; null when it is not sealed
 * @param signer fingerprint of the key whose signature fits; null when there is none
 * @param files whose hashes were compared
 * @param records whose values were compared with what follows from their samples
 * @param processes of these records with samples
 * @param samples of these processes
 * @param prints of the samples of each process, by the name of its file, by which {@link
 *     Verifier#compare} knows them again
 * @param findings empty when nothing speaks against the evidence
 */
public record Verification(
    Path directory,
    @Nullable String run,
    @Nullable String sealedAt,
    @Nullable String signer,
    int files,
    int records,
    int processes,
    long samples,
    Map<String, long[]> prints,
    List<Finding> findings) {
  /** Whether nothing was found. */
  public boolean verified() {
    return findings.isEmpty();
  }
}
