// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure;

import org.jspecify.annotations.Nullable;

/**
 * A stored result cannot be read: truncated, foreign, or of a newer format. The message names file
 * and place.
 */
public final class ResultFormatException extends BenchException {
  private static final long serialVersionUID = 1L;

  public ResultFormatException(String message) {
    super(message, null);
  }

  public ResultFormatException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
