// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.claim;

import io.gpubench.measure.result.RunDocument;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an engine works on.
 *
 * @param engine its id
 * @param device name of the device; null when the processors do the work
 * @param synthetic whether the engine only stands for the device it names
 * @param description what the engine found, with {@code computeCapability} and {@code memoryBytes}
 *     where there are such
 * @param processor the processors' model; null where it is not known
 */
public record Hardware(
    String engine,
    @Nullable String device,
    boolean synthetic,
    Map<String, Object> description,
    @Nullable String processor) {
  /** What a description has of an engine that chooses among devices, processors too. */
  private static final String DEVICE_TYPE = "deviceType";

  /** What a run was measured on. */
  static Hardware of(RunDocument run, RunDocument.EngineChoice engine) {
    return new Hardware(
        engine.id(),
        engine.device(),
        engine.synthetic(),
        engine.description(),
        processor(run.environment()));
  }

  /** The model that an environment names; null where it names none. */
  public static @Nullable String processor(Map<String, Object> environment) {
    return environment.get("cpu") instanceof Map<?, ?> cpu
            && cpu.get("model") instanceof String model
        ? model
        : null;
  }

  /**
   * Whether an engine for devices worked on the processors, as OpenCL can: beside a GPU that is no
   * fair baseline. Only such an engine tells the type of its device.
   */
  boolean insteadOfGpu() {
    return device == null && description.containsKey(DEVICE_TYPE);
  }

  /** For people: the device, or the processors. */
  public String text() {
    if (device != null) {
      return synthetic ? device + ", simulated" : device;
    }
    return processor == null ? "the processors" : processor;
  }
}
