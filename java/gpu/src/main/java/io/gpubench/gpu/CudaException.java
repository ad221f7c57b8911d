// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import io.gpubench.ffi.cuda.CudaApi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The driver refused a call, or reports with it that earlier work on the device failed. */
public final class CudaException extends NativeException {
  private static final long serialVersionUID = 1L;

  /**
   * The codes of which the driver's documentation says that the process has to end, and those of a
   * device that is gone: driver shut down, device unavailable, uncorrectable ECC error; what
   * kernels cause, from an illegal address to a failed launch; unknown.
   */
  private static final Set<Integer> CONTEXT_LOST =
      Set.of(4, 46, 214, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 721, 999);

  private final String call;
  private final int code;
  private final String name;
  private final String text;

  private CudaException(String call, int code, String name, String text) {
    super("%s failed: %s (%d): %s".formatted(call, name, code, CompilerLog.oneLine(text)), null);
    this.call = call;
    this.code = code;
    this.name = name;
    this.text = text;
  }

  /**
   * The failure of a call, in the driver's words. The driver may have words for this very failure,
   * until the thread makes its next call.
   */
  static CudaException of(int code, String call) {
    return new CudaException(
        call,
        code,
        words(CudaApi::cuGetErrorName, code, "unknown error"),
        words(CudaApi::cuGetErrorString, code, "the driver has no words for it"));
  }

  /** The failure of a call that left a compiler's log. */
  static CudaException of(int code, String call, String log) {
    CudaException failure = of(code, call);
    return log.isBlank() || failure.text.contains(log.strip())
        ? failure
        : new CudaException(
            call, code, failure.name, failure.text + "; " + CompilerLog.shortened(log));
  }

  /**
   * The failure of a call, or null if it succeeded: for releasing calls, after which others follow.
   */
  static @Nullable CudaException failure(int code, String call) {
    return code == CudaApi.CUDA_SUCCESS() ? null : of(code, call);
  }

  /** Throws the first of two failures, if there is one, with the second as a suppressed one. */
  static void throwFirst(@Nullable CudaException first, @Nullable CudaException second) {
    if (first != null && second != null) {
      first.addSuppressed(second);
    }
    CudaException thrown = first != null ? first : second;
    if (thrown != null) {
      throw thrown;
    }
  }

  /** Throws unless the code is that of success. */
  static void check(int code, String call) {
    if (code != CudaApi.CUDA_SUCCESS()) {
      throw of(code, call);
    }
  }

  /** Like {@link #check(int, String)}, for calls that may allocate. */
  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more dependency
  static void check(int code, String callFormat, Object... arguments) {
    if (code != CudaApi.CUDA_SUCCESS()) {
      throw of(code, callFormat.formatted(arguments));
    }
  }

  private static String words(
      BiFunction<Integer, MemorySegment, Integer> question, int code, String otherwise) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(ValueLayout.ADDRESS);
      return question.apply(code, answer) == CudaApi.CUDA_SUCCESS()
          ? NativeText.at(answer.get(ValueLayout.ADDRESS, 0))
          : otherwise;
    }
  }

  /** The function with its salient arguments, such as {@code cuMemAlloc_v2(4096 bytes)}. */
  public String call() {
    return call;
  }

  /** The driver's number, never 0. */
  public int code() {
    return code;
  }

  /** The driver's name for the code, such as {@code CUDA_ERROR_OUT_OF_MEMORY}. */
  public String name() {
    return name;
  }

  /**
   * Whether this process cannot use the device any more: after such a failure every further call
   * reports it again, and only a fresh process helps.
   */
  public boolean contextLost() {
    return CONTEXT_LOST.contains(code);
  }

  /** The driver's explanation; it may have several lines. */
  public String text() {
    return text;
  }
}
