// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.measuring.Journey;
import io.gpubench.measure.ConfigException;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** Where evidence goes and how it is shown: the options of every command that shows runs. */
final class StoreOptions {
  @Mixin private EvidenceOptions evidence = new EvidenceOptions();

  @Mixin private FormatOption format = new FormatOption();

  /**
   * What surrounds a measurement that a command is asked for.
   *
   * @param shown whether its result is printed
   * @throws ConfigException when a key is there and cannot be used
   */
  Journey journey(
      App app, CommandLine command, SharingOptions sharing, Interrupt interrupt, boolean shown) {
    return evidence.journey(app, command, sharing, interrupt, format, shown);
  }

  /** As what a result is printed. */
  FormatOption.Format format() {
    return format.format();
  }
}
