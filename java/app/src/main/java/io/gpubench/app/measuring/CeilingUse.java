// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.measure.ceiling.CeilingStore;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * To which ceilings results are related.
 *
 * @param state folder in which the ceilings of this machine are kept; null for the usual one of
 *     this user
 */
public record CeilingUse(Mode mode, @Nullable Path state) {
  /** As the command line does it unless something else is said. */
  public static final CeilingUse AUTO = new CeilingUse(Mode.AUTO, null);

  /** Nothing but shares of what is physically possible. */
  public static final CeilingUse OFF = new CeilingUse(Mode.OFF, null);

  /** When ceilings are measured. */
  public enum Mode {
    /** Those that lack, are out of date or are exceeded. */
    AUTO("auto"),
    /** All that are needed. */
    REFRESH("refresh"),
    /** None, and results are related to none. */
    OFF("off");

    private final String word;

    Mode(String word) {
      this.word = word;
    }

    /** As the command line and a run document name it. */
    public String word() {
      return word;
    }
  }

  /** Where ceilings are kept; empty where no folder is named and there is no usual one. */
  Optional<CeilingStore> store(Map<String, String> environment) {
    return store(state, environment);
  }

  /**
   * Where ceilings are kept; empty where no folder is named and there is no usual one.
   *
   * @param state folder; null for the usual one
   */
  public static Optional<CeilingStore> store(
      @Nullable Path state, Map<String, String> environment) {
    return Optional.ofNullable(state)
        .or(() -> CeilingStore.usualState(environment))
        .map(CeilingStore::new);
  }
}
