// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import org.jspecify.annotations.Nullable;

/** This machine lacks a library, a driver, a device or code for it; the remedy says what to do. */
public final class NativeUnavailableException extends NativeException {
  private static final long serialVersionUID = 1L;

  private final String remedy;

  NativeUnavailableException(String message, String remedy) {
    this(message, remedy, null);
  }

  NativeUnavailableException(String message, String remedy, @Nullable NativeException cause) {
    super(message, cause);
    this.remedy = remedy;
  }

  /** What would help, as an advice in the imperative. */
  public String remedy() {
    return remedy;
  }
}
