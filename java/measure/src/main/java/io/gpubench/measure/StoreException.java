// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure;

import org.jspecify.annotations.Nullable;

/**
 * The result store cannot be written: a full disk, a read-only folder. The message says what was
 * kept and where.
 */
public final class StoreException extends BenchException {
  private static final long serialVersionUID = 1L;

  public StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
