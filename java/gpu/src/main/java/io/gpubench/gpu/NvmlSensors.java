// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import io.gpubench.ffi.NativeLibraries;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Reads a device's sensors one by one, beside a measurement: a reading is one call of NVML, makes no
 * garbage and throws nothing but misuse. Lives as long as the {@link Nvml} of its device, on the same
 * thread; holds what counters were read before, so that readers of the same device are independent.
 */
public final class NvmlSensors {
  private static final NvmlSensor[] SENSORS = NvmlSensor.values();

  private final Nvml nvml;
  private final MemorySegment device;
  private final @Nullable NvmlQuestion[] questions = new NvmlQuestion[SENSORS.length];
  private final @Nullable WrappingCounter[] counters = new WrappingCounter[SENSORS.length];
  private Status status = Status.READ;

  NvmlSensors(Nvml nvml, MemorySegment device) {
    this.nvml = nvml;
    this.device = device;
    for (NvmlSensor sensor : SENSORS) {
      questions[sensor.ordinal()] =
          sensor.questions().stream()
              .filter(question -> NativeLibraries.has(GpuLibrary.NVML.id(), question.function()))
              .findFirst()
              .orElse(null);
      counters[sensor.ordinal()] = sensor.wraps() ? new WrappingCounter() : null;
    }
  }

  /** What came of a reading. */
  public enum Status {
    /** A number. */
    READ,
    /** The device has no such sensor. */
    NOT_SUPPORTED,
    /** It does not tell this user. */
    NO_PERMISSION,
    /** The library does not know the function or the field. */
    TOO_OLD,
    /** It succeeded, with a number that none can be. */
    SENTINEL,
    /** The device is gone. */
    LOST,
    /** The call failed in another way. */
    FAILED;

    /** Whether asking again is of no use. */
    public boolean permanent() {
      return this == NOT_SUPPORTED || this == NO_PERMISSION || this == TOO_OLD;
    }
  }

  /**
   * Reads a sensor now.
   *
   * @return in the sensor's unit; {@link Double#NaN} if there is no number, and then {@link
   *     #status} says why
   * @throws LifecycleException after NVML was closed, or on another thread
   */
  public double read(NvmlSensor sensor) {
    MemorySegment out = nvml.out();
    NvmlQuestion question = questions[sensor.ordinal()];
    status = question == null ? Status.TOO_OLD : question.ask(device, out);
    if (question == null || status != Status.READ) {
      return Double.NaN;
    }
    long number = question.answer(out, sensor.range());
    if (number == NvmlQuestion.NOTHING) {
      status = Status.SENTINEL;
      return Double.NaN;
    }
    WrappingCounter counter = counters[sensor.ordinal()];
    return (counter == null ? number : counter.unwrapped(number)) * sensor.unit();
  }

  /** What came of the last reading. */
  public Status status() {
    return status;
  }
}
