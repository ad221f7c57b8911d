// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure;

import org.jspecify.annotations.Nullable;

/**
 * An engine, its library or its device is missing or failed. Engines turn every native error into
 * this type before it leaves their room.
 */
public final class EngineException extends BenchException {
  private static final long serialVersionUID = 1L;

  public EngineException(String message) {
    super(message, null);
  }

  public EngineException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
