// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.bundle;

import io.gpubench.measure.BenchException;
import org.jspecify.annotations.Nullable;

/** A bundle cannot be made here: a tool is missing, or a folder cannot be written. */
public final class BundleException extends BenchException {
  private static final long serialVersionUID = 1L;

  BundleException(String message) {
    super(message, null);
  }

  BundleException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
