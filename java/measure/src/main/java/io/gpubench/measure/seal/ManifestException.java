// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.seal;

import org.jspecify.annotations.Nullable;

/**
 * A {@code manifest.json} that gpubench did not write: truncated, foreign, too large, not a regular
 * file. The message is one printable line that does not name the folder.
 */
public final class ManifestException extends Exception {
  private static final long serialVersionUID = 1L;

  ManifestException(String problem, @Nullable Throwable cause) {
    super(FolderListing.printable(problem), cause);
  }
}
