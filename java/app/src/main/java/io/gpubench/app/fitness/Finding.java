// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.fitness;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at.
 *
 * @param about of what it is a part, such as {@code device 0}; null where it stands for itself
 * @param what in a few words that stay the same: {@code power limit}
 * @param detail what is so, in one line
 * @param effect what that does to numbers, with its size where that is known; null where nothing
 * @param command what mends it, for a shell; null where no command does
 */
public record Finding(
    @Nullable String about,
    String what,
    State state,
    String detail,
    @Nullable String effect,
    @Nullable String command) {
  /** How it is. */
  public enum State {
    /** Fit for measuring. */
    OK,
    /** It disturbs a measurement, or makes it another one than it seems. */
    WARNING,
    /** Nobody tells. */
    UNKNOWN,
    /** It is not there. */
    MISSING,
    /** A file of the user's has a mistake. */
    MISTAKEN,
    /** It takes longer than it should. */
    SLOW;

    /** As tables and documents have it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Without an effect. */
  public static Finding of(String what, State state, String detail) {
    return new Finding(null, what, state, detail, null, null);
  }

  static Finding ok(String what, String detail) {
    return of(what, State.OK, detail);
  }

  static Finding unknown(String what, String detail) {
    return of(what, State.UNKNOWN, detail);
  }

  static Finding warning(String what, String detail, String effect, @Nullable String command) {
    return new Finding(null, what, State.WARNING, detail, effect, command);
  }

  /** The same, as a part of something. */
  public Finding of(String whole) {
    return new Finding(whole, what, state, detail, effect, command);
  }
}
