// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

/** NVRTC refused a call; where it refused a source, the message has the first errors of its log. */
public final class NvrtcException extends NativeException {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final String log;

  NvrtcException(String call, int code, String text, String log) {
    super(
        "%s failed: %s (%d)%s"
            .formatted(call, text, code, log.isBlank() ? "" : ": " + CompilerLog.shortened(log)),
        null);
    this.code = code;
    this.log = log;
  }

  /** NVRTC's number, never 0. */
  public int code() {
    return code;
  }

  /** All that the compiler said; empty if it did not come so far. */
  public String log() {
    return log;
  }
}
