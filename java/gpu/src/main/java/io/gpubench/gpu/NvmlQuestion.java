// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import io.gpubench.ffi.nvml.NvmlApi;
import io.gpubench.ffi.nvml.nvmlFieldValue_st;
import io.gpubench.gpu.NvmlSensors.Status;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** How NVML is asked for a number, and where it leaves the answer. Allocates nothing. */
sealed interface NvmlQuestion {
  /** What stands in place of a number that none can be. */
  long NOTHING = -1;

  /** The function that has to be there. */
  String function();

  /**
   * Asks.
   *
   * @param out room for the answer
   * @return how it went
   */
  Status ask(MemorySegment device, MemorySegment out);

  /** The answer in that room as a number of the range, or {@link #NOTHING}. */
  long answer(MemorySegment out, SensorRange range);

  /** What a code of NVML means to who reads a sensor. */
  private static Status status(int code) {
    if (code == NvmlApi.NVML_SUCCESS()) {
      return Status.READ;
    }
    if (code == NvmlApi.NVML_ERROR_NOT_SUPPORTED() || code == DEPRECATED) {
      return Status.NOT_SUPPORTED;
    }
    if (code == NvmlApi.NVML_ERROR_NO_PERMISSION()) {
      return Status.NO_PERMISSION;
    }
    if (code == NvmlApi.NVML_ERROR_FUNCTION_NOT_FOUND()) {
      return Status.TOO_OLD;
    }
    return code == NvmlApi.NVML_ERROR_GPU_IS_LOST() ? Status.LOST : Status.FAILED;
  }

  /** NVML_ERROR_DEPRECATED, of newer libraries: what devices of these days no longer have. */
  int DEPRECATED = 26;

  /** A function that fills in numbers of one size. */
  record Call(String function, Function call, boolean wide, int offset) implements NvmlQuestion {
    /** Of NVML, with whatever arguments it has besides. */
    @FunctionalInterface
    interface Function {
      int call(MemorySegment device, MemorySegment out);
    }

    /** A number of 32 bits. */
    static Call narrow(String function, Function call) {
      return new Call(function, call, false, 0);
    }

    @Override
    public Status ask(MemorySegment device, MemorySegment out) {
      return status(call.call(device, out));
    }

    @Override
    public long answer(MemorySegment out, SensorRange range) {
      long number =
          wide
              ? out.get(ValueLayout.JAVA_LONG, offset)
              : Integer.toUnsignedLong(out.get(ValueLayout.JAVA_INT, offset));
      return range.holds(number) ? number : NOTHING;
    }
  }

  /**
   * The sum of one field, or of two, each of which must be known: the function succeeds whatever
   * becomes of its fields, each has a result of its own.
   */
  record Fields(int first, int second) implements NvmlQuestion {
    private static final int NONE = 0;
    private static final long BYTES = nvmlFieldValue_st.sizeof();
    private static final long ID = nvmlFieldValue_st.fieldId$offset();
    private static final long SCOPE = nvmlFieldValue_st.scopeId$offset();
    private static final long TYPE = nvmlFieldValue_st.valueType$offset();
    private static final long RESULT = nvmlFieldValue_st.nvmlReturn$offset();
    private static final long VALUE = nvmlFieldValue_st.value$offset();
    private static final double TOO_LARGE = 0x1p62;

    static Fields one(int field) {
      return new Fields(field, NONE);
    }

    @Override
    public String function() {
      return "nvmlDeviceGetFieldValues";
    }

    private int count() {
      return second == NONE ? 1 : 2;
    }

    @Override
    public Status ask(MemorySegment device, MemorySegment out) {
      write(out, 0, first);
      if (second != NONE) {
        write(out, 1, second);
      }
      Status all = fieldStatus(NvmlApi.nvmlDeviceGetFieldValues(device, count(), out));
      for (int i = 0; i < count() && all == Status.READ; i++) {
        all = fieldStatus(out.get(ValueLayout.JAVA_INT, i * BYTES + RESULT));
      }
      return all;
    }

    /** Also what is not written by a library that gives up half way must not look like a result. */
    private static void write(MemorySegment out, int index, int field) {
      long at = index * BYTES;
      out.set(ValueLayout.JAVA_INT, at + ID, field);
      out.set(ValueLayout.JAVA_INT, at + SCOPE, 0);
      out.set(ValueLayout.JAVA_INT, at + TYPE, Integer.MAX_VALUE);
      out.set(ValueLayout.JAVA_INT, at + RESULT, NvmlApi.NVML_ERROR_NOT_SUPPORTED());
      out.set(ValueLayout.JAVA_LONG, at + VALUE, NOTHING);
    }

    /** A library takes a field that is younger than itself for a wrong argument. */
    private static Status fieldStatus(int code) {
      return code == NvmlApi.NVML_ERROR_INVALID_ARGUMENT() ? Status.TOO_OLD : status(code);
    }

    @Override
    public long answer(MemorySegment out, SensorRange range) {
      long sum = 0;
      for (int i = 0; i < count(); i++) {
        long number = number(out, i * BYTES);
        if (!range.holds(number)) {
          return NOTHING;
        }
        sum += number;
      }
      return sum;
    }

    /** Drivers differ in the types that they give a field. */
    private static long number(MemorySegment out, long at) {
      int type = out.get(ValueLayout.JAVA_INT, at + TYPE);
      if (type == NvmlApi.NVML_VALUE_TYPE_UNSIGNED_INT()) {
        return Integer.toUnsignedLong(out.get(ValueLayout.JAVA_INT, at + VALUE));
      }
      if (type == NvmlApi.NVML_VALUE_TYPE_SIGNED_INT()) {
        return out.get(ValueLayout.JAVA_INT, at + VALUE);
      }
      if (type == NvmlApi.NVML_VALUE_TYPE_DOUBLE()) {
        double value = out.get(ValueLayout.JAVA_DOUBLE, at + VALUE);
        return value >= 0 && value < TOO_LARGE ? Math.round(value) : NOTHING;
      }
      boolean known =
          type == NvmlApi.NVML_VALUE_TYPE_UNSIGNED_LONG()
              || type == NvmlApi.NVML_VALUE_TYPE_UNSIGNED_LONG_LONG()
              || type == NvmlApi.NVML_VALUE_TYPE_SIGNED_LONG_LONG();
      return known ? out.get(ValueLayout.JAVA_LONG, at + VALUE) : NOTHING;
    }
  }
}
