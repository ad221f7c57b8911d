// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.measure.verify.Verification;
import java.nio.file.Path;
import java.util.List;

/**
 * Prints what became of verifying runs, one after the other, and nothing is kept. Used by one
 * thread, which closes it; that ends the report, not the stream.
 */
public sealed interface VerificationReport extends AutoCloseable
    permits VerificationJson, VerificationText {
  /** What a verified run is known to be. */
  List<String> PROVES =
      List.of(
          "Every file is as the manifest says; none is missing and none was added.",
          "Every statistic follows from the raw samples.",
          "Nothing in the run contradicts the rest of it, its clock or the bounds of its hardware.");

  /** What nobody can know from the files alone. */
  List<String> CANNOT_PROVE =
      List.of(
          "That the machine that measured was honest.",
          "For a run that is not signed: that nobody changed samples, statistics and manifest together."
              + " That takes a signature ('gpubench keys create') and a reader who demands it (--signer).");

  /** A run that could be read. */
  void add(Verification verification);

  /** A directory that could not be read as a run. */
  void unreadable(Path directory, String reason);

  @Override
  void close();
}
