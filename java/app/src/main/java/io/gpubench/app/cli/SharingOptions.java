// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.measuring.Sharing;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * What to do while others use a device or the processors: the options of every command that
 * measures.
 */
final class SharingOptions {
  @Option(
      names = "--wait",
      paramLabel = "TIME",
      description = "Wait for so long while another run of gpubench is using the device.")
  private @Nullable String wait;

  @Option(
      names = "--anyway",
      description =
          "Measure although another run or another process is using the device; the record says so.")
  private boolean anyway;

  /** What they say. */
  Sharing sharing() {
    return new Sharing(wait, anyway);
  }
}
