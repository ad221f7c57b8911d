// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure;

import org.jspecify.annotations.Nullable;

/**
 * A failure that a user can understand and act on. Its message is one line that says what is wrong,
 * where, and what to do; it is printed without a stack trace. Bugs are {@link
 * IllegalStateException} or {@link AssertionError} instead.
 */
public abstract class BenchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  protected BenchException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
