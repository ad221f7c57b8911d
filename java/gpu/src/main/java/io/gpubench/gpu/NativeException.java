// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import org.jspecify.annotations.Nullable;

/**
 * A native library is missing, or a call into it failed. The message is one line for a user.
 * Mistakes in using this package are {@link LifecycleException} and other bugs instead.
 */
public abstract sealed class NativeException extends RuntimeException
    permits NativeUnavailableException, CudaException, NvmlException, NvrtcException {
  private static final long serialVersionUID = 1L;

  NativeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
