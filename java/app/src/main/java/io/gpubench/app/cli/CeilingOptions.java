// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.measuring.CeilingUse;
import io.gpubench.measure.ceiling.CeilingStore;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** To which ceilings results are related: the options of every command that measures. */
final class CeilingOptions {
  @Option(
      names = "--ceilings",
      paramLabel = "MODE",
      defaultValue = "auto",
      description =
          "Relate results to what this machine can do at all: auto uses the ceilings that are kept, and measures"
              + " those that lack, are out of date or are exceeded, in a few seconds; refresh measures all that are"
              + " needed; off relates to none (default: ${DEFAULT-VALUE}).")
  private Mode mode = Mode.auto;

  @Mixin private StateOption state = new StateOption();

  /** When ceilings are measured; named as on the command line. */
  enum Mode {
    auto,
    refresh,
    off
  }

  /** What they say. */
  CeilingUse use() {
    return new CeilingUse(
        switch (mode) {
          case auto -> CeilingUse.Mode.AUTO;
          case refresh -> CeilingUse.Mode.REFRESH;
          case off -> CeilingUse.Mode.OFF;
        },
        state.state);
  }

  /** Where gpubench keeps what belongs to a user and a machine. */
  static final class StateOption {
    @Option(
        names = "--state",
        paramLabel = "DIR",
        description =
            "Keep the ceilings of this machine here (default: gpubench in $XDG_STATE_HOME, or else in"
                + " ~/.local/state).")
    private @Nullable Path state;

    /** Empty where no folder is named and there is no usual one. */
    Optional<CeilingStore> store(App app) {
      return CeilingUse.store(state, app.environment());
    }
  }
}
