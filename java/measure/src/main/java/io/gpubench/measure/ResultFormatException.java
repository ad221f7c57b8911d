// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure;

import org.jspecify.annotations.Nullable;

/**
 * A stored result cannot be read: truncated, foreign, or of a newer format. The message names file
 * and place.
 */
public final class ResultFormatException extends BenchException {
  private static final long serialVersionUID = 1L;

  private final boolean newer;

  public ResultFormatException(String message) {
    this(message, null, false);
  }

  public ResultFormatException(String message, @Nullable Throwable cause) {
    this(message, cause, false);
  }

  private ResultFormatException(String message, @Nullable Throwable cause, boolean newer) {
    super(message, cause);
    this.newer = newer;
  }

  /** For what a newer gpubench has written. */
  public static ResultFormatException newer(String message) {
    return new ResultFormatException(message, null, true);
  }

  /** Whether a newer gpubench may be able to read it. */
  public boolean isNewer() {
    return newer;
  }
}
