// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import io.gpubench.ffi.nvml.NvmlApi;

/** NVML refused a call for another reason than that the device has no such thing to tell. */
public final class NvmlException extends NativeException {
  private static final long serialVersionUID = 1L;

  private final int code;

  NvmlException(String call, int code) {
    super(
        "%s failed: %s (%d)".formatted(call, NativeText.at(NvmlApi.nvmlErrorString(code)), code),
        null);
    this.code = code;
  }

  static void check(int code, String call) {
    if (code != NvmlApi.NVML_SUCCESS()) {
      throw new NvmlException(call, code);
    }
  }

  /** Whether the device is gone. */
  public boolean lost() {
    return code == NvmlApi.NVML_ERROR_GPU_IS_LOST();
  }

  /** NVML's number, never 0. */
  public int code() {
    return code;
  }
}
