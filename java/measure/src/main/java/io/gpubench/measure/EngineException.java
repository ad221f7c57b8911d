// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure;

import org.jspecify.annotations.Nullable;

/**
 * An engine, its library or its device is missing or failed. Engines turn every native error into
 * this type before it leaves their room.
 */
public final class EngineException extends BenchException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final String reason;
  private final @Nullable String remedy;

  /** What is left of the engine. */
  public enum Kind {
    /** It is not there on this machine: a library, a device, a processor's feature is missing. */
    UNAVAILABLE,
    /**
     * The engine works, but has not what this run asks for, such as a second device: the run is
     * skipped, and others are not.
     */
    ABSENT,
    /** What was asked for failed; something else may work. */
    FAILED,
    /** This process cannot use the device any more; another one may. */
    LOST_DEVICE
  }

  public EngineException(String message) {
    this(message, null);
  }

  public EngineException(String message, @Nullable Throwable cause) {
    this(Kind.FAILED, message, null, cause);
  }

  /**
   * A failure of a certain kind.
   *
   * @param reason what is wrong, in one line
   * @param remedy what a user can do; null when the reason says it or nothing helps
   */
  public EngineException(
      Kind kind, String reason, @Nullable String remedy, @Nullable Throwable cause) {
    super(remedy == null ? reason : reason + "; " + remedy, cause);
    this.kind = kind;
    this.reason = reason;
    this.remedy = remedy;
  }

  public Kind kind() {
    return kind;
  }

  /** The message without the remedy. */
  public String reason() {
    return reason;
  }

  /** What a user can do; null when nobody knows. */
  public @Nullable String remedy() {
    return remedy;
  }
}
